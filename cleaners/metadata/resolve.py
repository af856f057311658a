"""Candidates and judged byline lines become the metadata, each field with its evidence."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

from cleaners.fixers.script import chinese_script
from cleaners.language import is_chinese
from cleaners.metadata import byline, dates, names, times, titles
from cleaners.metadata.folding import fold
from cleaners.metadata.signatures import WHOLE, is_person, outlet_like, sign
from cleaners.model import Candidate, Document, Extracted, Meta, Page, Rules

__all__ = ["resolve"]

URL_DAY = re.compile(r"(?<!\d)(20\d\d)[-/_]?(0[1-9]|1[0-2])[-/_]?([0-3]\d)(?!\d)")
URL_TIGHT = re.compile(r"/(20\d\d)[-/]?(0?[1-9]|1[0-2])[-/]?(0?[1-9]|[12]\d|3[01])(?=[/_-]|\.s?html?)")
PREFIX = "byline"
INTRO = re.compile(
    r"(?:分享|带来|推荐|介绍)的?(?P<section>[^:,。]{0,8}?)\s*:\s*(?P<title>.{4,100}?)[,。!]?\s*(?:欢迎|希望|一起)"
)
SITE = re.compile(r"\.[a-z]{2,4}$", re.IGNORECASE)
MACHINE = ("json-ld", "meta:author", "article:author")


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
    _unlabel(by, facts)
    sites = [c.value for c in by.get("site_name", [])]
    title = titles.choose(by.get("title", []) + facts.get("title"), sites, chinese)
    url = extracted.canonical_url or page.url
    floor = _url_day(url)
    stated = by.get("published", []) + facts.get("published")
    published = times.choose(stated, page, rules, chinese, floor, by.get("modified", []))
    if published is None and floor:
        published = times.choose(
            [Candidate("published", floor.isoformat(), "url")], page, rules, chinese, None
        )
    modified = times.choose(by.get("modified", []) + facts.get("modified"), page, rules, chinese, floor)
    accounts = _accounts(by, title) if chinese else []
    named = {titles.key(s) for s in sites}
    beside = [c for c in facts.get("beside") if titles.key(c.value) not in named]
    source = _source(facts.get("source"), beside + by.get("source", []) + accounts)
    outlets = [*sites, source, *(c.value for c in accounts)]
    signed = sign([line for line in document.lines if line.index not in judged]) if chinese else None
    editors = _people("editor", facts, by, outlets, () if chinese else None) or _people(
        "proofreader", facts, by, outlets, ()
    )
    if source and not any(titles.key(source) == titles.key(c.value) for c in accounts):
        in_titles = "".join(titles.key(c.value) for c in by.get("title", []))
        by["author"] += [
            c for c in accounts if not outlet_like(fold(c.value)) and titles.key(c.value) not in in_titles
        ]
        outlets = [*sites, source]
    authors = _people("author", facts, by, outlets if facts.get("author") else [*outlets, *editors], signed)
    return Meta(
        title=title.value if title else None,
        subtitle=_first(by.get("subtitle", [])),
        authors=authors,
        editors=editors,
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


def _unlabel(by: dict[str, list[Candidate]], facts: _Facts) -> None:
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


def _accounts(by: dict[str, list[Candidate]], title: Candidate | None) -> list[Candidate]:
    """Authors that are no persons: the accounts and outlets that Chinese platforms name there."""
    whole = titles.key(title.value) if title else ""
    accounts, people = [], []
    for candidate in by.get("author", []):
        found = [fold(n) for n in names.people(candidate.value)]
        if any(is_person(n) for n in found) or not found:
            people.append(candidate)
        elif len(candidate.value) <= 12 and titles.key(candidate.value) not in whole:
            accounts.append(Candidate("source", candidate.value, candidate.origin))
    by["author"] = people
    return accounts


def _facts(document: Document, judged: Mapping[int, str], extracted: Extracted) -> _Facts:
    """Facts of the byline lines: those above the article, its own, and those below it."""
    facts = _Facts()
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


def _read(facts: _Facts, text: str, folded: str, origin: str) -> None:
    parts = byline.parse(text, folded)
    for part in parts.parts:
        facts.add(part.field, part.value, origin)
    if origin == "byline-end":
        return
    found = dates.stamps(folded)
    if found and not any(p.field in ("published", "modified") for p in parts.parts):
        facts.add("published", text, origin)
    if found and len(text) <= 60 and not parts.parts:
        rest = (text[: found[0].start] + "  " + text[found[0].end :]).replace("原创", " ").strip(" \t·|-")
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


def _beside_time(facts: _Facts, rest: str) -> None:
    """What stands beside a bare time: one outlet, or several people."""
    tokens = rest.split()
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
    name: str,
    facts: _Facts,
    by: Mapping[str, Sequence[Candidate]],
    known: Sequence[str | None],
    signed: Sequence[str] | None,
) -> tuple[str, ...]:
    """Names from the labelled byline, else those who signed the text, else from the first place
    in the page's data that gives a plausible one. An outlet that is known by another field is no author."""
    outlets = {titles.key(k) for k in known if k}
    chinese = signed is not None

    def people(values: Iterable[str]) -> list[str]:
        found = dict.fromkeys(p for v in values for p in names.people(v, chinese))
        return [p for p in found if titles.key(p) not in outlets]

    labelled = people(c.value for c in facts.get(name))
    if signed and not any(is_person(fold(p)) for p in labelled):
        return tuple(signed)
    if labelled:
        return tuple(labelled)
    places: dict[str, list[str]] = {}
    for candidate in by.get(name, []):
        if not re.search(r"https?://", candidate.value):
            places.setdefault(candidate.origin, []).append(candidate.value)
    if not chinese:
        outlets |= {k for c in by.get("site_name", []) if (k := titles.key(c.value))}
    found = [kept for values in places.values() if (kept := people(values))]
    best = next((f for f in found if chinese or not all(SITE.search(n) for n in f)), next(iter(found), None))
    if best or chinese:
        return tuple(best or ())
    # a page that names its own outlet as the author says so; nobody else is named
    return tuple(
        dict.fromkeys(
            p for c in by.get(name, []) if c.origin in MACHINE for p in names.people(c.value, False)
        )
    )[:1]


def _source(printed: Sequence[Candidate], other: Sequence[Candidate]) -> str | None:
    for candidate in (*printed, *other):
        found = names.source(candidate.value)
        if found and not dates.stamps(fold(candidate.value)[:20]) and not names.SOURCE_JUNK.match(found):
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
