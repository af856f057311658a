"""Rules that a person has taken out of service for a source: kept in the store, undone at any time.

They count as the source's own `disabled` rules do: pages that come in are cleaned without them, and
`taosha reclean` finds the pages that were cleaned with them.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

from sqlalchemy import delete, insert, select

from cleaners.model import Rules
from storage.models import DisabledRuleRow, SourceRow, table_of
from storage.postgres import lock_keys
from storage.store import Store
from storage.texts import key_text
from storage.times import now_utc

__all__ = ["DisabledRule", "disable_rule", "disabled_by_source", "disabled_rules", "enable_rule", "without"]

_T = table_of(DisabledRuleRow)


@dataclass(frozen=True, slots=True)
class DisabledRule:
    """``rule`` is a name without version; ``disabled_at`` is in UTC."""

    source: str
    rule: str
    disabled_at: str


def disabled_rules(store: Store) -> list[DisabledRule]:
    """Give all of them, by source and rule."""
    query = (
        select(SourceRow.name, _T.c.rule, _T.c.disabled_at)
        .join(SourceRow, SourceRow.id == _T.c.source_id)
        .order_by(SourceRow.name, _T.c.rule)
    )
    with store.reading() as connection:
        return [DisabledRule(*row) for row in connection.execute(query)]


def disabled_by_source(store: Store) -> dict[str, frozenset[str]]:
    """Give the names of the disabled rules for each source that has any."""
    found: dict[str, set[str]] = {}
    for row in disabled_rules(store):
        found.setdefault(row.source, set()).add(row.rule)
    return {source: frozenset(names) for source, names in found.items()}


def without(rules: Rules, source: str, disabled: Mapping[str, frozenset[str]]) -> Rules:
    """Give the rules of ``source`` without those that are disabled for it."""
    names = disabled.get(key_text(source))
    return replace(rules, disabled=rules.disabled | names) if names else rules


def disable_rule(store: Store, source: str, rule: str) -> bool:
    """Take ``rule`` out of service for ``source``; False if it was already.

    Raises ``KeyError`` when the store has no such source.
    """
    with store.writing() as connection:
        lock_keys(connection, (f"disabled {source} {rule}",))
        number = connection.execute(
            select(SourceRow.id).where(SourceRow.name == key_text(source))
        ).scalar_one_or_none()
        if number is None:
            raise KeyError(source)
        present = select(_T.c.id).where(_T.c.source_id == number, _T.c.rule == rule)
        if connection.execute(present).first() is not None:
            return False
        connection.execute(insert(_T).values(source_id=number, rule=rule, disabled_at=now_utc()))
        return True


def enable_rule(store: Store, source: str, rule: str) -> bool:
    """Let ``rule`` act on ``source`` again; False if it was not disabled."""
    mine = select(SourceRow.id).where(SourceRow.name == key_text(source)).scalar_subquery()
    with store.writing() as connection:
        gone = connection.execute(delete(_T).where(_T.c.source_id == mine, _T.c.rule == rule))
        return gone.rowcount > 0
