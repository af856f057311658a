"""Own texts, damaged by the forward model, and texts that look damaged and are not."""

from __future__ import annotations

import random
import tomllib
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from cleaners.slips import repair_page
from cleaners.slips.forward import damage
from cleaners.slips.gbk import code
from cleaners.slips.keys import learned_keys, learned_order

CASES = Path(__file__).parents[3] / "fixtures" / "cases" / "slips"


@dataclass(frozen=True)
class Damaged:
    clean: list[str]
    shown: list[str]


@dataclass(frozen=True)
class Case:
    name: str
    texts: list[str]
    repaired: list[str]


def prose() -> list[str]:
    """Own sentences, simplified, one a line."""
    return (CASES / "prose.txt").read_text(encoding="utf-8").splitlines()


@cache
def cases(name: str) -> tuple[Case, ...]:
    found = tomllib.loads((CASES / f"{name}.toml").read_text(encoding="utf-8"))["case"]
    return tuple(Case(c["name"], c["texts"], c.get("repaired", c["texts"])) for c in found)


def negatives() -> tuple[Case, ...]:
    return cases("negatives")


def damaged_page(
    lines: list[str], rng: random.Random, strays: float, put: Callable[[], bytes] = lambda: b"\x01"
) -> Damaged:
    """Damage traditional lines as one site would: its own selection of keys in its own order."""
    clean = ["".join(char for char in line if code(char)) for line in lines]
    keys = list(learned_keys().items())
    rng.shuffle(keys)
    keys = keys[: rng.randint(60, len(keys))]
    first = [key for key in keys if key[0] in learned_order()]
    order = [*first, *(key for key in keys if key not in first)]
    shown = [damage(line, order, lambda _: rng.random() < strays, put) for line in clean]
    return Damaged(clean, shown)


def repaired(texts: list[str]) -> list[str]:
    """The texts of one page without the noise."""
    return [line.text for line in repair_page(texts)]
