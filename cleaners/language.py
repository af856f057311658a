"""Which language and script a text is in, as far as the cleaners need to know.

Decided by counting characters: Japanese shows kana, Korean shows Hangul, and traditional
script shows characters that simplified text does not have.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable
from functools import lru_cache

from cleaners.model import Script

__all__ = ["HAN", "is_chinese", "script_of"]

HAN = "\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U000323af"
"""Han characters, for use inside a regular expression's character class."""

_HAN = re.compile(f"[{HAN}]+")
_KANA_OR_HANGUL = re.compile(
    "[\u3041-\u30fa\u31f0-\u31ff\uff66-\uff9d\uac00-\ud7a3\u1100-\u11ff\u3131-\u318e]+"
)
_OTHER_LETTER = re.compile(f"[^\\W\\d_{HAN}\u3041-\u30fa\u31f0-\u31ff\uff66-\uff9d\uac00-\ud7a3]+")

_SAMPLE = 10_000  # characters: a longer text does not change the answer


def is_chinese(texts: Iterable[str]) -> bool:
    """Whether the texts together are Chinese: Han characters, hardly any kana or Hangul.

    A Latin word counts as one and a half Han characters, which is about the room that it
    takes in meaning, so that a Chinese text full of product names stays Chinese.
    """
    return _is_chinese(_head(texts))


@lru_cache(maxsize=16)  # the steps of one document ask about the same text
def _is_chinese(sample: str) -> bool:
    han = sum(map(len, _HAN.findall(sample)))
    if han == 0:
        return False
    if sum(map(len, _KANA_OR_HANGUL.findall(sample))) > 0.1 * han:
        return False
    return han >= 1.5 * len(_OTHER_LETTER.findall(sample))


def script_of(texts: Iterable[str], traditional: frozenset[str], simplified: frozenset[str]) -> Script | None:
    """The script of Chinese texts, from characters that only one script has; ``None`` if none shows."""
    return _script_of(_head(texts), traditional, simplified)


@lru_cache(maxsize=16)
def _script_of(sample: str, traditional: frozenset[str], simplified: frozenset[str]) -> Script | None:
    counts = Counter(sample)
    old = sum(n for character, n in counts.items() if character in traditional)
    new = sum(n for character, n in counts.items() if character in simplified)
    if old == new == 0:
        return None
    return Script.HANT if old > new else Script.HANS


def _head(texts: Iterable[str]) -> str:
    parts: list[str] = []
    room = _SAMPLE
    for text in texts:
        parts.append(text[:room])
        room -= len(text)
        if room <= 0:
            break
    return "\n".join(parts)
