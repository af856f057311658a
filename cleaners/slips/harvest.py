"""The page's own evidence: which characters it annotates, how densely, and with what.

Noise annotates nearly every occurrence of many common characters, one fixed reading each.
Glosses that belong to a text stand after few, rare or many-voiced characters, or in lists
where every character has one. Nothing is removed unless the page as a whole tells noise.
"""

import re
from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from cleaners.slips.characters import characters, reads, syllables, toneless
from cleaners.slips.keys import learned_keys
from cleaners.slips.ngrams import is_common

READING = "[a-züāáǎàēéěèīíǐìōóǒòūúǔùǖǘǚǜê]{1,6}"
_NOTES = re.compile(rf"([\u3400-\u9fff])((?:\({READING}\)|（{READING}）)+)")
# Begins with the bracket, so that the search leaps from one to the next.
_ANNOTATION = re.compile(f"[(（](?<=[\u3400-\u9fff].)({READING})[)）]")
# The same by its first character: a search for one is quicker than for any of a class.
_ANNOTATIONS = {
    bracket: re.compile(_ANNOTATION.pattern.replace("[(（]", f"[{bracket}]", 1)) for bracket in "(（"
}
_READING = re.compile(READING)

_DENSE = 0.5
_MOSTLY = 0.6
_FIXED = 0.85  # share of a key's annotations that give the same reading
_LEARNED_WEIGHT = 1.5
_ENOUGH_KEYS = 4.0
_FEW_TEXT = 240
_ENOUGH_LOOSE = 6
_MAX_LISTED = 0.5  # share of notes that stand as in a list
_MAX_EXPLAINED = 0.1  # share of characters that have more than one reading


@dataclass(frozen=True, slots=True)
class Evidence:
    """What a page shows of the noise.

    ``keys`` maps the annotated characters to their readings, empty for a page without the
    noise; ``dense`` are those annotated nearly everywhere; ``byte_level`` says that the
    readings are toned and stand after traditional characters only, so that slips may occur;
    ``loose`` is the character-level kind, whose readings need not be fixed.
    """

    keys: Mapping[str, str] = field(default_factory=dict)
    dense: frozenset[str] = frozenset()
    byte_level: bool = False
    loose: bool = False


@dataclass(slots=True)
class _Seen:
    readings: dict[str, Counter[str]]
    total: int = 0
    listed: int = 0  # no Chinese character follows, or the next one has a note too
    isolated: int = 0  # a character on its own, as in a list of characters


def _is_common(char: str) -> bool:
    return is_common(characters()[char].simplified)


def _is_chinese(char: str) -> bool:
    return "\u3400" <= char <= "\u9fff"


def _see(texts: Sequence[str]) -> _Seen:
    seen = _Seen(defaultdict(Counter))
    for text in texts:
        if "(" not in text and "（" not in text:
            continue
        for match in _NOTES.finditer(text):
            char, notes = match.groups()
            values = set(_READING.findall(notes))
            reading = values.pop()
            if values or reading not in syllables() or not reads(char, reading):
                continue
            seen.readings[char][reading] += 1
            seen.total += 1
            after = text[match.end() : match.end() + 1]
            beside = _NOTES.match(text, match.end())
            seen.listed += beside is not None or not _is_chinese(after)
            seen.isolated += not _is_chinese(after) and not _is_chinese(
                text[max(0, match.start() - 1) : match.start()]
            )
    return seen


def has_annotation(text: str) -> bool:
    """Tell quickly whether a character of ``text`` has one of its readings in brackets behind it."""
    return any(
        match[1] in syllables() and reads(text[match.start() - 1], match[1])
        for bracket, annotation in _ANNOTATIONS.items()
        if bracket in text
        for match in annotation.finditer(text)
    )


def harvest(texts: Sequence[str]) -> Evidence:
    """Return the evidence of the texts of one page, taken together. Linear in their length."""
    seen = _see(texts)
    if not seen.total:
        return Evidence()
    return _byte_level(texts, seen) or _character_level(seen) or Evidence()


def _byte_level(texts: Sequence[str], seen: _Seen) -> Evidence | None:
    occurrences: Counter[str] = Counter()
    for text in texts:
        occurrences.update(c for c in text if c in seen.readings)
    keys: dict[str, str] = {}
    dense: set[str] = set()
    weight, covered = 0.0, 0
    for char, counted in seen.readings.items():
        reading, count = counted.most_common(1)[0]
        if count < _FIXED * counted.total():
            continue  # two readings: somebody explains the character
        learned = learned_keys().get(char)
        toned = toneless(reading) != reading
        if not learned and not (toned and characters()[char].script in "tv" and _is_common(char)):
            continue
        if learned and not toned:
            continue
        keys[char] = reading
        covered += count
        if counted.total() >= _DENSE * occurrences[char]:
            dense.add(char)
            weight += _LEARNED_WEIGHT if learned else 1.0
    size = sum(map(len, texts))
    needed = _ENOUGH_KEYS if size > _FEW_TEXT else _ENOUGH_KEYS * 0.7
    most = covered > _MOSTLY * seen.total and len(dense) >= _MOSTLY * len(keys)
    if weight < needed or not most or seen.isolated > _MAX_LISTED * seen.total:
        return None
    return Evidence(keys, frozenset(dense), byte_level=True)


def _character_level(seen: _Seen) -> Evidence | None:
    plain: dict[str, str] = {}
    for char, counted in seen.readings.items():
        if _is_common(char):
            plain[char] = counted.most_common(1)[0][0]
    explained = sum(len(counted) > 1 for counted in seen.readings.values())
    if seen.total < _ENOUGH_LOOSE or len(plain) < 4 or explained > _MAX_EXPLAINED * len(seen.readings):
        return None
    if seen.listed > _MAX_LISTED * seen.total or len(plain) < 0.7 * len(seen.readings):
        return None
    return Evidence(plain, loose=True)


def strip_annotations(text: str, evidence: Evidence) -> str:
    """Return ``text`` without the annotations that the evidence covers."""
    if not evidence.keys or ("(" not in text and "（" not in text):
        return text

    def strip(match: re.Match[str]) -> str:
        char, notes = match.groups()
        reading = evidence.keys.get(char)
        for value in set(_READING.findall(notes)):
            same = value == reading if evidence.byte_level else reading is not None and reads(char, value)
            if not same:
                return match.group()
        return char

    return _NOTES.sub(strip, text)
