"""Lines that only name author, editor, source, producer or time: their facts go to the metadata."""

from __future__ import annotations

import re
from collections.abc import Mapping

from cleaners.lexicon import patterns, table
from cleaners.metadata import byline, dates, names
from cleaners.metadata.byline import Part
from cleaners.metadata.signatures import WHOLE, outlet_like
from cleaners.model import Document, Line

__all__ = ["judge", "names_its_makers"]

HEAD = 8
"""Lines from the start within which an ordinary word counts as a label."""
TAIL = 8
PERSON = 8
"""Characters: a longer Chinese name is an outlet or no name."""
HAN = re.compile(r"[\u3400-\u9fff]")
GIVEN = ("供稿", "供图", "提供", "摄")
SENTENCE = re.compile(r"[。!?](?=.)|[。!]$")
NOBODY = re.compile(r"(?:admin|administrator|root|null|none|佚名|未知|不详|匿名|本站)\d{0,3}", re.IGNORECASE)
ADDRESS = re.compile(r"^(?:https?://|www\.)[\w./-]{4,60}\s+", re.IGNORECASE)
"""Copies name the place of the original before its time."""
REST = re.compile(r"[\s\W\d_]*")


def _people_fit(value: str) -> bool:
    found = names.people(value)
    short = all(len(name) <= PERSON or not HAN.search(name) or outlet_like(name.lower()) for name in found)
    return bool(found) and short and len(value) <= 120 and not SENTENCE.search(value)


def fits(part: Part) -> bool:
    """Is the value one that this label takes?"""
    value = part.value
    if not value or NOBODY.fullmatch(value.strip()):
        return True  # an empty field of a template, or one that nobody filled in
    if part.field in ("author", "editor", "proofreader"):
        return _people_fit(value)
    if part.field in ("published", "modified"):
        return (bool(dates.stamps(value)) and len(value) <= 60) or len(value) <= 12
    if part.field == "original_title":
        return len(value) <= 120
    if part.field in ("source", "producer", "image_credit"):
        return len(value) <= 45 and not SENTENCE.search(value)
    return len(value) <= 30 and not SENTENCE.search(value)


def names_its_makers(line: Line) -> bool:
    """Whether a line tells as much as the byline of an article does: a time, or two of its facts."""
    if _is_byline(line, edge=True) is None:
        found = dates.stamps(line.folded)
        rest = line.folded[: found[0].start] + line.folded[found[0].end :] if len(found) == 1 else ""
        return patterns("byline", "signatures").fullmatch(rest.strip(" |·,-—/")) is not None
    fields = {part.field for part in byline.parse(line.text, line.folded).parts if part.value}
    return bool(dates.stamps(line.folded)) or len(fields & {"source", "author", "editor", "published"}) > 1


def _is_byline(line: Line, edge: bool) -> str | None:
    if line.tag in ("h1", "h2", "tr") or len(line.text) > 400:
        return None
    parts = byline.parse(line.text, line.folded)
    if not parts.parts:
        return _unlabelled(line, edge)
    if not all(fits(p) for p in parts.parts):
        return None
    head = ADDRESS.sub("", parts.head)
    if (
        head
        and not ((dates.stamps(head.lower()) or dates.yearless(head.lower())) and len(head) <= 40)
        and not (edge and (len(head) <= 12 or head.endswith(GIVEN)) and len(parts.parts) > 1)
    ):
        return None
    if len(parts.parts) == 1 and not head:
        part = parts.parts[0]
        if not part.value and part.weak:
            return None
        if not edge and (part.weak or part.field in ("published", "tags", "section", "other")):
            return None
    if all(p.field == "image_credit" for p in parts.parts):
        return None  # the judge of credits knows better
    return f"byline.{parts.parts[0].field.replace('_', '-')}@1"


def _unlabelled(line: Line, edge: bool) -> str | None:
    if not edge or len(line.text) > 80:
        return None
    folded = line.folded.strip()
    if WHOLE.match(folded) or patterns("byline", "signatures").fullmatch(folded):
        return "byline.signature@1"
    found = dates.stamps(line.folded) or dates.yearless(line.folded)[:1]
    if found and len(line.text) <= 60:
        rest = line.folded[: found[0].start] + line.folded[found[0].end :]
        if REST.fullmatch(rest) or patterns("byline", "beside_time").fullmatch(rest.strip()):
            return "byline.time@1"
    return None


def judge(document: Document) -> Mapping[int, str]:
    """Bylines at the edges of the article, and labelled ones anywhere. Speakers in an
    interview are labelled the same way: a label that opens several lines names a speaker."""
    lines = document.lines
    openers: dict[str, int] = {}
    for line in lines:
        match = byline.LABEL.match(line.folded)
        if match:
            openers[match.group().strip()] = openers.get(match.group().strip(), 0) + 1
    result: dict[int, str] = {}
    limit = int(table("byline")["speaker_lines"])
    for place, line in enumerate(lines):
        match = byline.LABEL.match(line.folded)
        if match and openers[match.group().strip()] >= limit:
            continue
        edge = place < HEAD or place >= len(lines) - TAIL
        rule = _is_byline(line, edge)
        if rule:
            result[line.index] = rule
    return result
