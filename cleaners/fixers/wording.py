"""Mainland wording restored in texts that a converter has put into Taiwan wording from end to end.

Such a converter replaces every word of its table wherever its characters stand together, so a text
that has gone through it shows replacements that no author of Taiwan writes: 发布会 became 释出会,
司法程序 became 司法程式. Only on such evidence is the table read backwards; in each place a language
model chooses between the word that stands there and those that become it.

The table is the Taiwan phrase table of OpenCC (Apache-2.0), as opencc-python-reimplemented ships it.
"""

from __future__ import annotations

import re
import tomllib
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache, partial
from importlib.resources import files
from importlib.resources.abc import Traversable
from typing import NamedTuple

from cleaners.fixers.script import chinese_script, fold_script
from cleaners.language import is_chinese
from cleaners.model import Script
from cleaners.slips.language import END, ORDER, Language, general

__all__ = ["may_be_converted", "restore_wording"]

_OWN = 20  # tenths of nats by which the table's word must be likelier where the mainland writes both
_FOREIGN = -30  # the same where the mainland hardly writes the word that stands there
_WRONG = -100  # the same within a sign of a converter
_SIGNS = 2  # different signs of a converter that suffice
_AUTHOR = 3  # different words of a mainland author that suffice beside one sign
_VARIED = 8  # different words that the converter writes that suffice beside one of either
_REACH = 8  # characters of a sign to either side of the word in it
_BEGIN = 4000  # characters that are looked at before the whole
_LEFT = 50  # of so many words that the converter writes, one may be of those that it never leaves


@dataclass(frozen=True, slots=True)
class _Data:
    core: re.Pattern[str]
    """What every sign contains, in either script."""
    signs: tuple[re.Pattern[str], ...]
    author: re.Pattern[str]
    taiwan: re.Pattern[str]
    own: frozenset[str]


class _Swap(NamedTuple):
    gain: int
    start: int
    end: int
    right: tuple[str, str]


def may_be_converted(text: str) -> bool:
    """Whether ``text`` has what may be a sign of a converter."""
    return bool(_signs(_near_cores(text)))


def restore_wording(texts: list[str]) -> list[str]:
    """Texts of a converted document in mainland wording and their own script; others as they are."""
    signs = _signs("\n".join(map(_near_cores, texts)))
    if not signs or not is_chinese(texts):
        return texts
    if _has_unconverted(fold_script("\n".join(texts)[:_BEGIN])):  # quick to see, and mostly so
        return texts
    folded = [fold_script(text) for text in texts]
    if not _is_converted("\n".join(folded), len(signs)):
        return texts
    hant = chinese_script(texts) is Script.HANT
    language = general(traditional=False)
    return [_restored(*pair, language, hant) for pair in zip(texts, folded, strict=True)]


def _signs(near: str) -> list[re.Pattern[str]]:
    """The signs in what stands around the words that signs contain."""
    near = fold_script(near)
    return [sign for sign in _data().signs if sign.search(near)] if near.strip() else []


def _near_cores(text: str) -> str:
    """What stands around the words that signs contain: all that a sign can be in."""
    places = (match.span() for match in _data().core.finditer(text))
    return "\n".join(text[max(0, start - _REACH) : end + _REACH] for start, end in places)


def _is_converted(text: str, signs: int) -> bool:
    data = _data()
    if data.taiwan.search(text) or _has_unconverted(text):
        return False
    written = _words().findall(text)
    author = len(set(data.author.findall(text)))
    return signs >= _SIGNS or author >= _AUTHOR or (author > 0 and len(set(written)) >= _VARIED)


def _has_unconverted(text: str) -> bool:
    left = sum(map(bool, _unconverted().findall(text)))
    return left > len(_words().findall(text)) // _LEFT


def _restored(text: str, folded: str, language: Language, hant: bool) -> str:
    out: list[str] = []
    done = 0
    for swap in _chosen(list(_swaps(folded, language))):
        out += (text[done : swap.start], swap.right[hant])
        done = swap.end
    return "".join(out) + text[done:]


def _chosen(swaps: list[_Swap]) -> list[_Swap]:
    """Swaps that do not overlap, the greater gain first; in the order of the text."""
    taken: set[int] = set()
    kept = []
    for swap in sorted(swaps, key=lambda one: (-one.gain, one.start)):
        if taken.isdisjoint(range(swap.start, swap.end)):
            taken.update(range(swap.start, swap.end))
            kept.append(swap)
    return sorted(kept, key=lambda one: one.start)


def _swaps(text: str, language: Language) -> Iterator[_Swap]:
    """Yield the swaps that make the text likelier, each by itself."""
    table, data = _table(), _data()
    signs = {place for sign in data.signs for match in sign.finditer(text) for place in range(*match.span())}
    for match in _words().finditer(text):
        start, word = match.start(), match[1]
        end = start + len(word)
        before = language.fold(END + text[max(0, start - ORDER) : start])[-ORDER:]
        after = text[end : end + ORDER] or END
        margin = _WRONG if start in signs else _OWN if word in data.own else _FOREIGN
        stays = _cost(before, word + after, language) - margin
        for right in table[word]:
            gain = stays - _cost(before, right[0] + after, language)
            if gain > 0:
                yield _Swap(gain, start, end, right)


def _cost(before: str, text: str, language: Language) -> int:
    total = 0
    for char in text:
        total += language.cost(before, char)
        before = (before + language.fold(char))[-ORDER:]
    return total


@cache
def _table() -> dict[str, list[tuple[str, str]]]:
    """What the converter writes, in simplified script, and what it wrote that for, in either script.

    Words that stand on both sides of its table (程序 for 进程, 程式 for 程序) are left out as results.
    """
    read = partial(_dictionary, files("opencc") / "dictionary")
    variants = str.maketrans(dict(read("TWVariants.txt")))
    table: dict[str, list[tuple[str, str]]] = defaultdict(list)
    for mainland, taiwan in read("TWPhrases.txt"):
        written, right = fold_script(taiwan.translate(variants)), fold_script(mainland)
        if right != written:
            table[written].append((right, mainland))
    for right in {right for rights in table.values() for right, _ in rights}:
        table.pop(right, None)
    return dict(table)


def _dictionary(folder: Traversable, name: str) -> Iterator[tuple[str, str]]:
    """Yield the words of a dictionary of OpenCC, each with the first that it becomes."""
    for line in (folder / name).read_text(encoding="utf-8").splitlines():
        key, _, values = line.partition("\t")
        if values:
            yield key, values.split(" ")[0]


@cache
def _words() -> re.Pattern[str]:
    """What the converter writes, the longest at each place; places overlap."""
    return re.compile(f"(?=({'|'.join(sorted(_table(), key=len, reverse=True))}))")


@cache
def _unconverted() -> re.Pattern[str]:
    """What the converter never leaves, as a group; what it writes may hold that (演算法 holds 算法)."""
    rights = {right for rights in _table().values() for right, _ in rights}
    holding = {word for word in _table() if any(right in word for right in rights)}
    either = (sorted(words, key=len, reverse=True) for words in (holding, rights))
    return re.compile("{}|({})".format(*map("|".join, either)))


@cache
def _data() -> _Data:
    raw = tomllib.loads((files("cleaners") / "data" / "wording.toml").read_text(encoding="utf-8"))
    return _Data(
        re.compile("|".join(raw["cores"])),
        tuple(map(re.compile, raw["signs"])),
        re.compile("|".join(raw["author"])),
        re.compile("|".join(raw["taiwan"])),
        frozenset(raw["own"]),
    )
