"""`taosha serve`: what it says, whom it lets in, how it ends."""

from __future__ import annotations

import http.client
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from typer.testing import CliRunner

from crawler.cli.app import app
from tests.quiet import import_datasette
from tests.storage.build import new_store

ROOT = Path(__file__).parents[2]


@contextmanager
def serving(store: Path | str, *options: str) -> Iterator[tuple[subprocess.Popen[str], str]]:
    """Run the command; gives the process and the address that it says."""
    command = [sys.executable, "-m", "crawler.cli", "serve", "--store", str(store), "--port", "0", *options]
    process = subprocess.Popen(
        command, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.PIPE, encoding="utf-8"
    )
    assert process.stdout is not None
    try:
        yield process, process.stdout.readline().strip()
    finally:
        process.kill()
        process.communicate()


def status(address: str, path: str = "/") -> int:
    place = urlsplit(address)
    connection = http.client.HTTPConnection(place.hostname or "", place.port, timeout=20)
    try:
        connection.request("GET", path)
        return connection.getresponse().status
    finally:
        connection.close()


@pytest.fixture(autouse=True, scope="module")
def _datasette() -> None:
    import_datasette()


@pytest.fixture
def store(tmp_path: Path) -> Path:
    opened, _ = new_store(tmp_path)
    opened.close()
    return opened.path


def test_an_empty_store_is_served_and_a_signal_ends_it_cleanly(store: Path) -> None:
    with serving(store) as (process, address):
        assert [status(address, path) for path in ("/", "/search?q=x", "/rules", "/failures")] == [200] * 4
        process.send_signal(signal.SIGINT)
        _, said = process.communicate(timeout=30)
    assert process.returncode == 130
    assert "Traceback" not in said
    assert "warning" not in said


def test_another_address_than_loopback_is_warned_of(store: Path) -> None:
    with serving(store, "--host", "0.0.0.0") as (process, address):
        assert status(address.replace("0.0.0.0", "127.0.0.1")) == 200
        process.send_signal(signal.SIGTERM)
        _, said = process.communicate(timeout=30)
    assert process.returncode == 143
    assert "warning: everybody who reaches 0.0.0.0 can read this store" in said


def test_a_store_on_a_disk_that_only_reads_is_served(store: Path) -> None:
    before = store.read_bytes()
    store.chmod(0o444)
    with serving(store) as (_, address):
        assert status(address, "/store/articles") == 200
    assert store.read_bytes() == before


def test_a_port_that_is_taken_is_told(store: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = str(taken.getsockname()[1])
        done = CliRunner().invoke(app, ["serve", "--store", str(store), "--port", port])
    assert done.exit_code == 2
    assert f"can not listen on 127.0.0.1:{port}" in done.stderr
    assert "--port 0" in done.stderr


def test_an_address_of_another_machine_is_told(store: Path) -> None:
    done = CliRunner().invoke(app, ["serve", "--store", str(store), "--host", "192.0.2.1", "--port", "0"])
    assert done.exit_code == 2
    assert "an address of this machine" in done.stderr


def test_a_store_that_is_not_there_is_told(tmp_path: Path) -> None:
    done = CliRunner().invoke(app, ["serve", "--store", str(tmp_path / "none.db")])
    assert done.exit_code == 2
    assert "there is no store" in done.stderr


def test_without_the_extra_it_says_which(store: Path) -> None:
    without = (
        "import sys; sys.modules['datasette'] = None\n"
        "sys.argv = ['taosha', 'serve', '--store', sys.argv[1]]\n"
        "from crawler.cli import main; main()"
    )
    done = subprocess.run(
        [sys.executable, "-c", without, str(store)], cwd=ROOT, capture_output=True, encoding="utf-8"
    )
    assert done.returncode == 4
    assert "pip install 'taosha[inspect]'" in done.stderr
