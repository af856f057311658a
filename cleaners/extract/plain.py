"""Text dumps: one paragraph a line, perhaps with a title line first."""

from __future__ import annotations

import re

from cleaners.extract.measure import ends_sentence, units
from cleaners.metadata.folding import fold
from cleaners.model import Block, Candidate, Extracted, Page, Reason, Rejected

__all__ = ["extract_plain"]

LINE_BREAK = re.compile(r"\r\n|[\n\r\x0b\x0c\x85\u2028\u2029]")
SPACE = re.compile(r"[ \t\u3000\xa0]+")
TITLE_UNITS = 110
SHORTEST = 20
BULLET = re.compile(r"^[-*•·|>#]+\s")
CREDIT = re.compile(r"(?:图片|题图|头图|封面图?|配图)(?:来源|来自|源自)?\s*[:|/丨].{1,24}$")
LABEL = re.compile(r"^.{1,10}[:：|丨｜/]")


def _title(lines: list[str]) -> str | None:
    """The first line, if it reads as a headline: short, open at its end, above prose.

    A dump whose lines mostly have no closing mark tells nothing; nor does a first line with
    a label ("author: ...") or a comma-divided clause.
    """
    if len(lines) < 2:
        return None
    first, rest = _heading(lines[0]), lines[1:]
    if not first:
        return None
    closed = [line for line in rest if ends_sentence(line)]
    following = next((line for line in rest if not LABEL.match(BULLET.sub("", line))), rest[0])
    if len(closed) < max(1, 0.4 * len(rest)) or not ends_sentence(following):
        return None
    if units(first) > TITLE_UNITS or (ends_sentence(first) and not first.endswith(("?", "？", "!", "！"))):
        return None
    if ends_sentence(first) and units(following) < 2 * units(first):
        return None
    if BULLET.match(first) or (LABEL.match(first) and len(first) < 24):
        return None
    return first


def _heading(line: str) -> str:
    """The line without a picture credit behind it."""
    match = CREDIT.search(fold(line))
    return line[: match.start()].strip() if match else line


def extract_plain(text: str, page: Page) -> Extracted | Rejected:
    """Blocks of a text dump; blank lines part paragraphs and are no blocks.

    The title line stays a block (the judge of echoes removes it) and is a candidate with
    origin ``first-line``.
    """
    lines = [SPACE.sub(" ", line).strip() for line in LINE_BREAK.split(text)]
    lines = [line for line in lines if line]
    if not lines:
        return Rejected(page.url, Reason.EMPTY, "the file has no text")
    if sum(units(line) for line in lines) < SHORTEST:
        return Rejected(page.url, Reason.TOO_SHORT, "the text is shorter than any news flash")
    title = _title(lines)
    found = (Candidate("title", title, "first-line"),) if title else ()
    return Extracted(tuple(Block(line) for line in lines), found)
