"""What is known of each Chinese character that GBK can write: script, variants, readings."""

from array import array
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from functools import cache, lru_cache
from importlib.resources import files
from sys import intern
from typing import Any, NamedTuple
from unicodedata import normalize

from zstandard import ZstdDecompressor

from cleaners.slips.rows import Read

_READ_SIZE = 1 << 16


class Character(NamedTuple):
    """One character.

    ``simplified`` is its simplified form (itself if it has none). ``script`` is ``=`` for a
    character of both scripts, ``s`` simplified only, ``t`` the usual traditional form, ``v``
    another traditional form, ``r`` a rare variant. ``readings`` are toned pinyin, usual first.
    """

    simplified: str
    script: str
    readings: tuple[str, ...]


@contextmanager
def reading(name: str) -> Iterator[Read]:
    """Give a function that reads the next so many bytes of an unpacked file in ``cleaners/data``.

    No more of the file is ever held. It raises ``EOFError`` where the file is shorter.
    """
    with (
        files("cleaners").joinpath("data", name).open("rb") as packed,
        ZstdDecompressor().stream_reader(packed, read_size=_READ_SIZE) as stream,
    ):

        def read(size: int) -> bytes:
            data: bytes = stream.read(size) if size else b""
            if len(data) < size:
                raise EOFError(name)
            return data

        yield read


class _Table(Mapping[str, Character]):
    """All characters in columns; a dictionary of them would take ten times the memory."""

    def __init__(self, lines: Iterable[str]) -> None:
        numbers: dict[str, int] = {}  # of readings: most characters read like others
        columns: tuple[list[str], ...] = ([], [], [])
        self._sounds = array("H")
        for line in lines:
            forms, script, sounds = line.split("\t")
            for column, value in zip(columns, (forms[0], forms[-1], script), strict=True):
                column.append(value)
            self._sounds.append(numbers.setdefault(sounds, len(numbers)))
        self._chars, self._simplified, self._scripts = map("".join, columns)
        self._readings = tuple(tuple(map(intern, sounds.split())) for sounds in numbers)
        codes = [ord(char) for char in self._chars]
        self._first = min(codes)
        self._places = array("i", [-1]) * (max(codes) - self._first + 1)
        for place, code in enumerate(codes):
            self._places[code - self._first] = place

    def __getitem__(self, char: str) -> Character:
        found: Character | None = self.get(char)
        if found is None:
            raise KeyError(char)
        return found

    def get(self, char: str, default: Any = None) -> Any:
        """Return what is known of a character, or ``default``."""
        code = ord(char) - self._first if len(char) == 1 else -1
        place = self._places[code] if 0 <= code < len(self._places) else -1
        if place < 0:
            return default
        sounds = self._readings[self._sounds[place]]
        return Character(self._simplified[place], self._scripts[place], sounds)

    def __iter__(self) -> Iterator[str]:
        return iter(self._chars)

    def __len__(self) -> int:
        return len(self._chars)


@cache
def characters() -> Mapping[str, Character]:
    """Return the table, read on first use (20,902 entries)."""
    packed = files("cleaners").joinpath("data", "characters.zst").read_bytes()
    return _Table(ZstdDecompressor().decompress(packed).decode().split("\n"))


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


@lru_cache(maxsize=4096)  # a page annotates few characters, many times
def reads(char: str, reading: str) -> bool:
    """Say whether ``reading``, toned or not, is one of the readings of ``char``."""
    info = characters().get(char)
    if info is None:
        return False
    plain = reading.replace("v", "ü")
    return plain in info.readings or any(toneless(known) == plain for known in info.readings)
