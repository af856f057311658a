"""Which encodings a page may be in, and which of them reads it as real text."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from cleaners.encodings.legacy import read
from cleaners.encodings.scoring import ANY, ASCII, LATIN, Pair, alphabet_cost, text_cost

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
# Bytes that shorten the list of alphabets, and the length of that list.
_GLANCE = 240
_SHORTLIST = 6
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
    text = read(sample, encoding)
    counts = Counter(text)
    found = [
        Candidate(encoding, name, text_cost(counts, name) + extra) for name, extra in _CHARACTERS[encoding]
    ]
    best = min(found, key=lambda c: c.cost)
    if encoding == "utf-8":
        return best
    lone = len(_LONE.findall(text))
    return Candidate(encoding, best.language, best.cost + lone * _LONE_COST)


def _alphabets(sample: bytes, names: Iterable[str]) -> Iterator[Candidate]:
    pairs = Counter(zip(b"\n" + sample, sample, strict=False)).items()
    alone = len(_ALONE.findall(sample))
    for encoding in names:
        table = read(_ALL_BYTES, encoding)
        counts = [(table[a], table[b], n) for (a, b), n in pairs]
        extra, languages = _ALPHABETS.get(encoding) or _DECLARED_ONLY[encoding]
        if languages[0] not in LATIN:
            extra += alone * _LONE_COST
        yield _least(counts, encoding, languages, extra)


def _least(pairs: Sequence[Pair], encoding: str, languages: Iterable[str], extra: int) -> Candidate:
    found = [Candidate(encoding, name, alphabet_cost(pairs, name) + extra) for name in languages]
    return min(found, key=lambda c: c.cost)


def _valid_utf8(sample: bytes) -> Candidate | None:
    """Measure a sample that is strictly valid UTF-8, in every alphabet too: few bytes are so by chance."""
    try:
        text = sample.decode("utf-8")
    except UnicodeDecodeError:
        return None
    bonus = _BY_CHANCE * (len(sample) - len(text))
    pairs = [(a, b, n) for (a, b), n in Counter(zip("\n" + text, text, strict=False)).items()]
    languages = (name for _, names in _ALPHABETS.values() for name in names)
    return _least(pairs, "utf-8", dict.fromkeys(languages), -bonus)


def compare(sample: bytes, priors: Mapping[str, int]) -> list[Candidate]:
    """Measure encodings on ``sample``, best first; ``priors`` are half bits in an encoding's favour.

    Alphabets are measured only where no reading as Chinese, Japanese or Korean is plainly right.
    """
    found = [_characters(sample, encoding) for encoding in _CHARACTERS]
    high = len(sample.translate(None, _ASCII_BYTES))
    best = min(found, key=lambda c: c.cost)
    if high < _DECISIVE or best.cost > _PLAIN * high + ASCII * (len(sample) - high):
        names: list[str] = [*_ALPHABETS, *(name for name in priors if name in _DECLARED_ONLY)]
        if len(sample) > 2 * _GLANCE:
            glance = sorted(_alphabets(sample[:_GLANCE], names), key=lambda c: c.cost)
            names = [c.encoding for c in glance[:_SHORTLIST]] + [name for name in priors if name in names]
        found += _alphabets(sample, dict.fromkeys(names))
        if valid := _valid_utf8(sample):
            found.append(valid)
    weighed = [Candidate(c.encoding, c.language, c.cost - priors.get(c.encoding, 0)) for c in found]
    return sorted(weighed, key=lambda c: (c.cost, c.encoding))


def best_for_segment(raw: bytes, encoding: str) -> str | None:
    """Return the encoding that reads a stretch of a page clearly better than the page's own does.

    None when there is none, or the stretch is too short to tell.
    """
    sample = raw[:_SEGMENT]
    if encoding in _CHARACTERS:
        own = _characters(sample, encoding)
        text = read(sample, encoding)
        if "\ufffd" not in text and _per_character(own, text) <= _FLUENT:
            return None
    else:
        own = next(_alphabets(sample, [encoding]))
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
