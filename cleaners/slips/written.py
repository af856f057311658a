"""The part of a line that is already repaired, as far as what follows depends on it."""

from collections import Counter

PAIRS = (("“", "”"), ("‘", "’"), ("《", "》"), ("（", "）"), ("「", "」"), ("『", "』"))
PAIR_OF = {char: pair for pair in PAIRS for char in pair}
_TAIL = 8


class Written:
    """Text that only grows: ``tail`` are its last characters, ``size`` its length, ``depth`` open pairs."""

    def __init__(self) -> None:
        self._parts: list[str] = []
        self.tail = ""
        self.size = 0
        self.depth: Counter[str] = Counter()

    def add(self, text: str) -> None:
        """Append ``text``."""
        self._parts.append(text)
        self.size += len(text)
        self.tail = (self.tail + text)[-_TAIL:]
        for char in text:
            pair = PAIR_OF.get(char)
            if pair:
                self.depth[pair[0]] += 1 if char == pair[0] else -1

    @property
    def text(self) -> str:
        """All of it."""
        return "".join(self._parts)
