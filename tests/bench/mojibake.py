"""Benchmark of the mojibake repair: ``python -m tests.bench.mojibake [TEXTS...] [--count N]``.

Each TEXTS is a UTF-8 file (plain text, or JSON lines with a ``text``); its sentences are
added to our own. For each family of damage: share of sentences restored exactly, share of
pages restored exactly where the damaged sentence stands between two good ones, and what
peers do with the same input (ftfy by default, ftfy set up for Chinese, and the usual
encode/decode snippet). Then: changes on good text (negatives and TEXTS), and speed.
"""

from __future__ import annotations

import argparse
import json
import random
import re
import sys
import time
from collections.abc import Callable
from pathlib import Path

import ftfy

from cleaners.mojibake import mend
from tests.bench.damage import FAMILIES, sample, varied

SEED = 20240607
CASES = Path(__file__).parents[2] / "fixtures/cases/mojibake"
_SENTENCE = re.compile(r"[^。！？\n]{8,80}[。！？]”?")


def _chinese_ftfy(text: str) -> str:
    return ftfy.fix_text(text, uncurl_quotes=False, fix_character_width=False, normalization=None)


def _snippet(text: str) -> str:
    """Undo the first pair of codecs that raises no error: what forums recommend."""
    for wrong in ("latin-1", "cp1252", "gbk", "big5"):
        for right in ("utf-8", "gbk", "big5"):
            if wrong != right:
                try:
                    return text.encode(wrong).decode(right)
                except UnicodeError:
                    continue
    return text


PEERS: dict[str, Callable[[str], str]] = {
    "this": lambda text: mend(text).text,
    "ftfy": ftfy.fix_text,
    "ftfy zh": _chinese_ftfy,
    "snippet": _snippet,
}


def texts_of(paths: list[Path]) -> list[str]:
    """Return the texts of plain or JSON-lines files."""
    out: list[str] = []
    for path in paths:
        body = path.read_text("utf-8")
        rows = body.splitlines() if path.suffix == ".jsonl" else []
        out += [json.loads(row)["text"] for row in rows] or [body]
    return out


def sentences_of(texts: list[str]) -> list[str]:
    """Return the Chinese sentences of ``texts``, each once."""
    found = dict.fromkeys(m[0].strip() for text in texts for m in _SENTENCE.finditer(text))
    return [s for s in found if sum("一" <= c <= "鿿" for c in s) >= 6]


def families(sentences: list[str], count: int) -> None:
    """Print the share of exact restorations for each family and peer."""
    print(f"{'family':32} kind      n  " + "  ".join(f"{p:>7}" for p in PEERS) + "    mixed    ms")
    around = random.Random(SEED)
    for name, (kind, damage) in FAMILIES.items():
        pairs = list(sample(sentences, SEED, count, damage))
        if not pairs:
            print(f"{name:32} {kind:8}   0")
            continue
        start = time.perf_counter()
        shares = [sum(peer(seen) == true for true, seen in pairs) / len(pairs) for peer in PEERS.values()]
        spent = (time.perf_counter() - start) / len(pairs) * 1000
        mixed = 0
        for true, seen in pairs:
            before, after = around.sample(sentences, 2)
            mixed += mend(f"{before}\n{seen}\n{after}").text == f"{before}\n{true}\n{after}"
        figures = "  ".join(f"{share:7.1%}" for share in shares)
        print(f"{name:32} {kind:8} {len(pairs):3}  {figures}  {mixed / len(pairs):7.1%} {spent:5.1f}")


def negatives(texts: list[str]) -> int:
    """Print what is changed in good text; return how much."""
    cases = [row["text"] for row in json.loads((CASES / "negatives.json").read_text("utf-8"))]
    lines = cases + [line for text in texts for line in text.split("\n")]
    changed = [(line, out) for line in lines if (out := mend(line).text) != line]
    print(f"\ngood lines: {len(lines)}, changed: {len(changed)}")
    for line, out in changed[:20]:
        print(f"  {line[:60]!r} -> {out[:60]!r}")
    return len(changed)


def speed(sentences: list[str]) -> None:
    """Print the speed on clean pages, by page of about 4 kB."""
    pages = ["\n".join(random.Random(n).choices(sentences, k=40)) for n in range(400)]
    mend("浣犲ソ锛屼笘鐣é")  # reads the tables
    start = time.perf_counter()
    for page in pages:
        mend(page)
    spent = time.perf_counter() - start
    size = sum(len(page.encode()) for page in pages) / 1e6
    print(f"clean pages: {size / spent:.1f} MB/s")


def main() -> int:
    """Run the benchmark; return 1 if good text was changed."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("texts", nargs="*", type=Path)
    parser.add_argument("--count", type=int, default=200)
    options = parser.parse_args()
    texts = texts_of(options.texts)
    sentences = varied(SEED, 600) + [s for s in sentences_of(texts) if mend(s).text == s]
    families(sentences, options.count)
    bad = negatives(texts)
    speed(sentences)
    return 1 if bad else 0


if __name__ == "__main__":
    sys.exit(main())
