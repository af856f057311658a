"""Compares extraction on page sets with known answers: taosha, trafilatura, and what peers are installed.

    python -m tests.bench.extraction DIRECTORY [--limit N] [--worst N]

DIRECTORY holds one folder a set, each with ``gold.jsonl`` and ``pages/NAME.html.gz``. A line of
the gold is an object with ``page`` (the NAME), ``url``, ``text`` and, where known, ``title``,
``authors``, ``editors``, ``source``, ``date``; ``zh`` marks Chinese pages. The text score is
the F1 of multisets of four-token shingles, mean over pages; a token is one Han, kana or Hangul
character or one run of other word characters. "short" are Chinese answers under 300
characters; "unsupported" is the share of the output's characters in lines that share less than
a third of their shingles with the answer. CPU is the time of this process, in milliseconds a
page; it includes the metadata that a tool gives.
"""

from __future__ import annotations

import argparse
import gzip
import json
import re
import statistics
import time
import unicodedata
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from cleaners import Article, Page, clean
from tests.bench.peers import Tool, installed, missing

WIDE = "\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\u3040-\u30ff\uac00-\ud7af\U00020000-\U0002fa1f"
TOKEN = re.compile(f"[{WIDE}]|[^\\W{WIDE}]+")
SHINGLE = 4
SHORT = 300
FIELDS = ("title", "date", "authors", "editors", "source")
Shingles = Counter[tuple[str, ...]]
Answer = dict[str, Any]


def shingles(text: str) -> Shingles:
    """The multiset of runs of four tokens; of a shorter text, the text itself."""
    tokens = TOKEN.findall(unicodedata.normalize("NFC", text))
    if len(tokens) < SHINGLE:
        return Counter([tuple(tokens)] if tokens else [])
    return Counter(zip(*(tokens[i:] for i in range(SHINGLE)), strict=False))


def f1(found: Shingles, wanted: Shingles) -> float:
    """Agreement of two multisets, 1 for two empty ones."""
    if not found and not wanted:
        return 1.0
    shared = (found & wanted).total()
    return 2 * shared / (found.total() + wanted.total())


def unsupported(text: str, wanted: Shingles) -> tuple[int, int]:
    """Characters of ``text`` in lines that the answer does not know, and all its characters."""
    bad = 0
    for line in text.split("\n"):
        own = shingles(line)
        if own and (own & wanted).total() < own.total() / 3:
            bad += len(line)
    return bad, len(text)


def key(value: object) -> str:
    """A value as it is compared: letters and digits only."""
    return re.sub(r"[\W_]+", "", unicodedata.normalize("NFKC", str(value or ""))).lower()


def same(name: str, wanted: Any, found: Any) -> bool:
    """Does a field of the output say what the answer says?"""
    if name == "date":
        return str(wanted)[:10] == str(found or "")[:10]
    if isinstance(wanted, list):
        return {key(v) for v in wanted} == {key(v) for v in found or ()}
    return key(wanted) == key(found)


def by_taosha(body: bytes, url: str) -> Answer:
    """Our own answer, in the page's script."""
    article = clean(Page(url, body, origin=url))
    if not isinstance(article, Article):
        return {"text": ""}
    meta = article.meta
    return {
        "text": article.source_text,
        "title": meta.title,
        "authors": meta.authors,
        "editors": meta.editors,
        "source": meta.source,
        "date": meta.published_at.isoformat() if meta.published_at else None,
    }


TOOLS: dict[str, Tool] = {"taosha": by_taosha, **installed()}


@dataclass
class Row:
    """The figures of one tool on one set."""

    scores: list[float] = field(default_factory=list)
    chinese: list[float] = field(default_factory=list)
    short: list[float] = field(default_factory=list)
    seconds: list[float] = field(default_factory=list)
    bad: int = 0
    size: int = 0
    empty: int = 0
    fields: Counter[str] = field(default_factory=Counter)

    def line(self, name: str, asked: Counter[str]) -> str:
        """The row as it is printed."""

        def mean(values: list[float]) -> str:
            return f"{statistics.mean(values):.3f}" if values else "    -"

        facts = "  ".join(f"{f} {self.fields[f]}/{asked[f]}" for f in FIELDS if asked[f])
        return (
            f"  {name:22} F1 {mean(self.scores)}  Chinese {mean(self.chinese)}  short {mean(self.short)}  "
            f"empty {self.empty:3}  unsupported {self.bad / max(1, self.size):6.1%}  "
            f"CPU median {statistics.median(self.seconds) * 1e3:5.1f} "
            f"mean {statistics.mean(self.seconds) * 1e3:5.1f} ms" + (f"  {facts}" if self.fields else "")
        )


def measure(row: Row, gold: Answer, answer: Answer) -> float:
    """Add one page to a row; returns the page's text score."""
    wanted = shingles(gold["text"])
    score = f1(shingles(answer["text"]), wanted)
    row.scores.append(score)
    if gold.get("zh"):
        row.chinese.append(score)
        if 0 < len(gold["text"]) < SHORT:
            row.short.append(score)
    bad, size = unsupported(answer["text"], wanted)
    row.bad += bad
    row.size += size
    row.empty += not answer["text"].strip()
    row.fields.update(f for f in FIELDS if gold.get(f) and f in answer and same(f, gold[f], answer[f]))
    return score


def run_set(folder: Path, limit: int | None, worst: int) -> None:
    """Print the table of one set."""
    golds = [json.loads(line) for line in (folder / "gold.jsonl").read_text("utf-8").splitlines() if line][
        :limit
    ]
    asked = Counter(f for gold in golds for f in FIELDS if gold.get(f))
    rows = {name: Row() for name in TOOLS}
    ours: list[tuple[float, str]] = []
    for gold in golds:
        body = gzip.decompress((folder / "pages" / f"{gold['page']}.html.gz").read_bytes())
        for name, tool in TOOLS.items():
            start = time.process_time()
            answer = tool(body, gold["url"])
            rows[name].seconds.append(time.process_time() - start)
            score = measure(rows[name], gold, answer)
            if name == "taosha":
                ours.append((score, f"{gold['page']} {gold['url'][:80]}"))
    print(f"{folder.name}: {len(golds)} pages")
    for name, row in rows.items():
        print(row.line(name, asked))
    for score, page in sorted(ours)[:worst]:
        print(f"    {score:.3f} {page}")


def main() -> None:
    """Measure all sets of a directory."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("directory", type=Path)
    parser.add_argument("--limit", type=int)
    parser.add_argument("--worst", type=int, default=0, help="also print our N worst pages of each set")
    options = parser.parse_args()
    folders = sorted(p.parent for p in options.directory.glob("*/gold.jsonl"))
    if not folders:
        parser.error(f"no */gold.jsonl in {options.directory}")
    if absent := missing():
        print(f"Not installed, so not compared: {', '.join(absent)} (magic-html is not in the package index)")
    for folder in folders:
        run_set(folder, options.limit, options.worst)


if __name__ == "__main__":
    main()
