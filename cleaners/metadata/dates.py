"""Times as news pages print them, Chinese ones first: our own small tables, nothing guessed.

``stamps`` finds every time in a text; ``best`` reads one value. Naive times stay naive
here: the caller knows the zone.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta, timezone
from functools import lru_cache
from importlib.resources import files

from cleaners.model import Precision

__all__ = ["Stamp", "best", "is_ago", "stamps", "yearless"]


@dataclass(frozen=True, slots=True)
class Stamp:
    """A time as printed. ``when`` is aware only if the text states an offset."""

    when: datetime
    precision: Precision
    raw: str
    start: int
    end: int
    relative: bool = False


_ZONES: dict[str, int] = tomllib.loads((files("cleaners") / "data" / "meta_zones.toml").read_text("utf-8"))
_ZONE_NAMES = "|".join(re.escape(name) for name in sorted(_ZONES, key=len, reverse=True))
_TIME = (
    r"(?:[\sT,]*(?:(?:星期|周|礼拜)[一二三四五六日天]|\((?:星期|周)?[一二三四五六日天]\))?[\sT,]*"
    r"(?P<half>上午|下午|晚上|晚间|中午|凌晨|早上|清晨|傍晚|[ap]\.?m\.?)?\s*"
    r"(?P<hour>[01]?\d|2[0-4])\s?[:时点h]\s?(?P<minute>[0-5]\d)(?:\s?[:分]\s?(?P<second>[0-5]\d)(?:[.,]\d{1,9})?)?\s?秒?"
    r"\s?(?P<post>[ap]\.?m\b\.?)?"
    r"\s*\(?(?P<zone>(?:(?:utc|gmt)\s?)?[+\-](?:0\d|1[0-4]):?[0-5]\d|(?:utc|gmt)\s?[+\-]1?\d(?!\d)"
    rf"|(?:{_ZONE_NAMES})(?![a-z]))?)?"
)
_MONTHS: dict[str, int] = {}
for _language in tomllib.loads((files("cleaners") / "data" / "meta_months.toml").read_text("utf-8")).values():
    for _number, _words in enumerate(_language, 1):
        for _word in _words.split():
            _MONTHS.setdefault(_word, _number)
_NAMES = "|".join(sorted(_MONTHS, key=len, reverse=True))
FULL = re.compile(
    r"(?<![\d.\-/])(?P<year>(?:19|20)\d\d)\s?(?P<sep>[-/.年])\s?(?P<month>1[0-2]|0?[1-9])"
    r"(?:\s?[-/.月]\s?(?P<day>3[01]|[12]\d|0?[1-9])(?!\d)\s?[日号]?" + _TIME + r")?",
    re.IGNORECASE,
)
COMPACT = re.compile(
    r"(?<!\d)(?P<year>20\d\d)(?P<month>0[1-9]|1[0-2])(?P<day>0[1-9]|[12]\d|3[01])(?:[t_]?(?P<hour>[01]\d|2[0-3])(?P<minute>[0-5]\d)(?P<second>[0-5]\d)?)?(?!\d)",
    re.IGNORECASE,
)
NAMED = re.compile(
    rf"\b(?:(?P<month>{_NAMES})\.?\s+(?P<day>\d{{1,2}})(?:st|nd|rd|th)?,?\s+(?P<year>(?:19|20)\d\d)"
    rf"|(?P<day2>\d{{1,2}})(?:st|nd|rd|th|\.|º)?\s+(?:de\s+)?(?P<month2>{_NAMES})\.?,?\s+(?:de\s+)?(?P<year2>(?:19|20)\d\d))"
    + r"(?:\s+at)?"
    + _TIME,
    re.IGNORECASE,
)
MONTH_OPENS = re.compile(f"[{re.escape(''.join(sorted({name[0] for name in _MONTHS})))}]", re.IGNORECASE)
"""What the name of a month begins with; quick to look for, and text without letters has none."""
SHORT = re.compile(
    r"(?<![\d.\-/年])(?P<month>1[0-2]|0?[1-9])(?:月(?P<day>3[01]|[12]\d|0?[1-9])[日号]|[-/](?P<day2>3[01]|[12]\d|0?[1-9])(?=\s+\d{1,2}:\d\d))"
    + _TIME,
    re.IGNORECASE,
)
AGO = re.compile(r"(?P<count>\d{1,3})\s?(?P<unit>秒|分钟|小时|个小时|天)(?:之)?前|(?P<now>刚刚)")
DAYS = re.compile(r"(?P<word>今天|昨天|前天|今日|昨日)" + _TIME, re.IGNORECASE)
EPOCH = re.compile(r"^\s*(?P<epoch>1[0-9]{9})(?:\d{3})?\s*$")
_ANY = datetime(2000, 6, 1, tzinfo=UTC)
BACK = {"今天": 0, "今日": 0, "昨天": 1, "昨日": 1, "前天": 2}
STEP = {"秒": "seconds", "分钟": "minutes", "小时": "hours", "个小时": "hours", "天": "days"}


TELLS = re.compile(r"\d|刚刚|[今昨前][天日]|[〇○零一二三四五六七八九]{4}年")
# Years of the Republic (Taiwan): the first was 1912
MINGUO = re.compile(
    r"民国\s?(?P<year>[1-9]\d{1,2})\s?年\s?(?P<month>1[0-2]|0?[1-9])\s?月\s?(?P<day>3[01]|[12]\d|0?[1-9])\s?日"
    + _TIME,
    re.IGNORECASE,
)
_OFFSET = re.compile(r"[+\-](\d{1,2}):?(\d\d)?")
BEFORE_MINGUO = 1911
WRITTEN = re.compile(
    r"(?P<year>[一二][〇○零一二三四五六七八九]{3})年(?P<month>十?[一二]|[三四五六七八九十])月"
    r"(?P<day>三十一?|二?十[一二三四五六七八九]?|[一二三四五六七八九])日" + _TIME,
    re.IGNORECASE,
)
NUMERALS = {**dict(zip("〇一二三四五六七八九", range(10), strict=True)), "○": 0, "零": 0}
# Day first, as dots always mean; slashes do so only where the second number is no month
DOTTED = re.compile(
    r"(?<![\d.])(?P<day>3[01]|[12]\d|0?[1-9])\.\s?(?P<month>1[0-2]|0?[1-9])\.\s?(?P<year>(?:19|20)\d\d)(?!\d)"
    + _TIME,
    re.IGNORECASE,
)
# 25.04.24 | 06:19 with two digits for the year, the day first
TERSE = re.compile(
    r"(?<![\d.])(?P<day>3[01]|[12]\d|0?[1-9])\.\s?(?P<month>1[0-2]|0?[1-9])\.\s?(?P<year>[012]\d)(?=[\s|,]{1,4}\d{1,2}:\d\d)[\s|,]*"
    + _TIME,
    re.IGNORECASE,
)
BRIEF = re.compile(
    r"(?<![\d.\-/])(?P<year>[012]\d)-(?P<month>1[0-2]|0[1-9])-(?P<day>3[01]|[12]\d|0[1-9])(?=\s+\d{1,2}:\d\d)"
    + _TIME,
    re.IGNORECASE,
)


def _clock(match: re.Match[str]) -> tuple[int, int, int, Precision]:
    groups = match.groupdict()
    if not groups.get("hour"):
        return 0, 0, 0, Precision.DAY
    hour, minute, second = int(groups["hour"]), int(groups["minute"]), groups.get("second")
    half = (groups.get("half") or groups.get("post") or "").lower().replace(".", "")
    if half in ("下午", "晚上", "晚间", "傍晚", "pm") and hour < 12:
        hour += 12
    elif half in ("am", "凌晨") and hour == 12:
        hour = 0
    precision = Precision.SECOND if second else Precision.MINUTE
    return hour % 24, minute, int(second or 0), precision


def _zone(match: re.Match[str]) -> timezone | None:
    text = (match.groupdict().get("zone") or "").lower()
    if not text:
        return None
    if text in _ZONES:
        return timezone(timedelta(hours=_ZONES[text])) if _ZONES[text] else UTC
    sign = -1 if "-" in text else 1
    hours, minutes = _OFFSET.findall(text)[0]
    return timezone(sign * timedelta(hours=int(hours), minutes=int(minutes or 0)))


def _make(match: re.Match[str], year: int, month: int, day: int | None) -> Stamp | None:
    hour, minute, second, precision = _clock(match)
    if day is None:
        day, precision = 1, Precision.MONTH
    try:
        when = datetime(year, month, day, hour, minute, second, tzinfo=_zone(match))
    except ValueError:  # 31 February
        return None
    return Stamp(when, precision, match.group().strip(), match.start(), match.end())


def _counted(text: str) -> int:
    """A number up to 99 in Chinese numerals."""
    tens, ten, ones = text.rpartition("十")
    return (NUMERALS[tens] if tens else 1) * 10 * bool(ten) + (NUMERALS[ones] if ones else 0)


def _absolute(text: str) -> Iterator[Stamp | None]:
    for m in FULL.finditer(text):
        if m["day"] or m["sep"] == "年":
            yield _make(m, int(m["year"]), int(m["month"]), int(m["day"]) if m["day"] else None)
    for m in DOTTED.finditer(text):
        yield _make(m, int(m["year"]), int(m["month"]), int(m["day"]))
    for m in (*BRIEF.finditer(text), *TERSE.finditer(text)):
        yield _make(m, 2000 + int(m["year"]), int(m["month"]), int(m["day"]))
    for m in MINGUO.finditer(text):
        yield _make(m, BEFORE_MINGUO + int(m["year"]), int(m["month"]), int(m["day"]))
    for m in WRITTEN.finditer(text):
        year = int("".join(str(NUMERALS[c]) for c in m["year"]))
        yield _make(m, year, _counted(m["month"]), _counted(m["day"]))
    for m in NAMED.finditer(text) if MONTH_OPENS.search(text) else ():
        month = _MONTHS[(m["month"] or m["month2"]).lower()]
        yield _make(m, int(m["year"] or m["year2"]), month, int(m["day"] or m["day2"]))


@lru_cache(maxsize=128)  # the steps of one page ask about the same lines
def _stated(text: str) -> tuple[Stamp, ...]:
    return tuple(stamp for stamp in _absolute(text) if stamp)


def _against(text: str, now: datetime) -> Iterator[Stamp | None]:
    """Times that mean something only beside the time of fetching; ``now`` is aware, in the page's zone."""
    for m in AGO.finditer(text):
        if m["now"]:
            when, precision = now, Precision.MINUTE
        else:
            when = now - timedelta(**{STEP[m["unit"]]: int(m["count"])})
            precision = Precision.DAY if m["unit"] == "天" else Precision.MINUTE
        if precision is Precision.DAY:
            when = when.replace(hour=0, minute=0)
        yield Stamp(when.replace(second=0, microsecond=0), precision, m.group(), m.start(), m.end(), True)
    for m in DAYS.finditer(text):
        hour, minute, second, precision = _clock(m)
        day = now - timedelta(days=BACK[m["word"]])
        when = day.replace(hour=hour, minute=minute, second=second, microsecond=0)
        yield Stamp(when, precision, m.group(), m.start(), m.end(), True)
    for m in SHORT.finditer(text):
        stamp = _make(m, now.year, int(m["month"]), int(m["day"] or m["day2"]))
        if stamp and stamp.when.replace(tzinfo=now.tzinfo) > now + timedelta(days=1):
            stamp = _make(m, now.year - 1, int(m["month"]), int(m["day"] or m["day2"]))
        if stamp:
            yield Stamp(stamp.when, stamp.precision, stamp.raw, stamp.start, stamp.end, True)


def is_ago(stamp: Stamp) -> bool:
    """Was the time told as a distance from the time of reading ("3 hours ago", "yesterday")?"""
    return stamp.relative and bool(AGO.search(stamp.raw) or DAYS.search(stamp.raw))


def stamps(text: str, now: datetime | None = None) -> list[Stamp]:
    """All times in folded ``text``, by place; those without a year only if ``now`` is given."""
    text = text[:2000]
    if not TELLS.search(text):
        return []
    found = list(_stated(text))
    if now:
        taken = [(s.start, s.end) for s in found]
        found += [s for s in _against(text, now) if s and all(s.end <= a or s.start >= b for a, b in taken)]
    return sorted(found, key=lambda s: s.start)


def yearless(text: str) -> list[Stamp]:
    """Times of day without a year, and distances from now: where they stand, not yet what they say."""
    return [s for s in stamps(text, _ANY) if s.relative and (s.precision is not Precision.DAY or is_ago(s))]


def best(text: str, now: datetime | None = None) -> Stamp | None:
    """The first time in a value that should be one time, epochs and compact forms included.

    A full time beside how long ago that was ("3 days ago, 2025-01-02 10:30") is what counts.
    """
    epoch = EPOCH.match(text)
    if epoch:
        when = datetime.fromtimestamp(int(epoch["epoch"]), UTC)
        return Stamp(when, Precision.SECOND, text.strip(), 0, len(text))
    found = stamps(text, now)
    if found:
        return next((stamp for stamp in found if not is_ago(stamp)), found[0])
    compact = COMPACT.search(text)
    return (
        _make(compact, int(compact["year"]), int(compact["month"]), int(compact["day"])) if compact else None
    )
