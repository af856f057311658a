"""One walk over the tree: all visible text of the page, cut into blocks, in page order."""

from __future__ import annotations

import re
import tomllib
from dataclasses import dataclass, field
from importlib.resources import files

from lxml import etree, html

from cleaners.extract import hints
from cleaners.extract.hints import Hint
from cleaners.extract.measure import squeeze

__all__ = ["Box", "Layout", "Picture", "Piece", "walk"]

_TAGS: dict[str, list[str]] = tomllib.loads(
    (files("cleaners") / "data" / "extract_tags.toml").read_text("utf-8")
)
SILENT = frozenset(_TAGS["silent"])
INLINE = frozenset(_TAGS["inline"])
NAMED = frozenset(_TAGS["named"])
BLANK = " \t\n\r\f"
SPACE = re.compile(rf"[{BLANK}]+")
HIDDEN = int(Hint.HIDDEN)
BOXES = frozenset(("box", "row", "pre", "link-box"))
NONE: dict[str, str] = {}
PLAIN = (INLINE - {"a", "b", "strong"}) | {"void", "silent"}
"""What opened elements did that needs no undoing."""
NAMES = frozenset(("class", "id", "role", "itemprop"))
SHORT = 300
BLOCK_STYLE = re.compile(r"display\s*:\s*(?:block|flex|grid|table)", re.IGNORECASE)
HIDDEN_STYLE = re.compile(r"display\s*:\s*none|visibility\s*:\s*hidden", re.IGNORECASE)


@dataclass(slots=True)
class Piece:
    """A block as the walk found it; ``box`` is the index of the box that holds it."""

    raw: str
    tag: str
    link_chars: int
    links: int
    box: int
    bold: bool = False
    spaced: str = ""
    """Of short pieces: the same with a space wherever an element ends, as styles often show it."""


@dataclass(slots=True)
class Box:
    """A block element: its parent's index, its class, its pieces [first, last), its own hints."""

    node: html.HtmlElement
    parent: int
    tag: str
    name: str
    own: int
    first: int
    last: int = 0


@dataclass(slots=True)
class Picture:
    """An ``img`` and the index of the piece that it stands before."""

    node: html.HtmlElement
    before: int


@dataclass(slots=True)
class Layout:
    """Everything the walk saw. ``boxes[0]`` is the root."""

    pieces: list[Piece] = field(default_factory=list)
    boxes: list[Box] = field(default_factory=list)
    pictures: list[Picture] = field(default_factory=list)
    marks: list[tuple[html.HtmlElement, int]] = field(default_factory=list)
    """Elements with a class, id or itemprop, and the index of the piece that they start in."""


def _own_hints(tag: str, attributes: dict[str, str]) -> int:
    bits = hints.of_tag(tag)
    if not attributes:
        return bits
    for key, value in attributes.items():
        if key in NAMES:
            bits |= hints.of_names(value)
        elif (
            key == "hidden"
            or (key == "aria-hidden" and value == "true")
            or (key == "style" and HIDDEN_STYLE.search(value))
        ):
            bits |= HIDDEN
    return bits


def _is_data_row(row: html.HtmlElement) -> bool:
    """A row of short cells is one line of a table; long or divided cells are page layout."""
    cells = [c for c in row if c.tag in ("td", "th")]
    if len(cells) < 2:
        return False
    filled = 0
    for cell in cells:
        inner = sum(1 for e in cell.iterdescendants() if e.tag not in INLINE)
        if inner > 3 or any(True for _ in cell.iterdescendants("table")):
            return False
        text = squeeze("".join(cell.itertext()))
        if len(text) > 60:
            return False
        filled += bool(text)
    return filled >= 2 and len(list(row.iterdescendants("a"))) <= len(cells)


class _Walker:
    """Collects text between block borders; one instance a page."""

    def __init__(self) -> None:
        self.out = Layout()
        self.text: list[str] = []
        self.link_chars = 0
        self.links = 0
        self.bold_chars = 0
        self.row = 0  # depth inside a data row: its cells are joined
        self.pre = 0
        self.anchors = 0
        self.strong = 0
        self.stack: list[int] = []
        self.tags: list[str] = []

    def flush(self) -> None:
        parts = self.text
        if not parts:
            return
        joined = "".join(parts)
        if joined and not joined.isspace():
            raw = SPACE.sub(" ", joined).strip(" ")
            spaced = raw
            if len(parts) > 1 and len(raw) <= SHORT:
                spaced = SPACE.sub(" ", " ".join(parts)).strip(" ")
            size = len(squeeze(raw)) if self.bold_chars else 1
            self.out.pieces.append(
                Piece(
                    raw,
                    self.tags[-1] if self.tags else "p",
                    min(len(raw), self.link_chars),
                    self.links,
                    self.stack[-1],
                    self.bold_chars * 2 > size,
                    spaced,
                )
            )
        parts.clear()
        self.link_chars = self.links = self.bold_chars = 0

    def add(self, text: str) -> None:
        if not self.text and not text.strip(BLANK):
            return
        if self.pre and "\n" in text:
            lines = text.split("\n")
            for line in lines[:-1]:
                self.put(line)
                self.flush()
            text = lines[-1]
        self.put(text)

    def put(self, text: str) -> None:
        self.text.append(text)
        if self.anchors or self.strong:
            size = len(SPACE.sub("", text))
            if self.anchors:
                self.link_chars += size
            if self.strong:
                self.bold_chars += size

    def open_box(self, node: html.HtmlElement, tag: str, attributes: dict[str, str]) -> None:
        self.flush()
        boxes = self.out.boxes
        parent = self.stack[-1] if self.stack else -1
        own = _own_hints(tag, attributes)
        boxes.append(Box(node, parent, tag, attributes.get("class", ""), own, len(self.out.pieces)))
        self.stack.append(len(boxes) - 1)
        named = tag if tag in NAMED else self.tags[-1] if self.tags and self.tags[-1] in NAMED else "div"
        self.tags.append(named)

    def close_box(self) -> None:
        self.flush()
        self.out.boxes[self.stack.pop()].last = len(self.out.pieces)
        self.tags.pop()


def walk(root: html.HtmlElement) -> Layout:
    """Cut the visible text of ``root`` into pieces. Every character that a reader could see,
    hidden boxes included, is in exactly one piece; only white space is folded."""
    walker = _Walker()
    opened: list[str] = []  # what the start of each open element did
    walker.open_box(root, "html", dict(root.items()))
    if root.text:
        walker.add(root.text)
    events = etree.iterwalk(root, events=("start", "end"))
    next(events)
    for event, node in events:
        if event == "start":
            tag = node.tag
            if tag in SILENT:
                opened.append("silent")
                events.skip_subtree()
                continue
            opened.append(_start(walker, node, tag))
            if text := node.text:
                walker.add(text)
        elif opened:
            kind = opened.pop()
            if kind == "box":
                walker.close_box()
            elif kind not in PLAIN:
                _end(walker, kind)
            if text := node.tail:
                walker.add(text)
    walker.close_box()
    return walker.out


def _start(walker: _Walker, node: html.HtmlElement, tag: str) -> str:
    items = node.items()
    attributes = dict(items) if items else NONE
    if items and ("class" in attributes or "id" in attributes or "itemprop" in attributes):
        walker.out.marks.append((node, len(walker.out.pieces)))
    if tag == "br":
        walker.text.append(" ") if walker.row else walker.flush()
        return "void"
    if tag == "img":
        walker.out.pictures.append(Picture(node, len(walker.out.pieces) + bool("".join(walker.text).strip())))
        return "void"
    if tag == "a":
        walker.anchors += 1
        walker.links += 1
    if tag in INLINE or ":" in tag:
        style = attributes.get("style")
        if not (style and BLOCK_STYLE.search(style)) or walker.row:
            if tag in ("b", "strong"):
                walker.strong += 1
            return tag
    if walker.row:
        walker.row += 1
        walker.text.append(" ")
        return "cell"
    if tag == "tr" and _is_data_row(node):
        walker.open_box(node, "tr", attributes)
        walker.tags[-1] = "tr"
        walker.row = 1
        return "row"
    walker.open_box(node, tag, attributes)
    if tag == "pre":
        walker.pre += 1
        return "pre"
    return "link-box" if tag == "a" else "box"


def _end(walker: _Walker, kind: str) -> None:
    if kind in BOXES:
        walker.close_box()
    if kind in ("a", "link-box"):
        walker.anchors -= 1
    elif kind in ("b", "strong"):
        walker.strong -= 1
    elif kind == "cell":
        walker.row -= 1
        walker.text.append(" ")
    elif kind == "row":
        walker.row = 0
    elif kind == "pre":
        walker.pre -= 1
