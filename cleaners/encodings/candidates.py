"""Which encodings a page may be in, and which of them reads it as real text."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from operator import mul

from cleaners.encodings.legacy import read
from cleaners.encodings.scoring import ANY, ASCII, LATIN, PairCosts, ascii_cost, pair_cost, text_cost

__all__ = ["Candidate", "best_for_segment", "compare"]

# Languages that an encoding is used for, with the half bits that the less usual ones cost.
_CHARACTERS: Mapping[str, tuple[tuple[str, int], ...]] = {
    "utf-8": ((ANY, 0),),
    "gb18030": (("zh-Hans", 0), ("zh-Hant", 4), ("ja", 10), ("ko", 12)),
    "big5hkscs": (("zh-Hant", 2), ("zh-Hans", 10), ("ja", 12)),
    "cp932": (("ja", 10),),
    "cp949": (("ko", 12),),
    "euc-jp": (("ja", 12),),
}
_WESTERN = ("en", "fr", "de", "es", "pt", "it", "nl", "sv", "da", "nb", "fi", "is", "ca")
_CENTRAL = ("cs", "sk", "pl", "hu", "ro", "hr", "sl")
_BALTIC = ("lt", "lv", "et")
_CYRILLIC = ("ru", "uk", "be", "bg", "mk", "sr")
# Single-byte encodings: the half bits that their rarity costs, and their languages.
_ALPHABETS: Mapping[str, tuple[int, tuple[str, ...]]] = {
    "windows-1252": (4, _WESTERN),
    "windows-1251": (6, _CYRILLIC),
    "koi8-r": (10, ("ru",)),
    "koi8-u": (14, ("uk",)),
    "iso-8859-5": (18, _CYRILLIC),
    "ibm866": (22, ("ru", "be")),
    "mac-cyrillic": (24, _CYRILLIC),
    "windows-1250": (14, _CENTRAL),
    "iso-8859-2": (18, _CENTRAL),
    "windows-1253": (10, ("el",)),
    "iso-8859-7": (14, ("el",)),
    "windows-1254": (10, ("tr",)),
    "windows-1255": (10, ("he",)),
    "iso-8859-8": (14, ("he",)),
    "windows-1256": (10, ("ar", "fa")),
    "iso-8859-6": (18, ("ar",)),
    "windows-1257": (12, _BALTIC),
    "cp874": (10, ("th",)),
}
# Too rare, or too close to the ones above, to be considered where no label says so.
_DECLARED_ONLY: Mapping[str, tuple[int, tuple[str, ...]]] = {
    "mac-roman": (26, _WESTERN),
    "iso-8859-3": (26, (*_WESTERN, "tr")),
    "iso-8859-4": (16, _BALTIC),
    "iso-8859-10": (26, (*_WESTERN, *_BALTIC)),
    "iso-8859-13": (16, _BALTIC),
    "iso-8859-14": (26, _WESTERN),
    "iso-8859-15": (12, _WESTERN),
    "iso-8859-16": (20, _CENTRAL),
    "windows-1258": (26, _WESTERN),
}
_ALL_BYTES = bytes(range(256))
_ASCII_BYTES = _ALL_BYTES[:128]
# Half bits per byte above ASCII that a right reading stays under, and the bytes it takes to be sure.
_PLAIN = 11.5
_DECISIVE = 80
# A look at a few bytes shortens the list of readings: how many bytes, in pieces of what length, and
# how much dearer than the best a reading may be there (a share, and half bits).
_GLANCE = 180
_PIECE = 60
_NEAR = 1.25
_SLACK = 80
# A single character above ASCII after a Latin letter: an accent misread, far more often than a word.
_LONE = re.compile("[A-Za-z][^\x00-\x7f](?![^\x00-\x7f])")
_ALONE = re.compile(rb"(?<![\x80-\xff])[\x80-\xff](?![\x80-\xff])")
_LONE_COST = 14
# Half bits for each byte that continues a valid UTF-8 sequence.
_BY_CHANCE = 6
# A stretch of a page: bytes that are measured, half bits that another encoding must save, and the
# most that a character may cost in it.
_SEGMENT = 800
_CLEARLY = 24
_FLUENT = 27


@dataclass(frozen=True, slots=True)
class Candidate:
    """An encoding that was tried: ``cost`` in half bits over the sample, less is better."""

    encoding: str
    language: str
    cost: int


def _characters(sample: bytes, encoding: str) -> Candidate:
    return min(_readings(read(sample, encoding), encoding), key=lambda c: c.cost)


def _readings(text: str, encoding: str) -> Iterator[Candidate]:
    """Yield what ``text``, read as ``encoding``, costs in each of its languages, the likeliest first."""
    counts = Counter(text)
    lone = len(_LONE.findall(text)) * _LONE_COST if encoding != "utf-8" else 0
    for name, extra in _CHARACTERS[encoding]:
        yield Candidate(encoding, name, text_cost(counts, name) + extra + lone)


@cache
def _table(encoding: str) -> str:
    return read(_ALL_BYTES, encoding)


@cache
def _pair_costs(encoding: str, language: str) -> PairCosts:
    return PairCosts(language, _table(encoding))


class _Alphabets:
    """What a sample costs in encodings of one byte a character.

    Pairs of two ASCII bytes cost the same in all of them and are counted, not looked up.
    """

    def __init__(self, sample: bytes) -> None:
        pairs = Counter(zip(b"\n" + sample, sample, strict=False))
        high = {a << 8 | b: n for (a, b), n in pairs.items() if a > 127 or b > 127}
        self._pairs, self._counts = list(high), list(high.values())
        self._plain = sum(n * ascii_cost(b) for (a, b), n in pairs.items() if a < 128 and b < 128)
        self._alone = len(_ALONE.findall(sample)) * _LONE_COST

    def cost(self, encoding: str, language: str) -> Candidate:
        costs = _pair_costs(encoding, language)
        extra = (_ALPHABETS.get(encoding) or _DECLARED_ONLY[encoding])[0]
        if language not in LATIN:
            extra += self._alone
        total = sum(map(mul, self._counts, map(costs.__getitem__, self._pairs)))
        return Candidate(encoding, language, total + self._plain + extra)


def _languages(encoding: str) -> tuple[str, ...]:
    return (_ALPHABETS.get(encoding) or _DECLARED_ONLY[encoding])[1]


def _glance(sample: bytes) -> bytes:
    """Return pieces from all over the sample; line ends are single bytes in every encoding compared."""
    runs = sample.split(b"\n")
    count = max(1, min(len(runs), _GLANCE // _PIECE))
    chosen = runs[:: -(-len(runs) // count)]
    return b"\n".join(run[: max(_PIECE, _GLANCE // len(chosen))] for run in chosen)


def _measure(sample: bytes, wide: Iterable[str], single: Iterable[tuple[str, str]]) -> list[Candidate]:
    """Measure encodings of several bytes a character; those of one byte if none of these is plainly right."""
    found = [_characters(sample, encoding) for encoding in wide]
    high = len(sample.translate(None, _ASCII_BYTES))
    bound = _PLAIN * high + ASCII * (len(sample) - high)
    if high < _DECISIVE or all(c.cost > bound for c in found):
        alphabets = _Alphabets(sample)
        found += [alphabets.cost(encoding, language) for encoding, language in single]
        if valid := _valid_utf8(sample):
            found.append(valid)
    return found


def _valid_utf8(sample: bytes) -> Candidate | None:
    """Measure a sample that is strictly valid UTF-8, in every alphabet too: few bytes are so by chance."""
    try:
        text = sample.decode("utf-8")
    except UnicodeDecodeError:
        return None
    bonus = _BY_CHANCE * (len(sample) - len(text))
    pairs = Counter(zip("\n" + text, text, strict=False)).items()
    languages = dict.fromkeys(name for _, names in _ALPHABETS.values() for name in names)
    costs = {name: sum(n * pair_cost(name, a, b) for (a, b), n in pairs) for name in languages}
    best = min(costs, key=costs.__getitem__)
    return Candidate("utf-8", best, costs[best] - bonus)


def compare(sample: bytes, priors: Mapping[str, int]) -> list[Candidate]:
    """Measure encodings on ``sample``, best first; ``priors`` are half bits in an encoding's favour.

    Alphabets are measured only where no reading as Chinese, Japanese or Korean is plainly right.
    A glance at some of a longer sample leaves out what is much dearer than the best there.
    """
    wide: Iterable[str] = _CHARACTERS
    names = [*_ALPHABETS, *(name for name in priors if name in _DECLARED_ONLY)]
    single = [(name, language) for name in names for language in _languages(name)]
    if len(sample) > 2 * _GLANCE:
        found = _measure(_glance(sample), wide, single)
        bound = min(c.cost for c in found) * _NEAR + _SLACK
        near = [c for c in found if c.cost <= bound or c.encoding in priors]
        wide = dict.fromkeys(c.encoding for c in near if c.encoding in _CHARACTERS)
        single = [(c.encoding, c.language) for c in near if c.encoding not in _CHARACTERS]
    best: dict[str, Candidate] = {}
    for c in _measure(sample, wide, single):
        if c.encoding not in best or c.cost < best[c.encoding].cost:
            best[c.encoding] = c
    weighed = [Candidate(c.encoding, c.language, c.cost - priors.get(c.encoding, 0)) for c in best.values()]
    return sorted(weighed, key=lambda c: (c.cost, c.encoding))


def best_for_segment(raw: bytes, encoding: str) -> str | None:
    """Return the encoding that reads a stretch of a page clearly better than the page's own does.

    None when there is none, or the stretch is too short to tell.
    """
    sample = raw[:_SEGMENT]
    if encoding in _CHARACTERS:
        text = read(sample, encoding)
        readings = []
        for reading in _readings(text, encoding):
            if "\ufffd" not in text and _per_character(reading, text) <= _FLUENT:
                return None
            readings.append(reading)
        own = min(readings, key=lambda c: c.cost)
    else:
        alphabets = _Alphabets(sample)
        own = min(
            (alphabets.cost(encoding, language) for language in _languages(encoding)), key=lambda c: c.cost
        )
    others = [_characters(sample, name) for name in _CHARACTERS if name != encoding]
    best = min(others, key=lambda c: c.cost)
    if best.cost + _CLEARLY > own.cost:
        return None
    text = read(sample, best.encoding).rstrip("\ufffd")
    fluent = "\ufffd" not in text and _per_character(best, text) <= _FLUENT
    return best.encoding if fluent else None


def _per_character(candidate: Candidate, text: str) -> float:
    """Give the half bits of a character above ASCII; a single one is not enough to tell by."""
    foreign = sum(1 for c in text if c > "\x7f")
    return (candidate.cost - ASCII * (len(text) - foreign)) / foreign if foreign > 1 else 99
