"""The frame: the one path from a page to an article.

Steps return values; only this module marks blocks and writes notes, so that no step can
lose text.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace
from functools import lru_cache, partial

from cleaners.decoding import decode
from cleaners.edits import diff
from cleaners.extract import extract, extract_plain
from cleaners.fingerprint import fingerprint
from cleaners.fixers import NORMALS, REPAIRS, Mender, Step, knowing
from cleaners.flags import flags
from cleaners.judges import JUDGES, Judge, learned, site
from cleaners.memory import used_part
from cleaners.metadata import resolve
from cleaners.metadata.folding import fold
from cleaners.model import (
    REPAIR,
    Article,
    Block,
    Candidate,
    Document,
    Extracted,
    Image,
    Line,
    Meta,
    Note,
    Page,
    Reason,
    Rejected,
    Repaired,
    Rules,
    Sighting,
)
from cleaners.pages import join
from cleaners.slips import repair_markup
from cleaners.text import fix_all, repair_all

__all__ = ["clean", "current_fingerprint"]

_MIN_CHARS = 10
"""Characters: no news flash is shorter (the shortest seen are about 24)."""

_HTML = re.compile(r"\ufeff?\s*(?:<\?xml[^<>]{0,200}>\s*)?<(?:!doctype\s+html|html|head)\b", re.IGNORECASE)
"""How a document begins that is HTML, whatever the server calls it."""
_BINARY = "binary"
"""The encoding that :func:`cleaners.decode` gives for bytes that are no text."""


def clean(page: Page, rules: Rules | None = None) -> Article | Rejected:
    """Turn a page into an article, or say why it is none.

    Pure, deterministic and total: any bytes give a value, never an exception. A page with
    ``content_type`` ``text/plain`` is read as a dump, one paragraph a line, unless it begins as HTML
    does. A page with further parts gives the whole article; a part that gives no text is missing
    from it, with a flag.
    """
    rules = rules or Rules()
    first = _clean_one(page, rules)
    if isinstance(first, Rejected) or not page.parts:
        return first
    parts = [_clean_one(part, rules) for part in page.parts]
    whole = join([first, *(part for part in parts if isinstance(part, Article))])
    missing = tuple(
        Note("flag/pages", "pages.missing@1", "", "", evidence=f"page {number}: {part.reason}: {part.detail}")
        for number, part in enumerate(parts, start=2)
        if isinstance(part, Rejected)
    )
    by = current_fingerprint(rules, whole.sighting.used)
    return replace(whole, fingerprint=by, flags=whole.flags + missing)


def _clean_one(page: Page, all_rules: Rules) -> Article | Rejected:
    made_by, rules = current_fingerprint(all_rules), all_rules.at(page.fetched_at)
    if not page.body.strip():
        return Rejected(page.url, Reason.EMPTY, "The page has no content.", made_by)
    decoded = decode(page.body, page.content_type, rules.encoding)
    if decoded.encoding == _BINARY:
        return Rejected(page.url, Reason.NOT_HTML, "The bytes are no text.", made_by)
    plain = (page.content_type or "").lower().startswith("text/plain") and not _HTML.match(decoded.text)
    as_is = plain or "annotations.markup" in rules.disabled
    markup = decoded.text if as_is else repair_markup(decoded.text)
    page_notes = diff(decoded.text, markup, REPAIR + "markup", "annotations.markup@1")
    extracted = extract_plain(markup, page) if plain else extract(markup, page, rules)
    if isinstance(extracted, Rejected):
        return replace(extracted, fingerprint=made_by)
    extracted = _repaired(_undropped(extracted, rules), _enabled(knowing(rules.phrases), rules))
    document = _document(extracted, page)
    judged = _judged(document, rules)
    meta = resolve(document, {i: rule for i, (_, rule) in judged.items()}, extracted, page, rules)
    rest = replace(document, lines=tuple(line for line in document.lines if line.index not in judged))
    edges = learned.edges(rest)
    blocks = _without_learned(_marked(extracted.blocks, judged), rest, rules)
    blocks, meta = _normalized(blocks, meta, _enabled(NORMALS, rules))
    noticed = flags(document, extracted, blocks, rules)
    url = meta.canonical_url if page.url.startswith("file:") and meta.canonical_url else page.url
    used = used_part(edges, rules.learned)
    by = current_fingerprint(all_rules, used)
    article = Article(url, meta, blocks, decoded.encoding, by, page_notes, Sighting(edges, used), noticed)
    length = len(article.text)
    if length < _MIN_CHARS:
        return _too_short(page, length, judged, made_by)
    return article


def _undropped(extracted: Extracted, rules: Rules) -> Extracted:
    """What extraction dropped by a rule that must not act on this site is for the judges to decide."""
    if not rules.disabled:
        return extracted
    blocks = (
        replace(b, dropped=None) if b.dropped is not None and _name(b.dropped) in rules.disabled else b
        for b in extracted.blocks
    )
    return replace(extracted, blocks=tuple(blocks))


def _name(note: Note) -> str:
    return note.rule.partition("@")[0]


_ROWS = 5
"""So many titles of other articles, and nothing else, make a list."""


def _too_short(page: Page, length: int, judged: Mapping[int, tuple[str, str]], made_by: str) -> Rejected:
    rows = sum(rule.startswith(("headlines.", "related.")) for _, rule in judged.values())
    if not length and rows >= _ROWS:
        return Rejected(
            page.url, Reason.LISTING, f"all that is left are {rows} titles of other pages", made_by
        )
    reason = Reason.TOO_SHORT if length else Reason.NO_CONTENT
    return Rejected(page.url, reason, f"{length} characters of article text are left.", made_by)


def _repaired(extracted: Extracted, fixers: Sequence[Step]) -> Extracted:
    """Blocks with repair notes and candidates with repaired values, on one body of evidence."""
    values = [candidate.value for candidate in extracted.candidates]
    kept = [block.raw for block in extracted.blocks if block.dropped is None]
    if not any(repair_all(kept + values, fixers)[1]):
        return extracted  # what was dropped is read on damaged pages only
    raws = [block.raw for block in extracted.blocks]
    fixed, notes = repair_all(raws + values, fixers)
    blocks = (replace(b, notes=own) if own else b for b, own in zip(extracted.blocks, notes, strict=False))
    return replace(
        extracted,
        blocks=tuple(blocks),
        candidates=tuple(
            Candidate(c.field, value, c.origin)
            for c, value in zip(extracted.candidates, fixed[len(raws) :], strict=True)
        ),
    )


def _document(extracted: Extracted, page: Page) -> Document:
    lines = []
    for index, block in enumerate(extracted.blocks):
        if block.dropped is None:
            text = block.source_text
            lines.append(Line(index, text, fold(text), block.tag, min(block.link_chars, len(text))))
    titles = tuple(dict.fromkeys(c.value for c in extracted.candidates if c.field == "title"))
    names = (c.value for c in extracted.candidates if c.field == "site_name")
    return Document(tuple(lines), titles, next(names, None), page.url)


def _judged(document: Document, rules: Rules) -> dict[int, tuple[str, str]]:
    """For each line that a judge condemns: the judge's step and the rule; the first judge wins."""
    verdicts: dict[int, tuple[str, str]] = {}
    own: tuple[str, Judge] = ("site", partial(site.judge, rules=rules))
    for name, judge in (own, *JUDGES):
        for index, rule in judge(document).items():
            if rule.partition("@")[0] not in rules.disabled:
                verdicts.setdefault(index, (f"judge/{name}", rule))
    return verdicts


def _marked(blocks: Sequence[Block], judged: Mapping[int, tuple[str, str]]) -> tuple[Block, ...]:
    return tuple(
        replace(block, dropped=Note(*judged[i], before=block.source_text, after="")) if i in judged else block
        for i, block in enumerate(blocks)
    )


def _without_learned(blocks: tuple[Block, ...], rest: Document, rules: Rules) -> tuple[Block, ...]:
    """Last, because what other judges have left shows where the article begins and ends."""
    if learned.RULE.partition("@")[0] in rules.disabled:
        return blocks
    out = list(blocks)
    for index, known in learned.judge(rest, rules.learned).items():
        before = out[index].source_text
        note = Note("judge/learned", learned.RULE, before=before, after="", evidence=known.evidence)
        out[index] = replace(out[index], dropped=note)
    return tuple(out)


def _normalized(
    blocks: Sequence[Block], meta: Meta, fixers: Sequence[Step]
) -> tuple[tuple[Block, ...], Meta]:
    """The normal form of the kept blocks together, and of the texts of the metadata."""
    kept = [i for i, block in enumerate(blocks) if block.dropped is None]
    _, notes = fix_all([blocks[i].source_text for i in kept], fixers)
    out = list(blocks)
    for i, own in zip(kept, notes, strict=True):
        if own:
            out[i] = replace(out[i], notes=out[i].notes + own)
    return tuple(out), _normal_meta(meta, fixers)


_TEXTS = (
    "title",
    "subtitle",
    "original_title",
    "description",
    "source",
    "producer",
    "site_name",
    "section",
    "image_credit",
)
_LISTS = ("authors", "editors", "tags")


def _normal_meta(meta: Meta, fixers: Sequence[Step]) -> Meta:
    """Metadata in normal form. Chinese is decided over all values: a name alone tells little."""
    single = [name for name in _TEXTS if getattr(meta, name)]
    lists = [(name, len(getattr(meta, name))) for name in _LISTS]
    captions = [image.caption or "" for image in meta.images] + [image.alt or "" for image in meta.images]
    texts = [getattr(meta, name) for name in single]
    for name, _ in lists:
        texts += getattr(meta, name)
    fixed, _ = fix_all(texts + captions, fixers)
    changes: dict[str, object] = dict(zip(single, fixed, strict=False))
    rest = fixed[len(single) :]
    for name, count in lists:
        changes[name], rest = tuple(dict.fromkeys(rest[:count])), rest[count:]
    half = len(meta.images)
    changes["images"] = tuple(
        Image(image.url, rest[half + i] or None, rest[i] or None, image.block)
        for i, image in enumerate(meta.images)
    )
    return replace(meta, **changes)  # type: ignore[arg-type]


def _enabled(fixers: Sequence[Step], rules: Rules) -> Sequence[Step]:
    if not rules.disabled:
        return fixers
    return [
        _restrained(fixer, rules.disabled) if isinstance(fixer, Mender) else fixer
        for fixer in fixers
        if isinstance(fixer, Mender) or fixer.rule.partition("@")[0] not in rules.disabled
    ]


def _restrained(mender: Mender, disabled: frozenset[str]) -> Mender:
    """A mender has several rules; where a disabled one would act, it leaves the text as it is."""

    def mend(texts: list[str]) -> list[Repaired]:
        return [
            Repaired(text) if any(_name(note) in disabled for note in result.notes) else result
            for text, result in zip(texts, mender.mend(texts), strict=True)
        ]

    return replace(mender, mend=mend)


@lru_cache(maxsize=256)
def _fingerprint(rules: Rules, used: tuple[str, ...]) -> str:
    steps = [fixer.rule for fixer in (*REPAIRS, *NORMALS)] + [name for name, _ in JUDGES] + [learned.RULE]
    return fingerprint([*steps, *used], rules)


def current_fingerprint(rules: Rules | None = None, used: tuple[str, ...] = ()) -> str:
    """The fingerprint that articles get from this cleaner with these site rules.

    Of what was learned about the site only that counts which bears on the page: ``used``, as
    :func:`cleaners.memory.used_part` gives it.
    """
    return _fingerprint(replace(rules or Rules(), learned=()), used)
