"""Make ``cleaners/data/encoding_model.json``: how common characters are in real text.

Run it by hand when a source changes: ``python tests/bench/encoding_model.py OUT.json`` in an
environment that also has jieba, Django, wagtail and Faker. The sources and their licences are named
in ``cleaners/data/README.md``. Costs are -log2 of a probability, in half bits, so that an
addition of costs compares how well two readings explain the same bytes.
"""

from __future__ import annotations

import gettext
import json
import math
import re
import sys
from collections import Counter
from collections.abc import Iterable
from itertools import pairwise
from pathlib import Path

import django
import faker
import jieba
import wagtail
from opencc import OpenCC

# Marks are not in a dictionary of words: shares of all characters in edited news text.
MARKS = {
    "，": 0.055, "。": 0.028, "、": 0.013, "“": 0.006, "”": 0.006, "：": 0.004, "；": 0.002, "？": 0.002,
    "！": 0.002, "（": 0.003, "）": 0.003, "《": 0.002, "》": 0.002, "—": 0.002, "…": 0.001, "·": 0.0008,
    "　": 0.008, "「": 0.0008, "」": 0.0008, "『": 0.0002, "』": 0.0002, "【": 0.0006, "】": 0.0006,
    "‘": 0.0003, "’": 0.0003, "％": 0.0003, "～": 0.0003, "\xa0": 0.001, "－": 0.0003, "℃": 0.0001,
    "．": 0.0002, "•": 0.0002, "〈": 0.0002, "〉": 0.0002, "｜": 0.0002, "×": 0.0001, "─": 0.0001,
    "①": 0.0001, "②": 0.0001, "③": 0.0001, "→": 0.0001, "■": 0.0002, "●": 0.0002, "▲": 0.0001, "◆": 0.0001,
    "★": 0.0001, "※": 0.0001, "©": 0.0002, "®": 0.0001, "°": 0.0001, "–": 0.0001, "〔": 0.00005,
    "〕": 0.00005,
}  # fmt: skip
FORMS = {chr(c): 0.00015 for c in (*range(0xFF10, 0xFF1A), *range(0xFF21, 0xFF3B), *range(0xFF41, 0xFF5B))}
HANT_MARKS = {"「": 0.006, "」": 0.006, "“": 0.0008, "”": 0.0008, "．": 0.0006, "﹐": 0.0002, "﹔": 0.0001}
CANTONESE = "嘅咗哋啲佢唔喺嚟嗰冇噉咁啱乜嘢睇攞咩啦喎囉咪嘥噏揾搵嗌瞓嬲靚嚿嗮晒"
KO_MARKS = {"·": 0.002, "“": 0.002, "”": 0.002, "‘": 0.002, "’": 0.002, "…": 0.001, "▲": 0.0005, "△": 0.0003}
JA_MARKS = {
    "。": 0.03,
    "、": 0.035,
    "「": 0.008,
    "」": 0.008,
    "・": 0.005,
    "（": 0.004,
    "）": 0.004,
    "　": 0.006,
}

LANGUAGES = (
    "fr", "de", "es", "pt", "it", "nl", "sv", "da", "nb", "fi", "is", "ca", "en",
    "cs", "sk", "pl", "hu", "ro", "hr", "sl", "lt", "lv", "et", "tr",
    "ru", "uk", "be", "bg", "mk", "sr", "el", "he", "ar", "fa", "th",
)  # fmt: skip
# Marks above ASCII that stand in any text of an alphabet, per character.
LETTER_MARKS = {
    "’": 0.006, "“": 0.002, "”": 0.002, "–": 0.003, "—": 0.002, "…": 0.001, "«": 0.002, "»": 0.002,
    "\xa0": 0.004, "„": 0.001, "‘": 0.001, "•": 0.001, "©": 0.0008, "®": 0.0003, "°": 0.0004, "·": 0.0006,
    "€": 0.0008, "£": 0.002, "§": 0.0002, "№": 0.0002, "™": 0.0002, "½": 0.0001, "¿": 0.0001, "¡": 0.0001,
}  # fmt: skip
USUAL_SHARE = 0.06
CONTEXT = 12
TEMPLATE = re.compile(r"%\([^)]*\)[a-z]|%[a-z]|\{[^}]*\}|<[^>]*>|&[a-z]+;")


def translations(language: str) -> Iterable[str]:
    """Yield the sentences of the Django and wagtail catalogues in one language."""
    for package in (django, wagtail):
        home = Path(package.__file__).parent
        for name in (language, {"zh-Hans": "zh_Hans", "he": "he"}.get(language, language)):
            for path in sorted(home.rglob(f"locale/{name}/LC_MESSAGES/*.mo")):
                with path.open("rb") as file:
                    catalogue = gettext.GNUTranslations(file)
                for key, value in catalogue._catalog.items():
                    if key and isinstance(value, str):
                        yield TEMPLATE.sub(" ", value)
            if name == language:
                continue


def names_and_words(locale: str) -> Iterable[str]:
    """Yield words, names and places that Faker knows in one locale."""
    for path in sorted(Path(faker.__file__).parent.rglob(f"providers/*/{locale}/__init__.py")):
        source = path.read_text("utf-8")
        yield from re.findall(r'"([^"\n]*[^\x00-\x7f][^"\n]*)"', source)


def normal(counts: Counter[str]) -> dict[str, float]:
    total = sum(counts.values())
    return {c: n / total for c, n in counts.items()}


def mix(*parts: tuple[float, dict[str, float]]) -> dict[str, float]:
    out: Counter[str] = Counter()
    for weight, part in parts:
        for c, p in part.items():
            out[c] += weight * p
    return dict(out)


def flat(encoding: str, rows: range, cells: range) -> dict[str, float]:
    """Give every character in a block of a double-byte set the same probability."""
    found = [bytes((r, c)).decode(encoding, "ignore") for r in rows for c in cells]
    found = [c for c in found if len(c) == 1 and c > "\x7f"]
    return {c: 1 / len(found) for c in found}


def with_marks(words: dict[str, float], marks: dict[str, float]) -> dict[str, float]:
    marks = {**MARKS, **FORMS, **marks}
    share = sum(marks.values())
    return mix((1, marks), (1 - share, words))


def chinese() -> tuple[dict[str, float], dict[str, float]]:
    hans: Counter[str] = Counter()
    hant: Counter[str] = Counter()
    convert = OpenCC("s2t")
    taiwan = OpenCC("s2tw")
    path = Path(jieba.__file__).parent / "dict.txt"
    for line in path.read_text("utf-8").splitlines():
        word, count, *_ = line.split(" ")
        for c in word:
            if c > "\x7f":
                hans[c] += int(count)
        for table in (convert, taiwan):
            for c in table.convert(word):
                if c > "\x7f":
                    hant[c] += int(count)
    level = range(0xA1, 0xFF)
    trail = [*range(0x40, 0x7F), *range(0xA1, 0xFF)]
    simple = mix(
        (0.985, normal(hans)),
        (0.01, flat("gb2312", range(0xB0, 0xD8), level)),
        (0.005, flat("gb2312", range(0xD8, 0xF8), level)),
    )
    rare = {c: 1.0 / len(CANTONESE) for c in CANTONESE}
    complex_ = mix(
        (0.98, normal(hant)),
        (0.005, rare),
        (0.01, flat("big5", range(0xA4, 0xC7), trail)),  # type: ignore[arg-type]
        (0.005, flat("big5", range(0xC9, 0xFA), trail)),  # type: ignore[arg-type]
    )
    return with_marks(simple, {}), with_marks(complex_, HANT_MARKS)


def letters(texts: Iterable[str]) -> Counter[str]:
    return Counter(c for text in texts for c in text if c > "\x7f")


def japanese(*chinese_models: dict[str, float]) -> dict[str, float]:
    seen = letters([*translations("ja"), *names_and_words("ja_JP")])
    borrowed = {}
    for model in chinese_models:
        for c, p in model.items():
            if "\u4e00" <= c <= "\u9fff" and len(c.encode("cp932", "ignore")) == 2:
                borrowed[c] = borrowed.get(c, 0) + p
    total = sum(borrowed.values())
    kana = {chr(c): 1 / 170 for c in (*range(0x3041, 0x3094), *range(0x30A1, 0x30F7))}
    words = mix(
        (0.84, normal(seen)),
        (0.11, {c: p / total for c, p in borrowed.items()}),
        (0.02, kana),
        (0.02, flat("cp932", range(0x88, 0x99), range(0x40, 0xFD))),
        (0.01, flat("cp932", range(0x99, 0xA0), range(0x40, 0xFD))),
    )
    return with_marks(words, JA_MARKS)


def korean() -> dict[str, float]:
    seen = letters([*translations("ko"), *names_and_words("ko_KR")])
    words = mix(
        (0.93, normal(seen)),
        (0.05, flat("euc_kr", range(0xB0, 0xC9), range(0xA1, 0xFF))),
        (0.01, flat("euc_kr", range(0xCA, 0xFE), range(0xA1, 0xFF))),
    )
    few = {c: p / 20 for c, p in MARKS.items()}
    return mix((1, few), (1, KO_MARKS), (0.97, words))


def half_bits(p: float) -> int:
    return max(2, round(-2 * math.log2(p)))


def buckets(model: dict[str, float], worst: int) -> dict[str, str]:
    out: dict[int, list[str]] = {}
    for c, p in sorted(model.items()):
        if p > 0 and (cost := half_bits(p)) <= worst:
            out.setdefault(cost, []).append(c)
    return {str(cost): "".join(out[cost]) for cost in sorted(out)}


def alphabet(language: str) -> dict[str, dict[str, str]]:
    """Count letters above ASCII, and the pairs of characters that end in one."""
    text = re.sub(r"\s+", " ", " ".join(translations(language)))
    if language == "en":
        text += " naïve café résumé façade Zoë fiancée jalapeño "
    text += " " + text.title()[: len(text) // 10] + " " + text.upper()[: len(text) // 30]
    singles: Counter[str] = Counter()
    pairs: Counter[str] = Counter()
    firsts: Counter[str] = Counter()
    for a, b in pairwise(text):
        if b > "\x7f":
            # A digit, a mark or a space before a letter says little: they share one class.
            first = a.lower()[0] if a.isalpha() or a > "\x7f" else " "
            singles[b] += 1
            pairs[first + b] += 1
            firsts[first] += 1
    total = singles.total()
    share = total / len(text)
    # How often a language of the Latin alphabet uses its accents must not favour it.
    share = USUAL_SHARE if share < 0.4 else share
    single = {c: n / total for c, n in singles.items() if n > 2 or language == "en"}
    pair = {
        p: (n + CONTEXT * single.get(p[1], 0)) / (firsts[p[0]] + CONTEXT)
        for p, n in pairs.items()
        if n > total / 2e4
    }
    marked = {c: p * share for c, p in single.items()}
    for c, p in LETTER_MARKS.items():
        marked[c] = max(p, marked.get(c, 0))
    return {
        "letters": buckets(marked, 40),
        "pairs": buckets({c: p * share for c, p in pair.items()}, 34),
    }


def main() -> None:
    hans, hant = chinese()
    model: dict[str, object] = {
        "characters": {
            "zh-Hans": buckets(hans, 37),
            "zh-Hant": buckets(hant, 37),
            "ja": buckets(japanese(hans, hant), 37),
            "ko": buckets(korean(), 37),
        },
        "alphabets": {language: alphabet(language) for language in LANGUAGES},
    }
    Path(sys.argv[1]).write_text(json.dumps(model, ensure_ascii=False, indent=0) + "\n", "utf-8")


if __name__ == "__main__":
    main()
