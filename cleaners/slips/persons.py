"""Of whom a line speaks: a pronoun that a slip tore apart is one that stands nearby, rather than another."""

from collections.abc import Mapping

_PRONOUNS = "他她"
_IN_LINE, _BEFORE = 25, 12  # tenths of nats


def other_persons(line: str, before: str) -> Mapping[str, int]:
    """Return what the pronouns cost that neither ``line`` nor, if it has none, the line ``before`` has."""
    for text, cost in ((line, _IN_LINE), (before, _BEFORE)):
        others = [char for char in _PRONOUNS if char not in text]
        if len(others) < len(_PRONOUNS):
            return dict.fromkeys(others, cost)
    return {}
