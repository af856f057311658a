"""Who made an article: authors apart from editors, and the outlet that it comes from."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from cleaners.metadata import dates, names, titles
from cleaners.metadata.facts import Facts
from cleaners.metadata.folding import fold
from cleaners.metadata.signatures import is_person, outlet_like, sign
from cleaners.model import Candidate, Line

__all__ = ["Makers", "makers"]

SITE = re.compile(r"\.[a-z]{2,4}$", re.IGNORECASE)
MACHINE = ("json-ld", "meta:author", "article:author")
ACCOUNT_CHARS = 12


@dataclass(frozen=True, slots=True)
class Makers:
    """The people and the outlet, as written."""

    authors: tuple[str, ...]
    editors: tuple[str, ...]
    source: str | None


def makers(
    facts: Facts, by: dict[str, list[Candidate]], kept: Sequence[Line], title: str | None, chinese: bool
) -> Makers:
    """Weigh bylines, signatures in the ``kept`` lines and the page's data.

    Platforms name accounts where others name people; an account is the source if the page
    names no other, and an author only if it is neither outlet nor part of the page's titles.
    """
    sites = [c.value for c in by.get("site_name", [])]
    accounts = _accounts(by, title) if chinese else []
    named = {titles.key(s) for s in sites}
    beside = [c for c in facts.get("beside") if titles.key(c.value) not in named]
    source = _source(facts.get("source"), beside + by.get("source", []) + accounts)
    outlets = [*sites, source, *(c.value for c in accounts)]
    signed = sign(kept) if chinese else None
    nobody = () if chinese else None
    editors = _people("editor", facts, by, outlets, nobody) or _people("proofreader", facts, by, outlets, ())
    if source and not any(titles.key(source) == titles.key(c.value) for c in accounts):
        whole = "".join(titles.key(c.value) for c in by.get("title", []))
        people = (c for c in accounts if not outlet_like(fold(c.value)) and titles.key(c.value) not in whole)
        by["author"] = [*by.get("author", []), *people]
        outlets = [*sites, source]
    known = outlets if facts.get("author") else [*outlets, *editors]
    return Makers(_people("author", facts, by, known, signed), editors, source)


def _accounts(by: dict[str, list[Candidate]], title: str | None) -> list[Candidate]:
    """Authors that are no persons: the accounts and outlets that Chinese platforms name there."""
    whole = titles.key(title) if title else ""
    accounts, people = [], []
    for candidate in by.get("author", []):
        found = [fold(n) for n in names.people(candidate.value)]
        if any(is_person(n) for n in found) or not found:
            people.append(candidate)
        elif len(candidate.value) <= ACCOUNT_CHARS and titles.key(candidate.value) not in whole:
            accounts.append(Candidate("source", candidate.value, candidate.origin))
    by["author"] = people
    return accounts


def _people(
    name: str,
    facts: Facts,
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
    own = (c.value for c in by.get(name, []) if c.origin in MACHINE)
    return tuple(dict.fromkeys(p for value in own for p in names.people(value, False)))[:1]


def _source(printed: Sequence[Candidate], other: Sequence[Candidate]) -> str | None:
    for candidate in (*printed, *other):
        found = names.source(candidate.value)
        if found and not _is_time(fold(found)) and not names.SOURCE_JUNK.match(found):
            return found
    return None


def _is_time(folded: str) -> bool:
    return bool(dates.stamps(folded) or dates.AGO.match(folded))
