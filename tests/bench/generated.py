"""Generated articles for the benchmarks: reproducible, with words and lengths as news has them.

Characters are drawn with the skew of running Chinese (a few, such as 的, are in every article, most
are rare), so that the index gets postings of realistic lengths.
"""

from __future__ import annotations

import random
from collections.abc import Iterator
from datetime import datetime, timedelta, timezone

from cleaners.model import Article, Block, Meta, Note, Page, Precision

CHINA = timezone(timedelta(hours=8))
COMMON = "的一是在不了有和人这中大为上个国我以要他时来用们生到作地于出就分对成会可主发年动"
WORDS = (
    "大模型",
    "融资",
    "新能源",
    "汽车",
    "芯片",
    "股份",
    "北京",
    "上海",
    "人工智能",
    "董事长",
    "投资",
    "公司",
)
TOPIC = 0.02
"""Share of the articles that speak of a word."""

RARE = [chr(code) for code in range(0x4E00, 0x4E00 + 4000)]


def articles(count: int, chars: int = 1100, seed: int = 7) -> Iterator[tuple[Page, Article]]:
    """Give `count` pages with what cleaning gave for them; about `chars` characters of text each."""
    chance = random.Random(seed)
    weights = [1 / (rank + 5) for rank in range(len(RARE))]
    cumulative = [0.0]
    for weight in weights:
        cumulative.append(cumulative[-1] + weight)
    for number in range(count):
        topics = [word for word in WORDS if chance.random() < TOPIC]
        blocks = tuple(_blocks(chance, cumulative[1:], topics, chars))
        moment = datetime(2020, 1, 1, tzinfo=CHINA) + timedelta(minutes=37 * number)
        title = blocks[1].raw[:20]
        url = f"https://news{number % 40}.example.org/{number // 1000}/{number}.html"
        meta = Meta(title=title, authors=("记者",), published_at=moment, published_precision=Precision.MINUTE)
        body = f"<html><title>{title}</title>{''.join(b.raw for b in blocks)}{number}</html>".encode()
        yield Page(url, body, origin=url), Article(url, meta, blocks, "utf-8", "bench-1")


def _blocks(chance: random.Random, cumulative: list[float], topics: list[str], chars: int) -> Iterator[Block]:
    for text in ("首页 > 新闻", "分享到微信"):
        yield Block(text, "li", dropped=Note("extract", "extract.outside@1", text, ""))
        length = 0
        paragraphs = 0
        while text.startswith("首页") and length < chars:
            raw = _paragraph(chance, cumulative, topics, chance.randint(40, 160))
            length += len(raw)
            paragraphs += 1
            at = raw.find(",")
            notes = (Note("normalize/punctuation", "punctuation.widen@1", ",", "，", at),) if at >= 0 else ()
            yield Block(raw, "p", notes=notes)


def _paragraph(chance: random.Random, cumulative: list[float], topics: list[str], chars: int) -> str:
    parts = chance.choices(RARE, cum_weights=cumulative, k=chars * 2 // 3)
    parts += chance.choices(COMMON, k=chars // 4)
    parts += [chance.choice(topics) for _ in range(chars // 60) if topics]
    chance.shuffle(parts)
    parts.insert(len(parts) // 2, chance.choice(",，"))
    return "".join(parts) + "。"
