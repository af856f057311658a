"""A PostgreSQL server for the tests: from the machine's binaries, with a folder and a socket of its own."""

from __future__ import annotations

import os
import pwd
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psycopg

from storage import open_store

FAST = ("fsync=off", "full_page_writes=off", "synchronous_commit=off", "shared_buffers=32MB")
"""Nothing that the tests write has to survive the machine."""


def binaries() -> Path | None:
    """The folder with `initdb`: of the newest installed version (Debian keeps them out of the path)."""
    places = sorted(Path("/usr/lib/postgresql").glob("*/bin"), key=lambda place: float(place.parent.name))
    if found := shutil.which("initdb"):
        places.insert(0, Path(found).resolve().parent)
    return next((place for place in reversed(places) if (place / "initdb").exists()), None)


_EMPTY = """
DO $$ DECLARE name text; BEGIN
    SET LOCAL session_replication_role = replica;  -- no order to keep
    FOR name IN SELECT tablename FROM pg_tables
        WHERE schemaname = 'public' AND tablename != 'alembic_version' LOOP
        EXECUTE format('DELETE FROM %I', name);
    END LOOP;
    PERFORM setval(format('%I', sequencename)::regclass, 1, false)
        FROM pg_sequences WHERE schemaname = 'public';
END $$
"""


class Server:
    """A running server. Databases take long to make, so most tests get the same one, emptied."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._count = 0
        with psycopg.connect(self._address("postgres"), autocommit=True) as connection:
            connection.execute("CREATE DATABASE store")
        open_store(self.url("store")).close()

    def url(self, name: str) -> str:
        """The URL of the store in a database."""
        return f"postgresql+psycopg://taosha@/{name}?host={self.folder}"

    def _address(self, name: str) -> str:
        return f"host={self.folder} user=taosha dbname={name}"

    def store(self) -> str:
        """The URL of a store without any data; the same one each time."""
        with psycopg.connect(self._address("store"), autocommit=True) as connection:
            connection.execute(_EMPTY)
        return self.url("store")

    @contextmanager
    def database(self) -> Iterator[str]:
        """The URL of a new and empty database."""
        self._count += 1
        name = f"test{self._count}"
        with psycopg.connect(self._address("postgres"), autocommit=True) as connection:
            connection.execute(f"CREATE DATABASE {name} TEMPLATE template0".encode())
            try:
                yield self.url(name)
            finally:
                connection.execute(f"DROP DATABASE {name} WITH (FORCE)".encode())


@contextmanager
def running_server(place: Path) -> Iterator[Server]:
    """Start a server and stop it in the end. It refuses to run as root, so it gets another user."""
    user = _user() if os.geteuid() == 0 else None
    folder = Path(tempfile.mkdtemp(prefix="pg"))  # short: the path of a socket has at most 107 bytes
    try:
        if user is not None:
            os.chown(folder, user.pw_uid, user.pw_gid)
        data = str(folder / "data")
        _run(user, place / "initdb", "-D", data, "-U", "taosha", "-A", "trust", "--no-sync", *_LOCALE)
        options = " ".join(f"-c {option}" for option in ("listen_addresses=", *FAST))
        control = (place / "pg_ctl", "-D", data, "-w", "-s")
        _run(user, *control, "-l", folder / "log", "-o", f"-k {folder} {options}", "start")
        try:
            yield Server(folder)
        finally:
            _run(user, *control, "-m", "immediate", "stop")
    finally:
        shutil.rmtree(folder)


_LOCALE = ("-E", "UTF8", "--locale=C", "--no-instructions")


def _user() -> pwd.struct_passwd:
    names = {entry.pw_name: entry for entry in pwd.getpwall()}
    return names.get("postgres") or names["nobody"]


def _run(user: pwd.struct_passwd | None, *command: str | Path) -> None:
    identity = {} if user is None else {"user": user.pw_uid, "group": user.pw_gid, "extra_groups": []}
    subprocess.run(command, cwd="/", check=True, stdout=subprocess.DEVNULL, **identity)
