"""Articles as a corpus for work on language models: text, metadata, where it is from, how good it is."""

from __future__ import annotations

import hashlib
import sqlite3
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from contextlib import closing
from dataclasses import dataclass, field
from typing import Any

__all__ = ["CORPUS_FIELDS", "Quality", "Tally", "corpus_records"]

_META = ("title", "authors", "source", "published_at", "language", "script", "section", "tags")
_PROVENANCE = (
    "url",
    "origin",
    "crawl_source",
    "via",
    "fetched_at",
    "encoding",
    "fingerprint",
    "content_hash",
)
_QUALITY = ("chars", "notes_count", "removed", "flags")
CORPUS_FIELDS = ("id", "text", *_META, *_PROVENANCE, *_QUALITY)
"""The fields of an export that a corpus is made of."""


@dataclass(frozen=True, slots=True)
class Quality:
    """What an article must have to get into the corpus: so many characters, and none of the flags.

    ``flags`` are rules with or without version; ``any`` is all of them.
    """

    min_chars: int = 0
    without_flags: frozenset[str] = frozenset()

    def refuses(self, record: Mapping[str, Any]) -> str | None:
        """Say why an article is left out: ``short`` or ``flagged``."""
        if record["chars"] < max(1, self.min_chars):
            return "short"
        names = {name for flag in record["flags"] for name in (flag["rule"], flag["rule"].partition("@")[0])}
        if names and (self.without_flags & (names | {"any"})):
            return "flagged"
        return None


@dataclass(slots=True)
class Tally:
    """What went into a corpus and what did not; filled while it is written."""

    articles: int = 0
    chars: int = 0
    left_out: Counter[str] = field(default_factory=Counter)
    languages: Counter[str] = field(default_factory=Counter)
    sources: Counter[str] = field(default_factory=Counter)
    fingerprints: Counter[str] = field(default_factory=Counter)
    first: str | None = None
    last: str | None = None

    def count(self, record: Mapping[str, Any]) -> None:
        """Take in an article."""
        self.articles += 1
        self.chars += record.get("chars") or len(record.get("text") or "")
        self.languages[record.get("language") or "unknown"] += 1
        self.sources[record.get("crawl_source") or "unknown"] += 1
        self.fingerprints[record.get("fingerprint") or "unknown"] += 1
        if day := (record.get("published_at") or "")[:10]:
            self.first, self.last = min(self.first or day, day), max(self.last or day, day)


def corpus_records(
    records: Iterable[Mapping[str, Any]], quality: Quality, tally: Tally
) -> Iterator[dict[str, Any]]:
    """Give the articles of a corpus; of those with the very same text the one that was stored first.

    What was seen is kept on the disk (a temporary database), so that memory stays constant.
    """
    with closing(sqlite3.connect("", isolation_level=None)) as seen:
        seen.execute("PRAGMA journal_mode = OFF").fetchall()
        seen.execute("CREATE TABLE seen (hash BLOB PRIMARY KEY) WITHOUT ROWID")
        seen.execute("BEGIN")
        for record in records:
            reason = quality.refuses(record)
            if reason is None:
                text = hashlib.blake2b(record["text"].encode(), digest_size=16).digest()
                if not seen.execute("INSERT OR IGNORE INTO seen VALUES (?)", (text,)).rowcount:
                    reason = "duplicate"
            if reason is None:
                tally.count(record)
                yield _corpus_record(record)
            else:
                tally.left_out[reason] += 1


def _corpus_record(record: Mapping[str, Any]) -> dict[str, Any]:
    flags = sorted({flag["rule"] for flag in record["flags"]})
    return {
        "id": record["content_hash"][:16],
        "text": record["text"],
        "meta": {name: record[name] for name in _META},
        "provenance": {name: record[name] for name in _PROVENANCE},
        "quality": {
            "chars": record["chars"],
            "changes": record["notes_count"],
            "removed_blocks": len(record["removed"]),
            "flags": flags,
        },
    }
