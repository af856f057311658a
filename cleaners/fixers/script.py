"""Traditional to simplified script, with opencc-python-reimplemented's dictionaries.

The converter itself is slow (it builds a tree per sentence), so characters are converted
through a table made with it once, and only words that its phrase dictionary knows go
another way. Text without traditional characters is not touched at all.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

from opencc import OpenCC

from cleaners.language import is_chinese, script_of
from cleaners.model import Script

__all__ = ["chinese_script", "fold_script", "to_simplified"]


@dataclass(frozen=True, slots=True)
class _Tables:
    characters: dict[int, str]
    """Every traditional character and its simplified form."""
    strict: dict[int, str]
    """The same without characters that also belong to simplified script (乾, 著, 瞭)."""
    phrases: re.Pattern[str]
    words: dict[str, str]
    leftovers: re.Pattern[str]
    """Words in which a character of ``characters`` is a converter's leftover in simplified text."""
    all: frozenset[str]
    traditional: frozenset[str]
    simplified: frozenset[str]


def to_simplified(texts: list[str]) -> list[str]:
    """Chinese texts in simplified script; texts in other languages as they are."""
    tables = _tables()
    present = set("".join(texts))  # four times as fast as asking for each character of the text
    if ("著" not in present and tables.all.isdisjoint(present)) or not is_chinese(texts):
        return texts
    hant = chinese_script(texts) is Script.HANT
    return [_zhe(_convert(text, tables, hant), hant) for text in texts]


def fold_script(text: str) -> str:
    """The text in simplified script, character by character: for matching, not for reading."""
    return text if text.isascii() else text.translate(_tables().characters)


def chinese_script(texts: Iterable[str]) -> Script | None:
    """The script of Chinese texts; ``None`` if no character tells."""
    tables = _tables()
    return script_of(texts, tables.traditional, tables.simplified)


def _convert(text: str, tables: _Tables, hant: bool) -> str:
    if tables.all.isdisjoint(text):
        return text
    table, phrases = (tables.characters, tables.phrases) if hant else (tables.strict, tables.leftovers)
    out: list[str] = []
    done = 0
    for match in phrases.finditer(text):
        word = tables.words.get(match[0]) or match[0].translate(tables.characters)
        out += (text[done : match.start()].translate(table), word)
        done = match.end()
    return "".join(out) + text[done:].translate(table)


def _zhe(text: str, hant: bool) -> str:
    """著 as an aspect particle becomes 着; as "to write" and in 著名 and 显著 it stays.

    In simplified text only after verbs that are known to take it: there 著 is right unless
    a converter has left it behind.
    """
    if "著" not in text:
        return text
    keep, after = _zhe_patterns()
    parts = keep.split(text)
    parts[::2] = [part.replace("著", "着") if hant else after.sub("着", part) for part in parts[::2]]
    return "".join(parts)


@cache
def _zhe_patterns() -> tuple[re.Pattern[str], re.Pattern[str]]:
    raw = (files("cleaners") / "data" / "zhe.json").read_text(encoding="utf-8")
    data = json.loads(raw)
    words = "|".join(sorted(data["keep"], key=len, reverse=True))
    return re.compile(f"({words}|著(?=《))"), re.compile(f"(?<=[{data['verbs']}])著(?!名|作|称)")


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
    strict = {key: value for key, value in characters.items() if not _is_gb2312(chr(key))}
    leftovers = patches["leftovers"]
    traditional = frozenset(map(chr, strict))
    return _Tables(
        characters,
        strict | {ord(k): v for k, v in leftovers["characters"].items()},
        _any_of(words),
        words,
        _any_of(leftovers["words"]),
        frozenset(map(chr, characters)),
        traditional,
        frozenset(v for v in characters.values() if ord(v) not in characters and not _is_big5(v)),
    )


def _any_of(words: Iterable[str]) -> re.Pattern[str]:
    return re.compile("|".join(map(re.escape, sorted(words, key=len, reverse=True))))


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
