"""Builds ``ngrams.zst``, ``words.zst`` and ``marks.zst`` from the models and lists named in its README.

Run ``python -m tests.bench.language SOURCES OUT``. SOURCES is a folder with

- ``zh_CN.lm`` from Debian's ``libime-data-language-model``,
- ``lm_sc.arpa``: what ``tslminfo -p -v lm_sc.t3g`` prints (``sunpinyin-utils``, ``sunpinyin-data``),
- ``pydict_sc.bin`` from ``sunpinyin-data``,
- ``dict.txt`` of the Python package ``jieba``.

Takes some ten minutes and 6 GB. The result depends on nothing else.
"""

from __future__ import annotations

import re
import sys
from pathlib import Path

from cleaners.slips.characters import simplify_table
from cleaners.slips.ngrams import chinese as numbered
from tests.bench.language.counts import SIZE, add_word, count
from tests.bench.language.kenlm import KenLM
from tests.bench.language.model import Levels
from tests.bench.language.opengram import OpenGram
from tests.bench.language.words import build

MARKS = "，。、；：？！“”…\n"
CHINESE = re.compile("[\u3400-\u9fff]+")
WRITTEN = re.compile(f"[\u3400-\u9fff{MARKS}]+")
JIEBA_SIZE = SIZE / 2
BEGINS = 0.65
WORD_PAIRS = 1_500_000
PRUNED, PRUNED_MARKS = (0.8, 4.0, 4.0), (1.0, 8.0, 8.0)


def names(words: list[str], wanted: re.Pattern[str]) -> list[str]:
    """Return the words in simplified characters, ``""`` for those with other characters than wanted."""
    simplified = [word.translate(simplify_table()) for word in words]
    return [word if wanted.fullmatch(word) else "" for word in simplified]


def chinese(sources: Path) -> bytes:
    """Return the model of running Chinese characters."""
    model = KenLM(sources / "zh_CN.lm")
    counts, begins = count(model, names(model.words, CHINESE))
    rows = [line.split(" ") for line in (sources / "dict.txt").read_text("utf-8").splitlines()]
    total = sum(int(row[1]) for row in rows)
    for word, often, _ in rows:
        simplified = word.translate(simplify_table())
        if CHINESE.fullmatch(simplified):
            add_word(counts, simplified, int(often) / total * JIEBA_SIZE)
    levels = Levels(counts, lambda gram: True)
    levels.begin_with(begins, BEGINS)
    levels.estimate()
    levels.prune(PRUNED)
    return levels.pack()


def words(sources: Path) -> bytes:
    """Return the model of words after words; its characters are numbered as in the ``ngrams.zst`` in use."""
    model = KenLM(sources / "zh_CN.lm")
    return build(model, names(model.words, CHINESE), numbered().ids, WORD_PAIRS)


def marks(sources: Path) -> bytes:
    """Return the model of what stands before and right after punctuation marks."""
    model = OpenGram(sources / "lm_sc.arpa", sources / "pydict_sc.bin")
    counts, _ = count(model, names(model.words, WRITTEN))
    levels = Levels(counts, lambda gram: gram[-1] in MARKS or gram[-2] in MARKS)
    levels.estimate()
    levels.prune(PRUNED_MARKS)
    return levels.pack()


def main() -> None:
    """Write the files."""
    sources, out = map(Path, sys.argv[1:3])
    for name, make in (("ngrams", chinese), ("words", words), ("marks", marks)):
        data = make(sources)
        (out / f"{name}.zst").write_bytes(data)
        print(name, len(data))


if __name__ == "__main__":
    main()
