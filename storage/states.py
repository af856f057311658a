"""States of an article: what counts as its content, how two differ, and how an old one is kept.

An old state is kept as JSON in zstd, with the texts of the state after it as the dictionary, so
that what did not change costs next to nothing. To read state 3 of 7, states 6 to 3 are unpacked in
turn; each frame has a checksum, so that a chain that was spoiled is noticed and never guessed.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any

import zstandard

from storage.errors import StoreDamaged
from storage.texts import compact_json

__all__ = ["KEPT", "LISTS", "State", "changed_fields", "changed_rules", "pack_state", "unpack_state"]

State = Mapping[str, Any]
"""Values of the columns :data:`KEPT` by name, as the table has them, and ``images``: a list of objects."""

LISTS = ("authors", "editors", "tags")
"""Columns that hold JSON lists of texts."""

_CONTENT = (
    *("title", "subtitle", "original_title", "authors", "editors", "source", "producer", "site_name"),
    *("published_at", "published_precision", "published_raw", "timezone_source", "modified_at", "url"),
    *("canonical_url", "language", "script", "section", "tags", "description", "access", "image_credit"),
    *("text", "source_text"),
)
"""What makes an article another one when it differs, in the order in which differences are told."""

KEPT = (*_CONTENT, "published_utc", "host", "encoding", "chars")
"""The columns of an old state; the last four follow from the others, or tell how it was read."""

_LEVEL = 12


def changed_fields(old: State, new: State) -> list[str]:
    """Give the names of what differs, in a fixed order; old states may lack columns of today."""
    return [name for name in (*_CONTENT, "images") if old.get(name) != new.get(name)]


def changed_rules(old: Mapping[str, int], new: Mapping[str, int]) -> dict[str, list[int]]:
    """Give [before, after] for each rule that acted more or less often."""
    names = sorted(old.keys() | new.keys())
    pairs = {name: [old.get(name, 0), new.get(name, 0)] for name in names}
    return {name: pair for name, pair in pairs.items() if pair[0] != pair[1]}


def pack_state(old: State, new: State) -> bytes:
    """Pack ``old``, which ``new`` replaces."""
    compressor = zstandard.ZstdCompressor(level=_LEVEL, dict_data=_dictionary(new), write_checksum=True)
    return compressor.compress(compact_json(old).encode())


def unpack_state(packed: bytes, new: State) -> dict[str, Any]:
    """Give the state that ``new`` replaced. Raises :class:`StoreDamaged` if it does not fit."""
    try:
        data = zstandard.ZstdDecompressor(dict_data=_dictionary(new)).decompress(packed)
        state: dict[str, Any] = json.loads(data)
    except (zstandard.ZstdError, ValueError) as error:
        raise StoreDamaged(f"an earlier state of an article can not be read: {error}") from error
    return state


def _dictionary(state: State) -> zstandard.ZstdCompressionDict:
    texts: Sequence[str | None] = (state["source_text"], state["title"], state["text"])
    # As the packed JSON writes them: a line break of a text is two characters there.
    data = compact_json([text or "" for text in texts]).encode()
    return zstandard.ZstdCompressionDict(data, dict_type=zstandard.DICT_TYPE_RAWCONTENT)
