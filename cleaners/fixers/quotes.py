"""Straight quotation marks paired into “ ” over the whole text.

Which mark opens and which closes is decided together for all marks of a text: the
cheapest sequence (Viterbi, three labels) by what stands beside each mark and by
alternation. A quotation may run over paragraphs, and one missing mark must not turn the
rest of the text around.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from itertools import groupby

from cleaners.language import HAN, is_chinese

__all__ = ["may_pair", "pair_quotes"]

_MARK = re.compile('["＂〝〞“”]')
_STRAIGHT = re.compile('["＂〝〞]')
_FREE = re.compile("['＇](?<![A-Za-z0-9].)")  # an apostrophe within or behind a word opens nothing
_MARKS = "\"＂〝〞'＇"  # to look for one by one is quicker than for any, where there is none
_MAY_PAIR = re.compile('["＂〝〞\'＇](?:(?<=["＂〝〞])|(?<![A-Za-z0-9].))')
_SINGLE = re.compile(
    f"['＇](?<![A-Za-z0-9].)(?=[^'＇\\n]{{0,100}}[{HAN}])([^'＇\\n]{{1,200}})['＇](?![A-Za-z0-9])"
)
_MARK_OR_CODE = re.compile(
    r"""[(=]"(?:(?<=[A-Za-z_]\(")[^"\n]{0,200}"[^()（）\n]{0,200}\)|(?<=[A-Za-z_]=")[^"\n]{0,200}")|["＂〝〞“”]"""
)
"""The same, or strings of code as a whole: ``print("text")``, ``name="text"``."""
_SENTENCE_END = "。！？!?…，,、；;"
_OPENER = "：:，,（(《、；;。！？!?—…"

_OPEN, _CLOSE, _LEAVE = range(3)
_FORCED = 50.0  # a mark that is curly already may be wrong only against strong evidence
_BROKEN = 3.0  # opening twice, or closing what is not open
_INCH = 0.9  # leaving a mark behind a digit as it is: 27"
_NEVER = 1e9
_ACROSS = 2.0  # a quotation still open at the end of a paragraph
_ABANDONED = 2.5  # ... that is never closed
_NEAR = 8  # characters beside a mark that are looked at
_CONTINUED = -1.5  # ... which is how a long one is written if the next paragraph opens again


@dataclass(frozen=True, slots=True)
class _Mark:
    text: int
    offset: int
    costs: tuple[float, float, float]
    first: bool  # nothing before it in its paragraph


def may_pair(text: str) -> bool:
    """Whether ``text`` has a straight mark of which :func:`pair_quotes` may make a curly one."""
    return any(mark in text for mark in _MARKS) and _MAY_PAIR.search(text) is not None


def pair_quotes(texts: list[str]) -> list[str]:
    """Chinese texts with “ ” for every straight mark; texts without Chinese as they are."""
    if not is_chinese(texts):
        return texts
    texts = [_SINGLE.sub("‘\\1’", text) if _FREE.search(text) else text for text in texts]
    if not any(_STRAIGHT.search(text) for text in texts):
        return texts
    marks = [_mark(i, text, m) for i, text in enumerate(texts) for m in _marks(text)]
    if not marks:
        return texts
    labels = _cheapest(marks)
    out = list(texts)
    for index, group in groupby(zip(marks, labels, strict=True), key=lambda pair: pair[0].text):
        characters = list(texts[index])
        for mark, label in group:
            if label is not _LEAVE:
                characters[mark.offset] = "“”"[label]
        out[index] = "".join(characters)
    return out


def _marks(text: str) -> list[re.Match[str]]:
    """The quotation marks of prose."""
    if '="' not in text and '("' not in text:
        return list(_MARK.finditer(text))
    return [match for match in _MARK_OR_CODE.finditer(text) if len(match[0]) == 1]


def _mark(index: int, text: str, match: re.Match[str]) -> _Mark:
    offset = match.start()
    before, after = text[max(0, offset - _NEAR) : offset], text[offset + 1 : offset + 1 + _NEAR]
    spaced_left, spaced_right = before.endswith(" "), after.startswith(" ")
    before, after = before.rstrip(), after.lstrip()
    if match[0] in "“〝":
        return _Mark(index, offset, (0.0, _FORCED, _NEVER), not before)
    if match[0] in "”〞":
        return _Mark(index, offset, (_FORCED, 0.0, _NEVER), not before)
    opening = closing = 0.0
    left, right = before[-1:], after[:1]
    if not left:
        closing += 4
    elif left in _SENTENCE_END:
        closing -= 0.5
    if left and left in _OPENER:
        opening -= 1
    if not right or right in _SENTENCE_END or right in "）)》":
        opening += 3
    if spaced_left and not spaced_right and right:
        opening -= 0.4
    if left.isdigit() and not spaced_left:
        opening += 2
    if spaced_right and not spaced_left and left:
        closing -= 0.4
    leave = _INCH if left.isdigit() and not spaced_left else _NEVER
    return _Mark(index, offset, (opening, closing, leave), not before)


def _cheapest(marks: list[_Mark]) -> list[int]:
    """One label a mark. State: whether a quotation is open after the mark."""
    best: list[float] = [0.0, _BROKEN]
    history: list[tuple[tuple[int, int], tuple[int, int]]] = []
    previous = marks[0].text
    for mark in marks:
        if mark.text != previous:
            abandoned = best[1] + _ABANDONED < best[0]
            carried = best[1] + _ACROSS * min(3, mark.text - previous)
            best = [min(best[0], best[1] + _ABANDONED), carried]
        else:
            abandoned = False
        continued = mark.text != previous and mark.first
        previous = mark.text
        closed = 1 if abandoned else 0  # the state that "closed" came from
        opening, closing, leave = mark.costs
        again = _CONTINUED if continued else _BROKEN
        to_closed = min(
            (best[1] + closing, 1, _CLOSE),
            (best[0] + closing + _BROKEN, closed, _CLOSE),
            (best[0] + leave, closed, _LEAVE),
        )
        to_open = min(
            (best[0] + opening, closed, _OPEN),
            (best[1] + opening + again, 1, _OPEN),
            (best[1] + leave, 1, _LEAVE),
        )
        history.append((to_closed[1:], to_open[1:]))
        best = [to_closed[0], to_open[0]]
    state = 0 if best[0] <= best[1] + _ACROSS else 1
    labels = []
    for step in reversed(history):
        state, label = step[state]
        labels.append(label)
    return labels[::-1]
