"""Stores on a PostgreSQL server: connecting, and what takes the place of SQLite's one write lock.

Several processes write at once. What they could write twice (a page, a body, an article) is kept
apart by advisory locks that a transaction takes before it looks, sorted, and gives back when it
ends: whoever comes second finds what the first has written. There are few locks, shared by all
keys, because a server has room for few.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from importlib.util import find_spec

from sqlalchemy import URL, BigInteger, Connection, Engine, bindparam, create_engine, make_url, text
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.exc import ArgumentError

from storage.errors import StoreLocked, StoreUnusable, StoreUrlInvalid
from storage.faults import translated

__all__ = ["SCHEME", "is_postgres", "lock_keys", "lock_sources", "server_engine", "shown_url"]

SCHEME = "postgresql"
_DRIVER = "psycopg"

_LOCKS = 256
"""Locks that all keys of rows share; a transaction takes each once, and a server has 6,400 by default.

The one after them is for rows that many transactions need and few make (sources, rules): it is
taken after all others.
"""

_SPACE = 0x74616F73
"""First half of our locks' numbers; other programs may use advisory locks of the same database."""

_LOCK = text(
    "SELECT pg_advisory_xact_lock(hashtextextended(current_schema, :space) # key) FROM unnest(:keys) AS key"
).bindparams(bindparam("keys", type_=ARRAY(BigInteger())))
_TRY = text("SELECT pg_try_advisory_lock(hashtextextended(current_schema, :space) # :key)")


def is_postgres(url: object) -> bool:
    """Say whether a store URL names a PostgreSQL server."""
    return isinstance(url, str) and url.partition("://")[0].partition("+")[0] in (SCHEME, "postgres")


def shown_url(url: str) -> str:
    """Give a store URL as it may be printed: without its password."""
    return _parsed(url).render_as_string(hide_password=True)


def _parsed(url: str) -> URL:
    try:
        parsed = make_url(url)
    except (ArgumentError, ValueError) as error:
        raise StoreUrlInvalid(
            "this store URL can not be read: write postgresql+psycopg://USER@HOST/NAME"
        ) from error
    driver = parsed.drivername.partition("+")[2] or _DRIVER
    if driver != _DRIVER:
        raise StoreUrlInvalid(f"this store URL names the driver {driver}; only {_DRIVER} is supported")
    return parsed.set(drivername=f"{SCHEME}+{_DRIVER}")


def server_engine(url: str, *, read_only: bool) -> Engine:
    """Make the engine for a server; nothing is asked before the first use.

    Raises :class:`StoreUrlInvalid`, or :class:`StoreUnusable` when the driver is not installed.
    """
    parsed = _parsed(url)
    if find_spec(_DRIVER) is None:
        raise StoreUnusable("PostgreSQL needs a driver that is not installed: pip install 'taosha[postgres]'")
    options = {"postgresql_readonly": True} if read_only else {}
    return create_engine(parsed, pool_size=4, max_overflow=12, pool_pre_ping=True, execution_options=options)


def lock_keys(connection: Connection, keys: Iterable[str], *, names: bool = False) -> None:
    """Wait until nobody else writes rows of these keys, until the transaction ends.

    To be called before the transaction looks for them, once; ``names`` takes the one
    lock for sources and rules.
    On SQLite there is one writer, and nothing to do.
    """
    if connection.dialect.name != SCHEME:
        return
    numbers = [_LOCKS] if names else sorted({_number(key) % _LOCKS for key in keys})
    if numbers:
        connection.execute(_LOCK, {"space": _SPACE, "keys": numbers})


def _number(key: str) -> int:
    """Give a positive number of 62 bits that is the same in every process."""
    return int.from_bytes(hashlib.blake2b(key.encode(errors="surrogatepass"), digest_size=8).digest()) >> 2


@contextmanager
def lock_sources(engine: Engine, place: str, sources: Iterable[str]) -> Iterator[None]:
    """Hold the right to crawl these sources, for as long as the connection lives.

    Raises :class:`StoreLocked` when another run crawls one of them.
    """
    with translated(place), engine.connect() as connection:
        for source in sorted(set(sources)):
            values = {"space": _SPACE, "key": _LOCKS + 1 + _number(f"source {source}")}
            if not connection.execute(_TRY, values).scalar_one():
                connection.invalidate()  # gives the locks back that it took
                raise StoreLocked(f"{place}: another run is crawling {source}")
        connection.commit()  # a transaction that stays open would keep the server from cleaning up
        try:
            yield
        finally:
            connection.invalidate()
