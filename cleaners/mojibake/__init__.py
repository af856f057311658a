"""Undo wrong readings: text whose bytes were decoded with the wrong codec before we got it.

:func:`mend` repairs one text and says what it did; :func:`mojibake` is the same for all the
texts of a page together. Both are total, idempotent, and take time linear in the length of the text.
"""

from __future__ import annotations

from cleaners.mojibake.page import lost, mark_lost, may_be_misread, mend, mojibake

__all__ = ["lost", "mark_lost", "may_be_misread", "mend", "mojibake"]
