"""The reference pages say what the code says."""

import re

import pytest

from cleaners.model import Reason
from crawler.cli.exits import ExitCode
from crawler.cli.reference import FOLDER, pages


@pytest.mark.parametrize("name", ["commands.md", "reasons.md"])
def test_the_page_is_current(name):
    current = (FOLDER / name).read_text(encoding="utf-8")
    assert current == pages()[name], "run: python -m crawler.cli.reference"


def test_every_reason_is_documented():
    listed = re.findall(r"^\| `(\w+)` \| (.+) \|$", pages()["reasons.md"], re.M)
    assert [value for value, _ in listed] == [reason.value for reason in Reason]
    assert all(len(meaning) > 10 for _, meaning in listed)


def test_every_exit_code_is_documented():
    listed = re.findall(r"^\| `(\d+)` \|", pages()["commands.md"], re.M)
    assert listed == [str(int(code)) for code in ExitCode]
