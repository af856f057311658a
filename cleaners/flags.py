"""What is noticed about an article and changes nothing: site rules in vain, a second article in the page."""

from __future__ import annotations

from collections.abc import Sequence

from cleaners.extract.site_rules import in_vain, phrase_matches
from cleaners.fused import seams
from cleaners.model import Block, Document, Extracted, Note, Rules

__all__ = ["flags"]


def flags(
    document: Document, extracted: Extracted, blocks: Sequence[Block], rules: Rules
) -> tuple[Note, ...]:
    """What is noticed about the article and changes nothing."""
    phrases = phrase_matches([block.source_text for block in extracted.blocks], rules)
    name = f"{rules.name}: " if rules.name else ""
    found = [
        Note("flag/site", "site.in-vain@1", "", "", evidence=name + rule)
        for rule in (*extracted.in_vain, *in_vain(phrases))
    ]
    kept = frozenset(i for i, block in enumerate(blocks) if block.dropped is None)
    for seam in seams(document, kept):
        if seam.rule.partition("@")[0] not in rules.disabled:
            start = sum(len(text) + 1 for block in blocks[: seam.index] if (text := block.text))
            found.append(Note("flag/fused", seam.rule, "", "", start, evidence=seam.evidence))
    return tuple(found)
