"""What a search asks for, as a tree; and the tree in the language of FTS5."""

from __future__ import annotations

from dataclasses import dataclass

__all__ = ["All", "Either", "Field", "Node", "Term", "fts5"]


@dataclass(frozen=True, slots=True)
class Term:
    """Tokens that stand side by side; with ``prefix`` the last one may go on."""

    tokens: tuple[str, ...]
    prefix: bool = False


@dataclass(frozen=True, slots=True)
class Field:
    """What must be found in ``name`` (``title`` or ``text``) alone."""

    name: str
    inner: Node


@dataclass(frozen=True, slots=True)
class All:
    """Everything ``wanted``, nothing of ``unwanted``."""

    wanted: tuple[Node, ...]
    unwanted: tuple[Node, ...] = ()


@dataclass(frozen=True, slots=True)
class Either:
    """At least one of the parts."""

    parts: tuple[Node, ...]


Node = Term | Field | All | Either


def fts5(node: Node) -> str:
    """Give the query for FTS5: every word quoted, every operator written out."""
    match node:
        case Term(tokens, prefix):
            return '"' + " ".join(tokens) + '"' + ("*" if prefix else "")
        case Field(name, inner):
            return f"{{{name}}} : {fts5(inner)}"
        case Either(parts):
            return "(" + " OR ".join(map(fts5, parts)) + ")"
        case All(wanted, unwanted):
            found = " AND ".join(map(fts5, wanted))
            if unwanted:
                left_out = fts5(unwanted[0]) if len(unwanted) == 1 else fts5(Either(unwanted))
                found = f"({found}) NOT {left_out}"
            return f"({found})"
