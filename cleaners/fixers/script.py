"""Traditional to simplified script, with opencc-python-reimplemented's dictionaries.

The converter itself is slow (it builds a tree per sentence), so characters are converted
through a table made with it once, and only words that its phrase dictionary knows go
another way. Text without traditional characters is not touched at all.
"""

from __future__ import annotations

import json
import re
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

from opencc import OpenCC

from cleaners.language import is_chinese, script_of
from cleaners.model import Script

__all__ = ["chinese_script", "fold_script", "may_convert", "script_signs", "to_simplified"]


@dataclass(frozen=True, slots=True)
class _Tables:
    characters: dict[int, str]
    """Every traditional character and its simplified form."""
    strict: dict[int, str]
    """The same without characters that also belong to simplified script (乾, 著, 瞭)."""
    words: dict[str, str]
    phrases: _Words
    """The keys of ``words``."""
    leftovers: _Words
    """Words in which a character of ``characters`` is a converter's leftover in simplified text."""
    left: re.Pattern[str]
    """The characters that make them leftovers."""
    any: re.Pattern[str]
    """The characters of ``characters``, and 著."""
    telling: re.Pattern[str]
    """The characters of ``strict``."""
    traditional: frozenset[str]
    simplified: frozenset[str]


def may_convert(text: str) -> bool:
    """Whether ``text`` has a traditional character, or one that a converter left in a simplified text."""
    tables = _tables()
    found = tables.any.search(text)
    if found is None:
        return False
    start = found.start()
    if tables.telling.search(text, start):
        return True
    if tables.left.search(text, start) and any(tables.leftovers.find(text, max(0, start - 1))):
        return True
    return "著" in text and _zhe_patterns()[1].search(text) is not None


def to_simplified(texts: list[str]) -> list[str]:
    """Chinese texts in simplified script; texts in other languages as they are."""
    if not is_chinese(texts):
        return texts
    tables = _tables()
    hant = chinese_script(texts) is Script.HANT
    return [_zhe(_convert(text, tables, hant), hant) if tables.any.search(text) else text for text in texts]


def fold_script(text: str) -> str:
    """The text in simplified script, character by character: for matching, not for reading."""
    if text.isascii():
        return text
    tables = _tables()
    characters = tables.characters
    return tables.any.sub(lambda match: characters.get(ord(match[0]), match[0]), text)


def chinese_script(texts: Iterable[str]) -> Script | None:
    """The script of Chinese texts; ``None`` if no character tells."""
    tables = _tables()
    return script_of(texts, tables.traditional, tables.simplified)


def script_signs(text: str) -> tuple[int, int]:
    """How many characters of ``text`` only traditional, and how many only simplified script has."""
    tables = _tables()
    return sum(map(tables.traditional.__contains__, text)), sum(map(tables.simplified.__contains__, text))


def _convert(text: str, tables: _Tables, hant: bool) -> str:
    table, phrases = (tables.characters, tables.phrases) if hant else (tables.strict, tables.leftovers)
    out: list[str] = []
    done = 0
    for start, word in phrases.find(text):
        out += (
            text[done:start].translate(table),
            tables.words.get(word) or word.translate(tables.characters),
        )
        done = start + len(word)
    return "".join(out) + text[done:].translate(table)


def _zhe(text: str, hant: bool) -> str:
    """著 as an aspect particle becomes 着; as "to write" and in 著名 and 显著 it stays.

    In simplified text only after verbs that are known to take it: there 著 is right unless
    a converter has left it behind.
    """
    return _zhe_patterns()[0 if hant else 1].sub("着", text) if "著" in text else text


@cache
def _zhe_patterns() -> tuple[re.Pattern[str], re.Pattern[str]]:
    """The particle in traditional and in simplified text; both begin with 著, which is quick to find."""
    raw = (files("cleaners") / "data" / "zhe.json").read_text(encoding="utf-8")
    data = json.loads(raw)
    behind = "".join(f"(?<!{before}著)" for before in data["behind"])
    anew = f"(?<=[{data['carriers']}]著)(?={'|'.join(data['after_verb'])})"
    particle = re.compile(f"著(?:(?!{'|'.join(data['ahead'])})|{anew}){behind}", re.MULTILINE)
    return particle, re.compile(f"{particle.pattern}(?<=[{data['verbs']}]著)", re.MULTILINE)


@cache
def _tables() -> _Tables:
    converter = OpenCC("t2s")
    converter.convert("")
    characters: dict[int, str] = {}
    words: dict[str, str] = {}
    for _longest, _shortest, entries in converter.dict_cache.values():
        for key, value in entries.items():
            value = value.split(" ")[0]
            if len(key) > 1:
                words[key] = value
            elif key != value:
                characters[ord(key)] = value
    patches = json.loads((files("cleaners") / "data" / "script_patches.json").read_text(encoding="utf-8"))
    words.update(patches["words"])
    characters.update({ord(k): v for k, v in patches["characters"].items()})
    for kept in patches["keep"]:
        characters.pop(ord(kept), None)
    for rare in [key for key, value in characters.items() if value > "\uffff"]:
        del characters[rare]  # no font shows them, no word list has them: the traditional form stays
    both = frozenset(patches["keep_in_simplified"])
    strict = {k: v for k, v in characters.items() if chr(k) not in both and not _is_gb2312(chr(k))}
    leftovers = patches["leftovers"]
    traditional = frozenset(map(chr, strict))
    strict |= {ord(k): v for k, v in leftovers["characters"].items()}
    return _Tables(
        characters,
        strict,
        words,
        _Words(words),
        _Words(leftovers["words"]),
        _one_of({ord(c) for word in leftovers["words"] for c in word} & characters.keys()),
        _one_of({*characters, *strict, ord("著")}),
        _one_of(strict),
        traditional,
        frozenset(v for v in characters.values() if ord(v) not in characters and not _is_big5(v)),
    )


def _one_of(codes: Collection[int]) -> re.Pattern[str]:
    """A class of characters; of the rare ones beyond U+FFFF all or none, as single ones make it slow."""
    basic = {code for code in codes if code <= 0xFFFF}
    beyond = "\U00020000-\U0003ffff" if len(basic) < len(set(codes)) else ""
    return re.compile(f"[{''.join(map(chr, sorted(basic)))}{beyond}]")


class _Words:
    """Words to be found in a text: by a class of their first characters, then the longest that fits."""

    def __init__(self, words: Iterable[str]) -> None:
        self._beginning: dict[str, list[str]] = defaultdict(list)
        for word in sorted(words, key=len, reverse=True):
            self._beginning[word[0]].append(word)
        self._first = _one_of([ord(first) for first in self._beginning])

    def find(self, text: str, start: int = 0) -> Iterator[tuple[int, str]]:
        """Yield the places of the words and the words, from the left, none within another."""
        for match in self._first.finditer(text, start):
            at = match.start()
            if at < start:
                continue
            for word in self._beginning[match[0]]:
                if text.startswith(word, at):
                    yield at, word
                    start = at + len(word)
                    break


def _is_gb2312(character: str) -> bool:
    """Whether the national standard of 1980 for simplified script has the character."""
    return _encodes(character, "gb2312")


def _is_big5(character: str) -> bool:
    return _encodes(character, "big5")


def _encodes(character: str, codec: str) -> bool:
    try:
        character.encode(codec)
    except UnicodeEncodeError:
        return False
    return True
