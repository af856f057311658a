"""Repair of the texts of one page: annotations, byte slips, strays, unencodable characters."""

import re
from collections import Counter
from collections.abc import Container, Sequence
from itertools import accumulate
from typing import NamedTuple

from cleaners.slips.characters import characters, simplify_table
from cleaners.slips.converted import simplified_again, traditional_table
from cleaners.slips.forward import MARKS, reproduces
from cleaners.slips.harvest import Evidence, harvest, has_annotation, strip_annotations
from cleaners.slips.items import NOTE, TAIL, Item, has_reading, itemize, mark_at
from cleaners.slips.keys import learned_order
from cleaners.slips.language import Language
from cleaners.slips.missing import missing
from cleaners.slips.orders import orders, unfold
from cleaners.slips.persons import other_persons
from cleaners.slips.pieces import pieces
from cleaners.slips.search import Found, search
from cleaners.slips.steps import Steps
from cleaners.slips.unencodable import restore_unencodable
from cleaners.slips.visible import hide_strays
from cleaners.slips.written import Written

# A reading whose bracket was swallowed, or a mark right after a question mark.
_TAIL = r"[a-züê]*[āáǎàēéěèīíǐìōóǒòūúǔùǖǘǚǜ][a-zü]*\)"
_TAILED = re.compile(rf"\?{_TAIL}")
_SIGN = re.compile(rf"[?？](?:[{MARKS},!;?]|{_TAIL})")
_PLAIN_SIGN = re.compile(rf"\?(?:[{MARKS}]|{_TAIL})")
_ABOUT_ENCODINGS = re.compile(r"[乱亂][码碼]|[编編][码碼]|mojibake|GBK|UTF-?8|Unicode", re.IGNORECASE)

_AFTER_CHINESE = re.compile(r"(?<=[\u3400-\u9fff])[,?!:;]")

_AROUND = 12  # characters after a sign that the language model does not learn from
# By how much (tenths of nats) a repair must be likelier than what the page shows.
_GAIN = 5  # on a page that carries the noise
_GAIN_PROVEN = 50  # where other repairs have shown that strays were put in
_GAIN_ALONE = 300  # for a repair that is itself the evidence
_ENOUGH_ALONE = 2  # so many, or one of twice that gain
_NEAR, _CROWD = 16, 5  # among so many characters, more question marks and readings than slips leave
_PATIENCE, _SHARE = 800, 10  # characters that searches may cover in vain: so many, and one of so many
_TRIES = 3  # repairs of a line that are held against the forward model
_SURE = 30  # a repair that is less than twenty times as likely as the next is uncertain
_SURE_OF_LOOSE = 45  # or a hundred times, where nothing of some bytes is shown


class Line(NamedTuple):
    """A repaired line.

    ``uncertain`` says that another clean text explains the bytes about as well. ``lost`` are the
    places (begin, end) of ``text`` where a slip is left that no clean text was found for, ``missing``
    those before which a character was dropped without a trace.
    """

    text: str
    uncertain: bool = False
    lost: tuple[tuple[int, int], ...] = ()
    missing: tuple[int, ...] = ()


class _Slip(NamedTuple):
    begin: int
    at: int  # where its text begins in the repaired line
    found: Found


def may_be_damaged(text: str) -> bool:
    """Tell quickly whether the texts joined to ``text`` may show the noise: a reading, or a slip."""
    return ("?" in text and _PLAIN_SIGN.search(text) is not None) or has_annotation(text)


def repair_page(texts: Sequence[str], phrases: tuple[str, ...] = ()) -> list[Line]:
    """Repair the texts of one page, in the page's own script; same length as ``texts``.

    The texts are one another's evidence: how densely and consistently characters are
    annotated, which characters and words the page uses. ``phrases`` are what other clean texts
    of the same reader have (:func:`cleaners.slips.familiar.familiar_phrases`). A page without the
    noise comes back as it is. Time is linear in the length of the texts.
    """
    evidence = harvest(texts)
    if evidence.byte_level:
        texts = hide_strays(texts)
    if not evidence.byte_level and any(_TAILED.search(text) for text in texts):
        converted = _repair_converted(texts, phrases)
        if converted:
            return converted
    sign = _SIGN if evidence.byte_level else _PLAIN_SIGN
    suspects = {i for i, text in enumerate(texts) if "?" in text or "？" in text if sign.search(text)}
    if not suspects and not evidence.byte_level:
        return [Line(strip_annotations(text, evidence)) for text in texts]
    if not evidence.byte_level and any(_ABOUT_ENCODINGS.search(text) for text in texts):
        return [Line(strip_annotations(text, evidence)) for text in texts]
    return _PageRepair(texts, evidence, suspects, phrases).lines()


def _repair_converted(texts: Sequence[str], phrases: tuple[str, ...]) -> list[Line] | None:
    """Repair a page that was simplified after it was damaged, if it is one."""
    traditional = [text.translate(traditional_table()) for text in texts]
    before = harvest(traditional)
    if not before.byte_level:
        return None
    keys = {char.translate(simplify_table()): reading for char, reading in before.keys.items()}
    evidence = Evidence(keys, frozenset(keys), byte_level=True)
    lines: list[Line] = []
    for text, whole, line in zip(texts, traditional, repair_page(traditional, phrases), strict=True):
        shown, converted = strip_annotations(text, evidence), strip_annotations(whole, before)
        # A simplified character may have been either; what is left of a slip tells a wrong guess.
        if line.text == converted or len(shown) != len(converted) or "?" in line.text:
            lines.append(Line(shown, lost=_left(shown, _TAILED)))
        else:
            lines.append(Line(simplified_again(shown, converted, line.text), uncertain=True))
    return lines


class _PageRepair:
    def __init__(
        self, texts: Sequence[str], evidence: Evidence, suspects: set[int], phrases: tuple[str, ...]
    ) -> None:
        self._texts, self._evidence, self._suspects = texts, evidence, suspects
        clean = _clean_parts(texts, evidence)
        questions = "?" if any("?" in text for text in texts) else "？"
        self._traditional = _is_traditional(clean)
        language = Language(clean, traditional=self._traditional, phrases=phrases)
        self._patience = _PATIENCE + sum(map(len, texts)) // _SHARE
        self._steps = Steps(evidence, language, questions, _half_width_marks(clean))

    def lines(self) -> list[Line]:
        texts, evidence = self._texts, self._evidence
        if evidence.byte_level:
            lines = []
            for i, text in enumerate(texts):
                self._steps.appender.persons = other_persons(text, texts[i - 1] if i else "")
                lines.append(self._line(text, _GAIN) if "(" in text or i in self._suspects else Line(text))
        else:
            lines = self._without_evidence()
        if evidence.byte_level or any(line.text != text for line, text in zip(lines, texts, strict=True)):
            lines = [line._replace(text=restore_unencodable(line.text)) for line in lines]
        return self._with_missing(lines) if evidence.byte_level else lines

    def _with_missing(self, lines: list[Line]) -> list[Line]:
        """Point out where characters are missing, except where they may be those that a slip tore."""
        sure = [None if line.uncertain or line.lost else line.text for line in lines]
        places = missing(sure, traditional=self._traditional)
        return [line._replace(missing=own) if own else line for line, own in zip(lines, places, strict=True)]

    def _without_evidence(self) -> list[Line]:
        """Strays alone: repairs that gain enough are the evidence for the lesser ones."""
        gains: list[int] = []
        for i in self._suspects:
            items = itemize(self._texts[i])
            gains += [slip.found.gain for slip in self._slips(items, _GAIN_ALONE)[1]]
        proven = len(gains) >= _ENOUGH_ALONE or any(gain >= _ENOUGH_ALONE * _GAIN_ALONE for gain in gains)
        return [
            self._line(text, _GAIN_PROVEN) if proven and i in self._suspects else Line(text)
            for i, text in enumerate(self._texts)
        ]

    def _line(self, text: str, gain: int) -> Line:
        parts = [self._piece(part, gain) for part in pieces(text)]
        if len(parts) == 1:
            return parts[0]
        starts = accumulate((len(part.text) for part in parts), initial=0)
        lost = [(b + at, e + at) for part, at in zip(parts, starts, strict=False) for b, e in part.lost]
        return Line("".join(part.text for part in parts), any(p.uncertain for p in parts), tuple(lost))

    def _piece(self, text: str, gain: int) -> Line:
        items = itemize(text)
        rejected: set[int] = set()
        for _ in range(_TRIES):
            repaired, slips = self._slips(items, gain, rejected)
            if not slips or self._explains(repaired, text, slips):
                doubtful = bool(rejected) or any(_is_doubtful(slip.found) for slip in slips)
                return Line(repaired, doubtful, self._lost(repaired, _SIGN if rejected else _TAILED))
            worst = min(slips, key=lambda slip: slip.found.lead)
            end = worst.at + len(worst.found.text)
            other = repaired[: worst.at] + worst.found.rival + repaired[end:]
            if worst.found.rival and self._explains(other, text, slips):
                return Line(other, True, self._lost(other, _TAILED))
            rejected.add(worst.begin)
        return self._as_shown(items, gain)

    def _as_shown(self, items: Sequence[Item], gain: int) -> Line:
        """Return the line with its slips, and where they are."""
        shown = self._slips(items, gain, range(len(items)))[0]
        return Line(shown, True, self._lost(shown, _SIGN))

    def _lost(self, text: str, sign: re.Pattern[str]) -> tuple[tuple[int, int], ...]:
        """Return where the ``sign`` of a slip is left on a page that carries the noise."""
        return _left(text, sign) if self._evidence.byte_level else ()

    def _explains(self, repaired: str, text: str, slips: Sequence[_Slip]) -> bool:
        """Accept a repair only if the two passes turn it back into what the page shows."""
        used = dict(key for slip in slips for key in slip.found.keys)
        readings = {**used, **self._evidence.keys}
        for clean in dict.fromkeys((repaired, unfold(repaired))):
            for order in orders(clean, readings, learned_order()):
                if reproduces(clean, text, [(key, readings[key]) for key in order]):
                    return True
        return False

    def _begins(self, items: Sequence[Item], place: int, written: Written) -> bool:
        item = items[place]
        near = items[place : place + _NEAR]
        if sum(one.kind == TAIL or one.text in self._steps.questions for one in near) > _CROWD:
            return False
        if item.kind == NOTE:
            return self._evidence.byte_level and not self._steps.is_aligned(item, written.tail)
        return item.kind == TAIL or (item.text in self._steps.questions and mark_at(items, place + 1) != "")

    def _slips(self, items: Sequence[Item], gain: int, but: Container[int] = ()) -> tuple[str, list[_Slip]]:
        """Return the line repaired, and its slips ``but`` those that begin there."""
        written = Written()
        slips: list[_Slip] = []
        place = 0
        while place < len(items):
            item = items[place]
            if self._begins(items, place, written):
                found = None if place in but else self._search(items, place, written)
                if found is not None and found.gain >= gain:
                    slips.append(_Slip(place, written.size, found))
                    written.add(found.text)
                    place = found.end
                    continue
            elif item.kind == NOTE and self._evidence.byte_level:
                place += 1
                continue
            written.add(item.text)
            place += 1
        return written.text, slips

    def _search(self, items: Sequence[Item], place: int, written: Written) -> Found | None:
        if self._patience < 0:
            return None
        found, looked_at = search(self._steps, items, place, written)
        self._patience -= 0 if found else looked_at
        return found


def _is_doubtful(found: Found) -> bool:
    loose = found.loose or len(found.rival) > len(found.text)
    return found.lead < (_SURE_OF_LOOSE if loose else _SURE) or has_reading(found.text)


def _left(text: str, sign: re.Pattern[str]) -> tuple[tuple[int, int], ...]:
    """Return where ``text`` has the ``sign`` of a slip."""
    return tuple(match.span() for match in sign.finditer(text)) if "?" in text else ()


def _clean_parts(texts: Sequence[str], evidence: Evidence) -> list[str]:
    """Return what of the page surely is undamaged."""
    parts: list[str] = []
    for text in texts:
        last = 0
        for match in _SIGN.finditer(text):
            parts.append(strip_annotations(text[last : max(last, match.start())], evidence))
            last = match.end() + _AROUND
        parts.append(strip_annotations(text[last:], evidence))
    return [part for part in parts if part]


def _half_width_marks(texts: Sequence[str]) -> str:
    """Return the ASCII marks that the page's Chinese prose uses, if it prefers them."""
    found = Counter(char for text in texts for char in _AFTER_CHINESE.findall(text))
    full = sum(text.count("，") for text in texts)
    return ',?!:;()"' if found[","] > full else ""


def _is_traditional(texts: Sequence[str]) -> bool:
    table = characters()
    scripts = [table[char].script for text in texts for char in text[:2000] if char in table]
    return scripts.count("t") >= scripts.count("s")
