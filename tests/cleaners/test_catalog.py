from __future__ import annotations

import re
import tomllib
from pathlib import Path

import pytest

import cleaners
from cleaners import Article, Page, clean
from cleaners.catalog import meaning
from cleaners.fixers import NORMALS, REPAIRS
from tests.cases import FIXTURES

ROOT = Path(cleaners.__file__).parent
NAMED = {
    match[1]
    for file in ROOT.rglob("*.py")
    for match in re.finditer(r'"([a-z-]+\.[a-z0-9_-]+)@\d+"', file.read_text())
}
LEXICONS = {
    f"{file.stem.removeprefix('judge_')}.{rule}"
    for file in (ROOT / "data").glob("judge_*.toml")
    for rule, entry in tomllib.loads(file.read_text(encoding="utf-8")).items()
    if isinstance(entry, dict) and ("whole" in entry or "inside" in entry)
}


@pytest.mark.parametrize("rule", sorted(NAMED | LEXICONS))
def test_every_rule_has_a_meaning(rule: str) -> None:
    assert meaning(rule)


def test_there_are_rules_to_look_at() -> None:
    assert {fixer.rule.partition("@")[0] for fixer in (*REPAIRS, *NORMALS)} <= NAMED
    assert len(LEXICONS) > 5


@pytest.mark.parametrize("path", sorted((FIXTURES / "seeds").glob("*/00*.*t*")), ids=lambda p: p.name)
def test_what_notes_say_has_a_meaning(path: Path) -> None:
    kind = "text/plain" if path.suffix == ".txt" else "text/html"
    article = clean(Page(url=path.as_uri(), body=path.read_bytes(), content_type=kind))
    assert isinstance(article, Article)
    for note in (*article.notes, *article.removed):
        assert meaning(note.rule), note.rule


def test_an_unknown_rule_has_none() -> None:
    assert meaning("no.such@1") is None
