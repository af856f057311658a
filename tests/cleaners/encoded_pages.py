"""Makes pages and snippets in many encodings, with right, wrong and missing labels; seeded."""

from __future__ import annotations

import random
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass

from tests.cases import FIXTURES

SENTENCES: dict[str, list[str]] = tomllib.loads(
    (FIXTURES / "cases" / "decoding" / "sentences.toml").read_text(encoding="utf-8")
)
# Name of a set, the sentences that it draws from, the codec that writes it, the label that says so.
SETS = (
    ("gb2312", ("zh-Hans",), "gb2312", "gb2312"),
    ("gbk", ("zh-Hans", "zh-Hant"), "gbk", "gbk"),
    ("gb18030", ("zh-Hans", "rare"), "gb18030", "gb18030"),
    ("big5", ("zh-Hant",), "big5", "big5"),
    ("big5-hkscs", ("zh-Hant", "yue"), "big5hkscs", "big5-hkscs"),
    ("utf-8", ("zh-Hans", "zh-Hant", "rare"), "utf-8", "utf-8"),
    ("utf-8-sig", ("zh-Hans", "zh-Hant"), "utf-8-sig", "utf-8"),
    ("utf-16 with mark", ("zh-Hans", "zh-Hant"), "utf-16", "utf-16"),
    ("utf-16le", ("zh-Hans", "zh-Hant"), "utf-16-le", "utf-16le"),
    ("utf-16be", ("zh-Hans", "zh-Hant"), "utf-16-be", "utf-16be"),
    ("shift_jis", ("ja",), "cp932", "shift_jis"),
    ("euc-jp", ("ja",), "euc_jp", "euc-jp"),
    ("euc-kr", ("ko",), "euc_kr", "euc-kr"),
    ("windows-1251", ("ru", "uk"), "cp1251", "windows-1251"),
    ("koi8-r", ("ru",), "koi8-r", "koi8-r"),
    ("windows-1252", ("fr", "de", "es", "en"), "cp1252", "windows-1252"),
    ("windows-1250", ("cs", "pl"), "cp1250", "windows-1250"),
    ("windows-1253", ("el",), "cp1253", "windows-1253"),
    ("windows-1254", ("tr",), "cp1254", "windows-1254"),
    ("windows-874", ("th",), "cp874", "windows-874"),
    ("windows-1255", ("he",), "cp1255", "windows-1255"),
    ("windows-1256", ("ar",), "cp1256", "windows-1256"),
)
CHINESE = tuple(name for name, *_ in SETS[:10])
LABELS = ("right", "wrong", "none")


@dataclass(frozen=True)
class Encoded:
    """Bytes, the text that they stand for, and what is said about them."""

    family: str
    label: str
    body: bytes
    text: str
    content_type: str | None = None


def encodable(languages: tuple[str, ...], codec: str) -> list[str]:
    sentences = [s for language in languages for s in SENTENCES[language]]
    return [s for s in sentences if s.encode(codec, "ignore").decode(codec) == s]


def article(rng: random.Random, sentences: list[str], length: int) -> str:
    """Draw sentences, separated as paragraphs at times, until there are ``length`` characters."""
    out = ""
    while len(out) < length:
        out += rng.choice(sentences) + rng.choice(("", "", " ", "</p>\n<p>"))
    return f"<p>{out}</p>"


def wrong_label(rng: random.Random, right: str) -> str:
    known = ("gb2312", "big5", "utf-8", "iso-8859-1", "shift_jis", "euc-kr", "windows-1251")
    return rng.choice([label for label in known if label != right])


def pages(rng: random.Random, count: int, length: int = 60) -> Iterator[Encoded]:
    """Yield ``count`` pages for each set and kind of label, with at least ``length`` characters of text."""
    for family, languages, codec, right in SETS:
        sentences = encodable(languages, codec)
        for label in LABELS:
            for _ in range(count):
                named = {"right": right, "wrong": wrong_label(rng, right), "none": None}[label]
                meta = f'<meta charset="{named}">' if named and rng.random() < 0.7 else ""
                header = f"text/html; charset={named}" if named and (not meta or rng.random() < 0.5) else None
                script = "var ready = function (x) { return x * 2; };\n" * rng.choice((0, 3, 400))
                text = (
                    f"<html><head>{meta}<script>{script}</script></head>"
                    f"<body>{article(rng, sentences, length)}</body></html>"
                )
                yield Encoded(family, label, text.encode(codec), text, header)


def snippets(rng: random.Random, count: int, length: int = 12) -> Iterator[Encoded]:
    """Yield ``count`` bare pieces of Chinese text for each Chinese set."""
    for family, languages, codec, _ in SETS:
        if family not in CHINESE:
            continue
        sentences = encodable(languages, codec)
        joined = "".join(rng.sample(sentences, len(sentences)))
        for _ in range(count):
            start = rng.randrange(len(joined) - length)
            text = joined[start : start + length]
            yield Encoded(family, "none", text.encode(codec), text)
