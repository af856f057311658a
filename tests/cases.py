"""Reads the tables of cases under fixtures/cases."""

from __future__ import annotations

import tomllib
from pathlib import Path
from typing import Any

import pytest

FIXTURES = Path(__file__).parent.parent / "fixtures"


def load(name: str) -> list[Any]:
    """The cases of ``fixtures/cases/NAME.toml`` as pytest parameters named after them."""
    cases = tomllib.loads((FIXTURES / "cases" / f"{name}.toml").read_text(encoding="utf-8"))["case"]
    return [pytest.param(case, id=case["name"]) for case in cases]
