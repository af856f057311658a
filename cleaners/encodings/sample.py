"""The bytes of a page that can tell its encoding: those above ASCII, and what stands between them."""

from __future__ import annotations

import re

__all__ = ["text_bytes"]

_LIMIT = 800
# Text between tags from its first byte above ASCII on. Up to eight ASCII bytes may stand between:
# marks, digits, and the second bytes of GBK and Big5. "<" and ">" are no second byte anywhere.
_RUN = re.compile(rb"[\x80-\xff]++(?:[^<>\x80-\xff]{1,8}+(?=[\x80-\xff])[\x80-\xff]++)*+[^<>\x80-\xff]?")


def text_bytes(body: bytes, limit: int = _LIMIT) -> bytes:
    """Return the runs of text that hold bytes above ASCII, one a line, from all over the body.

    About ``limit`` bytes at most. A run starts at a character's first byte whatever the
    encoding, so it decodes on its own; only its last character may be cut off.
    """
    runs: list[bytes] = []
    total = 0
    for match in _RUN.finditer(body):
        start = match.start()
        before = body[start - 1 : start]
        runs.append(before + match[0] if before not in b"<>" else match[0])
        total += len(runs[-1])
    if total > limit:
        step = -(-total // limit)
        runs = (
            [run[:1024] for run in runs[::step]] if len(runs) >= 2 * step else [r[:limit] for r in runs[:1]]
        )
    return b"\n".join(runs)[: 2 * limit]
