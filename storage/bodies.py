"""Raw bodies: each distinct one once, found by what it is (SHA-256), in a database of their own.

Bodies take five times the room of everything else, and nobody looks into them: the store stays small
and quick to copy without them. They are in a file beside the store, or in the table ``body_data`` of a
server. Two files have no transaction in common, so a body is written, and on the disk, before the row
that points to it: what a crash leaves is at most a body of no page, which ``doctor`` finds.

Pages of a site resemble each other. The first body of a site that a process stores serves as the
dictionary for the next ones, which saves another quarter to a third.
"""

from __future__ import annotations

import hashlib
import threading
from collections import OrderedDict
from collections.abc import Collection, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import zstandard
from sqlalchemy import Column, Connection, Engine, LargeBinary, MetaData, Table, delete, func, select

from storage.engine import WRITER, rewrite, use_write_ahead_log
from storage.errors import BodyMissing, StoreDamaged, StoreUnusable
from storage.faults import translated
from storage.models.base import INTEGER, STRICT, TEXT
from storage.statements import Statement
from storage.upserts import Upsert

__all__ = ["BODY_DATA", "Bodies", "Body", "bodies_path", "digest"]

BODY_DATA = Table(
    "body_data",
    MetaData(),
    Column("id", INTEGER, primary_key=True),
    Column("sha256", TEXT, nullable=False, unique=True),
    Column("size", INTEGER, nullable=False),
    Column("codec", TEXT, nullable=False),
    Column("base", TEXT),
    Column("data", LargeBinary, nullable=False),
    **STRICT,
)
"""``codec`` is ``zstd`` or ``raw``; ``base`` is the SHA-256 of the body that served as dictionary."""

_LEVEL = 6
"""Packs pages five times, in three fifths of the time that level 9 takes for two hundredths less."""

_ASK = 400
"""How many keys go into one question; SQLite limits the parameters of a statement."""

_SITES = 64
"""Of so many sites a body is kept in memory, to pack others with."""

_BASES = range(2_000, 500_000)
"""Bytes of a body that serves as dictionary."""

_PUT = Upsert(BODY_DATA, ("sha256",), ())
_T = BODY_DATA.c
_SIZES = Statement(lambda among: select(_T.sha256, func.length(_T.data)).where(among(_T.sha256, "hashes")))
_BASES_USED = select(_T.base).where(_T.base.is_not(None)).distinct()


@dataclass(frozen=True, slots=True)
class Body:
    """Raw bytes, and the site that they are from (any name; bodies of one site resemble each other)."""

    data: bytes
    site: str


def digest(body: bytes) -> str:
    """Give the SHA-256 of ``body`` in hex."""
    return hashlib.sha256(body).hexdigest()


def bodies_path(path: Path) -> Path:
    """Give the place of the bodies of the store at ``path``: ``taosha.bodies.db`` for ``taosha.db``."""
    return path.with_name(f"{path.stem}.bodies{path.suffix}")


class Bodies:
    """The bodies of a store. May be used from any thread."""

    def __init__(self, engine: Engine, place: Path | str, *, shared: bool) -> None:
        """``shared`` says that the engine is the store's own (on a server), which closes it."""
        self.file = place if isinstance(place, Path) else None
        self.place = str(place)
        self._engine = engine
        self._writer = engine.execution_options(**{WRITER: True})
        self._shared = shared
        self._ready = shared
        self._turn = threading.Lock()
        self._bases: OrderedDict[str, tuple[str, zstandard.ZstdCompressionDict]] = OrderedDict()

    def close(self) -> None:
        """Close all connections."""
        if not self._shared:
            with translated(self.place):
                self._engine.dispose()

    @property
    def missing(self) -> bool:
        """Whether nothing is there: no file, or one that nothing was ever written to."""
        try:
            return self.file is not None and self.file.stat().st_size == 0
        except FileNotFoundError:
            return True

    @contextmanager
    def reading(self) -> Iterator[Connection]:
        """Give a connection. Raises :class:`StoreUnusable` when the file is missing."""
        if self.missing:
            raise StoreUnusable(f"the raw pages are not there: {self.place} is missing")
        with translated(self.place), self._engine.connect() as connection, connection.begin():
            yield connection

    @contextmanager
    def writing(self) -> Iterator[Connection]:
        """Give a connection that writes; a missing file is made."""
        with self._turn, translated(self.place), self._writer.begin() as connection:
            if not self._ready:
                BODY_DATA.create(connection, checkfirst=True)
            yield connection
        if not self._ready and self.file is not None:
            use_write_ahead_log(self.file)
        self._ready = True

    def put(self, bodies: Mapping[str, Body]) -> dict[str, int]:
        """Store bodies by their digest, and give the bytes that each takes. They are on the disk then."""
        if not bodies:
            return {}
        rows = [self._pack(sha, body) for sha, body in sorted(bodies.items())]
        with self.writing() as connection:
            bases = {row["base"] for row in rows} - {None}
            if bases and bases - _sizes(connection, bases).keys():  # another process has dropped them
                self._bases.clear()
                rows = [self._pack(sha, body) for sha, body in sorted(bodies.items())]
            _PUT.run_all(connection, rows)
        for sha, body in bodies.items():
            self._offer(sha, body)
        return {row["sha256"]: len(row["data"]) for row in rows}

    def take(self, rows: Sequence[Mapping[str, Any]]) -> None:
        """Store rows of the bodies of another store, packed as they are."""
        with self.writing() as connection:
            _PUT.run_all(connection, rows)

    def _pack(self, sha: str, body: Body) -> dict[str, Any]:
        base, dictionary = self._bases.get(body.site, (None, None))
        data = zstandard.ZstdCompressor(level=_LEVEL, dict_data=dictionary).compress(body.data)
        packed: dict[str, Any] = {"codec": "zstd", "base": base, "data": data}
        if len(data) >= len(body.data):
            packed = {"codec": "raw", "base": None, "data": body.data}
        return {"sha256": sha, "size": len(body.data)} | packed

    def _offer(self, sha: str, body: Body) -> None:
        """Let later bodies of the site be packed with this one, which is on the disk by now."""
        if body.site in self._bases or len(body.data) not in _BASES:
            return
        dictionary = _dictionary(body.data)
        dictionary.precompute_compress(level=_LEVEL)
        with self._turn:
            self._bases[body.site] = sha, dictionary
            if len(self._bases) > _SITES:
                self._bases.popitem(last=False)

    def sizes(self, hashes: Collection[str]) -> dict[str, int]:
        """Give the bytes that each of these bodies takes, packed; those that are not there are left out."""
        if self.missing or not hashes:
            return {}
        with self.reading() as connection:
            return _sizes(connection, hashes)

    def load(self, sha: str) -> bytes:
        """Give a body. Raises :class:`BodyMissing` or :class:`StoreDamaged`."""
        with self.reading() as connection:
            data = self._load(connection, sha)
        if digest(data) != sha:
            raise StoreDamaged(f"{self.place}: the raw page {sha[:12]}… is not what was stored")
        return data

    def _load(self, connection: Connection, sha: str) -> bytes:
        query = select(_T.codec, _T.size, _T.base, _T.data).where(_T.sha256 == sha)
        row = connection.execute(query).one_or_none()
        if row is None:
            raise BodyMissing(f"{self.place}: the raw page {sha[:12]}… is not there")
        if row.codec == "raw":
            return bytes(row.data)
        base = None if row.base is None else _dictionary(self._load(connection, row.base))
        try:
            return zstandard.ZstdDecompressor(dict_data=base).decompress(
                row.data, max_output_size=max(1, row.size)
            )
        except zstandard.ZstdError as error:
            raise StoreDamaged(f"{self.place}: the raw page {sha[:12]}… can not be unpacked") from error

    def hashes(self) -> Iterator[list[str]]:
        """Give the digests of all bodies, in batches."""
        query = select(_T.id, _T.sha256).order_by(_T.id).limit(_ASK)
        last = 0
        while True:
            with self.reading() as connection:
                rows = connection.execute(query.where(_T.id > last)).all()
            if not rows:
                return
            yield [row.sha256 for row in rows]
            last = rows[-1].id

    def drop(self, hashes: Collection[str]) -> int:
        """Remove bodies, but for those that others are packed with; gives how many."""
        dropped = 0
        with self.writing() as connection:
            used = set(connection.execute(_BASES_USED).scalars())
            for part in _parts([sha for sha in hashes if sha not in used]):
                dropped += connection.execute(delete(BODY_DATA).where(_T.sha256.in_(part))).rowcount
        return dropped

    def bases(self) -> set[str]:
        """Give the bodies that others are packed with."""
        with self.reading() as connection:
            return set(connection.execute(_BASES_USED).scalars())

    def rewrite(self) -> None:
        """Write the file anew without its unused pages."""
        if self.file is not None and not self.missing:
            with self._turn:
                rewrite(self._engine, self.file)

    def count(self) -> int:
        """Count the bodies."""
        with self.reading() as connection:
            return int(connection.execute(select(func.count()).select_from(BODY_DATA)).scalar_one())


def _sizes(connection: Connection, hashes: Collection[str]) -> dict[str, int]:
    rows = _SIZES.run(connection, {"hashes": sorted(hashes)})
    return {row[0]: row[1] for row in rows}


def _parts(hashes: Sequence[str]) -> Iterator[Sequence[str]]:
    for start in range(0, len(hashes), _ASK):
        yield hashes[start : start + _ASK]


def _dictionary(data: bytes) -> zstandard.ZstdCompressionDict:
    return zstandard.ZstdCompressionDict(data, dict_type=zstandard.DICT_TYPE_RAWCONTENT)
