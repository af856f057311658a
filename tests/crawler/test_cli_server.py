"""The commands on a store that is on a server: the same words, the same exit codes, no password shown."""

from __future__ import annotations

import json
import signal
from pathlib import Path
from urllib.parse import quote

import pytest
from typer.testing import CliRunner

from crawler.cli.app import app
from tests.crawler.test_cli_serve import serving, status
from tests.quiet import import_datasette
from tests.storage.conftest import server  # noqa: F401  a fixture
from tests.storage.servers import Server

PAGE = (
    "<html><head><title>小店的一天</title></head><body><article><h1>小店的一天</h1>"
    "<p>街角的小店每天六点开门，老板先把蒸笼端到门口，再把前一天的账目抄进本子里。</p>"
    "<p>来得最早的是送报纸的人，他总要两个包子，一边吃一边说城里又发生了什么事情。</p>"
    "</article></body></html>"
)


@pytest.fixture
def url(server: Server) -> str:  # noqa: F811
    return server.store()


def taosha(*arguments: str, code: int = 0) -> str:
    done = CliRunner().invoke(app, [*arguments])
    assert done.exit_code == code, done.output
    return done.output


def test_from_a_page_to_a_copy_of_the_store(url: str, tmp_path: Path) -> None:
    (tmp_path / "a.html").write_text(PAGE, encoding="utf-8")
    taosha("clean", str(tmp_path / "a.html"), "--store", url)
    assert "小店的一天" in taosha("list", "--store", url, "--where", "chars > 10 AND title LIKE '小店%'")
    assert "包子" in taosha("search", "包子", "--store", url)
    assert json.loads(taosha("export", "--store", url, "--fields", "title").splitlines()[0]) == {
        "title": "小店的一天"
    }
    assert "nothing is due" in taosha("reclean", "--store", url)
    assert "PostgreSQL" in taosha("doctor", "--quick", "--store", url)
    assert "pg_dump" in taosha("backup", str(tmp_path), "--store", url, code=4)
    copy = str(tmp_path / "copy.db")
    assert json.loads(taosha("copy", url, copy, "--json"))["articles"] == 1
    assert "包子" in taosha("search", "包子", "--store", copy)
    assert json.loads(taosha("prune", "--keep", "latest", "--json", "--store", copy))["bodies"] == 0


def test_a_copy_of_it_is_served_and_cleared_away(
    url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    import_datasette()
    (tmp_path / "a.html").write_text(PAGE, encoding="utf-8")
    taosha("clean", str(tmp_path / "a.html"), "--store", url)
    (tmp_path / "t").mkdir()
    monkeypatch.setenv("TMPDIR", str(tmp_path / "t"))
    with serving(url) as (process, address):
        paths = ("/", "/article/1", "/article/1/why", "/article/1/history", "/search?q=包子", "/page/1")
        assert [status(address, quote(path, safe="/?=")) for path in paths] == [200] * len(paths)
        assert status(address, "/page/1/raw") == 404  # raw pages stay on the server
        assert list((tmp_path / "t").iterdir())
        process.send_signal(signal.SIGTERM)
        _, said = process.communicate(timeout=30)
    assert process.returncode == 143
    assert "copying it to a temporary file" in said
    assert list((tmp_path / "t").iterdir()) == []


def test_a_condition_that_the_server_does_not_understand_is_explained(url: str) -> None:
    assert "no condition" in taosha("list", "--store", url, "--where", "nonsense ~~", code=2)


@pytest.mark.parametrize("command", ["list", "stats", "doctor"])
def test_passwords_are_not_shown(command: str) -> None:
    said = taosha(command, "--store", "postgresql+psycopg://x:secretpw@127.0.0.1:1/x", code=4)
    assert "secretpw" not in said
