"""Pinyin annotations that copy sites put behind common characters: 互聯(lián)網(wǎng).

One fixed reading per character, on nearly every occurrence: that density and consistency
is the page's own evidence. A place name or a phonetics text with a few readings stays.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterable

from cleaners.language import HAN

__all__ = ["strip_annotations"]

_TONED = "āáǎàēéěèīíǐìōóǒòūúǔùǖǘǚǜńňǹ"
_SYLLABLE = f"[a-zü]{{0,5}}[{_TONED}][a-zü]{{0,4}}"
_ANNOTATION = re.compile(f"([{HAN}])[(（]({_SYLLABLE})[)）]")
# A question mark in the place of the opening bracket: the annotation was put between the two
# bytes of a character, and the pair that swallowed the bracket was no character.
_BRACKET = re.compile(f"[(（?？]{_SYLLABLE}[)）]")
_HAS_TONE = re.compile(f"[{_TONED}]")

_MIN_BRACKETS = 12  # the longest honest list of readings seen in news text has about ten
_MIN_KEYS = 6  # different characters
_MIN_CONSISTENT = 0.9  # share of brackets that give the commonest reading of their character
_MIN_COVERED = 0.6  # share of all occurrences of those characters that carry the bracket
_MIN_DENSITY = 1 / 150  # brackets a character of text


def strip_annotations(texts: list[str]) -> list[str]:
    """Remove the annotations if the texts together show that a machine has put them there."""
    if not _HAS_TONE.search("\n".join(texts)) or not _is_annotated(texts):
        return texts
    return [_BRACKET.sub("", text) if _HAS_TONE.search(text) else text for text in texts]


def _is_annotated(texts: Iterable[str]) -> bool:
    readings: defaultdict[str, Counter[str]] = defaultdict(Counter)
    characters: Counter[str] = Counter()
    size = 0
    for text in filter(_HAS_TONE.search, texts):  # menus and the like come from another template
        characters.update(text)
        size += len(text)
        for key, reading in _ANNOTATION.findall(text):
            readings[key][reading] += 1
    total = sum(r.total() for r in readings.values())
    if total < _MIN_BRACKETS or len(readings) < _MIN_KEYS:
        return False
    consistent = sum(r.most_common(1)[0][1] for r in readings.values())
    repeated = [key for key, r in readings.items() if r.total() > 1]
    covered = sum(readings[key].total() for key in repeated)
    occurrences = sum(characters[key] for key in repeated)
    return (
        consistent >= _MIN_CONSISTENT * total
        and covered >= _MIN_COVERED * max(1, occurrences)
        and total >= _MIN_DENSITY * size
    )
