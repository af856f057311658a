"""The pages of a list that are named by their numbers alone: 1 [2] 3 4 5."""

from __future__ import annotations

import re
from collections.abc import Iterable
from urllib.parse import parse_qsl, urlsplit

__all__ = ["numbered_pages", "page_after"]

_NUMBER = re.compile(r"[\[(（【]? ?([1-9]\d{0,3}) ?[\])）】]?|第 ?([1-9]\d{0,3}) ?[页頁]")
_MOST = 20
"""More numbers are the days of a calendar, or no pager at all."""
_SHORT = 12
_DIGIT = re.compile(r"\d")
_EXTENSION = re.compile(r"(?:\.\w{1,5}|/)$")
_FIRST = re.compile(r"[/_-](?:index|list|default|main|home|page)$", re.IGNORECASE)
_COUNTED = re.compile(r"(?P<stem>.*?)[/_-]?(?:page|p)?[/_-]?(?P<number>0|[1-9]\d{0,3})", re.IGNORECASE)
_MONTH = re.compile(r"(?:19|20)\d\d[/_-]?\d{1,2}$")
"""Behind it a number is a day."""

_Place = tuple[str, str, tuple[tuple[str, str], ...]]


def numbered_pages(links: Iterable[tuple[str, str]], url: str) -> list[str]:
    """Those of ``links`` (address, text) that lead to other pages of the list at ``url``, as they stand.

    Their text is a number, and their address is that of the list with this number added or put in
    the place of another, or the number before it (where counting begins at 0).
    """
    numbers = [
        (link, int(found[1] or found[2]))
        for link, text in links
        if (found := _NUMBER.fullmatch(text.strip()))
    ]
    if not 1 <= len(numbers) <= _MOST:
        return []
    here = {place for place, _ in _places(url)}
    for before in (0, 1):
        pages = [link for link, shown in numbers if link != url and _leads(link, shown - before, here)]
        if len(pages) > before:  # one number that is another in the address is a chance
            return pages
    return []


def page_after(links: Iterable[tuple[str, str]], url: str) -> list[str]:
    """The one of ``links`` (address, text) that leads on from the list at ``url``, whatever it says.

    Its address is that of the list with a higher number in the same place, by one if other links are
    like it (the last page); its text is short and has no number of its own.
    """
    here = _places(url)
    found: dict[str, int] = {}
    for link, text in links:
        if link == url or len(text) > _SHORT or _DIGIT.search(text):
            continue
        for place, number in _places(link)[1:]:
            for at in (at for own, at in here if own == place and number > at):
                found[link] = number - at
    return [link for link, by in found.items() if by == 1 or len(found) == 1][:1]


def _leads(link: str, number: int, here: set[_Place]) -> bool:
    return any(place in here and n == number for place, n in _places(link))


def _places(url: str) -> list[tuple[_Place, int]]:
    """The address without each number that may count pages, with that number; and as a first page."""
    parts = urlsplit(url)
    query = tuple(parse_qsl(parts.query, keep_blank_values=True))
    path = _EXTENSION.sub("", parts.path)
    found = [((parts.netloc, _FIRST.sub("", path), tuple(sorted(query))), 1)]
    if (counted := _COUNTED.fullmatch(path)) and not _MONTH.search(counted["stem"]):
        found.append(
            ((parts.netloc, _FIRST.sub("", counted["stem"]), tuple(sorted(query))), int(counted["number"]))
        )
    for at, (_, value) in enumerate(query):
        if value.isascii() and value.isdigit() and len(value) <= 4:
            rest = tuple(sorted((*query[:at], *query[at + 1 :])))
            found.append(((parts.netloc, _FIRST.sub("", path), rest), int(value)))
    return found
