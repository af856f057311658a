"""The documentation of source files, held to what the program does."""

import re
from pathlib import Path

import pytest

from crawler.sources import SourceError, parse_source
from crawler.sources.loading import TABLES, TOP

DOC = (Path(__file__).parents[2] / "docs/add-a-site.md").read_text(encoding="utf-8")
BLOCKS = re.findall(r"```toml\n(.*?)```", DOC, re.DOTALL)


@pytest.mark.parametrize("text", [*BLOCKS[:2], BLOCKS[0] + BLOCKS[2]], ids=["smallest", "all", "layout"])
def test_the_examples_are_valid(text):
    assert parse_source(text, Path("daily.toml")).name == "daily"


def test_the_full_example_shows_every_key():
    keys = set(re.findall(r"^(\w+) = ", BLOCKS[1], re.MULTILINE))
    assert keys == {*TOP, *(key for table in TABLES.values() for key in table)}


def test_the_shown_message_is_what_a_mistake_gives():
    shown = re.search(r"daily\.toml:\d+: (pace\.speed: .*)", DOC)
    assert shown is not None
    with pytest.raises(SourceError, match=re.escape(shown[1])):
        parse_source('home = "https://example.org/"\n[pace]\nspeed = 1', Path("daily.toml"))
