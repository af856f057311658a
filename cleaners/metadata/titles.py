"""The title among what a page calls itself: heading, Open Graph, JSON-LD, <title>."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import lru_cache

from cleaners.model import Candidate

__all__ = ["choose", "key", "strip_site"]

SEPARATORS = re.compile(
    r"\s*[_|｜丨•·]\s*|\s+[-–—:：‹›«»<>]+\s+|\s*--+\s*|(?<=[\u3400-\u9fff\W])[-–—](?=[\u3400-\u9fff])"
)
NOT_WORD = re.compile(r"[\W_]+")
SITE_WORDS = re.compile(
    r"(?:网|新闻|频道|资讯|门户|日报|晚报|在线|中心|首页|客户端|社区|论坛|平台|订阅|官网|直播网|\.com|\.cn|\.net|news)$",
    re.IGNORECASE,
)
ORDER = ("rules", "heading", "h1", "itemprop", "og:title", "json-ld", "twitter:title", "first-line")
ORDER_LD = ("json-ld", "og:title", "heading", "itemprop", "h1", "twitter:title", "first-line")
KICKER = re.compile(r"[:：\-–—]\s*$")
KICKED = re.compile(r"^.{3,60}?(?:[:：]\s+|\s+[-–—|]\s+)(?=[«„“»‘「].{20,}[»”“«’」]$)")
COLUMN = re.compile(r"^\s*_")
"""Chinese pages put an underscore between a title and the names of column and site."""
HAN = re.compile(r"[\u3400-\u9fff]")
LONG_HEAD = 8
SHORT_HEAD = 6
"""Characters: so short is the name of a column ("News", "Notices")."""
MAX_TITLE = 300
LONGEST_KNOWN = 1000
"""Characters of texts whose keys are remembered: judges ask for those of a page's lines again and again."""


def key(text: str) -> str:
    """Letters and digits only, lower case: two titles with one key are one title."""
    return _known_key(text) if len(text) <= LONGEST_KNOWN else _key(text)


def _key(text: str) -> str:
    return NOT_WORD.sub("", text).lower()


_known_key = lru_cache(maxsize=1024)(_key)


def strip_site(title: str, names: Sequence[str]) -> str:
    """``title`` without the parts at its end that name the site, a column or tags."""
    for name in names:
        if len(name) > 2 and title.endswith(name) and len(title) > len(name) + 6:
            title = title[: -len(name)].rstrip(" _|｜-–—:：·»>")
    parts = SEPARATORS.split(title)
    cuts = [m.start() for m in SEPARATORS.finditer(title)]
    if len(parts) < 2:
        return title
    sites = {key(n) for n in names if n}
    while cuts:
        tail = key(parts[-1])
        known = any(tail == s or (len(s) > 1 and (s in tail or tail in s)) for s in sites)
        if (
            not known
            and not (COLUMN.search(title[cuts[-1] :]) and len(HAN.findall(title[: cuts[-1]])) >= LONG_HEAD)
            and not SITE_WORDS.search(parts[-1])
            and not (len(parts[-1]) <= 8 and len(parts[0]) >= 12)
        ):
            break
        parts.pop()
        title = title[: cuts.pop()]
    return title.strip() or parts[0]


def choose(found: Sequence[Candidate], sites: Sequence[str], chinese: bool) -> Candidate | None:
    """The title that a page gives itself; a site's own rule wins.

    On Chinese pages the heading that the others contain; elsewhere the headline of
    the page's own data, since headings there often carry a kicker.
    """
    taken = {key(s) for s in sites}
    named = [Candidate("title", _bare(c, sites), c.origin) for c in found]
    named = [c for c in named if key(c.value) and len(c.value) <= MAX_TITLE and key(c.value) not in taken]
    rules = [c for c in named if c.origin == "rules"]
    if not chinese:
        named = [c for c in named if c.origin != "above"] or named
    if rules or not named:
        return rules[0] if rules else None
    if not chinese:
        return _stated(named)
    above = [c for c in named if c.origin == "above"]
    rest = [c for c in named if c.origin != "above"]
    best = _contained(rest, [key(c.value) for c in found]) if rest else above[0]
    return above[0] if above and len(key(best.value)) <= SHORT_HEAD else best


def _bare(candidate: Candidate, sites: Sequence[str]) -> str:
    if candidate.origin in ("h1", "heading", "above", "rules", "first-line"):
        return candidate.value
    return strip_site(candidate.value, sites)


def _contained(named: Sequence[Candidate], whole: Sequence[str]) -> Candidate:
    def score(candidate: Candidate) -> tuple[int, int]:
        own = key(candidate.value)
        support = sum(own in other for other in whole) if len(own) > 3 else 0
        rank = ORDER.index(candidate.origin) if candidate.origin in ORDER else len(ORDER)
        return min(support, 3), -rank

    return max(named, key=score)  # the first of equals


def _stated(named: Sequence[Candidate]) -> Candidate:
    """The headline of the page's own data; without its kicker where Open Graph leaves that out."""
    ranked = sorted(named, key=lambda c: ORDER_LD.index(c.origin) if c.origin in ORDER_LD else len(ORDER_LD))
    best = ranked[0]
    for candidate in ranked[1:]:
        own = key(candidate.value)
        if (
            candidate.origin == "heading"
            and len(own) > 8
            and best.origin != "json-ld"
            and key(best.value).startswith(own)
        ):
            return candidate  # what stands behind it is the site's name
        rest = best.value[: -len(candidate.value)]
        if candidate.origin == "og:title" and KICKER.search(rest) and key(best.value).endswith(own):
            return candidate
    return _without_kicker(best, ranked)


def _without_kicker(best: Candidate, named: Sequence[Candidate]) -> Candidate:
    """A quotation is a title of its own when two places put different kickers before it."""
    match = KICKED.match(best.value)
    if not match:
        return best
    rest = best.value[match.end() :]
    for candidate in named:
        other = KICKED.match(candidate.value)
        if (
            other
            and key(candidate.value[other.end() :]) == key(rest)
            and key(other.group()) != key(match.group())
        ):
            return Candidate(best.field, rest, best.origin)
    return best
