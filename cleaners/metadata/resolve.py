"""Candidates and judged byline lines become the metadata, each field with its evidence."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from datetime import date

from cleaners.fixers.script import chinese_script
from cleaners.language import is_chinese
from cleaners.metadata import facts as stated
from cleaners.metadata import times, titles
from cleaners.metadata.facts import Facts
from cleaners.metadata.makers import makers
from cleaners.metadata.times import Moment
from cleaners.model import Candidate, Document, Extracted, Meta, Page, Rules

__all__ = ["resolve"]

URL_DAY = re.compile(r"(?<!\d)(20\d\d)[-/_]?(0[1-9]|1[0-2])[-/_]?([0-3]\d)(?!\d)")
URL_TIGHT = re.compile(r"/(20\d\d)[-/]?(0?[1-9]|1[0-2])[-/]?(0?[1-9]|[12]\d|3[01])(?=[/_-]|\.s?html?)")


def resolve(
    document: Document, judged: Mapping[int, str], extracted: Extracted, page: Page, rules: Rules
) -> Meta:
    """Metadata of one page. Nothing is invented: a field that no place states is None or empty."""
    facts = stated.collect(document, judged, extracted)
    kept = [line for line in document.lines if line.index not in judged]
    texts = [line.text for line in kept]
    chinese = is_chinese(texts)
    by = stated.by_field(extracted.candidates)
    stated.unlabel(by, facts)
    sites = [c.value for c in by.get("site_name", [])]
    title = titles.choose(by.get("title", []) + facts.get("title"), sites, chinese)
    who = makers(facts, by, kept, title.value if title else None, chinese)
    published, modified = _times(facts, by, extracted.canonical_url or page.url, (page, rules, chinese))
    return Meta(
        title=title.value if title else None,
        subtitle=_first(by.get("subtitle", [])),
        authors=who.authors,
        editors=who.editors,
        source=who.source,
        producer=_first(facts.get("producer")),
        site_name=_first(by.get("site_name", [])),
        original_title=_quoted(_first(facts.get("original_title"))),
        published_at=published.when if published else None,
        published_precision=published.precision if published else None,
        published_raw=published.raw if published else None,
        timezone_source=published.zone_source if published else None,
        modified_at=modified.when if modified else None,
        canonical_url=extracted.canonical_url,
        language=_language(chinese, extracted, by),
        script=chinese_script(texts) if chinese else None,
        tags=_tags(by.get("tags", []) + facts.get("tags")),
        images=extracted.images,
        image_credit=_first(facts.get("image_credit")),
        section=_first(by.get("section", []) + facts.get("section")),
        description=_first(by.get("description", [])),
        access=_access(by.get("access", [])),
        evidence=_evidence(extracted, facts, (title, published.candidate if published else None)),
    )


def _times(
    facts: Facts, by: Mapping[str, list[Candidate]], url: str, given: tuple[Page, Rules, bool]
) -> tuple[Moment | None, Moment | None]:
    """When the article was published and modified; the day in its address is the last resort."""
    page, rules, chinese = given
    floor = _url_day(url)
    modifications = by.get("modified", []) + facts.get("modified")
    found = by.get("published", []) + facts.get("published")
    published = times.choose(found, page, rules, chinese, floor, modifications)
    if published is None and floor:
        day = Candidate("published", floor.isoformat(), "url")
        published = times.choose([day], page, rules, chinese, None)
    return published, times.choose(modifications, page, rules, chinese, floor)


def _evidence(
    extracted: Extracted, facts: Facts, winners: tuple[Candidate | None, ...]
) -> tuple[Candidate, ...]:
    """All that was considered, what won first."""
    found = [w for w in winners if w]
    found += extracted.candidates
    found += (c for values in facts.values.values() for c in values)
    return tuple(dict.fromkeys(found))


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


def _language(chinese: bool, extracted: Extracted, by: Mapping[str, Sequence[Candidate]]) -> str | None:
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
