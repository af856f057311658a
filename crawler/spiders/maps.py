"""Reads a sitemap into the frontier a part at a time: the largest needs no more memory than a small one."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING

from crawler.discovery.sitemaps import Sitemap, sitemap_parts
from crawler.spiders.answers import Digest
from crawler.spiders.places import found
from crawler.spiders.plan import Plan, Want

if TYPE_CHECKING:
    from storage.frontier import Frontier

__all__ = ["read_into"]

Document = tuple[bytes, str]
"""The body, and the URL where it was."""


def read_into(
    frontier: Frontier,
    plan: Plan,
    document: Document,
    want: Want,
    *,
    before: str | None,
    after_part: Callable[[], object],
) -> Digest:
    """Tell ``frontier`` what a sitemap names; gives its digest. ``before`` is that of the last visit.

    Blocks; ``after_part`` is called, in the caller's thread, when the frontier has something new. Raises
    :class:`XmlError` when it is no sitemap or too large, and the store's errors.
    """
    changed = before is not None and _digest_of(document) != before
    named = Digest()
    for part in sitemap_parts(*document):
        named.add(_shown(part))
        wants = plan.from_part(part, want, changed=changed)
        frontier.discover([found(one) for one in wants], document[1])
        changed = False  # a page without a time is asked about only if it stands near the top
        after_part()
    return named


def _digest_of(document: Document) -> str:
    named = Digest()
    for part in sitemap_parts(*document):
        named.add(_shown(part))
    return named.value


def _shown(part: Sitemap) -> Iterator[tuple[str, str | None]]:
    return ((entry.url, entry.modified) for entry in (*part.sitemaps, *part.pages))
