"""Notices of a site in place of an article, told by their vocabulary instead of their phrases.

A notice names the page, points at it, speaks to its reader, says what has become of it, apologises and
sends the reader elsewhere: whatever the wording, nearly all its words come from a small closed vocabulary
(``page_notices.toml``, in groups by what they tell). News, however short, and news of such pages too, brings
words from outside: who, where, how many. So two things together make a notice: groups that combine, and
next to no *strange* letters. Quotations do not count: who quotes a notice reports it.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

from cleaners.metadata.folding import fold

__all__ = ["Surroundings", "is_notice", "is_plain"]

STRANGE = 0.2
"""Share of letters from outside the vocabulary up to which a message is a notice. News has half and more."""
STRANGE_IF_NAMED = 0.1
"""The same if the message repeats such words of the title, as news does, or speaks to nobody."""
STRANGE_BELOW_TITLE = 0.33
"""The same if the title itself is one of a notice."""
STRANGE_IF_DATED = 0.08
"""The same if the page has a date or an author: an article was here, or is."""
LATIN = 2.0
"""Letters that a Latin word or a number counts as, beside Chinese characters."""
LONGEST_NAME = 16
QUOTED = re.compile(r"“[^”]{0,80}”|「[^」]{0,80}」|『[^』]{0,80}』|《[^》]{0,80}》|\"[^\"]{0,80}\"")
ENDINGS = ("'s", "s", "es", "ed", "d", "ing", "ly")
FATES = frozenset(("state", "wall"))
THINGS = frozenset(("page", "item"))
VOICE = frozenset(("point", "reader", "courtesy", "advice"))
ABOUT = THINGS | {"courtesy", "advice"}
LABEL = 4.0
"""Letters of a title that says what kind of thing was here, and no more."""


@dataclass(frozen=True, slots=True)
class Surroundings:
    """What stands around a message: titles of the page, names of the site, and if it has a date or author."""

    titles: Sequence[str] = ()
    names: Sequence[str] = ()
    dated: bool = False


@dataclass(frozen=True, slots=True)
class _Reading:
    """The groups of each word of a text; the words of no group, and their share of its letters."""

    words: tuple[frozenset[str], ...]
    strange: frozenset[str]
    share: float
    size: float

    @property
    def groups(self) -> frozenset[str]:
        """All groups; pointing counts only where something is pointed at."""
        found = frozenset[str]().union(*self.words)
        return found if _pointed(self.words) else found - {"point"}

    @property
    def of_others(self) -> bool:
        """Whether others are spoken of, before the text speaks to a reader or points at a page."""
        if "reader" in self.groups or "page" in _pointed(self.words):
            return False
        first = next((word for word in self.words if word & {"others", "point"}), frozenset[str]())
        return "others" in first


@cache
def _vocabulary() -> tuple[dict[str, frozenset[str]], re.Pattern[str]]:
    data = tomllib.loads((files("cleaners") / "data" / "page_notices.toml").read_text("utf-8"))
    words: dict[str, set[str]] = {}
    for group, entry in data.items():
        for word in entry["words"].split():
            words.setdefault(word.lower(), set()).add(group)
    wide = sorted((word for word in words if not word.isascii()), key=lambda word: (-len(word), word))
    tokens = re.compile("|".join(map(re.escape, wide)) + r"|[a-z0-9][a-z0-9'’]*|[^\W_]")
    return {word: frozenset(groups) for word, groups in words.items()}, tokens


def _groups(token: str) -> frozenset[str] | None:
    words, _ = _vocabulary()
    if token in words or not token.isascii():
        return words.get(token)
    for ending in ENDINGS:
        stem = token.removesuffix(ending)
        if stem != token and (found := words.get(stem) or words.get(stem + "e")):
            return found
    return None


def _pointed(tokens: Sequence[frozenset[str]]) -> frozenset[str]:
    """Groups of the thing that a word points at, if it was not named before: "this page"."""
    for i, groups in enumerate(tokens):
        if "point" in groups:
            thing = next((after for after in tokens[i : i + 3] if THINGS & after), None)
            if thing:
                return thing
        if THINGS & groups:
            break
    return frozenset()


def _read(text: str, names: Iterable[str] = ()) -> _Reading:
    folded = QUOTED.sub("", fold(text)).replace("’", "'")
    for name in names:
        folded = folded.replace(fold(name), " ")
    tokens: list[frozenset[str]] = []
    strange: list[str] = []
    known = unknown = 0.0
    for token in _vocabulary()[1].findall(folded):
        size = LATIN if token.isascii() else float(len(token))
        found = _groups(token)
        if found is None or "outside" in found:
            strange.append(token)
            unknown += size
        elif found != {"glue"}:
            tokens.append(found)
            known += size
    size = known + unknown
    return _Reading(tuple(tokens), frozenset(strange), unknown / (size or 1.0), size)


def is_notice(text: str, around: Surroundings) -> bool:
    """Whether ``text``, all that a page says below its title, is a notice of the site to its reader."""
    message = _read(text, (name for name in around.names if 2 <= len(name) <= LONGEST_NAME))
    titles = [_read(title) for title in around.titles]
    titled = [title for title in titles if not title.strange and title.groups & FATES]
    if not message.size:
        return bool(titled) and not around.dated
    if not (titled or message.groups & FATES) or not message.groups & ABOUT or message.of_others:
        return False
    if around.dated:
        return {"page", "point"} <= message.groups and message.share <= STRANGE_IF_DATED
    named = any(len(title.strange & message.strange) >= 2 for title in titles)
    if not message.groups & VOICE:
        return not named and message.share <= STRANGE_IF_NAMED and _bare(message, titles)
    return message.share <= (STRANGE_IF_NAMED if named else STRANGE_BELOW_TITLE if titled else STRANGE)


def _bare(message: _Reading, titles: Sequence[_Reading]) -> bool:
    """Whether a message that speaks to nobody is about the page: it begins with it, or the title names it."""
    if "when" in message.groups or not message.groups & THINGS:
        return False
    labels = (t for t in titles if t.size <= LABEL and not t.strange)
    return bool(message.words[0] & {"page", "state"}) or any(
        t.groups and not t.groups & FATES for t in labels
    )


def is_plain(title: str) -> bool:
    """Whether a title has no word but those of notices."""
    return not _read(title).strange
