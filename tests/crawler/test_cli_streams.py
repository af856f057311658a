"""The program with streams that are closed, full or of another encoding: real processes, real descriptors."""

import json
import subprocess
from pathlib import Path

import pytest

from tests.crawler.crawling import command, environment
from tests.storage.build import article, new_store, put


@pytest.fixture(scope="module")
def store(tmp_path_factory):
    folder = tmp_path_factory.mktemp("streams")
    opened, run = new_store(folder)
    with opened:
        put(opened, run, article("公司完成融资。", title="标题\U0001f600"), "/data/1.html")
    return folder / "store.db"


def ran(store, arguments, redirect="", **extra):
    line = ["sh", "-c", f'exec "$@" {redirect}', "sh", *command(*arguments, "--store", str(store))]
    done = subprocess.run(
        line, capture_output=True, check=False, timeout=60, env=environment(**extra), stdin=subprocess.DEVNULL
    )
    return done.returncode, done.stdout, done.stderr.decode()


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="needs /dev/full")
@pytest.mark.parametrize("name", ["list", "export"])
def test_a_full_disk_behind_stdout_is_a_limit_and_no_traceback(store, name):
    code, _, err = ran(store, [name], "> /dev/full")
    assert code == 7
    assert "No space left" in err
    assert "Traceback" not in err
    assert "Exception" not in err


def test_closed_streams_are_no_fault_and_no_way_into_the_store(store):
    before = store.read_bytes()
    assert ran(store, ["list"], "<&- >&- 2>&-")[0] == 0
    assert ran(store, ["clean", "-"], "<&-")[0] == 5
    assert store.read_bytes()[:100] == before[:100]


def test_a_narrow_encoding_stops_no_output(store):
    code, out, _ = ran(store, ["list"], PYTHONIOENCODING="gbk")
    assert code == 0
    assert "标题\\U0001f600".encode("gbk") in out
    _, out, _ = ran(store, ["list", "--json"], PYTHONIOENCODING="gbk")
    assert json.loads(out)[0]["title"] == "标题\U0001f600"


def test_file_names_that_are_no_text_are_told_as_the_store_keeps_them(tmp_path):
    (tmp_path / "x").mkdir()
    try:
        (tmp_path / "x" / b"a-\xff.html".decode("utf-8", "surrogateescape")).write_bytes(b"")
    except OSError:
        pytest.skip("this file system takes no such name")
    code, out, _ = ran(
        tmp_path / "s.db",
        ["clean", str(tmp_path / "x"), "--workers", "0", "--json"],
        PYTHONIOENCODING="utf-8",
    )
    assert code == 0
    (problem,) = json.loads(out.decode("utf-8"))["problems"]
    assert problem["origin"].endswith("a-\\udcff.html")
