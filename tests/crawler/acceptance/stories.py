"""What the publishers of the acceptance site have written: the truth that a crawl is held against."""

from __future__ import annotations

import random
import re
import tomllib
from dataclasses import dataclass, replace
from datetime import datetime, timedelta, timezone
from pathlib import Path

CHINA = timezone(timedelta(hours=8))
NEWEST = datetime(2026, 3, 20, 21, 47, tzinfo=CHINA)
_WORDS = tomllib.loads(Path(__file__).with_name("words.toml").read_text("utf-8"))
_SLOT = re.compile(r"\{(\w+)\}")


@dataclass(frozen=True)
class Story:
    """One article. ``shown`` is ``minute`` or ``day``: how exactly its page tells ``when`` (aware)."""

    number: int
    title: str
    paragraphs: tuple[str, ...]
    when: datetime
    author: str
    section: int
    shown: str = "minute"
    edited: datetime | None = None

    @property
    def changed(self) -> datetime:
        return self.edited or self.when


def write(number: int, seed: int, *, english: bool = False) -> Story:
    """Story ``number`` of the publisher with ``seed``; the higher the number, the older."""
    chance = random.Random(seed * 100_003 + number)
    texts, code = _WORDS["texts"], str(seed * 10_000 + number + 1)
    kind = "english_" if english else ""

    def fill(pattern: str) -> str:
        return _SLOT.sub(lambda slot: _word(slot[1], code, chance), pattern)

    count = chance.choice((3, 4, 5, 6, 8))
    openings = texts["english_sentences"] if english else texts["openings"]
    paragraphs = [fill(chance.choice(openings))]
    for _ in range(count):
        chosen = chance.sample(texts[f"{kind}sentences"], chance.choice((2, 3, 4)))
        paragraphs.append((" " if english else "").join(map(fill, chosen)))
    if english:
        paragraphs[0] += f" The file is kept under number {code}."
    return Story(
        number,
        fill(chance.choice(texts[f"{kind}titles"])),
        tuple(paragraphs),
        NEWEST - timedelta(minutes=number * 97 + chance.randrange(60)),
        chance.choice(_WORDS["slots"]["person"]) if not english else "Mary Holt",
        number % 4,
    )


def edit(story: Story, when: datetime) -> Story:
    """The same story, with a paragraph that says otherwise."""
    said = "Correction: the figure for this year is now given as 731 units by the authority."
    if not story.title.isascii():
        said = f"编辑部更正：本报{when:%m月%d日}收到来函，文中的工程总长应为七百三十一米，特此说明。"
    return replace(story, paragraphs=(*story.paragraphs[:-1], said, story.paragraphs[-1]), edited=when)


def _word(slot: str, code: str, chance: random.Random) -> str:
    if slot == "code":
        return code
    return str(chance.randint(2, 97)) if slot == "n" else chance.choice(_WORDS["slots"][slot])
