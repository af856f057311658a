"""What the lines around an article say about it: labelled facts, in the order of the page."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field

from cleaners.metadata import byline, dates
from cleaners.metadata.folding import fold
from cleaners.metadata.signatures import WHOLE, is_person, outlet_like
from cleaners.model import Candidate, Document, Extracted

__all__ = ["Facts", "by_field", "collect", "unlabel"]

PREFIX = "byline"
INTRO = re.compile(
    r"(?:分享|带来|推荐|介绍)的?(?P<section>[^:,。]{0,8}?)\s*:\s*(?P<title>.{4,100}?)[,。!]?\s*(?:欢迎|希望|一起)"
)


@dataclass(slots=True)
class Facts:
    """What byline lines say, in page order, by field."""

    values: dict[str, list[Candidate]] = field(default_factory=dict)

    def add(self, name: str, value: str, origin: str = PREFIX) -> None:
        """Note a fact; an empty value is none."""
        if value:
            self.values.setdefault(name, []).append(Candidate(name, value, origin))

    def get(self, name: str) -> list[Candidate]:
        """The facts for a field, in the order of the page."""
        return self.values.get(name, [])


def by_field(candidates: tuple[Candidate, ...]) -> dict[str, list[Candidate]]:
    """Candidates by the field that they are for."""
    result: dict[str, list[Candidate]] = {}
    for candidate in candidates:
        result.setdefault(candidate.field, []).append(candidate)
    return result


REPORTER = re.compile(
    r"(?:本报|本网)?(?:特约|见习|实习)?记者\s*(?P<a>[^/\s]{2,12})\s*/\s*.{0,8}?(?:报导|报道|电)"
)
"""How papers in traditional script sign: the reporter, and where the report is from."""


def collect(document: Document, judged: Mapping[int, str], extracted: Extracted) -> Facts:
    """Facts of the byline lines: those above the article, its own, and those below it."""
    facts = Facts()
    bylines = [c for c in extracted.candidates if c.field == "byline"]
    for candidate in bylines:
        if candidate.origin == "byline":
            _read(facts, candidate.value, fold(candidate.value), "byline")
    for line in document.lines:
        rule = judged.get(line.index, "")
        if rule.startswith(("byline", "credit", "echo")):
            _read(facts, line.text, line.folded, "line")
        elif rule.startswith("intro") and (match := INTRO.search(line.folded)):
            for name in ("title", "section"):
                facts.add(name, line.text[slice(*match.span(name))].strip(), "intro")
    for candidate in bylines:
        if candidate.origin != "byline":
            _read(facts, candidate.value, fold(candidate.value), "byline-end")
    return facts


def _read(facts: Facts, text: str, folded: str, origin: str) -> None:
    parts = byline.parse(text, folded)
    for part in parts.parts:
        facts.add(part.field, part.value, origin)
    if origin == "byline-end":
        return
    found = dates.stamps(folded) or dates.yearless(folded)[:1]
    if found and not any(p.field in ("published", "modified") for p in parts.parts):
        facts.add("published", text, origin)
    if found and len(text) <= 60 and not parts.parts:
        rest = (
            dates.AGO.sub(" ", text[: found[0].start] + "  " + text[found[0].end :])
            .replace("原创", " ")
            .strip(" \t·|-")
        )
        _beside_time(facts, rest)
    elif not parts.parts:
        text, folded = text.strip(), folded.strip()
        match = WHOLE.search(folded)
        if match:
            facts.add("author", text[match.start("a") : match.end("a")], origin)
        elif 2 < len(text) <= 16 and outlet_like(folded) and origin == "byline" and " " not in text:
            person, _, outlet = text.rpartition("/")
            facts.add("beside", outlet, origin)
            if is_person(fold(person)):
                facts.add("author", person, origin)


def _beside_time(facts: Facts, rest: str) -> None:
    """What stands beside a bare time: one outlet, or several people."""
    rest = rest.strip()
    tokens = rest.split()
    reporter = REPORTER.fullmatch(fold(rest))
    if reporter:
        facts.add("author", rest[slice(*reporter.span("a"))])
        return
    if len(tokens) == 1 and is_person(fold(tokens[0])) and not outlet_like(fold(tokens[0])):
        facts.add("author", tokens[0])
        return
    if not tokens or len(tokens) > 6 or len(rest) > 40 or re.search(r"\d{3,}|[:：?？!！。]", rest):
        return
    if len(tokens) == 1 or any(outlet_like(t) for t in tokens):
        outlet = next((t for t in tokens if outlet_like(t)), tokens[0])
        if len(outlet) > 2:
            facts.add("beside", outlet)
    elif (all(re.fullmatch(r"[\u3400-\u9fff]{2,4}", t) for t in tokens) and len(tokens) != 2) or all(
        is_person(fold(t)) for t in tokens
    ):
        facts.add("author", "、".join(tokens))


def unlabel(by: dict[str, list[Candidate]], facts: Facts) -> None:
    """Boxes named "author" or "source" often hold a whole byline: what it labels goes where it belongs."""
    for name in ("author", "source", "editor"):
        rest = []
        for candidate in by.get(name, []):
            labelled = (
                candidate.origin == "class" and byline.parse(candidate.value, fold(candidate.value)).parts
            )
            for part in labelled or ():
                facts.add(part.field, part.value, "class")
            if not labelled:
                rest.append(candidate)
        by[name] = rest
