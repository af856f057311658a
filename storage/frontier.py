"""The frontier of one source: what is known, what waits, what is under way.

A URL waits while ``waiting`` gives its place in the queue. It is *leased* to one run at a time;
the lock of the store (on a server: of the source) keeps runs apart, so at the start of a run every
lease is one that a dead run has left. It is *settled* in the transaction that stores what came of it.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence, Set
from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy import Connection, bindparam, func, insert, or_, select, update

from storage.aliases import article_row, give_way, is_list, stands, twin_row
from storage.models import FrontierRow, table_of
from storage.postgres import lock_keys
from storage.source_runs import completed_at
from storage.store import Store
from storage.texts import key_text
from storage.times import now_utc, utc_text
from storage.visits import Discovered, Found, Lease, lease_of
from storage.write_pages import source_ids

__all__ = ["ARTICLES_FROM", "LAST", "LAST_LIST", "Frontier"]

ARTICLES_FROM = 10
"""Places in the queue from here on are articles; before them are the lists that name articles."""
LAST_LIST, LAST = ARTICLES_FROM - 1, ARTICLES_FROM + 9
"""Places of what this run has asked for once, and asks for again after all else."""

_CHUNK = 400
_T = table_of(FrontierRow)
_INSERT = insert(_T)
_TOUCH = update(_T).where(_T.c.id == bindparam("key"))
_LEASED = update(_T).where(_T.c.id == bindparam("key")).values(state="leased", waiting=None)
_PLACE = {"home": 0, "feed": 1, "sitemap": 2, "listing": 3, "article": ARTICLES_FROM + 2}
_DUE_PLACE = _PLACE | {"article": ARTICLES_FROM + 5}
_UNDER_WAY = ("leased", "fetched")
_YOUNG = timedelta(days=2)
"""So long after it was found an article is checked when a list that names it has changed."""


class Frontier:
    """The URLs of one source for one run; may be used from any thread."""

    def __init__(self, store: Store, source: str, run_id: int) -> None:
        self._store = store
        self._run_id = run_id
        self._began = now_utc()
        with store.writing() as connection:
            self._source = source_ids(connection, {source}, now_utc())[source]
        self._lock = f"frontier {self._source}"

    def start(self) -> None:
        """Queue what a dead run has left and what is due by its time."""
        mine, now = _T.c.source_id == self._source, now_utc()
        with self._store.writing() as connection:
            for kind, place in _PLACE.items():
                these = update(_T).where(mine, _T.c.kind == kind)
                connection.execute(these.where(_T.c.state.in_(_UNDER_WAY)).values(state="new", waiting=place))
                due = these.where(_T.c.due_at <= now, _T.c.waiting.is_(None))
                connection.execute(due.values(waiting=_DUE_PLACE[kind]))
            # Files of a sitemap index are skipped by the times that the index gives, if it gives any.
            untimed = or_(_T.c.depth == 0, _T.c.stated_at.is_(None))
            maps = update(_T).where(mine, _T.c.kind == "sitemap", untimed, _T.c.waiting.is_(None))
            connection.execute(maps.where(_T.c.state.in_(("stored", "unchanged"))).values(waiting=2))
            feeds = update(_T).where(mine, _T.c.kind == "feed", _T.c.waiting.is_(None))
            connection.execute(feeds.where(_T.c.state.in_(("stored", "unchanged"))).values(waiting=1))

    def discover(self, found: Sequence[Found], referrer: str | None = None) -> Discovered:
        """Take in URLs that were named; those that are new or due will be leased."""
        new = due = 0
        # Lists first: if we are killed in between, the list that named them is read again.
        unique = {(f.kind, f.url): f for f in found}.values()
        for part in _parts(sorted(unique, key=lambda f: f.place)):
            with self._store.writing() as connection:
                lock_keys(connection, [self._lock])
                known = self._rows(connection, part)
                rows = [f for f in part if (f.kind, key_text(f.url)) not in known]
                if rows:
                    connection.execute(_INSERT, [self._values(f, referrer) for f in rows])
                new += len(rows)
                for f in part:
                    row = known.get((f.kind, key_text(f.url)))
                    due += row is not None and self._named_again(connection, f, row)
        return Discovered(new, due, len(found) - new - due)

    def lease(self, most: int, articles: int | None = None, skip: Set[str] = frozenset()) -> list[Lease]:
        """Take up to ``most`` URLs out of the queue, the hosts in turn; at most ``articles`` articles.

        ``skip`` are hosts of which the caller has enough.
        """
        with self._store.writing() as connection:
            hosts = [host for host in self._hosts(connection) if host not in skip]
            if not hosts:
                return []
            share = -(-most // len(hosts))
            rows = [row for host in hosts for row in connection.execute(self._queue(host, share, articles))]
            rows.sort(key=lambda row: (row.waiting, row.id))
            rows = list(_limited(rows, articles))[:most]
            if rows:
                connection.execute(_LEASED.values(last_run_id=self._run_id), [{"key": r.id} for r in rows])
        return [lease_of(row) for row in rows]

    def release(self, leases: Sequence[Lease]) -> None:
        """Put back what was leased and not asked for."""
        with self._store.writing() as connection:
            for lease in leases:
                connection.execute(_TOUCH, {"key": lease.id, "state": "new", "waiting": _PLACE[lease.kind]})

    def put_back(self, article: int) -> None:
        """Let the article of this row be asked for once more, whatever came of it."""
        with self._store.writing() as connection:
            connection.execute(_TOUCH, {"key": article, "waiting": _PLACE["article"]})

    def put_last(self, lease: Lease) -> None:
        """Put back what failed and is to be asked once more when all else has been asked."""
        place = LAST if lease.kind == "article" else LAST_LIST
        with self._store.writing() as connection:
            values = {"key": lease.id, "state": "new", "waiting": place, "tries": lease.tries + 1}
            connection.execute(_TOUCH, values)

    def postpone(self, leases: Sequence[Lease], hosts: Set[str], until: datetime) -> None:
        """Put back what was leased, and let nothing of ``hosts`` be due before ``until`` (aware)."""
        values = {"state": "new", "waiting": None, "due_at": _text(until)}
        with self._store.writing() as connection:
            for lease in leases:
                connection.execute(_TOUCH, values | {"key": lease.id})
            queue = update(_T).where(_T.c.source_id == self._source, _T.c.host.in_(hosts))
            later = queue.where(_T.c.waiting.is_not(None))
            connection.execute(later.values(waiting=None, due_at=_text(until)))

    def waiting(self) -> int:
        """How many URLs wait."""
        query = select(func.count()).where(_T.c.source_id == self._source, _T.c.waiting.is_not(None))
        with self._store.reading() as connection:
            return int(connection.execute(query).scalar_one())

    def known_articles(self, urls: Sequence[str], *, first: bool = False) -> set[str]:
        """Those of ``urls`` that an earlier run has found as articles.

        For a list read for the ``first`` time those known when a run last came to its end (one that was
        killed may have found some elsewhere, and never have seen what follows here).
        """
        with self._store.reading() as connection:
            before = completed_at(connection, self._source) if first else self._began
            mine = (_T.c.source_id == self._source, _T.c.kind == "article", _T.c.found_at < before)
            parts = (_T.c.url.in_([key_text(url) for url in part]) for part in _parts(urls))
            queries = (select(_T.c.url).where(*mine, these) for these in parts)
            return {url for query in queries for url in connection.execute(query).scalars()}

    def has_lists(self) -> bool:
        """Whether a feed or a sitemap of the source could be read the last time."""
        query = select(_T.c.id).where(
            _T.c.source_id == self._source,
            _T.c.kind.in_(("feed", "sitemap")),
            _T.c.digest.is_not(None),
            _T.c.state.not_in(("failed", "gone", "skipped")),  # it may be under way again
        )
        with self._store.reading() as connection:
            return connection.execute(query.limit(1)).first() is not None

    def settled_articles(self) -> int:
        """How many articles have been dealt with and do not wait."""
        query = select(func.count()).where(
            _T.c.source_id == self._source, _T.c.kind == "article", _T.c.waiting.is_(None)
        )
        with self._store.reading() as connection:
            states = _T.c.state.in_(("stored", "unchanged", "rejected"))
            return int(connection.execute(query.where(states)).scalar_one())

    def claim(self, found: Found, referrer: str) -> bool:
        """Take ``found`` for another address of the article ``referrer``; False if it stands for itself."""
        with self._store.writing() as connection:
            lock_keys(connection, [self._lock])
            if (row := article_row(connection, self._source, found.url)) is not None:
                if known := stands(connection, row, referrer):
                    give_way(connection, self._source, referrer, found.url)
                return not known
            values = self._values(found, referrer)
            values |= {"state": "skipped", "reason": "duplicate", "waiting": None, "due_at": None}
            connection.execute(_INSERT, values)
            return True

    def stands(self, url: str, referrer: str) -> bool:
        """Whether ``url`` is known as an article that is not just another address of ``referrer``."""
        with self._store.reading() as connection:
            row = article_row(connection, self._source, url)
            return row is not None and stands(connection, row, referrer)

    def twin(self, article: str) -> Lease | None:
        """Take a page under way that gave way to ``article``, which could not be had."""
        with self._store.writing() as connection:
            if (row := twin_row(connection, self._source, article)) is None:
                return None
            connection.execute(_LEASED.values(last_run_id=self._run_id), [{"key": row.id}])
            return lease_of(row)

    def is_list(self, url: str) -> bool:
        """Whether ``url`` is known as something else than an article."""
        with self._store.reading() as connection:
            return is_list(connection, self._source, url)

    def resume(self, url: str) -> int | None:
        """Take an article out of the queue whose raw page is stored already; gives its row, if any."""
        with self._store.writing() as connection:
            query = select(_T.c.id).where(_T.c.source_id == self._source, _T.c.kind == "article")
            number = connection.execute(query.where(_T.c.url == key_text(url))).scalar_one_or_none()
            if number is not None:
                connection.execute(_TOUCH, {"key": number, "state": "fetched", "waiting": None})
            return number

    def _rows(self, connection: Connection, found: Sequence[Found]) -> dict[tuple[str, str], Any]:
        query = select(_T).where(
            _T.c.source_id == self._source,
            _T.c.kind.in_({f.kind for f in found}),
            _T.c.url.in_([key_text(f.url) for f in found]),
        )
        return {(row.kind, row.url): row for row in connection.execute(query)}

    def _values(self, found: Found, referrer: str | None) -> dict[str, Any]:
        now = now_utc()
        return {
            "source_id": self._source,
            "kind": found.kind,
            "url": key_text(found.url),
            "host": key_text(found.host),
            "state": "new",
            "reason": None,
            "waiting": found.place,
            "referrer": key_text(referrer) if referrer else None,
            "depth": found.depth,
            "page": found.page,
            "guessed": int(found.guessed),
            "due_at": now,
            "tries": 0,
            "streak": 0,
            "stated_at": _text(found.stated),
            "found_at": now,
            "last_run_id": self._run_id,
        }

    def _named_again(self, connection: Connection, found: Found, row: Any) -> bool:
        """Queue a known URL if what was said of it now makes it due."""
        stated = _text(found.stated)
        newer = stated is not None and stated > (row.stated_at or row.fetched_at or "")
        values: dict[str, Any] = {}
        if stated is not None and stated > (row.stated_at or ""):
            values["stated_at"] = stated
        busy = row.waiting is not None or row.state in _UNDER_WAY
        seen = row.fetched_at is not None and row.last_run_id == self._run_id
        recheck = found.recheck and _recheckable(row)
        due = not busy and not seen and (newer or found.again or recheck)
        if due:
            values |= {"waiting": found.place, "last_run_id": self._run_id}
        if values:
            connection.execute(_TOUCH, values | {"key": row.id})
        return due

    def _hosts(self, connection: Connection) -> Iterator[str]:
        """The hosts that something waits for; steps from one to the next over the index."""
        base = select(func.min(_T.c.host)).where(_T.c.source_id == self._source, _T.c.waiting.is_not(None))
        host = connection.execute(base).scalar_one()
        while host is not None:
            yield host
            host = connection.execute(base.where(_T.c.host > host)).scalar_one()

    def _queue(self, host: str, most: int, articles: int | None) -> Any:
        queue = select(_T).where(_T.c.source_id == self._source, _T.c.host == host, _T.c.waiting.is_not(None))
        if articles == 0:
            queue = queue.where(_T.c.waiting < ARTICLES_FROM)
        # On a server others may lease at the same time: what they have locked is theirs.
        return queue.order_by(_T.c.waiting, _T.c.id).limit(most).with_for_update(skip_locked=True)


def _parts(things: Sequence[Any]) -> Iterator[Sequence[Any]]:
    for start in range(0, len(things), _CHUNK):
        yield things[start : start + _CHUNK]


def _limited(rows: Sequence[Any], articles: int | None) -> Iterator[Any]:
    left = len(rows) if articles is None else articles
    for row in rows:
        if row.waiting >= ARTICLES_FROM:
            if left <= 0:
                continue
            left -= 1
        yield row


def _recheckable(row: Any) -> bool:
    if row.state not in ("stored", "unchanged") or not (row.etag or row.last_modified):
        return False
    return bool(row.found_at > (_text(datetime.now(UTC) - _YOUNG) or ""))


def _text(moment: datetime | None) -> str | None:
    return utc_text(moment, timespec="milliseconds")
