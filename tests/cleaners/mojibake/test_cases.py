"""Cases by kind: damaged text and its repair, and suspicious text that is right."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from cleaners.model import replay
from cleaners.mojibake import mend, mojibake

CASES = Path(__file__).parents[3] / "fixtures/cases/mojibake"


def rows(name: str) -> list[dict[str, str]]:
    return list(json.loads((CASES / name).read_text("utf-8")))


@pytest.mark.parametrize("row", rows("damaged.json") + rows("escapes.json"), ids=lambda row: row["kind"])
def test_damage_is_undone(row: dict[str, str]) -> None:
    mended = mend(row["seen"])
    assert mended.text == row["text"]
    assert replay(row["seen"], mended.notes) == row["text"]
    assert mend(row["text"]).text == row["text"]


@pytest.mark.parametrize("row", rows("negatives.json"), ids=lambda row: row["kind"])
def test_right_text_is_left_alone(row: dict[str, str]) -> None:
    assert mend(row["text"]).text == row["text"]
    assert mend(row["text"]).notes == ()


def test_negatives_are_many_and_distinct() -> None:
    texts = {row["text"] for row in rows("negatives.json")}
    assert len(texts) >= 200
    assert len(texts) >= len(rows("damaged.json")) + len(rows("escapes.json"))


def test_right_texts_stay_right_together() -> None:
    texts = [row["text"] for row in rows("negatives.json") if row["kind"] != "about_mojibake"]
    assert [result.text for result in mojibake(texts)] == texts
