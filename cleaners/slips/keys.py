"""The keys of the annotation noise that were learned from many sites, and their readings."""

import tomllib
from collections.abc import Mapping
from functools import cache
from importlib.resources import files
from types import MappingProxyType

from cleaners.slips.characters import characters
from cleaners.slips.gbk import code

COST_PAGE, COST_LEARNED, COST_LIKELY = 0, 10, 45  # tenths of nats


@cache
def _data() -> Mapping[str, Mapping[str, str]]:
    return tomllib.loads(files("cleaners").joinpath("data", "annotation_keys.toml").read_text("utf-8"))


@cache
def learned_keys() -> Mapping[str, str]:
    """Return the keys seen on annotation sites: character to its one fixed reading."""
    return MappingProxyType(dict(_data()["keys"]))


@cache
def learned_order() -> str:
    """Return the keys that were seen to be inserted before others."""
    return str(_data()["order"]["first"])


@cache
def _by_reading() -> Mapping[tuple[int, str], list[tuple[int, str, int]]]:
    """Map (first byte, reading) to the (second byte, character, cost) that may be the key.

    Any traditional character may be a key on some site: its usual reading then counts.
    """
    table: dict[tuple[int, str], list[tuple[int, str, int]]] = {}
    learned = learned_keys()
    for char, info in characters().items():
        if char in learned:
            readings, cost = (learned[char], *_data()["variants"].get(char, "").split()), COST_LEARNED
        elif info.script in "tv" and info.readings:
            readings, cost = info.readings[:2], COST_LIKELY
        else:
            continue
        lead, trail = code(char)
        for reading in readings:
            table.setdefault((lead, reading), []).append((trail, char, cost))
    return table


@cache
def _reading_keys() -> Mapping[str, list[str]]:
    table: dict[str, list[str]] = {}
    for (_, reading), found in _by_reading().items():
        table.setdefault(reading, []).extend(char for _, char, cost in found if cost == COST_LEARNED)
    return table


def keys_reading(reading: str, page: Mapping[str, str]) -> list[str]:
    """Return the learned and the page's own keys with this reading."""
    found = {char for char in _reading_keys().get(reading, ()) if page.get(char, reading) == reading}
    return sorted(found | {char for char, known in page.items() if known == reading})


def keys_with(lead: int, reading: str, page: Mapping[str, str]) -> list[tuple[int, str, int]]:
    """Return the keys whose code starts with ``lead`` and whose reading is ``reading``.

    Each is (second byte, character, cost in tenths of nats); the page's own keys cost nothing.
    A character that the page annotates with another reading is left out.
    """
    found: list[tuple[int, str, int]] = []
    for trail, char, cost in _by_reading().get((lead, reading), ()):
        known = page.get(char)
        if known is None:
            found.append((trail, char, cost))
        elif known == reading:
            found.append((trail, char, COST_PAGE))
    return found
