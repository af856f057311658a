"""Build ``cleaners/data/hanzi.txt.xz``: how common Chinese characters and pairs of them are.

Usage: ``python -m tests.bench.hanzi_table DICT OPENCC OUT`` where DICT is jieba's
``dict.txt`` (MIT) and OPENCC the ``dictionary`` folder of opencc-python-reimplemented
(Apache-2.0). The result depends on its input only.

The format is text, one record a line, fields split by tabs:

- ``fold`` and a string of (character, its simplified form) pairs;
- ``gate`` and the characters that are ordinary in modern Chinese or Japanese text;
- then one line a character, commonest first: the character, four hexadecimal pairs
  (twice the binary logarithm of how often it occurs, starts a word, ends a word, and is
  followed by another inside a word), and its followers grouped by level: an ASCII letter
  (``a`` + binary logarithm of the pair's count), then the characters.
"""

from __future__ import annotations

import lzma
import sys
from collections import Counter, defaultdict
from math import log2
from pathlib import Path

MIN_PAIR = 4  # pairs seen less often are mostly noise of the dictionary
MIN_CHARACTER = 3
PACKING = {"id": lzma.FILTER_LZMA2, "preset": 9 | lzma.PRESET_EXTREME, "dict_size": 1 << 20}
"""The dictionary is what a reader has to set aside; that of the preset alone has 64 MB."""

ORDINARY = 280  # count from which a character may stand in any text without raising suspicion


def level(count: int) -> int:
    """Return twice the binary logarithm, rounded; 0 for nothing."""
    return round(2 * log2(count + 1))


def read_pairs(path: Path) -> list[tuple[str, list[str]]]:
    """Read an OpenCC dictionary: key, tab, values split by spaces."""
    rows = (line.split("\t") for line in path.read_text("utf-8").splitlines() if "\t" in line)
    return [(key, values.split()) for key, values in rows]


def main(dictionary: Path, opencc: Path, out: Path) -> None:
    """Count, prune and write the table."""
    fold = {k: v[0] for k, v in read_pairs(opencc / "TSCharacters.txt") if len(k) == 1 and k != v[0]}
    count, start, end, inner = Counter[str](), Counter[str](), Counter[str](), Counter[str]()
    pairs = Counter[str]()
    for line in dictionary.read_text("utf-8").splitlines():
        word, seen, *_ = line.split(" ")
        word, n = "".join(fold.get(c, c) for c in word), int(seen)
        start[word[0]] += n
        end[word[-1]] += n
        for i, c in enumerate(word):
            count[c] += n
            if i + 1 < len(word):
                pairs[word[i : i + 2]] += n
                inner[c] += n
    followers: dict[str, dict[int, list[str]]] = defaultdict(lambda: defaultdict(list))
    for pair, n in sorted(pairs.items()):
        if n >= MIN_PAIR and pair[0] > "\x7f" and pair[1] > "\x7f":
            followers[pair[0]][round(log2(n))].append(pair[1])
    ordinary = {c for c, n in count.items() if n >= ORDINARY and c > "\x7f"}
    for key, values in read_pairs(opencc / "STCharacters.txt"):
        if key in ordinary:
            ordinary.update(v for v in values if len(v) == 1)
    for key, values in read_pairs(opencc / "JPVariants.txt"):
        if key in ordinary:
            ordinary.update(v for v in values if len(v) == 1)
    lines = ["fold\t" + "".join(k + v for k, v in sorted(fold.items()))]
    lines.append("gate\t" + "".join(sorted(ordinary)))
    for c, n in sorted(count.items(), key=lambda item: (-item[1], item[0])):
        if n < MIN_CHARACTER or c < "\x80":
            continue
        figures = "".join(f"{level(x[c]):02x}" for x in (count, start, end, inner))
        groups = sorted(followers[c].items(), reverse=True)
        lines.append(f"{c}\t{figures}\t" + "".join(chr(97 + k) + "".join(v) for k, v in groups))
    out.write_bytes(lzma.compress("\n".join(lines).encode("utf-8"), filters=[PACKING]))


if __name__ == "__main__":
    main(*map(Path, sys.argv[1:4]))
