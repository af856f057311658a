"""Candidates and judged byline lines become the metadata, each field with its evidence."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

from cleaners.fixers.script import chinese_script
from cleaners.metadata.folding import fold
from cleaners.language import is_chinese
from cleaners.metadata import byline, dates, names, times, titles
from cleaners.model import Candidate, Document, Extracted, Meta, Page, Rules

__all__ = ["resolve"]

URL_DAY = re.compile(r"(?<!\d)(20\d\d)[-/_]?(0[1-9]|1[0-2])[-/_]?([0-3]\d)(?!\d)")
URL_TIGHT = re.compile(r"/(20\d\d)[-/]?(0?[1-9]|1[0-2])[-/]?(0?[1-9]|[12]\d|3[01])(?=[/_-]|\.s?html?)")
PREFIX = "byline"


@dataclass(slots=True)
class _Facts:
    """What byline lines say, in page order, by field."""

    values: dict[str, list[Candidate]] = field(default_factory=dict)

    def add(self, name: str, value: str, origin: str = PREFIX) -> None:
        if value:
            self.values.setdefault(name, []).append(Candidate(name, value, origin))

    def get(self, name: str) -> list[Candidate]:
        return self.values.get(name, [])


def resolve(
    document: Document, judged: Mapping[int, str], extracted: Extracted, page: Page, rules: Rules
) -> Meta:
    """Metadata of one page. Nothing is invented: a field that no place states is None or empty."""
    facts = _facts(document, judged, extracted)
    texts = [line.text for line in document.lines if line.index not in judged]
    chinese = is_chinese(texts)
    by = _by_field(extracted.candidates)
    sites = [c.value for c in by.get("site_name", [])]
    title = titles.choose(by.get("title", []), sites)
    url = extracted.canonical_url or page.url
    floor = _url_day(url)
    stated = by.get("published", []) + facts.get("published")
    published = times.choose(stated, page, rules, chinese, floor)
    if published is None and floor:
        published = times.choose([Candidate("published", floor.isoformat(), "url")], page, rules, chinese, None)
    modified = times.choose(by.get("modified", []) + facts.get("modified"), page, rules, chinese, floor)
    source = _source(facts.get("source"), by.get("source", []))
    return Meta(
        title=title.value if title else None,
        subtitle=_first(by.get("subtitle", [])),
        authors=_people("author", facts, by, sites),
        editors=_people("editor", facts, by, sites),
        source=source,
        producer=_first(facts.get("producer")),
        site_name=_first(by.get("site_name", [])),
        original_title=_quoted(_first(facts.get("original_title"))),
        published_at=published.when if published else None,
        published_precision=published.precision if published else None,
        published_raw=published.raw if published else None,
        timezone_source=published.zone_source if published else None,
        modified_at=modified.when if modified else None,
        canonical_url=extracted.canonical_url,
        language=_language(chinese, texts, extracted, by),
        script=chinese_script(texts) if chinese else None,
        tags=_tags(by.get("tags", []) + facts.get("tags")),
        images=extracted.images,
        image_credit=_first(facts.get("image_credit")),
        section=_first(by.get("section", []) + facts.get("section")),
        description=_first(by.get("description", [])),
        access=_access(by.get("access", [])),
        evidence=tuple(extracted.candidates) + tuple(c for v in facts.values.values() for c in v),
    )


def _by_field(candidates: Sequence[Candidate]) -> dict[str, list[Candidate]]:
    result: dict[str, list[Candidate]] = {}
    for candidate in candidates:
        result.setdefault(candidate.field, []).append(candidate)
    return result


def _facts(document: Document, judged: Mapping[int, str], extracted: Extracted) -> _Facts:
    facts = _Facts()
    # The article's own lines first: a syndicated text names its makers there
    for line in document.lines:
        rule = judged.get(line.index, "")
        if rule.startswith(("byline", "credit", "echo")):
            _read(facts, line.text, line.folded)
    for candidate in extracted.candidates:
        if candidate.field == "byline":
            _read(facts, candidate.value, fold(candidate.value))
    return facts


def _read(facts: _Facts, text: str, folded: str) -> None:
    parts = byline.parse(text, folded)
    for part in parts.parts:
        facts.add(part.field, part.value)
    if dates.stamps(folded) and not any(p.field in ("published", "modified") for p in parts.parts):
        facts.add("published", text)


def _first(found: Iterable[Candidate]) -> str | None:
    for candidate in found:
        value = candidate.value.strip()
        if value:
            return value
    return None


def _quoted(title: str | None) -> str | None:
    if title and title[:1] == "《" and title[-1:] == "》" and title.count("《") == title.count("》"):
        title = title[1:-1]
    return title or None


def _people(
    name: str, facts: _Facts, by: Mapping[str, Sequence[Candidate]], sites: Sequence[str]
) -> tuple[str, ...]:
    """Names from the byline if it has any, else from the first place that gives a plausible one."""
    known = {titles.key(s) for s in sites}
    result: list[str] = []
    for candidate in facts.get(name):
        result += [p for p in names.people(candidate.value) if p not in result]
    if result:
        return tuple(result)
    places: dict[str, list[str]] = {}
    for candidate in by.get(name, []):
        if not re.search(r"https?://", candidate.value):
            places.setdefault(candidate.origin, []).extend(names.people(candidate.value))
    for found in places.values():
        kept = [p for p in dict.fromkeys(found) if titles.key(p) not in known]
        if kept:
            return tuple(kept)
    return ()


def _source(printed: Sequence[Candidate], other: Sequence[Candidate]) -> str | None:
    for candidate in (*printed, *other):
        found = names.source(candidate.value)
        if found and not names.SOURCE_JUNK.match(found):
            return found
    return None


def _tags(found: Sequence[Candidate]) -> tuple[str, ...]:
    parts = [p.strip() for c in found for p in re.split(r"[,，;；、|]+", c.value)]
    return tuple(dict.fromkeys(p for p in parts if p and len(p) <= 40))[:30]


def _access(found: Sequence[Candidate]) -> str | None:
    for candidate in found:
        value = candidate.value.strip().lower()
        if value in ("false", "locked", "metered", "premium", "paid"):
            return "paywalled"
        if value in ("true", "free"):
            return "free"
    return None


def _language(
    chinese: bool, texts: Sequence[str], extracted: Extracted, by: Mapping[str, Sequence[Candidate]]
) -> str | None:
    if chinese:
        return "zh"
    stated = extracted.lang or _first(by.get("language", []))
    match = re.match(r"[A-Za-z]{2,3}(?=$|[-_])", stated or "")
    return match.group().lower() if match and match.group().lower() != "zh" else None


def _url_day(url: str) -> date | None:
    match = URL_TIGHT.search(url) or URL_DAY.search(url)
    if not match:
        return None
    try:
        return date(*(int(g) for g in match.groups()))
    except ValueError:
        return None
