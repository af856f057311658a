"""Reads the words and probabilities of a KenLM trie model (quantized, Bhiksha-compressed, order 3).

That is how libime ships its model. Layout as in KenLM's source (``lm/trie.cc``, ``lm/quantize.cc``,
``lm/bhiksha.cc``): header, hashed vocabulary, quantization tables, single words, pairs, triples, and
the words as text. The trie is reversed: below a word stand the words *before* it.
"""

from __future__ import annotations

from array import array
from collections.abc import Iterator
from pathlib import Path
from struct import unpack_from

_HEADER = 88  # bytes before the parameters: magic line and sanity values
_WORD_BYTES = 8  # hash of a word
_SINGLE_BYTES = 16  # probability, back-off, index of the first pair
_BLOCK = 4096  # entries decoded at once


class KenLM:
    """``words[i]`` has probability ``single[i]`` and back-off weight ``backoff[i]`` (not logarithms)."""

    def __init__(self, path: Path) -> None:
        self._data = data = path.read_bytes()
        order = data[_HEADER]
        assert order == 3, "a model of word triples"
        counts = unpack_from("<3Q", data, _HEADER + 20)
        place = _HEADER + 20 + 24 + 4  # padded to 8 bytes
        place += 8 + _WORD_BYTES * counts[0]
        version, prob_bits, back_bits = data[place : place + 3]
        assert (version, prob_bits, back_bits) == (2, 8, 8), "quantized to bytes"
        place += 8
        self._pair_probs = _powers(unpack_from("<256f", data, place))
        place += 2 * 1024
        self._triple_probs = _powers(unpack_from("<256f", data, place))
        place += 1024
        singles = [unpack_from("<ffQ", data, place + _SINGLE_BYTES * i) for i in range(counts[0] + 2)]
        self.words = data[data.rindex(b"<unk>\0") :].decode().split("\0")[: counts[0]]
        self.single = _powers(s[0] for s in singles[: counts[0]])
        self.backoff = _powers(s[1] for s in singles[: counts[0]])
        self._first_pair = [s[2] for s in singles]
        self._read_pairs(place + _SINGLE_BYTES * (counts[0] + 2), counts)

    def _read_pairs(self, place: int, counts: tuple[int, ...]) -> None:
        high, inline = _bhiksha(counts[1] + 1, counts[2], self._data[place + 1])
        start = (place + 7) // 8 * 8 + 8
        offsets = unpack_from(f"<{high}Q", self._data, start)
        place += 8 * (1 + high) + 7
        word_bits = counts[0].bit_length()
        mask, size = (1 << word_bits) - 1, word_bits + 16 + inline
        self.before, self.last = array("I"), array("I")
        self.pair = array("d")
        self._first_triple = array("Q")
        chunk, last = 0, 0
        for i, entry in enumerate(self._entries(place, size, counts[1] + 1)):
            while chunk + 1 < high and offsets[chunk + 1] <= i:
                chunk += 1
            self._first_triple.append(chunk << inline | entry >> (word_bits + 16))
            if i == counts[1]:
                break
            while self._first_pair[last + 1] <= i:
                last += 1
            self.before.append(entry & mask)
            self.last.append(last)
            self.pair.append(self._pair_probs[entry >> (word_bits + 8) & 255])
        self._triples_at = place + ((1 + counts[1]) * size + 7) // 8 + 8, word_bits, counts[2]

    def pairs(self) -> Iterator[tuple[int, int, float]]:
        """Yield (first word, second word, probability of the second after the first)."""
        return zip(self.before, self.last, self.pair, strict=True)

    def triples(self) -> Iterator[tuple[int, int, int, float]]:
        """Yield (first, second, third word, probability of the third after the others)."""
        place, word_bits, count = self._triples_at
        mask, pair = (1 << word_bits) - 1, 0
        for i, entry in enumerate(self._entries(place, word_bits + 8, count)):
            while self._first_triple[pair + 1] <= i:
                pair += 1
            yield entry & mask, self.before[pair], self.last[pair], self._triple_probs[entry >> word_bits]

    def _entries(self, place: int, bits: int, count: int) -> Iterator[int]:
        """Yield ``count`` numbers of ``bits`` bits each."""
        mask = (1 << bits) - 1
        for begin in range(0, count, _BLOCK):
            end = min(count, begin + _BLOCK)
            first = begin * bits
            chunk = self._data[place + first // 8 : place + (end * bits + 7) // 8 + 1]
            block = int.from_bytes(chunk, "little") >> first % 8
            for _ in range(begin, end):
                yield block & mask
                block >>= bits


def _powers(logarithms: Iterator[float] | tuple[float, ...]) -> list[float]:
    return [10**value for value in logarithms]


def _bhiksha(entries: int, most: int, limit: int) -> tuple[int, int]:
    """Return how many offsets are stored apart, and how many bits of a pointer stay with its entry."""
    bits = most.bit_length()
    sizes = [(most >> (bits - cut)) * 64 - entries * cut for cut in range(min(bits, limit) + 1)]
    cut = sizes.index(min(sizes))
    return (most >> (bits - cut)) + 1, bits - cut
