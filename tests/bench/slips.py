"""How many slipped lines are repaired right, what is changed on clean pages, and how fast.

Run ``python -m tests.bench.slips [PATH]``: PATH is a folder with ``gold.jsonl`` files (objects
with ``text``) to measure on other texts than our own. The damage is seeded.
"""

from __future__ import annotations

import json
import random
import sys
import time
from collections.abc import Iterator
from pathlib import Path

from opencc import OpenCC
from rapidfuzz.distance import Levenshtein

from cleaners.slips import repair_page
from cleaners.slips.harvest import harvest, strip_annotations
from tests.cleaners.slips.damaging import Damaged, damaged_page, negatives, prose

_LONG_PAGE = 15_000
_EVERY_STRAY = 0.95


def texts(folder: Path) -> Iterator[list[str]]:
    """Yield the Chinese texts of other pages, as lines."""
    for path in sorted(folder.rglob("gold.jsonl")):
        for line in path.read_text(encoding="utf-8").splitlines():
            text = json.loads(line).get("text") or ""
            chinese = sum("\u4e00" <= char <= "\u9fff" for char in text)
            if chinese > 200 and chinese * 2 > len(text):
                yield [part for part in text.split("\n") if part.strip()]


def measure(pages: list[Damaged]) -> None:
    slipped = exact = wrong = size = sure_wrong = left = 0
    for page in pages:
        evidence = harvest(page.shown)
        for clean, shown, line in zip(page.clean, page.shown, repair_page(page.shown), strict=True):
            size += len(clean)
            wrong += Levenshtein.distance(clean, line.text)
            left += strip_annotations(line.text, evidence) != line.text
            if strip_annotations(shown, evidence) != clean:
                slipped += 1
                exact += line.text == clean
                sure_wrong += line.text != clean and not line.uncertain
    print(f"pages {len(pages)}, characters {size}")
    print(f"slipped lines exact: {exact} of {slipped} ({exact / max(1, slipped):.1%})")
    print(f"wrong without being called uncertain: {sure_wrong} ({sure_wrong / max(1, slipped):.1%})")
    print(f"character error over all lines: {wrong / max(1, size):.3%}")
    print(f"lines with annotations left: {left}")


def measure_speed(clean: list[str]) -> None:
    lines = (clean * (_LONG_PAGE // sum(map(len, clean)) + 1))[:]
    page = damaged_page(lines, random.Random(5), strays=_EVERY_STRAY)
    size = sum(map(len, page.clean))
    repair_page(page.shown[:4])  # the models are read once a process
    start = time.process_time()
    repair_page(page.shown)
    took = time.process_time() - start
    print(f"heavily slipped page of {_LONG_PAGE} characters: {took * _LONG_PAGE / size:.2f} s")


def main() -> None:
    """Print the figures."""
    run(Path(sys.argv[1]) if len(sys.argv) > 1 else None)


def run(folder: Path | None) -> None:
    """Print the figures, of our own texts or of those of a folder."""
    rng = random.Random(20)
    traditional = OpenCC("s2tw")
    sources = list(texts(folder)) if folder else [prose()] * 6
    pages = []
    for lines in sources:
        lines = [traditional.convert(line) for line in lines]
        if folder is None:
            rng.shuffle(lines)
        pages.append(damaged_page(lines, rng, strays=0.66))
    measure(pages)
    measure_speed([traditional.convert(line) for line in prose()])
    changed = [
        case.name for case in negatives() if [line.text for line in repair_page(case.texts)] != case.texts
    ]
    print(f"negatives changed: {len(changed)} of {len(negatives())} {changed}")
    untouched = [lines for lines in sources if [line.text for line in repair_page(lines)] == lines]
    print(f"clean pages changed: {len(sources) - len(untouched)} of {len(sources)}")


if __name__ == "__main__":
    main()
