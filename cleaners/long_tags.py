"""Tags with more attributes than any page needs.

libxml2 compares each attribute of a tag with all before it: a tag with 100,000 of them would hold the parser
for a minute, with nothing to stop it.
"""

from __future__ import annotations

import re

__all__ = ["without_long_tags"]

LONG = 30_000
"""Characters outside of quotes, and values in quotes."""
_WINDOW = LONG // 2
_TAG = re.compile(
    rf"<([A-Za-z][A-Za-z0-9:-]{{0,40}})[\s/](?>[^>\"']|\"[^\"]{{0,9999}}\"|'[^']{{0,9999}}'){{{LONG},}}+"
)


def without_long_tags(markup: str) -> str:
    """``markup`` with the attributes of such tags gone."""
    return _TAG.sub(r"<\1", markup) if _may_have(markup) else markup


def _may_have(markup: str) -> bool:
    # A tag of LONG letters covers one half of them in a row, whole.
    return any(markup.find(">", at, at + _WINDOW) < 0 for at in range(0, len(markup) - _WINDOW, _WINDOW))
