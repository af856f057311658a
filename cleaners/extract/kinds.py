"""Pages that are no article: decided from the tree, with two independent signals."""

from __future__ import annotations

from lxml import html

from cleaners.extract.score import Scored
from cleaners.model import Page, Reason, Rejected

__all__ = ["judge"]


def judge(root: html.HtmlElement, scored: Scored, why: list[str | None], page: Page) -> Rejected | None:
    """The reason why the page is no article, or None."""
    if not any(reason is None for reason in why):
        return Rejected(page.url, Reason.NO_CONTENT, "no block of the page is article text")
    return None
