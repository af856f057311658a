"""Which texts of a page a step has to look at: most pages show a sign in a few lines only."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence

__all__ = ["apply", "holding"]

_BATCH = 64  # lines that are looked at in one go: one search is cheaper than one a line


def holding(texts: Sequence[str], sign: Callable[[str], object]) -> Iterator[int]:
    """Yield the indexes of the texts that show ``sign``, from the left.

    ``sign`` must be true of texts joined by line ends if it is true of one of them.
    """
    if len(texts) == 1:
        if sign(texts[0]):
            yield 0
        return
    for low in range(0, len(texts), _BATCH):
        batch = texts[low : low + _BATCH]
        if sign("\n".join(batch)):
            yield from (low + i for i, text in enumerate(batch) if sign(text))


def apply(fix: Callable[[str], str], texts: list[str], sign: Callable[[str], object]) -> list[str]:
    """``texts`` with those that show ``sign`` fixed; the same list if none does."""
    places = list(holding(texts, sign))
    if not places:
        return texts
    out = list(texts)
    for place in places:
        out[place] = fix(out[place])
    return out
