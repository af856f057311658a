"""How plausible a text is as it stands: Chinese by the model, other scripts by rough rates.

The rates are natural logs for one character. Scripts that a wrong reading also produces
(kana, syllables, Greek) get the benefit of the doubt only where they look like the script's
own text, so that real Japanese or Korean is never beaten by a chance re-reading.
"""

from __future__ import annotations

from cleaners.mojibake.hanzi import FLOOR, MARKS, hanzi

__all__ = ["as_is", "fluent", "foreign", "mean", "ordinary", "sound"]

_SYLLABLES = frozenset(
    "가각간갈감강같개거건걸것게겠겨결경계고공과관교구국군권귀그근글금기긴길김까꼭끝나난날남내너네년념노높누눈느는능니다단"
    "달담당대더던데도동되된될두드든들등따때또라락람랑래러런레려력련로록료류를름리린립마만많말망매머먹메면명모목몸못무문물미"
    "민및바박반받발방배버번법변별병보본부북분불비빠사산살상새생서선설성세셔소속손송수순술스슬습승시식신실심싶써씨아안않알았"
    "앞야약양어억언얼업없었에여역연열염영예오온올와완왔외요용우운울움원월위유육으은을음응의이인일임입있자작잘장재저적전절점"
    "정제조족존종좋주준중즉증지직진질집차착참창찾책처천철첫청체초최추축출충취치친카커코크키타태터토통트특파판편평포표품프피"
    "필하학한할함합항해했행향허현형호화확환활황회후히힘"
)
"""Syllables that make up most of any Korean text."""

_KANA, _SYLLABLE, _ODD_SYLLABLE = -5.5, -5.5, -10.5
_MIXED = 1.5
"""Against a syllable right after a Chinese character: Korean text has it, but not often."""
_LONE_KANA, _HALF_KANA, _SYMBOL, _LATIN = -9.0, -11.0, -10.5, -7.5


def _kana(char: str) -> bool:
    return "\u3041" <= char <= "\u30ff"


def foreign(before: str, char: str) -> float | None:
    """Return the rate of a character that is not Chinese, or None if it is."""
    if char < "\u0250":
        return _LATIN if char >= "\xc0" else (-6.0 if char < "\x7f" else _SYMBOL)
    if _kana(char):
        return (
            _KANA
            if _kana(before) or ("一" <= before <= "鿿" and before in hanzi().ordinary_set)
            else _LONE_KANA
        )
    if "가" <= char <= "힣":
        rate = _SYLLABLE if char in _SYLLABLES else _ODD_SYLLABLE
        return rate - _MIXED if "一" <= before <= "鿿" else rate
    if "\uff61" <= char <= "\uff9f":
        return _HALF_KANA
    if "\u2000" <= char < "\u3000" or "\u0250" <= char < "\u1100":
        return _SYMBOL
    return None


def as_is(before: str, char: str) -> float:
    """Return the log probability of ``char`` after ``before``, whatever the script."""
    likely = hanzi().step(before, char)
    if likely <= -12.0 and char not in MARKS:
        rate = foreign(before, char)
        if rate is not None:
            return max(likely, rate)
    return likely


def mean(text: str) -> float:
    """Return the mean log probability of the characters of ``text`` beyond ASCII."""
    total, count, before = 0.0, 0, ""
    for char in text:
        if char >= "\x80":
            total += as_is(before, char)
            count += 1
        before = char
    return total / count if count else 0.0


def fluent(text: str) -> float:
    """Return the mean log probability of ``text`` beyond ASCII as Chinese and nothing else."""
    step = hanzi().step
    total, count, before = 0.0, 0, ""
    for char in text:
        if char >= "\x80":
            total += step(before, char)
            count += 1
        before = char
    return total / count if count else FLOOR


_ORDINARY_RANGES = (
    ("\xa0", "\u024f"), ("\u0370", "\u052f"), ("\u1ea0", "\u1eff"), ("\u2010", "\u27bf"),
    ("\u3000", "\u301f"), ("\u3041", "\u30ff"), ("가", "힣"),
    ("\uff01", "\uff5e"), ("\U0001f300", "\U0001faff"),
)  # fmt: skip


def ordinary(text: str) -> float:
    """Return the share of characters beyond ASCII that real text of any script is made of."""
    odd, count = _odd(text)
    return 1 - odd / count if count else 0.0


def sound(text: str) -> bool:
    """Tell whether ``text`` has next to no odd characters: one rare name is no reason to doubt."""
    odd, count = _odd(text)
    return odd <= max(count >= 8, 0.08 * count) if count > 6 else odd == 0 < count


def _odd(text: str) -> tuple[int, int]:
    known = hanzi().ordinary_set
    seen = [c for c in text if c >= "\x80"]
    good = sum(c in known or c in MARKS or any(a <= c <= b for a, b in _ORDINARY_RANGES) for c in seen)
    return len(seen) - good, len(seen)
