"""The forward model: what the annotation sites do to a clean text.

Pass 1 encodes the text as GBK and inserts ``(reading)`` after every occurrence of each
key's code, one key after the other, wherever the two bytes meet: inside one character or
across two. The bytes are then decoded (:func:`cleaners.slips.gbk.decode`). Pass 2 encodes
the result again and puts one invisible byte before the code of six punctuation marks,
again wherever it matches, here and there without a rule that anybody found.
"""

from collections.abc import Callable, Iterable, Sequence

from cleaners.slips.gbk import CHARACTERS, EURO, code, decode, encode

Key = tuple[str, str]  # character, reading

MARKS = "。、，！；？"
MARK_CODES = tuple(code(mark) for mark in MARKS)
_HIDDEN = b"\x01"
_ALONE = tuple(decode(bytes((byte,))) for byte in range(EURO + 1))
_HALF = {chr(code): chr(code - 0xFEE0) for code in range(0xFF01, 0xFF5F)}  # full-width forms


def annotate(data: bytes, keys: Iterable[Key]) -> bytes:
    """Pass 1 on bytes: insert the reading after each code of ``keys``, in their order."""
    for char, reading in keys:
        found = code(char)
        data = data.replace(found, found + b"(" + encode(reading) + b")")
    return data


def stray_places(data: bytes) -> list[int]:
    """Return the offsets at which pass 2 may insert its byte: before each code of a mark."""
    return [i for i in range(len(data) - 1) if data[i : i + 2] in MARK_CODES]


def stray(data: bytes, hit: Callable[[int], bool], put: Callable[[], bytes] = lambda: _HIDDEN) -> bytes:
    """Pass 2 on bytes: insert what ``put`` gives at those places for which ``hit`` says so."""
    out: list[bytes] = []
    last = 0
    for place in stray_places(data):
        if hit(place):
            out += (data[last:place], put())
            last = place
    return b"".join(out) + data[last:]


def damage(
    text: str,
    keys: Sequence[Key],
    hit: Callable[[int], bool] = lambda _: False,
    put: Callable[[], bytes] = lambda: _HIDDEN,
) -> str:
    """Both passes on one text.

    ``hit`` chooses the strays by their offset after pass 1, ``put`` gives what is inserted there.
    """
    once = decode(annotate(encode(text), keys))
    return decode(stray(encode(once), hit, put))


def reproduces(clean: str, damaged: str, keys: Sequence[Key]) -> bool:
    """Say whether the two passes, with some choice of strays, turn ``clean`` into ``damaged``.

    Marks of ``damaged`` may have been folded to half width since. The decoder is walked once;
    it branches only where a mark's code lies across two characters, so that the choice shows.
    """
    data = encode(decode(annotate(encode(clean), keys)))
    reached: dict[int, set[int]] = {0: {0}}  # offset in data -> offsets in damaged
    for i, lead in enumerate(data):
        places = reached.pop(i, None)
        if places is None:
            continue
        if lead <= EURO:
            steps = [(1, _ALONE[lead])]
        else:
            pair = lead << 8 | data[i + 1] if i + 1 < len(data) else 0
            steps = [(2, CHARACTERS.get(pair, "?"))]
            if data[i + 1 : i + 3] in MARK_CODES:
                steps.append((1, "?"))
        for seen in places:
            for step, shown in steps:
                if not shown or damaged[seen : seen + 1] in (shown, _HALF.get(shown)):
                    reached.setdefault(i + step, set()).add(seen + len(shown))
    return len(damaged) in set().union(*reached.values())
