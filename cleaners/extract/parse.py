"""HTML text to a tree, once, with limits: the only place that calls the parser."""

from __future__ import annotations

import re

from lxml import etree, html

from cleaners.long_tags import without_long_tags
from cleaners.model import Page, Reason, Rejected

__all__ = ["MAX_CHARS", "MAX_ELEMENTS", "parse"]

MAX_CHARS = 20_000_000
"""Longest markup that is parsed, in characters."""

MAX_ELEMENTS = 60_000
"""Most elements that are walked: a page of news has a few thousand."""

# What XML trees cannot hold. A lone surrogate would stop the encoder, a NUL the parser.
UNFIT = re.compile("[\x00\ud800-\udfff]")
# Pages glued together by a template close the document early; what follows is still shown by browsers.
EARLY_END = re.compile(r"</(?:[hH][tT][mM][lL]|[bB][oO][dD][yY])\s*>")


def _is_fit(markup: str) -> bool:
    """Encoding is ten times as fast as a search."""
    try:
        markup.encode("utf-8")
    except UnicodeEncodeError:
        return False
    return "\x00" not in markup


def parse(markup: str, page: Page) -> html.HtmlElement | Rejected:
    """Parse ``markup`` without network or entities from outside.

    Comments and processing instructions are gone from the result, the text around them is
    joined. Returns ``Rejected`` (TOO_LARGE, TOO_DEEP, NO_CONTENT) where no faithful tree can
    be made; libxml2 stops at 2,048 levels and would silently lose what follows.
    """
    if len(markup) > MAX_CHARS:
        return Rejected(page.url, Reason.TOO_LARGE, f"the markup has {len(markup):,} characters")
    # not html.HTMLParser: its elements have more methods and are slower to make
    parser = etree.HTMLParser(
        encoding="utf-8", huge_tree=True, no_network=True, remove_comments=True, remove_pis=True
    )
    text = EARLY_END.sub("", markup if _is_fit(markup) else UNFIT.sub("", markup))
    text = without_long_tags(text)
    if not text.strip():
        return Rejected(page.url, Reason.EMPTY, "the page has no text")
    try:
        root = html.document_fromstring(text.encode("utf-8"), parser=parser)
    except (etree.ParserError, etree.XMLSyntaxError, ValueError) as error:
        return Rejected(page.url, Reason.NO_CONTENT, f"no element could be parsed: {error}")
    if any("depth" in entry.message.lower() for entry in parser.error_log):
        return Rejected(page.url, Reason.TOO_DEEP, "elements are nested over 2,048 levels deep")
    count = int(float(str(root.xpath("count(//*)"))))
    if count > MAX_ELEMENTS:
        return Rejected(page.url, Reason.TOO_DEEP, f"the page has {count:,} elements")
    return root
