"""Says what storing an outcome would do, without doing it."""

from __future__ import annotations

from cleaners.model import Article, Rejected
from storage.records import Trial
from storage.states import changed_rules
from storage.store import Store
from storage.write_outcomes import find_articles, find_pages, ready, superseded
from storage.write_revisions import current_rules, current_state, next_state

__all__ = ["trial"]


def trial(store: Store, page_id: int, outcome: Article | Rejected) -> Trial:
    """Compare an outcome with what the store has. Raises ``KeyError`` for an unknown page."""
    prepared = ready(outcome)
    with store.reading() as connection:
        page = find_pages(connection, [page_id])[page_id]
        old = find_articles(connection, [page.origin]).get(page.origin)
        number = None if old is None else int(old.id)
        if isinstance(prepared, Rejected):
            return Trial("rejected", number)
        if old is None:
            return Trial("new", after=next_state(prepared))
        if superseded(page, old) or old.content_hash == prepared.article["content_hash"]:
            return Trial("unchanged", number)
        before, rules = current_state(connection, old.id), current_rules(connection, old.id)
    pairs = {name: (was, now) for name, (was, now) in changed_rules(rules, prepared.rule_counts()).items()}
    return Trial("changed", number, before, next_state(prepared), pairs)
