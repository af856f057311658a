"""What the store has learned of the sites of a run, at hand for the pages that come in."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace

from cleaners.model import Known, Rules
from crawler.arrivals import Arrival
from storage import Store
from storage.disabled import disabled_by_source, without
from storage.raw_pages import load_page
from storage.records import Saved, StoredPage
from storage.site_memory import site_name, stale_pages

__all__ = ["SiteMemory", "clean_stale"]


@dataclass(slots=True)
class SiteMemory:
    """Used by the writer's thread alone; ``touched`` are the sites whose articles it has stored."""

    store: Store
    touched: set[str] = field(default_factory=set)
    _disabled: dict[str, frozenset[str]] | None = None
    _known: dict[str, tuple[Known, ...]] = field(default_factory=dict)
    _phrases: tuple[str, ...] | None = None

    def rules_for(self, arrival: Arrival) -> Rules:
        """The rules of a page that came in, with what is known of its site."""
        site = site_name(arrival.page.url, arrival.source)
        if site not in self._known:
            self._known[site] = self.store.known_blocks(site)
        if self._disabled is None:
            self._disabled = disabled_by_source(self.store)
        if self._phrases is None:
            self._phrases = self.store.phrases()
        rules = without(arrival.rules or Rules(), arrival.source, self._disabled)
        return replace(rules, learned=self._known[site], phrases=self._phrases)

    def saw(self, saved: Saved) -> None:
        """An article was stored: its site may be known better now."""
        if saved.site is not None:
            self.touched.add(saved.site)
            self._known.pop(saved.site, None)


RulesOf = Callable[[StoredPage], Rules | None]
"""The site rules of a stored page; None if this run does not know them."""

Again = Callable[[Arrival], bool]
"""Takes a stored page in; False when there is no more time for it."""


def clean_stale(store: Store, sites: set[str], rules_of: RulesOf, again: Again) -> int:
    """Have those pages of ``sites`` cleaned again that came before their site was known this well.

    Gives how many were taken in.
    """
    count = 0
    disabled = disabled_by_source(store)
    phrases = store.phrases()
    for stored, known in stale_pages(store, sites):
        if (rules := rules_of(stored)) is None:
            continue
        rules = replace(without(rules, stored.source, disabled), learned=known, phrases=phrases)
        arrival = Arrival(load_page(store, stored.id), stored.source, rules)
        arrival.page_id = stored.id
        if not again(arrival):
            break
        count += 1
    return count
