"""The store: every write of the program goes through here, one transaction a call."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, contextmanager, nullcontext
from itertools import islice
from pathlib import Path
from types import TracebackType
from typing import Self

from sqlalchemy import Connection, Engine, insert, update

from cleaners.model import Article, Known, Page, Rejected
from storage.bodies import Bodies, Body, digest
from storage.body_rows import check_file, known_bodies, lock_bodies, write_bodies
from storage.engine import WRITER, rewrite
from storage.errors import StoreUnusable
from storage.faults import translated
from storage.models import RunRow
from storage.phrases import read_phrases, write_phrases
from storage.postgres import lock_keys, lock_sources
from storage.processes import end_dead_runs, this_process
from storage.records import Failure, PageRef, Saved
from storage.settling import note_fetched, settle_outcomes, settle_visits
from storage.site_memory import known_blocks, site_name
from storage.texts import json_list, plain_text
from storage.times import now_utc
from storage.visits import Settled, Visit
from storage.write_outcomes import OutcomeWriter, ready
from storage.write_pages import write_failures, write_pages, write_parts

__all__ = ["Store"]


class Store:
    """An open store; make one with :func:`storage.open_store`.

    May be used from any thread: each call takes its own connection, and writers queue. All
    methods raise :class:`storage.errors.StoreError` for what the database reports. ``file`` is
    ``None`` for a store on a server; ``place`` names either in messages.
    """

    def __init__(self, engine: Engine, place: Path | str, bodies: Bodies, *, read_only: bool) -> None:
        self.bodies = bodies
        self.file = place if isinstance(place, Path) else None
        self.place = str(place)
        self.dialect = engine.dialect.name
        self.read_only = read_only
        self._writer = engine.execution_options(**{WRITER: True})
        # SQLite's own waiting polls and may starve a thread; threads of one process queue here.
        self._turn: AbstractContextManager[object] = threading.Lock() if self.file else nullcontext()
        if self.file is None:  # one snapshot, as SQLite gives it by itself
            engine = engine.execution_options(isolation_level="REPEATABLE READ", postgresql_readonly=True)
        self._reader = engine

    @property
    def path(self) -> Path:
        """The file of the store. Raises :class:`StoreUnusable` for a store on a server."""
        if self.file is None:
            raise StoreUnusable(f"{self.place} is on a server: this works on files only")
        return self.file

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """Close all connections; the last one folds the write-ahead log into the file."""
        self.bodies.close()
        with translated(self.place):
            self._reader.dispose()

    @contextmanager
    def reading(self) -> Iterator[Connection]:
        """Give a connection that sees one snapshot of the store."""
        with translated(self.place), self._reader.connect() as connection, connection.begin():
            yield connection

    @contextmanager
    def writing(self) -> Iterator[Connection]:
        """Give a connection that writes; commits at the end, rolls back on an error.

        A file has one writer at a time. On a server there are several: what two could write twice
        must be locked first (:func:`storage.postgres.lock_keys`).
        """
        with self._turn, translated(self.place), self._writer.begin() as connection:
            yield connection

    def locking_sources(self, sources: Sequence[str]) -> AbstractContextManager[None]:
        """Hold the right to crawl ``sources`` into a store on a server."""
        return lock_sources(self._writer, self.place, sources)

    def rewrite(self) -> None:
        """Write the files anew without their unused pages; needs as much room again while it works."""
        with self._turn:
            rewrite(self._reader, self.path)
        self.bodies.rewrite()

    def start_run(self, command: str, sources: Sequence[str], versions: Mapping[str, str]) -> int:
        """Note that a command started, and give the number of its run.

        Runs whose process was killed are marked as ``interrupted`` on this occasion.
        """
        row = insert(RunRow).values(
            command=plain_text(command),
            status="running",
            started_at=now_utc(),
            sources=json_list(sources),
            counts="{}",
            versions=_json_object(versions),
            process=this_process(),
        )
        with self.writing() as connection:
            end_dead_runs(connection, now_utc())
            return int(connection.execute(row.returning(RunRow.id)).scalar_one())

    def finish_run(self, run_id: int, status: str, counts: Mapping[str, int]) -> None:
        """Note how a run ended and what it did."""
        values = {"status": plain_text(status), "finished_at": now_utc(), "counts": _json_object(counts)}
        with self.writing() as connection:
            connection.execute(update(RunRow).where(RunRow.id == run_id).values(values))

    def add_pages(
        self, items: Sequence[tuple[Page, str]], run_id: int, visits: Sequence[Visit | None] = ()
    ) -> list[PageRef]:
        """Store raw pages of (page, source name), with their parts; the same bytes of an origin once.

        ``visits`` (one for each item, or none at all) are noted as fetched in the same transaction.
        """
        flat = [(one, source) for page, source in items for one in (page, *page.parts)]
        hashed = [(page, source, digest(page.body)) for page, source in flat]
        given = {sha: Body(page.body, site_name(page.url, source)) for page, source, sha in hashed}
        with self.reading() as connection:
            check_file(connection, self.bodies)
            known = known_bodies(connection, given)
        # Packing is the slow part, and needs no lock.
        self.bodies.put({sha: body for sha, body in given.items() if sha not in known})
        with self.writing() as connection:
            lock_keys(
                connection, [*(sha for _, _, sha in hashed), *(p.origin or p.url for p, _, _ in hashed)]
            )
            lock_bodies(connection)
            numbers = write_bodies(connection, self.bodies, given)
            note_fetched(connection, visits)
            written = iter(write_pages(connection, hashed, numbers, run_id))
            refs = []
            for page, _ in items:
                ref, *parts = islice(written, 1 + len(page.parts))
                if parts or not ref.new:
                    write_parts(connection, ref.id, [part.id for part in parts])
                refs.append(ref)
            return refs

    def add_outcomes(
        self,
        items: Sequence[tuple[int, Article | Rejected]],
        run_id: int,
        visits: Sequence[Visit | None] = (),
    ) -> list[Saved]:
        """Store what cleaning gave for pages, as (number of the page, outcome).

        ``visits`` (one for each item, or none at all) are settled in the same transaction. Raises
        ``KeyError`` for an unknown page; then nothing of the call is stored.
        """
        rows = [(page_id, ready(outcome)) for page_id, outcome in items]
        with self.writing() as connection:
            saved = OutcomeWriter(connection, run_id).write(rows)
            ended = [
                (visit, result, str(row.reason) if isinstance(row, Rejected) else None)
                for visit, result, (_, row) in zip(visits, saved, rows, strict=False)
                if visit is not None
            ]
            settle_outcomes(connection, ended, run_id)
            return saved

    def known_blocks(self, site: str) -> tuple[Known, ...]:
        """What has been learned of a site: the blocks that recur over its articles."""
        with self.reading() as connection:
            return known_blocks(connection, site)

    def phrases(self) -> tuple[str, ...]:
        """What the repair was taught from the store's own articles (``taosha adapt``)."""
        with self.reading() as connection:
            return read_phrases(connection)

    def set_phrases(self, phrases: Sequence[str]) -> None:
        """Put other phrases in the place of those that the repair was taught."""
        with self.writing() as connection:
            write_phrases(connection, phrases)

    def settle(self, items: Sequence[Settled], run_id: int) -> None:
        """Store how visits ended that gave no page to clean, with their failures."""
        with self.writing() as connection:
            lock_keys(connection, (one.failure.origin for one in items if one.failure is not None))
            settle_visits(connection, items, run_id)

    def add_failures(self, items: Sequence[Failure], run_id: int) -> None:
        """Store what could not be fetched or read at all."""
        with self.writing() as connection:
            lock_keys(connection, (item.origin for item in items))
            write_failures(connection, items, run_id)


def _json_object(values: Mapping[str, object]) -> str:
    return json.dumps(
        {plain_text(k): plain_text(v) if isinstance(v, str) else v for k, v in values.items()},
        ensure_ascii=False,
    )
