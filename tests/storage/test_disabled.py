"""Rules out of service for a source: kept in the store, undone, part of what the cleaner is told."""

from __future__ import annotations

import pytest

from cleaners.model import Rules
from storage import Store
from storage.disabled import disable_rule, disabled_by_source, disabled_rules, enable_rule, without
from tests.storage.build import article, put

Opened = tuple[Store, int]


def test_a_rule_is_disabled_once_and_enabled_again(opened: Opened) -> None:
    store, run = opened
    put(store, run, article("甲。"), "a")
    assert disabled_rules(store) == []
    assert disable_rule(store, "files", "credit.image")
    assert not disable_rule(store, "files", "credit.image")
    assert disable_rule(store, "files", "chrome.share")
    assert [(row.source, row.rule) for row in disabled_rules(store)] == [
        ("files", "chrome.share"),
        ("files", "credit.image"),
    ]
    assert disabled_by_source(store) == {"files": frozenset({"chrome.share", "credit.image"})}
    assert enable_rule(store, "files", "credit.image")
    assert not enable_rule(store, "files", "credit.image")
    assert not enable_rule(store, "nobody", "chrome.share")
    assert disabled_by_source(store) == {"files": frozenset({"chrome.share"})}


def test_a_source_that_is_not_there_is_refused(opened: Opened) -> None:
    with pytest.raises(KeyError):
        disable_rule(opened[0], "nobody", "credit.image")


def test_what_a_source_disables_itself_stays() -> None:
    own = Rules(disabled=frozenset({"a.b"}))
    assert without(own, "x", {"x": frozenset({"c.d"})}).disabled == {"a.b", "c.d"}
    assert without(own, "y", {"x": frozenset({"c.d"})}) is own
