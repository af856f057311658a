"""Strays that can be seen: on a few sites the byte put before a mark is a comma, or two characters.

The usual stray is invisible (:mod:`cleaners.slips.forward`). Where a page's marks show another kind again
and again, it is taken away, and the page reads as if its strays had been of the usual kind: the search
for what they cut stays the same.
"""

import re
from collections.abc import Sequence

from cleaners.slips.forward import MARKS
from cleaners.slips.gbk import EURO, code

_MARK = re.compile(f"[{MARKS}]")
_COMMA = re.compile(rf",(?=\??[{MARKS}])")
_AFTER = rf"(?<=[^\s0-9A-Za-z{MARKS}])"
_PAIR = re.compile(rf"{_AFTER}[0-9A-Za-z]{{2}}(?=\??[{MARKS}])")
# Right after its own two, a full stop was cut in turn, and its first byte vanished with the next one.
_STOP = re.compile(f"{_AFTER}(?:[0-9A-Za-z]{{3}}|[0-9A-Za-z])(?=！)")
_CUT = re.compile(f"([?\u3400-\u9fff])([0-9A-Za-z])(?=[{MARKS}])")  # the first of the two cut a character
_COMMAS, _COMMA_SHARE = 2, 0.2  # so many, before so many of the page's marks
_PAIRS, _PAIR_SHARE, _VARIED = 4, 0.4, 0.5  # of which so many differ: they are random


def hide_strays(texts: Sequence[str]) -> list[str]:
    """Return the texts of a page that carries the noise with its visible strays taken away.

    A character that was cut becomes the ``?`` that it shows with invisible ones. Linear in the length.
    """
    marks = sum(len(_MARK.findall(text)) for text in texts)
    if marks < _COMMAS:
        return list(texts)
    commas = sum(len(_COMMA.findall(text)) for text in texts)
    if commas >= _COMMAS and commas >= _COMMA_SHARE * marks:
        return [_COMMA.sub("", text) for text in texts]
    pairs = [pair for text in texts for pair in _PAIR.findall(text)]
    if len(pairs) >= _PAIRS and len(pairs) >= _PAIR_SHARE * marks and len(set(pairs)) >= _VARIED * len(pairs):
        return [_PAIR.sub("", _STOP.sub("?", _CUT.sub(_cut, text))) for text in texts]
    return list(texts)


def _cut(match: re.Match[str]) -> str:
    """A character's first byte with the first of the two: a ``?``, or another character."""
    char = match[1]
    if char == "?":
        return char
    second = code(char)[-1:]
    return "?" if second and second[0] < EURO and second.isalnum() else match[0]
