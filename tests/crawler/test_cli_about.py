"""`version`, `config` and `doctor`, and the one place where errors become exit codes."""

import gc
import json
import sqlite3
from contextlib import closing

import pytest
from typer.testing import CliRunner

from crawler.cli import loading
from crawler.cli.app import app
from crawler.cli.exits import ExitCode, known_errors, translate
from crawler.workers import WorkersError
from storage import errors, open_store

ALL_OF_STORAGE = [
    kind
    for name in errors.__all__
    if isinstance(kind := getattr(errors, name), type) and issubclass(kind, errors.StoreError)
]


@pytest.fixture
def taosha(tmp_path, monkeypatch):
    monkeypatch.delenv("TAOSHA_STORE", raising=False)
    monkeypatch.chdir(tmp_path)
    return lambda *arguments: CliRunner().invoke(app, list(arguments))


@pytest.mark.parametrize(
    ("error", "code"),
    [
        (errors.StoreTooNew("x"), 8),
        (errors.StoreLocked("x"), 6),
        (errors.StoreFull("x"), 7),
        (errors.NotAStore("x"), 4),
        (errors.StoreDamaged("x"), 4),
        (errors.StoreOutdated("x"), 4),
        (errors.StoreUnusable("x"), 4),
        (errors.StoreMissing("x"), 2),
        (errors.StoreUrlInvalid("x"), 2),
        (errors.QuerySyntaxError("x", 0), 2),
        (WorkersError("x"), 1),
    ],
)
def test_each_known_error_has_its_code(error, code):
    assert isinstance(error, known_errors())
    assert translate(error).code == code
    assert translate(error).message == str(error)


@pytest.mark.parametrize("kind", ALL_OF_STORAGE)
def test_no_error_of_the_store_ends_in_a_traceback(kind):
    assert issubclass(kind, known_errors())
    assert translate(kind("x")).code != ExitCode.UNEXPECTED


def test_versions_name_the_program_first(taosha):
    assert taosha("version").stdout.startswith("taosha ")
    assert taosha("--version").stdout == taosha("version").stdout.splitlines()[0] + "\n"
    assert {"python", "trafilatura", "sqlalchemy"} <= json.loads(taosha("version", "--json").stdout).keys()


def test_config_tells_where_a_setting_is_from(taosha, monkeypatch):
    assert json.loads(taosha("config", "--json").stdout)["store"]["from"] == "default"
    monkeypatch.setenv("TAOSHA_STORE", "sqlite:///mine.db")
    stated = json.loads(taosha("config", "--json").stdout)["store"]
    assert stated == {"value": "sqlite:///mine.db", "from": "TAOSHA_STORE"}


def test_doctor_finds_a_healthy_machine_healthy_and_creates_nothing(taosha, tmp_path):
    result = taosha("doctor", "--json")
    checks = {check["name"]: check["ok"] for check in json.loads(result.stdout)}
    assert result.exit_code == 0, result.stdout
    assert checks["worker"] is True
    assert list(tmp_path.iterdir()) == []


def test_doctor_says_what_is_wrong_with_a_store(taosha, tmp_path):
    connection = sqlite3.connect(tmp_path / "other.db")
    connection.execute("create table t (x)")
    connection.commit()
    connection.close()
    result = taosha("doctor", "--store", "sqlite:///other.db", "--json")
    amiss = [check for check in json.loads(result.stdout) if not check["ok"]]
    assert result.exit_code == 4
    assert [check["name"] for check in amiss] == ["store"]
    assert "another program" in amiss[0]["detail"]


def test_doctor_tells_a_newer_store_by_its_own_code(taosha, tmp_path):
    open_store(tmp_path / "new.db").close()
    with closing(sqlite3.connect(tmp_path / "new.db")) as connection:
        connection.execute("PRAGMA user_version = 999")
    assert taosha("doctor", "new.db").exit_code == 8


def test_doctor_mends_what_mending_lays_bare(taosha, tmp_path):
    open_store(tmp_path / "x.db").close()
    with closing(sqlite3.connect(tmp_path / "x.db")) as connection, connection:
        connection.execute("INSERT INTO bodies (sha256, size, stored_size) VALUES ('0', 1, 1)")
    assert taosha("doctor", "x.db").exit_code == 4
    assert taosha("doctor", "x.db", "--fix").exit_code == 0


def test_an_unknown_command_is_a_usage_error(taosha):
    assert taosha("tidy").exit_code == 2


def test_a_program_that_calls_the_commands_keeps_its_own_ways_with_garbage():
    before = gc.get_freeze_count()
    with loading():
        assert gc.isenabled()
    assert gc.get_freeze_count() == before
