"""What the usual comparison leaves: UTF-16 in which no byte is NUL, and encodings that it does not try."""

from __future__ import annotations

from collections import Counter

from cleaners.encodings.labels import encoding_of
from cleaners.encodings.legacy import read
from cleaners.encodings.scoring import ANY, plain_cost, text_cost
from cleaners.encodings.wide import wide

__all__ = ["second_guess"]

_PROBE = 8192
# Bytes above ASCII and around them: fewer are not worth the time of the last resort.
_WORTHWHILE = 24
_UNREADABLE = frozenset({"replacement", "x-user-defined", "utf-16-le", "utf-16-be", "iso-2022-jp"})


def second_guess(body: bytes, sample: bytes, cost: int, encoding: str, *, poor: bool) -> str | None:
    """Return an encoding that reads ``body`` better than ``encoding``, or None.

    ``cost`` is what ``sample`` costs in ``encoding``. charset-normalizer is asked only when that is
    ``poor``: it takes longer than all the rest.
    """
    if found := wide(body):
        spent = cost + plain_cost(body) - plain_cost(sample)
        return found[0] if found[1] * len(body) < spent else None
    if not poor or len(sample) < _WORTHWHILE:
        return None
    from charset_normalizer import from_bytes  # slow to import, and seldom needed

    probe = body[:_PROBE]
    best = from_bytes(probe, enable_fallback=False).best()
    name = encoding_of(best.encoding.replace("_", "-")) if best else None
    if not name or name in _UNREADABLE or _cost(probe, name) >= _cost(probe, encoding):
        return None
    return name


def _cost(probe: bytes, encoding: str) -> int:
    return text_cost(Counter(read(probe, encoding).replace("\0", "\ufffd")), ANY)
