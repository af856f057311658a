"""Which encodings a page may be in, and which of them reads it as real text."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from cleaners.encodings.legacy import read
from cleaners.encodings.scoring import ANY, alphabet_cost, text_cost

__all__ = ["Candidate", "compare"]

# Languages that an encoding is used for, with the half bits that the less usual ones cost.
_CHARACTERS: Mapping[str, tuple[tuple[str, int], ...]] = {
    "utf-8": ((ANY, 0),),
    "gb18030": (("zh-Hans", 0), ("zh-Hant", 4), ("ja", 10), ("ko", 12)),
    "big5hkscs": (("zh-Hant", 2), ("zh-Hans", 10), ("ja", 12)),
    "cp932": (("ja", 4),),
    "cp949": (("ko", 4),),
    "euc-jp": (("ja", 6),),
}
_ALPHABETS: Mapping[str, tuple[tuple[str, int], ...]] = {
    "windows-1252": (("western", 4),),
    "windows-1251": (("russian", 4), ("ukrainian", 6), ("bulgarian", 6)),
    "koi8-r": (("russian", 10),),
    "koi8-u": (("ukrainian", 14),),
    "iso-8859-5": (("russian", 18), ("bulgarian", 18)),
    "ibm866": (("russian", 22),),
    "mac-cyrillic": (("russian", 24), ("ukrainian", 24)),
    "windows-1250": (("central", 8),),
    "iso-8859-2": (("central", 12),),
    "windows-1253": (("greek", 8),),
    "iso-8859-7": (("greek", 12),),
    "windows-1254": (("turkish", 10),),
    "windows-1255": (("hebrew", 10),),
    "iso-8859-8": (("hebrew", 14),),
    "windows-1256": (("arabic", 10),),
    "iso-8859-6": (("arabic", 18),),
    "windows-1257": (("baltic", 10),),
    "cp874": (("thai", 10),),
    "mac-roman": (("western", 26),),
}
_DECLARED_ONLY: Mapping[str, tuple[tuple[str, int], ...]] = {
    "iso-8859-3": (("western", 26), ("turkish", 26)),
    "iso-8859-4": (("baltic", 16),),
    "iso-8859-10": (("western", 26), ("baltic", 26)),
    "iso-8859-13": (("baltic", 16),),
    "iso-8859-14": (("western", 26),),
    "iso-8859-15": (("western", 12),),
    "iso-8859-16": (("central", 20),),
    "windows-1258": (("western", 26),),
}


@dataclass(frozen=True, slots=True)
class Candidate:
    """An encoding that was tried: ``cost`` in half bits over the sample, less is better."""

    encoding: str
    language: str
    cost: int


def _characters(sample: bytes, encoding: str) -> Candidate:
    counts = Counter(read(sample, encoding))
    return min(
        (Candidate(encoding, name, text_cost(counts, name) + extra) for name, extra in _CHARACTERS[encoding]),
        key=lambda c: c.cost,
    )


def _alphabets(pairs: Counter[tuple[int, int]], encoding: str) -> Candidate:
    table = read(bytes(range(256)), encoding)
    read_pairs: Counter[tuple[str, str]] = Counter()
    for (a, b), n in pairs.items():
        read_pairs[table[a], table[b]] += n
    languages = _ALPHABETS.get(encoding) or _DECLARED_ONLY[encoding]
    return min(
        (Candidate(encoding, name, alphabet_cost(read_pairs, name) + extra) for name, extra in languages),
        key=lambda c: c.cost,
    )


def compare(sample: bytes, priors: Mapping[str, int]) -> list[Candidate]:
    """Measure every encoding on ``sample``, best first; ``priors`` are half bits in an encoding's favour."""
    found = [_characters(sample, encoding) for encoding in _CHARACTERS]
    pairs = Counter(zip(b"\n" + sample, sample, strict=False))
    names: Iterable[str] = [*_ALPHABETS, *(name for name in priors if name in _DECLARED_ONLY)]
    found += [_alphabets(pairs, encoding) for encoding in names]
    weighed = [Candidate(c.encoding, c.language, c.cost - priors.get(c.encoding, 0)) for c in found]
    return sorted(weighed, key=lambda c: (c.cost, c.encoding))
