"""The title among what a page calls itself: heading, Open Graph, JSON-LD, <title>."""

from __future__ import annotations

import re
from collections.abc import Sequence

from cleaners.model import Candidate

__all__ = ["choose", "key", "strip_site"]

SEPARATORS = re.compile(r"\s*[_|｜丨»«›•·]\s*|\s+[-–—:：‹<>]+\s+|\s*--+\s*|(?<=[\u3400-\u9fff\W])[-–—](?=[\u3400-\u9fff])")
NOT_WORD = re.compile(r"[\W_]+")
SITE_WORDS = re.compile(r"(?:网|新闻|频道|资讯|门户|日报|晚报|在线|中心|首页|客户端|社区|论坛|平台|订阅|官网|直播网|\.com|\.cn|\.net|news)$", re.IGNORECASE)
ORDER = ("rules", "h1", "itemprop", "og:title", "json-ld", "twitter:title", "first-line")
MAX_TITLE = 300


def key(text: str) -> str:
    """Letters and digits only, lower case: two titles with one key are one title."""
    return NOT_WORD.sub("", text).lower()


def strip_site(title: str, names: Sequence[str]) -> str:
    """``title`` without the parts at its end that name the site, a column or tags."""
    parts = SEPARATORS.split(title)
    cuts = [m.start() for m in SEPARATORS.finditer(title)]
    if len(parts) < 2:
        return title
    sites = {key(n) for n in names if n}
    while cuts:
        tail = key(parts[-1])
        known = any(tail == s or (len(s) > 1 and (s in tail or tail in s)) for s in sites)
        if not known and not SITE_WORDS.search(parts[-1]) and not (len(parts[-1]) <= 8 and len(parts[0]) >= 12):
            break
        parts.pop()
        title = title[: cuts.pop()]
    return title.strip() or parts[0]


def choose(found: Sequence[Candidate], sites: Sequence[str]) -> Candidate | None:
    """The candidate that most of the others contain; headings before machine data before <title>."""
    named = [Candidate("title", strip_site(c.value, sites) if c.origin not in ("h1", "rules") else c.value, c.origin) for c in found]
    named = [c for c in named if key(c.value) and len(c.value) <= MAX_TITLE and key(c.value) not in {key(s) for s in sites}]
    rules = [c for c in named if c.origin == "rules"]
    if rules:
        return rules[0]
    whole = [key(c.value) for c in found]
    best: tuple[tuple[int, int, int], Candidate] | None = None
    for place, candidate in enumerate(named):
        own = key(candidate.value)
        support = sum(own in other for other in whole) if len(own) > 3 else 0
        rank = ORDER.index(candidate.origin) if candidate.origin in ORDER else len(ORDER)
        score = (min(support, 3), -rank, -place)
        if best is None or score > best[0]:
            best = (score, candidate)
    return best[1] if best else None
