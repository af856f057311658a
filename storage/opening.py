"""Opens a store: finds the file, refuses what is none, creates or upgrades the schema."""

from __future__ import annotations

import os
from pathlib import Path

from sqlalchemy import Engine

from storage.backup import backup, backup_name
from storage.bodies import Bodies, bodies_path
from storage.engine import engine_for, use_write_ahead_log
from storage.errors import (
    NotAStore,
    StoreError,
    StoreMissing,
    StoreOutdated,
    StoreTooNew,
    StoreUnusable,
    StoreUrlInvalid,
)
from storage.migrate import is_foreign, schema_version, upgrade
from storage.postgres import is_postgres, lock_keys, server_engine, shown_url
from storage.schema import APPLICATION_ID, SCHEMA_VERSION
from storage.snapshot import create
from storage.store import Store

__all__ = ["open_store", "store_path"]

_MAGIC = b"SQLite format 3\x00"
_SCHEME = "sqlite:///"
_EFFECTIVE = os.access in os.supports_effective_ids


def open_store(url: str | Path, *, create: bool = True, read_only: bool = False) -> Store:
    """Open the store at ``url``: ``sqlite:///relative.db``, ``sqlite:////absolute.db`` or a path.

    Or ``postgresql+psycopg://USER@HOST/NAME``: a database that exists and is empty, or holds a
    store. A missing store is created, an older one upgraded (a file after a copy was put beside
    it), unless ``read_only``. Raises the
    subclasses of :class:`storage.errors.StoreError`; a file that is no store is never written to.
    """
    if isinstance(url, str) and is_postgres(url):
        return _open_server(url, create=create, read_only=read_only)
    path = store_path(url)
    present = _inspect_file(path)
    if not present and (read_only or not create):
        raise StoreMissing(f"there is no store at {path}")
    if not present and not path.parent.is_dir():
        raise StoreUnusable(f"the folder {path.parent} does not exist")
    if read_only:
        return _open_reading(path)
    engine = engine_for(path, "rwc" if create else "rw", read_only=False)
    place = bodies_path(path)
    bodies = Bodies(engine_for(place, "rwc", read_only=False), place, shared=False)
    try:
        return _checked(Store(engine, path, bodies, read_only=False))
    except StoreUnusable as error:
        if present and not _writable(path):
            why = "its disk only reads, or it belongs to somebody else"
            raise StoreUnusable(f"{path} can not be written to: {why}") from error
        raise


def _open_server(url: str, *, create: bool, read_only: bool) -> Store:
    engine, place = server_engine(url, read_only=read_only), shown_url(url)
    store = Store(engine, place, Bodies(engine, place, shared=True), read_only=read_only)
    try:
        with store.reading() as connection:
            version = schema_version(connection)
            if is_foreign(connection):
                raise NotAStore(f"{store.place} holds tables of another program")
        if not version and (read_only or not create):
            raise StoreMissing(f"there is no store at {store.place}")
    except BaseException:
        store.close()
        raise
    return _checked(store)


def store_path(url: str | Path) -> Path:
    """Give the file that a store URL names. Raises :class:`StoreUrlInvalid`."""
    if isinstance(url, Path):
        return url
    text = url.removeprefix(_SCHEME) if url.startswith(_SCHEME) else url
    if "://" in text:
        raise StoreUrlInvalid(
            f"this store URL is not supported: {url} (use sqlite:///FILE, a path, or postgresql+psycopg://USER@HOST/NAME)"
        )
    if not text or "\x00" in text or text == ":memory:" or text.startswith("sqlite:"):
        raise StoreUrlInvalid(f"this store URL names no file: {url!r}")
    return Path(text)


def _inspect_file(path: Path) -> bool:
    """Say whether a store is there, from the file's header alone: SQLite is not asked, nothing is touched."""
    try:
        if path.is_dir():
            raise StoreUnusable(f"{path} is a folder, not a store")
        with path.open("rb") as file:
            header = file.read(100)
    except FileNotFoundError:
        return False
    except OSError as error:
        raise StoreUnusable(f"{path} can not be opened: {error.strerror}") from error
    if not header:
        return False
    if not header.startswith(_MAGIC) or len(header) < 100:
        raise NotAStore(f"{path} is not a store: it is no SQLite database")
    if int.from_bytes(header[68:72], "big") != APPLICATION_ID:
        raise NotAStore(f"{path} is not a store: it is an SQLite database of another program")
    return True


def _checked(store: Store) -> Store:
    try:
        _bring_up_to_date(store)
    except BaseException:
        store.close()
        raise
    return store


def _bring_up_to_date(store: Store) -> None:
    with store.reading() as connection:
        version = schema_version(connection)
    _refuse_newer(store.place, version)
    if store.read_only:
        if version < SCHEMA_VERSION:
            raise StoreOutdated(
                f"{store.place} has an older schema ({version}): `taosha doctor --fix` upgrades it"
            )
        return
    if version < SCHEMA_VERSION:
        with store.writing() as connection:
            lock_keys(connection, ["schema"])
            version = schema_version(connection)  # another process may have been faster
            _refuse_newer(store.place, version)
            if version < SCHEMA_VERSION:
                if version and store.file is not None:
                    # Under the write lock, so that nothing comes between the copy and the upgrade.
                    backup(store, store.path.with_name(backup_name(store, f"schema{version}")))
                if version or store.file is None:
                    upgrade(connection)
                else:
                    create(connection)
    if store.file is not None:
        use_write_ahead_log(store.file)


def _refuse_newer(place: str, version: int) -> None:
    if version > SCHEMA_VERSION:
        raise StoreTooNew(
            f"{place} was written by a newer version of this program "
            f"(schema {version}, this one knows {SCHEMA_VERSION})"
        )


def _open_reading(path: Path) -> Store:
    # With write access SQLite cleans its side files up when it closes; without, it leaves them.
    try:
        return _checked(_reader(path, engine_for(path, "rw" if _writable(path) else "ro", read_only=True)))
    except StoreUnusable:
        if _has_log(path):
            raise
    # A folder without write access has no room for the side files that WAL needs; without a log
    # the file alone is the whole store.
    return _checked(_reader(path, engine_for(path, "ro", read_only=True, immutable=True)))


def _reader(path: Path, engine: Engine) -> Store:
    place = bodies_path(path)
    writable = _writable(place)
    mode = "rw" if writable else "ro"
    immutable = not writable and not _has_log(place)
    bodies = Bodies(engine_for(place, mode, read_only=True, immutable=immutable), place, shared=False)
    return Store(engine, path, bodies, read_only=True)


def _writable(path: Path) -> bool:
    return all(os.access(place, os.W_OK, effective_ids=_EFFECTIVE) for place in (path, path.parent))


def _has_log(path: Path) -> bool:
    log = path.with_name(path.name + "-wal")
    try:
        return log.stat().st_size > 0
    except FileNotFoundError:
        return False
    except OSError as error:
        raise StoreError(f"{log} can not be looked at: {error.strerror}") from error
