"""Runs crawls over the town and holds what was stored, and what the hosts saw, against the truth."""

from __future__ import annotations

import json
import sqlite3
import subprocess
import time
from collections import Counter, defaultdict
from collections.abc import Sequence
from contextlib import closing
from dataclasses import dataclass, field
from datetime import datetime
from itertools import pairwise
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from cleaners import normalize
from tests.crawler.acceptance.publisher import Publisher
from tests.crawler.acceptance.stories import Story
from tests.crawler.acceptance.town import NETWORK, Town
from tests.crawler.crawling import command, environment
from tests.crawler.process_tree import watched

Key = tuple[str, int]
MIB = 1 << 20
CONCURRENCY = 4
ON_THE_WAY = 0.5
"""Seconds until a busy client has read an answer."""


@dataclass(frozen=True)
class Crawl:
    """One run of the program; ``peak`` in bytes over all its processes."""

    code: int
    seconds: float
    peak: int
    report: Any
    said: str


def arguments(town: Town, store: Path, *more: str) -> list[str]:
    return [
        *("crawl", *town.urls, "--store", str(store), "--json", "--allow-network", NETWORK),
        *("--delay", "0", "--concurrency", str(CONCURRENCY), *more),
    ]


def crawl(town: Town, store: Path, *more: str, limit: float = 900) -> Crawl:
    """Crawl all publishers, with no source file; killed after ``limit`` seconds (code -9)."""
    began = time.monotonic()
    process = subprocess.Popen(
        command(*arguments(town, store, *more)),
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        env=environment(),
        start_new_session=True,
    )
    with watched(process) as memory:
        try:
            out, err = process.communicate(timeout=limit)
        except subprocess.TimeoutExpired:
            process.kill()
            out, err = process.communicate()
    report = json.loads(out) if out.strip() else {}
    return Crawl(process.returncode, time.monotonic() - began, memory.peak, report, err)


@dataclass
class Score:
    """Counts over the stored rows; lists name what is wrong, for people."""

    real: int = 0
    rows: int = 0
    lost: list[Key] = field(default_factory=list)
    damaged: list[Key] = field(default_factory=list)
    strange: list[str] = field(default_factory=list)
    twins: list[Key] = field(default_factory=list)
    titles: list[tuple[Key, str, str]] = field(default_factory=list)
    days: list[tuple[Key, str, str]] = field(default_factory=list)
    minutes: list[tuple[Key, str, str]] = field(default_factory=list)
    timed: int = 0
    foreign: int = 0
    garbled: list[Key] = field(default_factory=list)

    def share(self, wrong: Sequence[object], of: int | None = None) -> float:
        """Per cent that is right."""
        whole = self.rows if of is None else of
        return 100.0 * (1 - len(wrong) / whole) if whole else 0.0


def rows(store: Path, query: str) -> list[dict[str, Any]]:
    with closing(sqlite3.connect(f"file:{store}?mode=ro", uri=True)) as connection:
        connection.row_factory = sqlite3.Row
        return [dict(row) for row in connection.execute(query)]


def score(town: Town, store: Path) -> Score:
    """Hold all articles of the store against the stories."""
    real, found = town.real, defaultdict(list)
    result = Score(real=len(real))
    for row in rows(store, "select origin, title, published_at, text from articles"):
        result.rows += 1
        key = town.story_at(row["origin"])
        if key is None or key not in real:
            result.strange.append(row["origin"])
        else:
            found[key].append(row)
    foreign = {one.name for one in (town.office, town.island, town.evening)}
    for key, story in real.items():
        if not found[key]:
            result.lost.append(key)
            continue
        result.twins += [key] * (len(found[key]) - 1)
        _judge(result, key, story, found[key][0])
        result.foreign += key[0] in foreign
    result.garbled = [key for key in result.damaged if key[0] in foreign]
    return result


def _judge(result: Score, key: Key, story: Story, row: dict[str, Any]) -> None:
    if not whole(story, row["text"]):
        result.damaged.append(key)
    if row["title"] != normalize(story.title):
        result.titles.append((key, story.title, row["title"]))
    stated = datetime.fromisoformat(row["published_at"]) if row["published_at"] else None
    day = stated and stated.astimezone(story.when.tzinfo).date()
    if day != story.when.date():
        result.days.append((key, f"{story.when}", str(stated)))
    if story.shown == "minute":
        result.timed += 1
        if stated is None or abs((stated - story.when).total_seconds()) >= 60:
            result.minutes.append((key, f"{story.when}", str(stated)))


def whole(story: Story, text: str) -> bool:
    """Whether all paragraphs of a story are in ``text``, in order."""
    at = 0
    for paragraph in story.paragraphs:
        at = text.find(normalize(paragraph), at)
        if at < 0:
            return False
    return True


@dataclass
class Manners:
    """What the hosts saw; seconds."""

    forbidden: list[str] = field(default_factory=list)
    least_gap: float = 0.0
    early: list[str] = field(default_factory=list)
    stall: float = 0.0
    most_asked: int = 0


def manners(town: Town) -> Manners:
    """Judge politeness from the log of the hosts."""
    seen = Manners()
    for one in town.publishers:
        seen.forbidden += [a.path for a in town.of(one) if _forbidden(town, one, a.path)]
    starts = [a.at for a in town.of(town.office)]
    gaps = [later - earlier for earlier, later in pairwise(starts[1:])]
    seen.least_gap = min(gaps, default=town.office.delay)
    asked = town.of(town.busy)
    for refused in (a for a in asked if a.status in (429, 503)):
        soon = [a for a in asked if refused.done < a.at < refused.done + town.busy.pause]
        # What was on its way when the answer came can not be called back.
        answered = [a for a in soon if a.at > refused.done + ON_THE_WAY][CONCURRENCY - 1 :]
        seen.early += [a.path for a in soon if a.path == refused.path or a in answered]
    if town.swamp is not None:
        seen.stall = largest_gap(town, town.swamp)
    counts = Counter((a.host, a.path) for a in town.hosts.asked)
    seen.most_asked = max(counts.values(), default=0)
    return seen


def _forbidden(town: Town, one: Publisher, path: str) -> bool:
    if one is town.closed:
        return path != "/robots.txt"
    place = urlsplit(path).path
    return place.startswith(("/inner/", "/wp-admin/")) or (one is town.office and "?export=" in path)


def largest_gap(town: Town, publisher: Publisher) -> float:
    """The longest time without a request while stories of the publisher were still to be asked for."""
    asked = town.of(publisher)
    stories = [a.at for a in asked if publisher.which(a.path) is not None]
    starts = [a.at for a in asked if stories and a.at <= max(stories)]
    return max((b - a for a, b in pairwise(starts)), default=0.0)
