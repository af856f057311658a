"""The bytes that the noise works on: GBK code by code, and how a damaged stream was read.

A *code* is a two-byte GBK character. Pairs that GBK leaves to users or unassigned were
silently dropped by the programs that decoded the damaged pages, a pair that can not exist
became one ``?`` with both bytes gone, and a lone 0x80 became the euro sign of cp936.
"""

from functools import cache, lru_cache

EURO = 0x80
LEADS = range(0x81, 0xFF)
_MARKS = "，。、；：？！“”‘’（）《》—…·"
TRAILS = (*range(0x40, 0x7F), *range(0x80, 0xFF))


@lru_cache(40_000)
def code(char: str) -> bytes:
    """Return the bytes of one character, or ``b""`` if GBK lacks it.

    Private-use characters that stand for GBK's user-defined pairs get those.
    """
    if char == "€":
        return b"\x80"
    try:
        data = char.encode("gb18030")
    except UnicodeEncodeError:  # a lone surrogate
        return b""
    return data if len(data) < 4 else b""


@lru_cache(40_000)
def number(char: str) -> int:
    """Return the bytes of one character as a number, or -1 if GBK lacks it."""
    return int.from_bytes(code(char), "big") if code(char) else -1


def _characters(lead: int) -> list[str]:
    """Return the character of each pair that begins with ``lead``, "" where there is none."""
    # All at once: a line for each pair, of which only the second byte is left where it is ASCII.
    lines = b"".join(bytes((lead, trail, 0x0A)) for trail in TRAILS)
    return ["" if c.isascii() else c for c in lines.decode("gbk", "ignore").split("\n")]


# (lead << 8 | trail) -> character, "" for a pair that vanishes.
CHARACTERS: dict[int, str] = {
    lead << 8 | trail: char
    for lead in LEADS
    for trail, char in zip(TRAILS, _characters(lead), strict=False)  # an empty line comes last
}


@cache
def with_trail(trail: int) -> tuple[tuple[int, str], ...]:
    """Return (lead, character) for each Chinese character or mark whose second byte is ``trail``."""
    return tuple((lead, c) for lead in LEADS if _written(c := CHARACTERS.get(lead << 8 | trail, "")))


@cache
def with_lead(lead: int) -> tuple[tuple[int, str], ...]:
    """Return (trail, character) for each Chinese character or mark whose first byte is ``lead``."""
    return tuple((trail, c) for trail in TRAILS if _written(c := CHARACTERS.get(lead << 8 | trail, "")))


@cache
def vanishing(first: int) -> frozenset[int]:
    """Return the second bytes with which ``first`` makes a pair that vanishes."""
    return frozenset(second for second in TRAILS if CHARACTERS.get(first << 8 | second) == "")


def _written(char: str) -> bool:
    return "\u3400" <= char <= "\u9fff" or (char != "" and char in _MARKS)


def encode(text: str) -> bytes:
    """Encode as the sites did: what GBK lacks becomes ``?``."""
    return b"".join(code(c) or b"?" for c in text)


def decode(data: bytes) -> str:
    """Decode as the sites did; see the module's docstring. Never raises."""
    out: list[str] = []
    i, n = 0, len(data)
    while i < n:
        lead = data[i]
        if lead < EURO:
            if lead >= 0x20 or lead in b"\t\n\r":
                out.append(chr(lead))
            i += 1
        elif lead == EURO:
            out.append("€")
            i += 1
        else:
            pair = lead << 8 | data[i + 1] if i + 1 < n else 0
            out.append(CHARACTERS.get(pair, "?"))
            i += 2
    return "".join(out)
