"""Turns an article into the values of its rows: pure, so that it happens outside any lock."""

from __future__ import annotations

import hashlib
import json
from collections import Counter
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any
from urllib.parse import urlsplit

from cleaners.memory import NOTHING_SEEN, Sighting
from cleaners.model import Article, Meta, Note
from storage.packing import Change, pack
from storage.text_keys import text_key
from storage.texts import json_list, key_text, plain_text
from storage.times import stated_text, utc_text

__all__ = ["Prepared", "RuleKey", "prepare"]

RuleKey = tuple[str, str]
"""(name, step) of a rule; the row number is found when the rows are written."""

Values = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Prepared:
    """Values for the rows of one article; ``rule`` keys are still to be replaced by numbers."""

    article: Values
    blocks: list[Values]
    edits: list[Values]
    images: list[Values]
    candidates: list[Values]
    flags: list[Values] = field(default_factory=list)
    sighting: Sighting = NOTHING_SEEN

    @property
    def rules(self) -> set[RuleKey]:
        """The rules that acted or noticed something."""
        named = {row["rule"] for rows in (self.blocks, self.edits, self.flags) for row in rows}
        return named - {None}

    def rule_counts(self) -> Counter[str]:
        """Count how often each rule acted, blocks and changes together."""
        counts: Counter[str] = Counter()
        for row in self.blocks:
            if row["rule"] is not None:
                counts[row["rule"][0]] += 1
        for row in self.edits:
            counts[row["rule"][0]] += row["count"]
        return counts


def prepare(article: Article) -> Prepared:
    """Give the rows of ``article``. Raises ``ValueError`` when its notes do not fit its texts."""
    blocks, texts = _blocks(article)
    edits = _edits(article)
    images = _images(article.meta)
    values = _meta(article.meta) | {
        "url": key_text(article.url),
        "host": _host(article.url),
        "text": plain_text("\n".join(texts)),
        "source_text": plain_text(article.source_text),
        "encoding": article.encoding,
        "fingerprint": plain_text(article.fingerprint),
        "removed_count": sum(b["rule"] is not None for b in blocks),
        "notes_count": sum(row["count"] for row in edits),
    }
    values["chars"] = len(values["text"])
    values["content_hash"] = _hash(values, images)
    values["text_key"] = text_key(values["text"])
    flags = _flags(article)
    return Prepared(values, blocks, edits, images, _candidates(article.meta), flags, article.sighting)


def _meta(meta: Meta) -> Values:
    plain = (
        "title subtitle source producer site_name original_title published_raw timezone_source "
        "language section description access image_credit"
    )
    values: Values = {name: plain_text(getattr(meta, name)) for name in plain.split()}
    for name in ("authors", "editors", "tags"):
        values[name] = json_list(getattr(meta, name))
    values["canonical_url"] = key_text(meta.canonical_url)
    values["published_at"] = stated_text(meta.published_at)
    values["published_utc"] = utc_text(meta.published_at)
    values["modified_at"] = stated_text(meta.modified_at)
    values["published_precision"] = (
        None if meta.published_precision is None else str(meta.published_precision)
    )
    values["script"] = None if meta.script is None else str(meta.script)
    return values


def _blocks(article: Article) -> tuple[list[Values], list[str]]:
    rows: list[Values] = []
    texts: list[str] = []
    start = 0
    for position, block in enumerate(article.blocks):
        row: Values = {"position": position, "tag": plain_text(block.tag), "link_chars": block.link_chars}
        if block.dropped is not None:
            rows.append(row | _dropped(block.dropped))
            continue
        text = block.text
        rows.append(row | {"rule": None, "text": None, "start": start, "chars": len(text)} | _KEPT)
        if text:
            texts.append(text)
            start += len(text) + 1  # the line break after it
    return rows, texts


_KEPT: Values = {"uncertain": 0, "evidence": None}


def _dropped(note: Note) -> Values:
    return {
        "rule": _rule(note),
        "text": plain_text(note.before),
        "start": None,
        "chars": len(note.before),
        "uncertain": int(note.uncertain),
        "evidence": plain_text(note.evidence),
    }


def _edits(article: Article) -> list[Values]:
    changes = [_change(note, None) for note in article.page_notes]
    for index, block in enumerate(article.blocks):
        if block.dropped is None:
            changes += [_change(note, index) for note in block.notes]
    return [
        {
            "position": position,
            "rule": row.rule,
            "count": row.times,
            "changes": row.changes,
            "uncertain": int(row.uncertain),
        }
        for position, row in enumerate(pack(changes))
    ]


def _change(note: Note, block: int | None) -> Change:
    return Change(
        block, _rule(note), note.uncertain, note.where, plain_text(note.before), plain_text(note.after)
    )


def _rule(note: Note) -> RuleKey:
    return _key(note.rule, note.step)


@lru_cache(maxsize=1024)
def _key(rule: str, step: str) -> RuleKey:
    return plain_text(rule), plain_text(step)


def _images(meta: Meta) -> list[Values]:
    return [
        {
            "position": position,
            "url": key_text(image.url),
            "alt": plain_text(image.alt),
            "caption": plain_text(image.caption),
            "block": image.block,
        }
        for position, image in enumerate(meta.images)
    ]


def _flags(article: Article) -> list[Values]:
    return [
        {
            "position": position,
            "rule": _rule(note),
            "start": note.where,
            "evidence": plain_text(note.evidence),
        }
        for position, note in enumerate(article.flags)
    ]


def _candidates(meta: Meta) -> list[Values]:
    return [
        {
            "position": position,
            "field": plain_text(candidate.field),
            "value": plain_text(candidate.value),
            "place": plain_text(candidate.origin),
        }
        for position, candidate in enumerate(meta.evidence)
    ]


def _host(url: str) -> str | None:
    try:
        host = urlsplit(url).hostname
    except ValueError:  # such as an unclosed bracket of an IPv6 address
        return None
    return key_text(host) if host else None


_NOT_CONTENT = frozenset({"fingerprint", "encoding", "removed_count", "notes_count", "chars", "host"})
"""How an article was made, or follows from the rest: no change that a reader would see."""


def _hash(values: Values, images: list[Values]) -> str:
    seen = {name: value for name, value in values.items() if name not in _NOT_CONTENT}
    return hashlib.sha256(json.dumps([seen, images], sort_keys=True).encode()).hexdigest()
