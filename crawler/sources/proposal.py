"""A source file made of what a first look at a site has shown. Pure."""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from crawler.discovery.shape import shape_of

__all__ = ["Proposal", "article_pattern"]

MAX_SHAPES = 4
LEAST_SHARE = 0.05
_PARTS = {"<number>": r"\d{4,}", "<short>": r"\d{1,3}", "<slug>": r"[^/?#]+"}
_PLACE = re.compile("<(?:number|short|slug)>")


@dataclass(frozen=True, slots=True)
class Proposal:
    """What goes into the file; ``pattern`` is a regular expression for the addresses of articles."""

    name: str
    home: str
    hosts: Sequence[str]
    feeds: Sequence[str] = ()
    sitemaps: Sequence[str] = ()
    listings: Sequence[str] = ()
    pattern: str | None = None

    @property
    def toml(self) -> str:
        """The file as text; what was not found stands there as a comment to fill in."""
        starts = bool(self.feeds or self.sitemaps or self.listings)
        lines = [
            f"home = {_text(self.home)}",
            f"hosts = {_list(self.hosts)}",
            *(
                ["discover = true  # also look for feeds, sitemaps and sections from home"]
                if not starts
                else []
            ),
            "",
            *(_given(name, getattr(self, name)) for name in ("feeds", "sitemaps", "listings")),
            "",
            "# What the addresses of articles look like (searched in the whole URL).",
            f"article = '{self.pattern}'" if self.pattern else "# article = '/20\\d\\d/\\d+\\.html$'",
            "# ignore = ['/video/']",
            "",
            '# interval = "6h"',
            '# zone = "Asia/Shanghai"',
            "",
            "# [pace]",
            "# delay = 1.0",
        ]
        return "\n".join(lines) + "\n"


def article_pattern(urls: Sequence[str], proven: Sequence[str] = ()) -> str | None:
    """A regular expression for the commonest shapes among ``urls``; those of ``proven`` are always in it.

    None when the addresses have too little in common to tell articles from other pages.
    """
    counts = Counter(_shape(url) for url in urls)
    sure = list(dict.fromkeys(_shape(url) for url in proven))
    common = [s for s, n in counts.most_common(MAX_SHAPES) if n >= max(2, LEAST_SHARE * counts.total())]
    shapes = list(dict.fromkeys([*sure, *common]))
    if not shapes or len(shapes) > MAX_SHAPES or not all(map(_telling, shapes)):
        return None
    patterns = sorted({_regex(shape) for shape in shapes})
    return patterns[0] if len(patterns) == 1 else "(?:" + "|".join(patterns) + ")"


def _shape(url: str) -> tuple[str, ...]:
    return shape_of(url)[1:]


def _telling(shape: tuple[str, ...]) -> bool:
    """Whether a shape says more than "some page": it has a number, or a folder before the slug."""
    return any("<number>" in part or "<short>" in part for part in shape) or len(shape) > 1


def _regex(shape: tuple[str, ...]) -> str:
    path = "".join("/" + _segment(part) for part in shape if not _is_key(part))
    keys = [re.escape(part[1:-1]) for part in shape if _is_key(part)]
    return f"//[^/]+{path}" + (rf"/?\?(?:.*&)?{keys[0]}=" if keys else r"/?(?:[?#]|$)")


def _is_key(part: str) -> bool:
    return part.startswith("<") and part.endswith(">") and part not in _PARTS


def _segment(part: str) -> str:
    found = _PLACE.match(part)
    if found is None:
        return re.escape(part)
    return _PARTS[found[0]] + re.escape(part[found.end() :])


def _given(name: str, values: Sequence[str]) -> str:
    return f"{name} = {_list(values)}" if values else f"# {name} = []"


def _list(values: Sequence[str]) -> str:
    if len(values) < 2:
        return "[" + "".join(map(_text, values)) + "]"
    return "[\n" + "".join(f"    {_text(value)},\n" for value in values) + "]"


def _text(value: str) -> str:
    return json.dumps(value, ensure_ascii=False).replace("\x7f", "\\u007f")
