"""Forward models of wrong readings, and clean sentences to damage: seeded, no network, no data of others.

``FAMILIES`` maps the name of a family to (lossless?, function); a function turns a clean
sentence into (the text to restore, the damaged text) or raises ``UnicodeError`` where the
sentence can not be written in the codec.
"""

from __future__ import annotations

import json
import random
from collections.abc import Callable, Iterator
from functools import lru_cache
from pathlib import Path

Damage = Callable[[str], tuple[str, str]]

SENTENCES = Path(__file__).parents[2] / "fixtures/cases/mojibake/sentences.json"


@lru_cache(maxsize=1)
def _converter() -> Callable[[str], str]:
    from opencc import OpenCC

    return lru_cache(maxsize=None)(OpenCC("s2t").convert)


def read(raw: bytes, codec: str, *, pair: bool, mark: str) -> str:
    """Read ``raw`` by ``codec``; bytes without a character become ``mark``.

    ``pair`` loses both bytes of a bad pair at once unless the second is ASCII (browsers),
    else one byte is lost at a time (Python and others).
    """
    out: list[str] = []
    at = 0
    while at < len(raw):
        for size in (1, 2, 4) if codec == "gb18030" else (1, 2):
            try:
                char = raw[at : at + size].decode(codec)
            except UnicodeDecodeError:
                continue
            out.append(char)
            at += size
            break
        else:
            out.append(mark)
            two = raw[at : at + 2]
            at += 2 if pair and len(two) == 2 and two[1] >= 0x80 else 1
    return "".join(out)


def browser_1252(raw: bytes) -> str:
    """Read bytes as browsers read windows-1252: every byte has a character."""
    return "".join(chr(b) if b in b"\x81\x8d\x8f\x90\x9d" else bytes((b,)).decode("cp1252") for b in raw)


def exact(truth: str, wrong: str, *, traditional: bool = False) -> Damage:
    """Return the damage of a reader that loses nothing (else the sentence does not qualify).

    Where the last byte is left without a mate, the last character is left out.
    """

    def damage(text: str) -> tuple[str, str]:
        text = _converter()(text) if traditional else text
        try:
            return text, text.encode(truth).decode(wrong)
        except UnicodeDecodeError:
            return text[:-1], text[:-1].encode(truth).decode(wrong)

    return damage


def lossy(truth: str, wrong: str, *, pair: bool, mark: str, traditional: bool = False) -> Damage:
    """Return the damage of a reader that loses bytes; sentences that lose none do not qualify."""

    def damage(text: str) -> tuple[str, str]:
        text = _converter()(text) if traditional else text
        raw = text.encode(truth)
        whole = read(raw, wrong, pair=pair, mark="\ufffd")
        if "\ufffd" not in whole:
            raise UnicodeError("nothing is lost")
        return text, read(raw, wrong, pair=pair, mark=mark)

    return damage


def python(truth: str, wrong: str, errors: str, *, traditional: bool = False) -> Damage:
    """Return the damage of ``text.encode(truth).decode(wrong, errors=...)``; ``?`` stands for U+FFFD as ?."""

    def damage(text: str) -> tuple[str, str]:
        text = _converter()(text) if traditional else text
        seen = text.encode(truth).decode(wrong, errors="replace" if errors == "?" else errors)
        return text, seen.replace("\ufffd", "?") if errors == "?" else seen

    return damage


def as_1252(truth: str, *, times: int = 1, nbsp: str = "\xa0", traditional: bool = False) -> Damage:
    """Return the damage of one or more readings as windows-1252, no-break spaces replaced."""

    def damage(text: str) -> tuple[str, str]:
        text = _converter()(text) if traditional else text
        seen = browser_1252(text.encode(truth))
        for _ in range(times - 1):
            seen = browser_1252(seen.encode())
        if nbsp != "\xa0" and "\xa0" not in seen:
            raise UnicodeError("no no-break space")
        return text, seen.replace("\xa0", nbsp)

    return damage


FAMILIES: dict[str, tuple[str, Damage]] = {
    "UTF-8 as GB18030": ("lossless", exact("utf-8", "gb18030")),
    "GBK as Latin-1": ("lossless", exact("gbk", "latin-1")),
    "GBK as cp1252": ("lossless", as_1252("gbk")),
    "Big5 as Latin-1": ("lossless", exact("big5", "latin-1", traditional=True)),
    "Big5 as cp1252": ("lossless", as_1252("big5", traditional=True)),
    "UTF-8 as Latin-1": ("lossless", exact("utf-8", "latin-1")),
    "UTF-8 as cp1252": ("lossless", as_1252("utf-8")),
    "UTF-8 as cp1252 twice": ("lossless", as_1252("utf-8", times=2)),
    "Big5 as GB18030": ("lossless", exact("big5", "gb18030", traditional=True)),
    "GBK as Big5-HKSCS": ("lossless", exact("gbk", "big5hkscs")),
    "GBK as EUC-KR": ("lossless", exact("gbk", "cp949")),
    "UTF-8 as cp1252, NBSP a space": ("lossy", as_1252("utf-8", nbsp=" ")),
    "UTF-8 as cp1252, NBSP gone": ("lossy", as_1252("utf-8", nbsp="")),
    "UTF-8 as GBK, U+FFFD a byte": ("lossy", lossy("utf-8", "gbk", pair=False, mark="\ufffd")),
    "UTF-8 as GBK, ? a byte": ("lossy", lossy("utf-8", "gbk", pair=False, mark="?")),
    "UTF-8 as GB18030, browser": ("lossy", lossy("utf-8", "gb18030", pair=True, mark="\ufffd")),
    "UTF-8 as GBK, bytes dropped": ("lossy", lossy("utf-8", "gbk", pair=False, mark="")),
    "GBK as Big5, browser": ("lossy", lossy("gbk", "big5hkscs", pair=True, mark="\ufffd")),
    "GBK as Big5-HKSCS, a byte": ("lossy", lossy("gbk", "big5hkscs", pair=False, mark="\ufffd")),
    "GBK as cp950, ?": ("lossy", lossy("gbk", "cp950", pair=False, mark="?")),
    "Big5 as GBK, a byte": ("lossy", lossy("big5", "gbk", pair=False, mark="\ufffd", traditional=True)),
    "GBK as Big5, replace": ("lossy", python("gbk", "big5", "replace")),
    "GB18030 as Big5, replace": ("lossy", python("gb18030", "big5", "replace")),
    "GB18030 as cp950, replace": ("lossy", python("gb18030", "cp950", "replace")),
    "GBK as Big5-HKSCS, replace": ("lossy", python("gbk", "big5hkscs", "replace")),
    "GBK as Big5, ?": ("lossy", python("gbk", "big5", "?")),
    "GBK as Big5, ignore": ("lossy", python("gbk", "big5", "ignore")),
    "Big5 as GBK, replace": ("lossy", python("big5", "gbk", "replace", traditional=True)),
    "Big5 as GBK, ?": ("lossy", python("big5", "gbk", "?", traditional=True)),
    "Big5 as GB18030, replace": ("lossless", python("big5", "gb18030", "replace", traditional=True)),
    "GBK as EUC-KR, browser": ("lossy", lossy("gbk", "cp949", pair=True, mark="\ufffd")),
    "GBK as Shift_JIS": ("lossy", lossy("gbk", "cp932", pair=False, mark="\ufffd")),
    "UTF-8 as Shift_JIS": ("lossy", lossy("utf-8", "cp932", pair=False, mark="\ufffd")),
    "UTF-8 as EUC-KR": ("lossy", lossy("utf-8", "cp949", pair=False, mark="\ufffd")),
    "UTF-8 as Big5": ("lossy", lossy("utf-8", "big5hkscs", pair=False, mark="\ufffd")),
}


def own_sentences() -> list[str]:
    """Return the sentences written for this purpose."""
    return list(json.loads(SENTENCES.read_text("utf-8"))["sentences"])


def varied(seed: int, count: int) -> list[str]:
    """Return our own sentences and new ones made of two of their clauses, one after the other."""
    order = random.Random(seed)
    own = own_sentences()
    heads = [s.split("，")[0] for s in own if "，" in s and "“" not in s]
    tails = [s.split("，")[-1] for s in own if "，" in s and "”" not in s]
    pairs = [f"{head}，{tail}" for head in heads for tail in tails]
    return list(dict.fromkeys(own + order.sample(pairs, min(count, len(pairs)))))


def sample(texts: list[str], seed: int, count: int, damage: Damage) -> Iterator[tuple[str, str]]:
    """Yield up to ``count`` (true, damaged) pairs of texts that qualify, in a seeded order."""
    order = random.Random(seed)
    found = 0
    for text in order.sample(texts, len(texts)):
        if found >= count:
            return
        try:
            yield damage(text)
        except UnicodeError:
            continue
        found += 1
