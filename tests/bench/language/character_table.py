"""Builds ``characters.zst`` of ``cleaners/data``: script, simplified form and readings of GBK's characters.

Run ``python -m tests.bench.language.character_table SOURCES OUT``. SOURCES is a folder with
``pinyin_dict.json`` of the Python package ``pypinyin``; the character tables of OpenCC are those of
the installed opencc-python-reimplemented. The result is the file in use, byte for byte.

A line is the character, its simplified form unless it is the same, the script
(:class:`cleaners.slips.characters.Character`) and up to five toned readings.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator, Mapping
from importlib.resources import files
from pathlib import Path
from typing import NamedTuple

from zstandard import ZstdCompressor

from cleaners.slips.gbk import CHARACTERS

_MOST_READINGS = 5
_LEVEL = 22

Table = Mapping[str, list[str]]


class Variants(NamedTuple):
    """OpenCC's tables: what a character becomes, the usual form first."""

    traditional: Table
    simplified: Table
    taiwan: Table
    hong_kong: Table


def _table(name: str) -> Table:
    text = files("opencc").joinpath("dictionary", f"{name}.txt").read_text("utf-8")
    return {row[0]: row[1].split() for row in (line.split("\t") for line in text.splitlines())}


def variants() -> Variants:
    """Return the tables of the installed package."""
    return Variants(*map(_table, ("STCharacters", "TSCharacters", "TWVariants", "HKVariants")))


def script(char: str, simplified: str, known: Variants) -> str:
    """Return the letter for the script of ``char``: ``=``, ``s``, ``t``, ``v`` or ``r``."""
    forms = known.traditional.get(simplified, [simplified])
    regional = known.taiwan, known.hong_kong
    if simplified == char:
        return "=" if char in forms else "s"
    if char == forms[0] or any(table.get(forms[0]) == [char] for table in regional):
        return "t"
    if char in forms or any(char in table.get(form, ()) for table in regional for form in forms):
        return "v"
    return "r"


def rows(readings: Mapping[str, str]) -> Iterator[str]:
    """Yield the lines of the table in the order of the codes; ``readings`` are pypinyin's."""
    known = variants()
    for char in CHARACTERS.values():
        if not "\u3400" <= char <= "\u9fff":
            continue
        simplified = known.simplified.get(char, [char])[0]
        form = simplified if simplified != char else ""
        spoken = [reading for reading in readings.get(str(ord(char)), "").split(",") if reading]
        yield "\t".join((char + form, script(char, simplified, known), " ".join(spoken[:_MOST_READINGS])))


def main() -> None:
    """Write the file."""
    sources, out = map(Path, sys.argv[1:3])
    readings = json.loads((sources / "pinyin_dict.json").read_text("utf-8"))
    data = ZstdCompressor(level=_LEVEL).compress("\n".join(rows(readings)).encode())
    (out / "characters.zst").write_bytes(data)
    print("characters", len(data))


if __name__ == "__main__":
    main()
