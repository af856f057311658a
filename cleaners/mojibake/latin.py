"""Bytes read one by one as Latin-1 or Windows-1252.

Chinese bytes (UTF-8, GBK, Big5) leave unbroken runs of accented letters and signs, which are
read again here, lost bytes included. Everything else (accented Latin, Cyrillic and so on that
was UTF-8) is ftfy's, with every change of form switched off.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache
from typing import TYPE_CHECKING

from cleaners.mojibake.plausible import fluent, ordinary, sound
from cleaners.mojibake.readings import READINGS
from cleaners.mojibake.spans import Span, reread
from cleaners.mojibake.tongue import Tongues

if TYPE_CHECKING:
    from ftfy import TextFixerConfig

__all__ = ["by_ftfy", "latin_runs", "suspect_latin"]

_LATIN = READINGS["latin"]
_UNBROKEN = 4  # signs in a row that no written language needs

_SPECIAL = "".join(re.escape(bytes((b,)).decode("cp1252", "ignore")) for b in range(0x80, 0xA0))
_HIGH = f"\x80-\xff{_SPECIAL}"
_RUN = re.compile(f"[{_HIGH}](?:[{_HIGH}\x20-\x7e\ufffd]*[{_HIGH}\ufffd?\x40-\x7e])?")
_DENSE = re.compile(f"[{_HIGH}]{{{_UNBROKEN},}}")
_PAIRS = re.compile("(?:[\xa1-\xf9][\x40-\x7e\xa1-\xfe]){4}")
"""Lead and trail bytes of Big5 or GBK by turns; many trail bytes are ASCII letters."""

_LETTERS = re.compile("[\xa1-\xff]")
_UTF8 = re.compile("[Â-ôåæçèéä][\x80-\xbf\x20�?" + _SPECIAL + "]")


def latin_runs(line: str, tongues: Tongues) -> Iterator[Span]:
    """Yield the stretches of ``line`` that are Chinese bytes read one by one."""
    if not _dense(line):
        return
    found: list[Span] = []
    rest: list[tuple[int, int]] = []
    for run in _RUN.finditer(line):
        done, left = _parts(run[0], tongues)
        at = run.start()
        found += (Span(at + s.start, at + s.end, s.text, s.rule, s.uncertain) for s in done)
        rest += ((at + start, at + end) for start, end in left)
    yield from found
    for rule in {span.rule for span in found if "gb" in span.rule or "big5" in span.rule}:
        codec = "gbk" if "gbk" in rule else "big5hkscs"
        for start, end in rest:
            again = reread(line[start:end], _LATIN, codec, tongues)
            if again is not None and not again[1] and fluent(again[0]) > -10.5 and ordinary(again[0]) == 1.0:
                yield Span(start, end, again[0], rule)


def _dense(line: str) -> bool:
    """Tell whether there is a run of signs that is not just quotation marks and dashes."""
    if any(len(_LETTERS.findall(run[0])) > 1 for run in _DENSE.finditer(line)):
        return True
    return _PAIRS.search(line) is not None


_WORD = re.compile(f"[{_HIGH}\ufffd](?:[{_HIGH}\ufffd]|[?\x20-\x7e]{{1,3}}(?=[{_HIGH}]))*[\x40-\x7e?\ufffd]?")


def _parts(run: str, tongues: Tongues) -> tuple[list[Span], list[tuple[int, int]]]:
    """Return what is damaged, the run as a whole if most of it is, and what was not accepted."""
    done: list[Span] = []
    left: list[tuple[int, int]] = []
    for part in ((0, len(run)), *(m.span() for m in _WORD.finditer(run))):
        high = sum(c >= "\x80" for c in run[part[0] : part[1]])
        if high <= 0.4 * (part[1] - part[0]):
            continue
        found = {
            edge: best for edge in _edges(run, *part) if (best := _dense_best(run[slice(*edge)], tongues))
        }
        if found:
            edge = min(found, key=lambda edge: (found[edge][2], not _is_quoted(run, edge), edge[0] - edge[1]))
            text, rule, guessed = found[edge]
            done.append(Span(*edge, text, rule, guessed))
        if part == (0, len(run)) and done:
            break
        if part != (0, len(run)) and not found:
            left.append(part)
    return done, left


def _dense_best(seen: str, tongues: Tongues) -> tuple[str, str, bool] | None:
    return _best(seen, tongues) if _dense(seen) else None


_AUTHORS = frozenset("“”‘’—…·")
"""Marks of good Chinese text that are single bytes in Windows-1252 too."""
_MARKS = 3  # so many of them at an end are looked at


def _edges(run: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    """Yield the part, and the part without marks at its ends that may be the author's."""
    yield start, end
    yield start, end - 1
    inner, outer = start, end
    while inner < min(end, start + _MARKS) and run[inner] in _AUTHORS:
        inner += 1
    while outer > max(inner, end - _MARKS) and run[outer - 1] in _AUTHORS:
        outer -= 1
    for first in range(start, inner + 1):
        for last in range(outer, end + 1):
            yield first, last


def _is_quoted(run: str, edge: tuple[int, int]) -> bool:
    """Tell whether quotation marks that are not damaged stand around a part."""
    return run[max(0, edge[0] - 1) : edge[0]] == "“" and run[edge[1] : edge[1] + 1] == "”"


def _best(seen: str, tongues: Tongues) -> tuple[str, str, bool] | None:
    """Return the most likely reading of a run of single bytes, its rule, and if it was guessed."""
    best: tuple[tuple[bool, float], str, str, bool] | None = None
    for codec in ("utf-8", "gbk", "big5hkscs"):
        for form in _forms(seen, codec):
            found = reread(form, _LATIN, codec, tongues)
            if found is None:
                continue
            text, guessed = found
            likely = _worth(text, codec, guessed)
            if likely is not None and (best is None or (not guessed, likely) > best[0]):
                rule = f"mojibake.{codec.removesuffix('hkscs').replace('-', '')}_as_latin@1"
                best = ((not guessed, likely), text, rule, guessed or form != seen)
    return best[1:] if best else None


_SPACE_LOST = re.compile("([åæçèéäãï])([\x80-\xbf" + _SPECIAL + "])?[ ]([\x80-\xbf" + _SPECIAL + "])?")


def _forms(seen: str, codec: str) -> Iterator[str]:
    """Yield the run as seen, and for UTF-8 also with no-break spaces that became spaces."""
    yield seen
    if codec == "utf-8":
        restored = _SPACE_LOST.sub(
            lambda m: m[0].replace(" ", "\xa0") if (m[2] is None) != (m[3] is None) else m[0], seen
        )
        if restored != seen:
            yield restored


_INVENTED = -7.3
"""Fluency below which guesses for lost bytes are no text; prose has -4.5 to -6.2 (nats a character)."""


def _worth(text: str, codec: str, guessed: bool) -> float | None:
    """Return how likely the reading is, or None where that is not enough for its length."""
    count = sum(c >= "\x80" for c in text)
    likely = fluent(text)
    if codec == "utf-8":
        if guessed and likely < _INVENTED:
            return None
        wide = sum(c >= "\u2e80" for c in text)
        if wide >= max(1, 0.5 * count) and ordinary(text) > 0.93:
            return max(likely, -7.0)
        return None
    floor = (
        -9.6 if count >= 16 else -8.8 if count >= 10 else -8.4 if count >= 5 else -7.8 if count >= 3 else -6.3
    )
    if count < 2 or likely < floor or not sound(text):
        return None
    return likely


def by_ftfy(line: str) -> str:
    """Return ``line`` with UTF-8 read as a single-byte codec undone, as ftfy does it."""
    if suspect_latin().search(line) is None:
        return line
    import ftfy

    if not ftfy.badness.is_bad(line) and "\xc3 " not in line and not _CONTROL.search(line):
        return line
    fixed = ftfy.fix_encoding(_closed(line), _config())
    return line if _dense(fixed) else fixed


_QUOTE = re.compile("â€(?:œ|\x9d|(?<=[!-~]..)(?P<lost>[�?]|(?=[\\s,.;:!)\\]]|$)))|[“”]", re.MULTILINE)


def _closed(line: str) -> str:
    """Return ``line`` with the last byte of its closing quotation marks.

    It is 9D, which cp1252 does not have: readers drop it or replace it. Where no quotation is open,
    nothing is added.
    """
    if "â€œ" not in line:
        return line
    depth = 0
    out: list[str] = []
    done = 0
    for match in _QUOTE.finditer(line):
        if match["lost"] is not None and depth:
            out += (line[done : match.start()], "â€\x9d")
            done = match.end()
        depth = depth + 1 if match[0][-1] in "œ“" else max(0, depth - 1)
    return "".join(out) + line[done:]


_CONTROL = re.compile("[\x80-\x9f]")


@lru_cache(maxsize=1)
def suspect_latin() -> re.Pattern[str]:
    """Return a quick test: a UTF-8 lead byte and the byte after it, under any reader of ftfy's."""
    from ftfy.chardata import CHARMAP_ENCODINGS

    leads: set[str] = set()
    tails: set[str] = set("\x1a\ufffd? \xa0")
    for codec in CHARMAP_ENCODINGS:
        leads.update(bytes(range(0xC2, 0xF5)).decode(codec))
        tails.update(bytes(range(0x80, 0xC0)).decode(codec))
    lead, tail = ("".join(re.escape(c) for c in sorted(chars - {"\ufffd"})) for chars in (leads, tails))
    marks = "—…“”‘’"  # two of these are Chinese punctuation: ——, ……, ”“
    return re.compile(f"[{lead}\x80-\x9f](?:(?<=[\x80-\x9f])|(?![{marks}](?<=[{marks}].))[{tail}\ufffd])")


@lru_cache(maxsize=1)
def _config() -> TextFixerConfig:
    from ftfy import TextFixerConfig

    return TextFixerConfig(
        unescape_html=False,
        remove_terminal_escapes=False,
        fix_latin_ligatures=False,
        fix_character_width=False,
        uncurl_quotes=False,
        fix_line_breaks=False,
        fix_surrogates=False,
        remove_control_chars=False,
        normalization=None,
    )
