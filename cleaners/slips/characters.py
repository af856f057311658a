"""What is known of each Chinese character that GBK can write: script, variants, readings."""

from collections.abc import Callable, Mapping
from functools import cache
from importlib.resources import files
from sys import intern
from types import MappingProxyType
from typing import NamedTuple
from unicodedata import normalize

from zstandard import ZstdDecompressor


class Character(NamedTuple):
    """One character.

    ``simplified`` is its simplified form (itself if it has none). ``script`` is ``=`` for a
    character of both scripts, ``s`` simplified only, ``t`` the usual traditional form, ``v``
    another traditional form, ``r`` a rare variant. ``readings`` are toned pinyin, usual first.
    """

    simplified: str
    script: str
    readings: tuple[str, ...]


def read_data(name: str) -> bytes:
    """Return the unpacked content of a file in ``cleaners/data``."""
    packed = files("cleaners").joinpath("data", name).read_bytes()
    return ZstdDecompressor().decompress(packed)


def data_reader(name: str) -> Callable[[int], bytes]:
    """Return a function that gives the next so many bytes of an unpacked file in ``cleaners/data``.

    It raises ``EOFError`` where the file is shorter.
    """
    stream = ZstdDecompressor().stream_reader(files("cleaners").joinpath("data", name).read_bytes())

    def read(size: int) -> bytes:
        data: bytes = stream.read(size) if size else b""
        if len(data) < size:
            raise EOFError(name)
        return data

    return read


@cache
def characters() -> Mapping[str, Character]:
    """Return the table, read on first use (20,902 entries)."""
    table: dict[str, Character] = {}
    shared: dict[str, tuple[str, ...]] = {}  # most characters read like others
    for line in read_data("characters.zst").decode().split("\n"):
        forms, script, readings = line.split("\t")
        known = shared.get(readings)
        if known is None:
            known = shared[readings] = tuple(map(intern, readings.split()))
        table[forms[0]] = Character(intern(forms[-1]), intern(script), known)
    return MappingProxyType(table)


@cache
def simplify_table() -> Mapping[int, str]:
    """Return a ``str.translate`` table to simplified characters, one for one."""
    return {ord(char): info.simplified for char, info in characters().items() if info.simplified != char}


@cache
def toneless(reading: str) -> str:
    """Return a reading without its tone: ``lǜ`` gives ``lü``."""
    parts = normalize("NFD", reading)
    return normalize("NFC", "".join(p for p in parts if p not in "\u0300\u0301\u0304\u030c"))


@cache
def syllables() -> frozenset[str]:
    """Return every reading of the table, with and without its tone, and ``v`` for ``ü``."""
    toned = {reading for info in characters().values() for reading in info.readings}
    plain = {toneless(reading) for reading in toned}
    return frozenset(toned | plain | {reading.replace("ü", "v") for reading in plain})


def reads(char: str, reading: str) -> bool:
    """Say whether ``reading``, toned or not, is one of the readings of ``char``."""
    info = characters().get(char)
    if info is None:
        return False
    plain = reading.replace("v", "ü")
    return plain in info.readings or any(toneless(known) == plain for known in info.readings)
