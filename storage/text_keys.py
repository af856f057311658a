"""The digest by which articles that say the same are found."""

from __future__ import annotations

import hashlib
import re

__all__ = ["text_key"]

_NO_LETTER = re.compile(r"[\W_]+")


def text_key(text: str) -> str | None:
    """The digest of the longest paragraph of ``text`` (16 hexadecimal digits); None where no letter is."""
    letters = max((_NO_LETTER.sub("", line) for line in text.split("\n")), key=len, default="")
    return hashlib.sha256(letters.encode("utf-8", "replace")).hexdigest()[:16] if letters else None
