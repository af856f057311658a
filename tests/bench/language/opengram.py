"""Reads open-gram's model, as SunPinyin packages it, with :class:`KenLM`'s names.

``arpa`` is what ``tslminfo -p -v lm_sc.t3g`` prints; words are numbers in it, which stand in the
dictionary ``pydict_sc.bin``: its third 32-bit number says where the words begin (UTF-32, NUL-ended).
"""

from __future__ import annotations

from array import array
from collections.abc import Iterator
from pathlib import Path
from struct import unpack_from

LINE_END = "\n"


class OpenGram:
    """``words[i]`` has probability ``single[i]``, back-off weight ``backoff[i]``; word 0 ends a sentence."""

    def __init__(self, arpa: Path, dictionary: Path) -> None:
        data = dictionary.read_bytes()
        count, _, begin = unpack_from("<3I", data)
        size = (len(data) - begin) // 4 * 4
        self.words = data[begin : begin + size].decode("utf-32-le").split("\0")[:count]
        self.words[0] = LINE_END
        self.single, self.backoff = [0.0] * count, [1.0] * count
        self._pairs = array("I"), array("I"), array("d")
        self._arpa = arpa
        for length, row in self._rows():
            if length == 1:
                word = int(row[0])
                self.single[word], self.backoff[word] = float(row[1]), float(row[2])
            elif length == 2:
                for column, value in zip(self._pairs, (int(row[0]), int(row[1]), float(row[2])), strict=True):
                    column.append(value)
            else:
                break

    def _rows(self) -> Iterator[tuple[int, list[str]]]:
        length = 0
        with self._arpa.open(encoding="utf-8") as lines:
            for line in lines:
                if line.startswith("\\"):
                    length = int(line[1])
                elif length:
                    yield length, line.split()

    def pairs(self) -> Iterator[tuple[int, int, float]]:
        """Yield (first word, second word, probability of the second after the first)."""
        return zip(*self._pairs, strict=True)

    def triples(self) -> Iterator[tuple[int, int, int, float]]:
        """Yield (first, second, third word, probability of the third after the others)."""
        for length, row in self._rows():
            if length == 3:
                yield int(row[0]), int(row[1]), int(row[2]), float(row[3])
