"""Very long lines are repaired in pieces, and nothing is lost between them."""

from __future__ import annotations

import pytest

from cleaners.slips import repair_page
from cleaners.slips.forward import damage
from cleaners.slips.pieces import pieces
from tests.cleaners.slips.test_page import EVIDENCE, KEYS

UNIT = "因為大家都說，這個國家的業務現在很好，當地政府表示支持這項計劃，一切正常。"


@pytest.mark.parametrize("line", ["", "短", UNIT, UNIT * 40, UNIT * 400, "啊" * 10_000, "?，" * 5_000])
def test_pieces_give_the_line_back(line: str) -> None:
    parts = list(pieces(line))
    assert "".join(parts) == line
    assert all(len(part) <= 3_000 for part in parts)


def test_cuts_fall_between_clauses_far_from_slips() -> None:
    parts = list(pieces(damage(UNIT * 400, KEYS)))
    assert len(parts) > 3
    assert all(part[-1] in "。，" and "?" not in part[-8:] for part in parts[:-1])


def test_a_long_line_is_repaired_like_short_ones() -> None:
    page = [damage(line, KEYS) for line in [*EVIDENCE, UNIT * 200]]
    assert repair_page(page)[-1].text == UNIT * 200


def test_what_is_left_of_a_slip_is_found_in_every_piece() -> None:
    page = [damage(line, KEYS) for line in [*EVIDENCE, UNIT * 200]]
    torn = "他們卻?yàn)。"
    found = repair_page([*page[:2], page[2] + torn])[-1]
    assert [found.text[begin:end] for begin, end in found.lost] == ["?yàn)"]
