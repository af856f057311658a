"""Telling the URLs of articles from those of lists and of everything else, by their shape alone."""

from __future__ import annotations

import re
import tomllib
from enum import StrEnum
from functools import lru_cache
from pathlib import Path
from urllib.parse import parse_qsl, unquote, urlsplit

__all__ = ["TABLES", "Kind", "Shapes", "kind_of", "shape_of"]

TABLES: dict[str, frozenset[str]] = {
    key: frozenset(values)
    for key, values in tomllib.loads(
        Path(__file__).with_name("shapes.toml").read_text(encoding="utf-8")
    ).items()
}
SITEMAP_PLACES = ("/sitemap.xml", "/sitemap_index.xml")

_DATE = re.compile(r"(?<!\d)(?:19|20)\d{2}[-/_.]?(?:0?[1-9]|1[0-2])(?:[-/_.]?(?:[0-2]?\d|3[01]))?(?!\d)")
_LONG_NUMBER = re.compile(r"\d{4,}")
_CODE = re.compile(r"(?=[a-z_-]*\d)[0-9a-z_-]{8,}", re.IGNORECASE)
_HAN = re.compile(r"[\u3400-\u9fff\u3040-\u30ff\uac00-\ud7af]")
_PAGED = re.compile(r"(?:index|list|page|p)?[-_]?\d{1,3}")
_EXTENSION = re.compile(r"\.([a-z0-9]{1,5})$", re.IGNORECASE)
_DATED_NUMBER = 5
"""The score of an address that has a date and a number."""
_TITLE_HAN = 8
_TITLE_LATIN = 25


class Kind(StrEnum):
    """What a URL seems to lead to."""

    ARTICLE = "article"
    LISTING = "listing"
    OTHER = "other"


def kind_of(url: str, text: str = "") -> Kind:
    """Judge ``url`` by its path and by the ``text`` of the link to it (may be empty)."""
    parts = urlsplit(url)
    segments = [unquote(s).lower() for s in parts.path.split("/") if s]
    if not segments and not parts.query:
        return Kind.LISTING
    last = segments[-1] if segments else ""
    extension = _EXTENSION.search(last)
    if extension and extension[1] in TABLES["other_files"]:
        return Kind.OTHER
    stem = last[: extension.start()] if extension else last
    names = [*segments[:-1], stem]
    score = _score(parts.path, parts.query, stem, last_is_folder=parts.path.endswith("/"))
    doubtful = TABLES["pictures"] if score >= _DATED_NUMBER and len(names) > 1 else frozenset()
    if any(name in TABLES["not_articles"] - doubtful for name in names):
        return Kind.OTHER
    if stem in TABLES["listings"] or (set(names) & TABLES["listings"] and _PAGED.fullmatch(stem)):
        score -= 3
    score += _title_score(text)
    return Kind.ARTICLE if score >= 3 else Kind.LISTING


def _score(path: str, query: str, stem: str, *, last_is_folder: bool) -> int:
    score = 0
    dated = _DATE.search(path)
    if dated:
        score += 2
        if dated.end() >= len(path.rstrip("/")):  # nothing after the date: an archive of that day
            score -= 2
    if _LONG_NUMBER.search(stem) and not _DATE.fullmatch(stem):
        score += 3
    elif stem.isdigit() and not last_is_folder:
        score += 1
    elif _CODE.fullmatch(stem):
        score += 3
    hyphens = stem.count("-") + stem.count("_")
    if hyphens >= 3 or (hyphens >= 2 and len(stem) >= 16):
        score += 3
    if len(_HAN.findall(stem)) >= _TITLE_HAN:
        score += 3
    numbers = [n for n, v in parse_qsl(query) if n.lower() in TABLES["id_parameters"] and v.isalnum()]
    return score + (3 if numbers else 0)


def _title_score(text: str) -> int:
    if len(_HAN.findall(text)) >= _TITLE_HAN or len(text) >= _TITLE_LATIN:
        return 2
    return -1 if text else 0


class Shapes:
    """What this site's articles look like, learnt from URLs that its feeds call articles."""

    def __init__(self) -> None:
        self._known: set[tuple[str, ...]] = set()

    def learn(self, url: str) -> None:
        """Remember the shape of ``url``."""
        shape = shape_of(url)
        if any(part.startswith("<") for part in shape):
            self._known.add(shape)

    def kind_of(self, url: str, text: str = "") -> Kind:
        """Like :func:`kind_of`; a URL of a known shape is an article."""
        kind = kind_of(url, text)
        return Kind.ARTICLE if kind is not Kind.OTHER and shape_of(url) in self._known else kind


@lru_cache(maxsize=4096)  # a URL is looked at when it is named, leased, asked for and answered
def shape_of(url: str) -> tuple[str, ...]:
    """The host of ``url``, its path with numbers and slugs as such, and the names of its parameters."""
    parts = urlsplit(url)
    segments = [_segment(unquote(s)) for s in parts.path.split("/") if s]
    keys = sorted(name for name, _ in parse_qsl(parts.query))
    return (parts.netloc, *segments, *(f"<{key}>" for key in keys))


def _segment(text: str) -> str:
    extension = _EXTENSION.search(text)
    stem, end = (text[: extension.start()], extension[0]) if extension else (text, "")
    if stem.isdigit():
        return f"<{'number' if len(stem) > 3 else 'short'}>{end}"
    if re.search(r"\d{3,}", stem) or stem.count("-") >= 2 or len(stem) >= 24:
        return f"<slug>{end}"
    return stem.lower() + end
