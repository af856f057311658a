"""Hard cases of the normal form, and as many texts that only look like them."""

from __future__ import annotations

from typing import Any

import pytest

from cleaners import normalize
from tests.cases import load

CASES = load("normal_form")


@pytest.mark.parametrize("case", CASES)
def test_normal_form(case: dict[str, Any]) -> None:
    assert normalize(case["text"]) == case.get("normal", case["text"])


@pytest.mark.parametrize("case", CASES)
def test_normal_form_is_stable(case: dict[str, Any]) -> None:
    normal = case.get("normal", case["text"])
    assert normalize(normal) == normal
