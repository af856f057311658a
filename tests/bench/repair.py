"""Benchmark of ``repair``, all of it: ``python -m tests.bench.repair [FOLDER] [--count N]``.

Damage is made by our own forward models (:mod:`tests.bench.damage`), seeded, from sentences that
are on no seed page; FOLDER holds ``gold.jsonl`` files (objects with ``text``) whose sentences are
damaged as well and whose texts must not change. For each family: sentences restored exactly,
character error, sentences with an ``uncertain`` note, wrong sentences without one, CPU time, the
exact share of peers (ftfy as it comes; ftfy set up for Chinese; the encode/decode snippet that
forums recommend). ``mixed``: pages restored exactly where the damaged sentence is a paragraph between
good ones (target 99 % for lossless families); ``kept``: pages whose good paragraphs stay as they are
(target 99 % for all); ``inside``: lines restored exactly where it stands between good sentences.
Then annotations and slips, negatives, speed and memory, targets beside.
"""

from __future__ import annotations

import argparse
import json
import random
import re
import resource
import statistics
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

import ftfy
from rapidfuzz.distance import Levenshtein

from cleaners import normalize, repair
from tests.bench import slips
from tests.bench.damage import FAMILIES, sample, varied

SEED = 20240607
LONG_LINE = 116_000
CASES = Path(__file__).parents[2] / "fixtures/cases/mojibake"
_SENTENCE = re.compile(r"[^。！？\n]{8,80}[。！？]”?")

TARGETS = {"lossless": 0.995, "UTF-8 as GB": 0.6, "GBK as Big5": 0.9, "GB18030 as": 0.9, "Big5 as GB": 0.9}
_IMPORT = "import time;t=time.process_time();import cleaners;print(time.process_time()-t)"


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
    "ftfy": ftfy.fix_text,
    "ftfy zh": _chinese_ftfy,
    "snippet": _snippet,
}


def sentences_of(texts: list[str]) -> list[str]:
    """Return the Chinese sentences of ``texts``, each once."""
    found = dict.fromkeys(m[0].strip() for text in texts for m in _SENTENCE.finditer(text))
    return [s for s in found if sum("一" <= c <= "鿿" for c in s) >= 6]


class Result(NamedTuple):
    """What one family came to; shares of its sentences, but ``error``: of its characters."""

    count: int
    exact: float
    error: float
    flagged: float
    silent: float
    mixed: float
    kept: float
    inside: float
    milliseconds: float


def target(name: str, kind: str) -> str:
    """Return what is asked of a family, or nothing where no floor is stated."""
    key = kind if kind == "lossless" else next((key for key in TARGETS if name.startswith(key)), "")
    return f"{TARGETS[key]:.1%}" if key else ""


def measure(pairs: list[tuple[str, str]], sentences: list[str]) -> Result:
    """Repair damaged sentences alone, between good paragraphs and inside a good line."""
    around = random.Random(SEED)
    exact = wrong = size = flagged = silent = mixed = kept = inside = 0
    start = time.process_time()
    results = [repair(seen) for _, seen in pairs]
    spent = time.process_time() - start
    for (true, seen), result in zip(pairs, results, strict=True):
        unsure = any(note.uncertain for note in result.notes)
        exact += result.text == true
        silent += result.text != true and not unsure
        flagged += unsure
        wrong += Levenshtein.distance(result.text, true)
        size += len(true)
        before, after = around.sample(sentences, 2)
        page = repair(f"{before}\n{seen}\n{after}").text
        mixed += page == f"{before}\n{true}\n{after}"
        kept += page.startswith(f"{before}\n") and page.endswith(f"\n{after}")
        inside += repair(f"{before}{seen}{after}").text == f"{before}{true}{after}"
    n = len(pairs)
    shares = (mixed / n, kept / n, inside / n)
    return Result(n, exact / n, wrong / size, flagged / n, silent / n, *shares, spent / n * 1000)


def families(sentences: list[str], count: int) -> None:
    """Print one line for each family."""
    peers = " ".join(f"{name:>8}" for name in PEERS)
    print(f"{'family':31} {'target':>6} {'n':>4} {'exact':>6} {'error':>6} {'flag':>5} {'silent':>6}"
          f" {'mixed':>6} {'kept':>6} {'inside':>6} {'ms':>6} {peers}")  # fmt: skip
    for name, (kind, damage) in FAMILIES.items():
        pairs = list(sample(sentences, SEED, count, damage))
        if not pairs:
            continue
        got = measure(pairs, sentences)
        shares = " ".join(
            f"{sum(peer(seen) == true for true, seen in pairs) / len(pairs):8.1%}" for peer in PEERS.values()
        )
        print(f"{name:31} {target(name, kind):>6} {got.count:4} {got.exact:6.1%} {got.error:6.2%}"
              f" {got.flagged:5.0%} {got.silent:6.1%} {got.mixed:6.1%} {got.kept:6.1%} {got.inside:6.1%}"
              f" {got.milliseconds:6.1f} {shares}",
              flush=True)  # fmt: skip


def texts_of(folder: Path | None) -> list[str]:
    """Return the texts of the ``gold.jsonl`` files below a folder."""
    paths = sorted(folder.rglob("gold.jsonl")) if folder else []
    rows = (json.loads(row) for path in paths for row in path.read_text("utf-8").splitlines())
    return [row["text"] for row in rows if row.get("text")]


def negatives(texts: list[str]) -> int:
    """Print how many texts that are right were changed; return it."""
    own = [row["text"] for row in json.loads((CASES / "negatives.json").read_text("utf-8"))]
    own += ["\n".join(case.texts) for case in slips.negatives()]
    for name, kind in (("own negatives (at least 200)", own), ("texts of the folder", texts)):
        changed = [text for text in kind if repair(text).text != text]
        print(f"{name}: {len(changed)} of {len(kind)} changed (target 0)")
        for text in changed[:10]:
            print(f"  {text[:60]!r}")
    return sum(repair(text).text != text for text in own + texts)


def speed(sentences: list[str]) -> None:
    """Print speed on clean pages of about 4 kB, the import and the memory."""
    pages = ["\n".join(random.Random(n).choices(sentences, k=40)) for n in range(300)]
    start = time.process_time()
    for page in pages:
        repair(page)
    spent = time.process_time() - start
    size = sum(len(page.encode()) for page in pages) / 1e6
    print(f"clean pages: {size / spent:.1f} MB/s CPU (target 8)")
    normal = [normalize(page) for page in pages]
    line = "".join(normal).replace("\n", "")[:LONG_LINE]
    print(f"normal pages through normalize: {_rate(normal):.1f} MB/s CPU (target 20)")
    print(f"the same as one line of {len(line)} characters: {_rate([normalize(line)]):.1f} MB/s CPU")
    took = subprocess.run([sys.executable, "-c", _IMPORT], capture_output=True, text=True, check=True).stdout
    print(f"import of cleaners: {float(took):.2f} s (target 0.3)")
    print(
        f"memory of this process at its peak: {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss >> 10} MB"
    )
    _memory()
    data = Path(sys.modules["cleaners"].__path__[0]) / "data"
    print(f"data on disk: {sum(p.stat().st_size for p in data.iterdir()) / 1e6:.1f} MB (target 10)")


def _rate(texts: list[str]) -> float:
    """Return the megabytes that ``normalize`` passes in a second, the median of several times."""
    size = sum(len(text.encode()) for text in texts) / 1e6
    rates = []
    for _ in range(7):
        start = time.process_time()
        for text in texts:
            normalize(text)
        rates.append(size / (time.process_time() - start))
    return statistics.median(rates)


_GROWTH = """
import cleaners, json
from pathlib import Path
from tests.bench.damage import FAMILIES, sample, varied

def status(key):
    return int(Path("/proc/self/status").read_text().split(key)[1].split()[0]) / 1024

sentences = varied(SEED, 600)
pairs = [p for _, d in FAMILIES.values() for p in sample(sentences, SEED, 10, d)]
imported = status("VmRSS:")
cleaners.repair("这是一段正常文字。")
before = status("VmRSS:")
for _, seen in pairs:
    cleaners.repair(seen)
after, peak = status("VmRSS:"), status("VmHWM:")
print(json.dumps([after - before, peak - before, after - imported]))
"""


def _memory() -> None:
    """Print what a process holds more after it has met every family, where the system tells."""
    if not Path("/proc/self/status").exists():
        return
    code = _GROWTH.replace("SEED", str(SEED))
    out = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout
    settled, peak, code_too = json.loads(out)
    print(
        f"memory of language data after all families, caches filled: {settled:.0f} MB (target 80), "
        f"at the peak {peak:.0f} MB; with the code of the cleaners {code_too:.0f} MB"
    )


def main() -> int:
    """Run the benchmark; return 1 if good text was changed."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", nargs="?", type=Path)
    parser.add_argument("--count", type=int, default=30)
    options = parser.parse_args()
    texts = texts_of(options.folder)
    sentences = varied(SEED, 600) + sentences_of(texts)
    families(sentences, options.count)
    print("\nannotations and slips (targets: lines exact 90 %, error 0.3 %, 0 left, long page 1 s)")
    slips.run(options.folder)
    print()
    bad = negatives(texts)
    speed(varied(SEED, 600))
    return 1 if bad else 0


if __name__ == "__main__":
    sys.exit(main())
