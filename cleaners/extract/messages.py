"""Pages that say only that there is nothing to read, judged by what is left without the site's own lines.

Error pages come in the site's frame, with menus and recommendations, and with the status 200. What
tells them is that nothing is kept but a notice (:mod:`cleaners.extract.notices`) or scraps of the frame.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Sequence
from functools import cache
from importlib.resources import files

from cleaners.extract.measure import ends_sentence, marks, units
from cleaners.extract.notices import Surroundings, is_notice
from cleaners.extract.score import Scored
from cleaners.metadata.folding import fold
from cleaners.model import Candidate

__all__ = ["empty", "own_text", "reports", "says_nothing", "surroundings"]

LONGEST = 250
"""Characters of one line of a frame, or of a byline."""
SCRAP = 40.0
"""Letters of the longest piece where nothing but scraps of a frame is left."""
ALL_SCRAPS = 250.0
LINKED = 0.8
"""Share of links in a piece from which it leads elsewhere and says nothing itself."""
LABEL = 40.0
ALL_LABELS = 150.0
"""Letters of one line that is no sentence, and of all of them, beside a sentence."""
NEAR = 12
"""Pieces above and below the kept ones in which a page shows its date."""
DATE = re.compile(
    r"(?<!\d)(?:19|20)\d\d *[-/.年] *\d{1,2} *[-/.月] *\d{1,2}(?!\d)|(?<!\d)\d{1,2} *月 *\d{1,2} *日|"
    r"\b(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]*\.? +\d{1,2},? +(?:19|20)\d\d|"
    r"\b\d{1,2}\.? +(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]*\.?,? +(?:19|20)\d\d|"
    r"(?:分钟|小时|天)前|(?:minutes?|hours?|days?) ago"
)
CELLS = re.compile(r"(?<=[\u3000-\u9fff\uff00-\uffef])\s+|\s+(?=[\u3000-\u9fff\uff00-\uffef])")
"""What divides the cells of a row: Chinese sentences have no spaces."""
TODAY = re.compile(r"(?:今天|现在)是|(?:当前|北京)时间|\btoday is\b")
PARTS_OF_TITLE = re.compile(r"\s*[_|｜]\s*|\s+[-–—·:]+\s+|[-–—]{1,2}(?=[^\W\d_])")


@cache
def _pattern(key: str) -> re.Pattern[str]:
    data = tomllib.loads((files("cleaners") / "data" / "page_kinds.toml").read_text("utf-8"))
    return re.compile("|".join(f"(?:{p})" for p in data["message"][key]))


def says_nothing(
    scored: Scored, why: Sequence[str | None], heading: int | None, found: Sequence[Candidate]
) -> str | None:
    """What a page says instead of an article, as a few words of it; None if it may be an article.

    ``heading`` is the index of the piece that is its headline, ``found`` are the candidates for its metadata:
    titles, the site's name, dates and authors.
    """
    text = "\n".join(own_text(scored, why, heading))
    around = surroundings(scored, why, found)
    return (text or around.titles[0])[:60] if is_notice(text, around) else None


def surroundings(scored: Scored, why: Sequence[str | None], found: Sequence[Candidate]) -> Surroundings:
    """What the page states around the kept text."""
    pieces = scored.layout.pieces
    kept = [i for i, reason in enumerate(why) if reason is None and not _of_frame(pieces[i].raw)]
    titles = [PARTS_OF_TITLE.split(c.value) for c in found if c.field == "title"]
    names = [c.value for c in found if c.field == "site_name"]
    return Surroundings(
        titles=tuple({part: None for parts in titles for part in parts}),
        names=(*names, *(part for parts in titles for part in parts[1:])),
        dated=_dated(scored, kept) or any(c.field in ("published", "author") for c in found),
    )


def own_text(scored: Scored, why: Sequence[str | None], heading: int | None) -> list[str]:
    """The kept lines but the title, without those of the site's frame, those that are links, and bylines.

    Beside sentences, a few labels are left out: names of the site and its columns stand in the same rows.
    """
    kept = (i for i, reason in enumerate(why) if reason is None and i != heading)
    pieces = (scored.layout.pieces[i] for i in kept if scored.density[i] <= LINKED)
    parts = [
        part
        for piece in pieces
        if not _of_frame(piece.raw) and not _byline(piece.raw)
        for part in (CELLS.split(piece.raw) if piece.tag == "tr" else [piece.raw])
    ]
    labels = [units(part) for part in parts if not marks(part)]
    few = sum(labels) <= ALL_LABELS and max(labels, default=0.0) <= LABEL
    return [part for part in parts if marks(part)] if few and len(labels) < len(parts) else parts


def empty(scored: Scored, why: Sequence[str | None], heading: int | None) -> bool:
    """Whether nothing but scraps of the site's frame is left: no sentence, no date, no longer line."""
    pieces = scored.layout.pieces
    kept = [i for i, reason in enumerate(why) if reason is None and i != heading]
    if any(scored.size[i] > SCRAP and not _of_frame(pieces[i].raw) for i in kept):
        return False
    kept = [i for i in kept if not _of_frame(pieces[i].raw)]
    if sum(scored.size[i] for i in kept) > ALL_SCRAPS:
        return False
    raws = [pieces[i].raw for i in kept]
    return not any(ends_sentence(raw) or marks(raw) > 1 for raw in raws) and not _dated(scored, kept)


def reports(text: str) -> bool:
    """Whether folded text tells what others have said or done: news of a missing page, not the page."""
    return _pattern("reported").search(text) is not None


def _byline(raw: str) -> bool:
    return len(raw) <= LONGEST and not ends_sentence(raw) and DATE.search(fold(raw)) is not None


def _of_frame(raw: str) -> bool:
    return len(raw) <= LONGEST and _pattern("frame").search(fold(raw)) is not None


def _dated(scored: Scored, kept: Sequence[int]) -> bool:
    """Whether the page shows a date near its text; the dates of lists of links are theirs."""
    if not kept:
        return False
    pieces = scored.layout.pieces
    near = range(max(0, kept[0] - NEAR), min(len(pieces), kept[-1] + NEAR + 1))
    lines = (fold(pieces[i].raw[:400]) for i in near if scored.density[i] < 0.2)
    return any(DATE.search(line) and not TODAY.search(line) for line in lines)
