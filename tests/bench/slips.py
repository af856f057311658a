"""How many slipped lines are repaired right, what is pointed out, what is changed on clean pages, how fast.

Run ``python -m tests.bench.slips [PATH]``: PATH is a folder with ``gold.jsonl`` files (objects
with ``text``) to measure on other texts than our own. The damage is seeded.
"""

from __future__ import annotations

import json
import random
import sys
import time
from collections.abc import Callable, Iterator
from importlib.resources import files
from pathlib import Path

from opencc import OpenCC
from rapidfuzz.distance import Levenshtein

from cleaners.slips import repair_page
from cleaners.slips.harvest import harvest, strip_annotations
from cleaners.slips.missing import missing
from tests.bench.damage import own_sentences
from tests.cleaners.slips.damaging import Damaged, damaged_page, negatives, prose

_LONG_PAGE = 15_000
_EVERY_STRAY = 0.95
_LONG_LINE = 350_000  # characters: one megabyte
_PAGE = 60  # sentences of a page made of single ones
_DROPPED_LINES, _DROPPED = 0.3, 0.6  # lines that lose characters, and how many of those that can be lost
_VISIBLE: dict[str, bytes] = {
    "a comma": b",",
    "two digits": b"0123456789",
    "two letters": b"abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ",
}


def texts(folder: Path) -> Iterator[list[str]]:
    """Yield the Chinese texts of other pages, as lines."""
    for path in sorted(folder.rglob("gold.jsonl")):
        for line in path.read_text(encoding="utf-8").splitlines():
            text = json.loads(line).get("text") or ""
            chinese = sum("\u4e00" <= char <= "\u9fff" for char in text)
            if chinese > 200 and chinese * 2 > len(text):
                yield [part for part in text.split("\n") if part.strip()]


def measure(pages: list[Damaged]) -> None:
    slipped = exact = wrong = size = sure_wrong = left = unsure = 0
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
                unsure += line.text == clean and line.uncertain
    print(f"pages {len(pages)}, characters {size}")
    print(f"slipped lines exact: {exact} of {slipped} ({exact / max(1, slipped):.1%})")
    print(f"wrong without being called uncertain: {sure_wrong} ({sure_wrong / max(1, slipped):.1%})")
    print(f"right and called uncertain: {unsure} ({unsure / max(1, slipped):.1%})")
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
    print(f"heavily slipped page of {_LONG_PAGE} characters: {took * _LONG_PAGE / size:.2f} s CPU")
    line = "".join(page.shown)
    line *= _LONG_LINE // len(line) + 1
    start = time.process_time()
    repair_page([line])
    print(f"slipped line of {len(line.encode()) / 1e6:.1f} MB: {time.process_time() - start:.1f} s CPU")


def measure_visible(sources: list[list[str]]) -> None:
    """Print how many lines come out right where the strays can be seen."""
    for name, signs in _VISIBLE.items():
        rng = random.Random(20)
        pages = [damaged_page(lines, rng, 0.66, _drawn(rng, signs)) for lines in sources]
        pairs = [pair for page in pages for pair in zip(page.clean, repair_page(page.shown), strict=True)]
        exact = sum(clean == line.text for clean, line in pairs)
        print(f"visible strays, {name}: {exact} of {len(pairs)} lines exact ({exact / len(pairs):.1%})")


def _drawn(rng: random.Random, signs: bytes) -> Callable[[], bytes]:
    return lambda: bytes(rng.sample(signs, min(2, len(signs))))


def measure_missing(sources: list[list[str]]) -> None:
    """Print how many dropped characters are pointed out, and how many places where none is missing."""
    data = files("cleaners").joinpath("data", "radicals.json").read_text("utf-8")
    droppable = set(json.loads(data)["characters"].values())
    rng = random.Random(20)
    dropped = found = false = on_whole = size = 0
    for lines in sources:
        pairs = [_thinned(line, rng, droppable) for line in lines]
        for (_, places), seen in zip(
            pairs, missing([text for text, _ in pairs], traditional=True), strict=True
        ):
            dropped += len(places)
            found += len(places & set(seen))
            false += len(set(seen) - places)
        on_whole += sum(map(len, missing(lines, traditional=True)))
        size += sum(map(len, lines))
    print(
        f"dropped characters pointed out: {found} of {dropped} ({found / max(1, dropped):.1%}), {false} wrong"
    )
    print(f"pointed out on whole noisy pages: {on_whole} in {size} characters")


def _thinned(line: str, rng: random.Random, droppable: set[str]) -> tuple[str, set[int]]:
    if rng.random() > _DROPPED_LINES:
        return line, set()
    left, places = "", set[int]()
    for before, char, after in zip(line, line[1:], line[2:], strict=False):
        inside = "\u3400" <= before <= "\u9fff" and "\u3400" <= after <= "\u9fff"
        if inside and char in droppable and rng.random() < _DROPPED:
            places.add(len(left) + 1)
        else:
            left += char
    return line[:1] + left + line[-1:], places


def main() -> None:
    """Print the figures."""
    run(Path(sys.argv[1]) if len(sys.argv) > 1 else None)


def run(folder: Path | None) -> None:
    """Print the figures, of our own texts or of those of a folder."""
    rng = random.Random(20)
    traditional = OpenCC("s2tw")
    single = own_sentences()
    own = [prose()] * 6 + [single[i : i + _PAGE] for i in range(0, len(single), _PAGE)]
    sources = list(texts(folder)) if folder else own
    pages, clean = [], []
    for lines in sources:
        lines = [traditional.convert(line) for line in lines]
        clean.append(lines)
        pages.append(
            damaged_page(rng.sample(lines, len(lines)) if folder is None else lines, rng, strays=0.66)
        )
    measure(pages)
    measure_visible(clean[::3])
    measure_missing(clean)
    measure_speed([traditional.convert(line) for line in prose()])
    changed = [
        case.name for case in negatives() if [line.text for line in repair_page(case.texts)] != case.texts
    ]
    print(f"negatives changed: {len(changed)} of {len(negatives())} {changed}")
    untouched = [lines for lines in sources if [line.text for line in repair_page(lines)] == lines]
    print(f"clean pages changed: {len(sources) - len(untouched)} of {len(sources)}")


if __name__ == "__main__":
    main()
