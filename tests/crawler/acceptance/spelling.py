"""How publishers spell a time, and how they spell Chinese."""

from __future__ import annotations

from datetime import UTC, datetime
from email.utils import format_datetime
from functools import cache

import opencc

_DIGITS = "〇一二三四五六七八九"
_WEEK = "一二三四五六日"
_RARE = {"裏": "裡", "着": "著", "爲": "為", "–": "-", "©": "c"}
"""What the converter writes and Big5 does not have."""


def _written(number: int) -> str:
    tens, ones = divmod(number, 10)
    return ("" if tens == 0 else "十" if tens == 1 else _DIGITS[tens] + "十") + (
        _DIGITS[ones] if ones else ""
    )


def _half_day(when: datetime) -> str:
    part = "上午" if when.hour < 12 else "下午" if when.hour < 18 else "晚上"
    return f"{part}{when.hour if when.hour <= 12 else when.hour - 12}:{when:%M}"


FORMS = {
    "han": lambda t: f"{t.year}年{t.month}月{t.day}日 {t:%H:%M}",
    "han0": lambda t: f"{t:%Y年%m月%d日 %H:%M:%S}",
    "han_hours": lambda t: f"{t:%Y年%m月%d日%H时%M分}",
    "tight": lambda t: f"{t:%Y年%m月%d日%H:%M}",
    "dash": lambda t: f"{t:%Y-%m-%d %H:%M}",
    "seconds": lambda t: f"{t:%Y-%m-%d %H:%M:%S}",
    "slash": lambda t: f"{t:%Y/%m/%d %H:%M}",
    "short_slash": lambda t: f"{t.year}/{t.month}/{t.day} {t:%H:%M}",
    "dot": lambda t: f"{t:%Y.%m.%d %H:%M}",
    "weekday": lambda t: f"{t.year}年{t.month}月{t.day}日 星期{_WEEK[t.weekday()]} {t:%H:%M}",
    "half_day": lambda t: f"{t.year}年{t.month}月{t.day}日 {_half_day(t)}",
    "wide": lambda t: f"{t:%Y-%m-%d}　{t:%H：%M}",
    "iso": lambda t: t.isoformat(timespec="seconds"),
    "iso_utc": lambda t: f"{t.astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}",
    "mail": lambda t: format_datetime(t.astimezone(UTC), usegmt=True),
    "english": lambda t: (
        f"{t.astimezone(UTC):%B} {t.astimezone(UTC).day}, {t.astimezone(UTC):%Y %I:%M %p} UTC"
    ),
    "english_day_first": lambda t: f"{t.astimezone(UTC).day} {t.astimezone(UTC):%b %Y %H:%M} GMT",
    "day_han": lambda t: f"{t.year}年{t.month}月{t.day}日",
    "day_dash": lambda t: f"{t:%Y-%m-%d}",
    "day_written": lambda t: (
        "".join(_DIGITS[int(d)] for d in str(t.year)) + f"年{_written(t.month)}月{_written(t.day)}日"
    ),
    "day_minguo": lambda t: f"民國{t.year - 1911}年{t.month}月{t.day}日",
}
"""By name; those that begin with ``day`` tell the day alone."""


def spell(when: datetime, form: str) -> str:
    """``when`` as a page shows it."""
    return FORMS[form](when)


@cache
def _traditional() -> opencc.OpenCC:
    return opencc.OpenCC("s2t")


@cache
def traditional(text: str) -> str:
    """``text`` in traditional characters that Big5 has."""
    return "".join(c if _fits(c) else _RARE.get(c, c) for c in _traditional().convert(text))


def _fits(char: str) -> bool:
    try:
        char.encode("big5")
    except UnicodeEncodeError:
        return False
    return True
