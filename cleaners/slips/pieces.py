"""Very long lines in pieces: what a repair tries again for a whole line must not grow with the line."""

import re
from collections.abc import Iterator

_LONG = 3_000  # characters of a line that is taken as it is; no paragraph of an article is longer
_PIECE = 1_000
_BORDER = re.compile(r"(?<=[^?？]{8}[。，；！\s])(?=[^?？]{16})")  # no slip is near


def pieces(line: str) -> Iterator[str]:
    """Yield the pieces of ``line``; joined, they give it back. Cuts fall between clauses, far from slips."""
    last = 0
    while len(line) - last > _LONG:
        border = _BORDER.search(line, last + _PIECE, last + _LONG)
        end = border.start() if border else last + _LONG
        yield line[last:end]
        last = end
    yield line[last:]
