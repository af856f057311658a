"""The types that travel through the program: one leaf module that everything may import.

All are frozen, slotted dataclasses. ``None`` means "not stated by the page", never an
empty string. Offsets and lengths count characters (Python code points), sizes count
bytes, times are aware datetimes.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, datetime

from cleaners.memory import NOTHING_SEEN, Edge, Known, Sighting
from cleaners.notes import NORMALIZE, REPAIR, Note, Repaired, replay
from cleaners.vocabulary import Precision, Reason, Script, Via

__all__ = [
    "NORMALIZE",
    "REPAIR",
    "Article",
    "Block",
    "Candidate",
    "Decoded",
    "Document",
    "Edge",
    "Extracted",
    "Image",
    "Known",
    "Line",
    "Meta",
    "Note",
    "Page",
    "Precision",
    "Reason",
    "Rejected",
    "Repaired",
    "Rules",
    "Script",
    "Sighting",
    "Via",
    "replay",
]

_Day = date  # a field of Rules has this name


@dataclass(frozen=True, slots=True)
class Page:
    """What was fetched or read; never changed.

    ``origin`` is the URL that was asked for, or the path of the file or archive record,
    and identifies the page; ``url`` is where it came from in the end (after redirects;
    a ``file:`` URI for a file whose page names no URL). ``content_type`` is the header as
    sent, with its parameters. ``fetched_at`` is aware and in UTC. ``headers`` are those of the answer,
    ``request_headers`` those that asked for it; neither has cookies or credentials. ``parts`` are
    the further pages of an article that goes on over several; they have no parts themselves.
    """

    url: str
    body: bytes
    content_type: str | None = None
    status: int | None = None
    headers: tuple[tuple[str, str], ...] = ()
    fetched_at: datetime | None = None
    origin: str | None = None
    via: Via = Via.FILE
    request_headers: tuple[tuple[str, str], ...] = ()
    parts: tuple[Page, ...] = ()


@dataclass(frozen=True, slots=True)
class Decoded:
    """Bytes turned into text: ``evidence`` says what was considered and why this won."""

    text: str
    encoding: str
    evidence: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Block:
    """A paragraph, heading, list item, table row or caption of a page, in page order.

    ``raw`` is its text as decoded, with white space folded as a browser would.
    ``link_chars`` counts the characters of ``raw`` inside links. A block is never deleted:
    what is not part of the article has ``dropped`` set to the note that says why.
    """

    raw: str
    tag: str = "p"
    link_chars: int = 0
    notes: tuple[Note, ...] = ()
    dropped: Note | None = None

    def __reduce__(self) -> tuple[type[Block], tuple[object, ...]]:
        return Block, (self.raw, self.tag, self.link_chars, self.notes, self.dropped)

    @property
    def source_text(self) -> str:
        """The text with damage repaired, in the page's own script and punctuation."""
        return replay(self.raw, (n for n in self.notes if n.step.startswith(REPAIR)))

    @property
    def text(self) -> str:
        """What is left of the block: its normal form, or nothing if it was dropped."""
        return "" if self.dropped else replay(self.raw, self.notes)


@dataclass(frozen=True, slots=True)
class Candidate:
    """A value that a page offers for a field of :class:`Meta`, and where it stands.

    ``origin`` names the place: ``json-ld``, ``og:title``, ``meta:author``, ``h1``,
    ``title``, ``time``, ``byline``, ``url``.
    """

    field: str
    value: str
    origin: str


@dataclass(frozen=True, slots=True)
class Image:
    """A picture of the article; ``block`` is the index of the block that it stands before."""

    url: str
    alt: str | None = None
    caption: str | None = None
    block: int | None = None


@dataclass(frozen=True, slots=True)
class Meta:
    """What a page states about its article; texts are in normal form.

    ``published_at`` keeps the source's own offset. ``timezone_source`` says where the
    offset came from: ``stated``, ``rules`` or ``assumed`` (Chinese pages: Asia/Shanghai).
    ``language`` is BCP 47 (``zh``, ``en``), ``script`` is set for Chinese only.
    ``evidence`` keeps the candidates that were considered, winners first for each field.
    """

    title: str | None = None
    subtitle: str | None = None
    authors: tuple[str, ...] = ()
    editors: tuple[str, ...] = ()
    source: str | None = None
    producer: str | None = None
    site_name: str | None = None
    original_title: str | None = None
    published_at: datetime | None = None
    published_precision: Precision | None = None
    published_raw: str | None = None
    timezone_source: str | None = None
    modified_at: datetime | None = None
    canonical_url: str | None = None
    language: str | None = None
    script: Script | None = None
    tags: tuple[str, ...] = ()
    images: tuple[Image, ...] = ()
    image_credit: str | None = None
    section: str | None = None
    description: str | None = None
    access: str | None = None
    evidence: tuple[Candidate, ...] = ()


@dataclass(frozen=True, slots=True)
class Extracted:
    """All text of a page as blocks in page order, before any repair.

    Blocks outside the article are already dropped, with the rule that says why.
    ``lang`` is the page's own declaration (``<html lang>``), as written; ``in_vain`` names the
    rules of the site that matched nothing.
    """

    blocks: tuple[Block, ...]
    candidates: tuple[Candidate, ...] = ()
    images: tuple[Image, ...] = ()
    canonical_url: str | None = None
    lang: str | None = None
    in_vain: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Line:
    """A block as the judges see it: repaired, and ``folded`` for matching.

    ``folded`` is ``text`` in simplified script, lower case and half width, character by
    character, so that offsets are the same in both.
    """

    index: int
    text: str
    folded: str
    tag: str = "p"
    link_chars: int = 0


@dataclass(frozen=True, slots=True)
class Document:
    """What judges decide on: the blocks that extraction kept, and what the page calls itself."""

    lines: tuple[Line, ...]
    titles: tuple[str, ...] = ()
    site_name: str | None = None
    url: str = ""


@dataclass(frozen=True, slots=True)
class Article:
    """A page that is an article. ``fingerprint`` identifies the cleaner that made it.

    ``page_notes`` are changes to the decoded markup as a whole, before blocks were cut.
    ``sighting`` are the blocks that may turn out to be the site's (:mod:`cleaners.memory`).
    ``flags`` are notes that change nothing: ``where`` is an offset in ``text``.
    """

    url: str
    meta: Meta
    blocks: tuple[Block, ...]
    encoding: str
    fingerprint: str
    page_notes: tuple[Note, ...] = ()
    sighting: Sighting = NOTHING_SEEN
    flags: tuple[Note, ...] = ()

    @property
    def kept(self) -> tuple[Block, ...]:
        """The blocks that are article text, in page order."""
        return tuple(b for b in self.blocks if b.dropped is None)

    @property
    def text(self) -> str:
        """The article in normal form: one paragraph a line, no blank lines."""
        return "\n".join(t for b in self.kept if (t := b.text))

    @property
    def source_text(self) -> str:
        """The same words, repaired, in the page's own script and punctuation."""
        return "\n".join(t for b in self.kept if (t := b.source_text))

    @property
    def notes(self) -> tuple[Note, ...]:
        """Every change to the text that was kept, and what was noticed beside."""
        return self.page_notes + tuple(n for b in self.kept for n in b.notes) + self.flags

    @property
    def removed(self) -> tuple[Note, ...]:
        """Every block that was dropped: its text as ``before``, and the rule that dropped it."""
        return tuple(b.dropped for b in self.blocks if b.dropped is not None)


@dataclass(frozen=True, slots=True)
class Rejected:
    """A page that gave no article; ``detail`` is one sentence for a person."""

    url: str
    reason: Reason
    detail: str
    fingerprint: str = ""


@dataclass(frozen=True, slots=True)
class Rules:
    """What a site may tell the cleaners. Selectors are CSS; an empty tuple means "no word on it".

    ``zone`` is an IANA time zone for naive times, ``encoding`` a prior for undeclared pages,
    ``disabled`` names rules (without version) that must not act on this site. ``learned`` are
    the blocks that the site's own pages have shown to recur; the store keeps them. ``phrases``
    are names and terms of the reader's own articles (:mod:`cleaners.slips.familiar`). ``older`` are
    the rules of earlier layouts, oldest first, each for pages fetched ``until`` a day (UTC).
    """

    name: str = ""
    body: tuple[str, ...] = ()
    title: tuple[str, ...] = ()
    author: tuple[str, ...] = ()
    date: tuple[str, ...] = ()
    source: tuple[str, ...] = ()
    keep: tuple[str, ...] = ()
    drop: tuple[str, ...] = ()
    drop_phrases: tuple[str, ...] = ()
    zone: str | None = None
    encoding: str | None = None
    next_page: tuple[str, ...] = ()
    disabled: frozenset[str] = frozenset()
    learned: tuple[Known, ...] = ()
    phrases: tuple[str, ...] = ()
    until: _Day | None = None
    older: tuple[Rules, ...] = ()

    def at(self, moment: datetime | None) -> Rules:
        """The rules for a page that was fetched at ``moment``; today's if that is not known."""
        if moment is not None:
            for old in self.older:
                if old.until is not None and moment.date() <= old.until:
                    return replace(old, learned=self.learned, phrases=self.phrases)
        return self
