"""What the store remembers of the blocks of a site: counts them, and gives those that recur."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from sqlalchemy import Connection, bindparam, delete, insert, select, update

from cleaners.memory import MIN_ARTICLES, Known, Sighting, is_own, is_recurring, reach, used_part
from storage.models import BodyRow, PageRow, SightingRow, SiteBlockRow, SiteRow, SourceRow, table_of
from storage.records import StoredPage
from storage.statements import Statement
from storage.texts import key_text
from storage.upserts import Upsert

if TYPE_CHECKING:
    from storage.store import Store

__all__ = ["Seen", "known_blocks", "note_sightings", "site_name", "stale_pages", "unpack_hashes"]

_SITES = table_of(SiteRow)
_BLOCKS = table_of(SiteBlockRow)
_SIGHTINGS = table_of(SightingRow)
_PAGES = table_of(PageRow)
_WIDTH = 6
_BATCH = 200
_PRUNE_EVERY = 64
_KEEP_ARTICLES = 300
"""Of blocks that few articles have, those of so many latest articles of the site are kept."""
_KEEP_SHARE = 5

_SITE = select(_SITES.c.id, _SITES.c.articles).where(_SITES.c.name == bindparam("name"))
_SITES_OF = Statement(
    lambda among: select(_SITES.c.id, _SITES.c.name, _SITES.c.articles).where(among(_SITES.c.name, "names"))
)
_NEW_SITE = insert(_SITES)
_GROW = Statement(
    lambda _: update(_SITES).where(_SITES.c.id == bindparam("key")).values(articles=bindparam("count"))
)
_COUNTS = Statement(
    lambda among: select(_BLOCKS.c.hash, _BLOCKS.c.articles).where(
        _BLOCKS.c.site_id == bindparam("site"), among(_BLOCKS.c.hash, "hashes")
    )
)
_SEEN_ORIGINS = Statement(
    lambda among: (
        select(_PAGES.c.origin)
        .join(_SIGHTINGS, _SIGHTINGS.c.page_id == _PAGES.c.id)
        .where(among(_PAGES.c.origin, "origins"))
    )
)
_COUNT = Upsert(_BLOCKS, ("site_id", "hash"), (), {"articles": _BLOCKS.c.articles + 1})
_PUT = Upsert(_SIGHTINGS, ("page_id",), ("site_id", "hashes", "used"))
_PRUNE = delete(_BLOCKS).where(
    _BLOCKS.c.site_id == bindparam("site"),
    _BLOCKS.c.first_at <= bindparam("old"),
    _BLOCKS.c.articles * _KEEP_SHARE < bindparam("now") - _BLOCKS.c.first_at,
)
_FREQUENT = select(_BLOCKS.c.hash, _BLOCKS.c.articles, _BLOCKS.c.first_at, _BLOCKS.c.since).where(
    _BLOCKS.c.site_id == bindparam("site"), _BLOCKS.c.articles >= MIN_ARTICLES
)


@dataclass(frozen=True, slots=True)
class Seen:
    """An article whose blocks are to be noted: of which page, and on which site."""

    page_id: int
    origin: str
    site: str
    sighting: Sighting


@lru_cache(maxsize=256)  # asked for some three times while a page is stored
def site_name(url: str, source: str) -> str:
    """The site of a page: its host (with a port that is stated), or its source if it has no address."""
    try:
        parts = urlsplit(url)
        host = parts.hostname if parts.scheme in ("http", "https") else None
        host = f"{host}:{parts.port}" if host and parts.port else host
    except ValueError:  # such as an unclosed bracket of an IPv6 address, or a port that is no number
        host = None
    return key_text(host.removeprefix("www.") if host else f"source:{source}")


def known_blocks(connection: Connection, site: str) -> tuple[Known, ...]:
    """The blocks that recur over the articles of a site, in a stable order."""
    row = connection.execute(_SITE, {"name": site}).one_or_none()
    if row is None or row.articles < MIN_ARTICLES:
        return ()
    found = []
    for hash_, articles, first_at, since in connection.execute(_FREQUENT, {"site": row.id}):
        of = reach(first_at, row.articles)
        if is_recurring(articles, of):
            found.append(Known(hash_, articles, of, since))
    return tuple(sorted(found, key=lambda known: known.hash))


def note_sightings(connection: Connection, items: Sequence[Seen], now: str) -> None:
    """Note the blocks of articles, and count them for articles that their site did not have yet."""
    by_site: dict[str, list[Seen]] = {}
    for item in items:
        by_site.setdefault(item.site, []).append(item)
    if not by_site:
        return
    sites = _site_rows(connection, sorted(by_site))
    edged = [item.origin for item in items if item.sighting.edges]
    counted: set[str] = set()
    if edged:
        counted.update(_SEEN_ORIGINS.run(connection, {"origins": edged}).scalars())
    for site, seen in by_site.items():
        _count(connection, sites[site], [item for item in seen if item.sighting.edges], (counted, now))
    rows = [_sighting_row(item, sites[item.site][0]) for item in items]
    _PUT.run_all(connection, rows)


def _site_rows(connection: Connection, names: Sequence[str]) -> dict[str, tuple[int, int]]:
    """Give (number, articles) of sites; those that are not there yet are made."""
    found: dict[str, tuple[int, int]] = {}
    for _ in range(2):
        rows = _SITES_OF.run(connection, {"names": [name for name in names if name not in found]})
        found.update((name, (number, articles)) for number, name, articles in rows)
        if new := [{"name": name, "articles": 0} for name in names if name not in found]:
            connection.execute(_NEW_SITE, new)
        else:
            break
    return found


def _sighting_row(item: Seen, site_id: int) -> dict[str, Any]:
    hashes = b"".join(edge.hash.to_bytes(_WIDTH, "big") for edge in item.sighting.edges)
    return {
        "page_id": item.page_id,
        "site_id": site_id,
        "hashes": hashes,
        "used": " ".join(item.sighting.used),
    }


def _count(
    connection: Connection, site: tuple[int, int], seen: Sequence[Seen], known: tuple[set[str], str]
) -> None:
    """Count the blocks of articles of one site; ``known`` is (origins that are counted already, now)."""
    if not seen:
        return
    (site_id, articles), (counted, now) = site, known
    counts: dict[int, int] = {}
    hashes = list({edge.hash for item in seen for edge in item.sighting.edges})
    counts.update((hash_, n) for hash_, n in _COUNTS.run(connection, {"site": site_id, "hashes": hashes}))
    rows: list[dict[str, Any]] = []
    before = articles
    for item in seen:
        edges = item.sighting.edges
        if item.origin in counted or not is_own(edges, counts):
            continue
        counted.add(item.origin)
        articles += 1
        for hash_ in dict.fromkeys(edge.hash for edge in edges):
            counts[hash_] = counts.get(hash_, 0) + 1
            new = {"site_id": site_id, "hash": hash_, "articles": 1, "first_at": articles, "since": now}
            rows.append(new)
    if rows:
        _COUNT.run_all(connection, rows)
        _GROW.run(connection, {"key": site_id, "count": articles})
    if before // _PRUNE_EVERY != articles // _PRUNE_EVERY:
        old = {"site": site_id, "old": articles - _KEEP_ARTICLES, "now": articles}
        connection.execute(_PRUNE, old)


def unpack_hashes(packed: bytes) -> tuple[int, ...]:
    """The hashes of a row of ``sightings``."""
    return tuple(int.from_bytes(packed[i : i + _WIDTH], "big") for i in range(0, len(packed), _WIDTH))


def stale_pages(store: Store, sites: Collection[str]) -> Iterator[tuple[StoredPage, tuple[Known, ...]]]:
    """Pages of ``sites`` that were cleaned with another memory than today's, where it bears on them.

    With each comes what is known of its site.
    """
    query = (
        select(
            *(PageRow.id, SourceRow.name, PageRow.via, PageRow.fingerprint, PageRow.outcome),
            *(SightingRow.hashes, SightingRow.used),
        )
        .join(SightingRow, SightingRow.page_id == PageRow.id)
        .join(SiteRow, SiteRow.id == SightingRow.site_id)
        .join(SourceRow, SourceRow.id == PageRow.source_id)
        .join(BodyRow, BodyRow.id == PageRow.body_id)
        .where(PageRow.outcome != "part", BodyRow.dropped_at.is_(None))
        .order_by(PageRow.id)
        .limit(_BATCH)
    )
    for site in sorted(sites):
        with store.reading() as connection:
            known = known_blocks(connection, site)
        last = 0
        while True:
            with store.reading() as connection:
                rows = connection.execute(query.where(SiteRow.name == site, PageRow.id > last)).all()
            if not rows:
                break
            for row in rows:
                if used_part(unpack_hashes(row.hashes), known) != tuple(row.used.split()):
                    pending = row.outcome == "pending"
                    page = StoredPage(row.id, row.name, row.via, row.fingerprint, pending, site)
                    yield page, known
            last = rows[-1][0]
