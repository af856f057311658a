"""The picture of articles by day: stacked bars, as numbers that a template draws."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from storage.inspection.overview import Daily

__all__ = ["Bar", "Chart", "Column", "chart", "fitting"]

WIDTH = 1000
HEIGHT = 200
_GAP = 0.18
"""Share of a column's width that stays free."""

_MOST_COLUMNS = 120
"""Beyond that many days, a column is a week."""

_NAMED = 6
"""Sources with a colour of their own; the others share the last one."""

OTHERS = "others"

_NEARLY = 0.8


@dataclass(frozen=True, slots=True)
class Bar:
    """A source's part of a column; lengths in units of the picture, ``tint`` is the number of the colour."""

    source: str
    count: int
    y: float
    height: float
    tint: int


@dataclass(frozen=True, slots=True)
class Column:
    """A day or a week, ``first`` and ``last`` inclusive, with its bars from the bottom up."""

    first: str
    last: str
    total: int
    x: float
    width: float
    bars: tuple[Bar, ...]

    @property
    def label(self) -> str:
        """What the column says, in words."""
        days = self.first if self.first == self.last else f"{self.first} to {self.last}"
        parts = ", ".join(f"{bar.source} {bar.count:,}" for bar in self.bars)
        return f"{days}: {self.total:,} ({parts})" if parts else f"{days}: none"


@dataclass(frozen=True, slots=True)
class Chart:
    """All columns from left to right; ``legend`` is (source, tint, articles), the largest first."""

    columns: tuple[Column, ...]
    legend: tuple[tuple[str, int, int], ...]
    top: int
    total: int
    first: str
    last: str
    by: str
    width: int = WIDTH
    height: int = HEIGHT


def chart(daily: Daily) -> Chart:
    """Lay out the bars: up to 120 columns of a day, else of a week."""
    days = (daily.last - daily.first).days + 1
    span = 1 if days <= _MOST_COLUMNS else 7
    sums = Counter[str]()
    for _, source, number in daily.counts:
        sums[source] += number
    ranked = sorted(sums, key=lambda name: (-sums[name], name))
    kept = ranked if len(ranked) <= _NAMED + 1 else ranked[:_NAMED]
    rest = sum(sums[name] for name in ranked[len(kept) :])
    tints = {name: tint for tint, name in enumerate(kept)}
    cells = [Counter[int]() for _ in range(-(-days // span))]
    for day, source, number in daily.counts:
        cells[(date.fromisoformat(day) - daily.first).days // span][tints.get(source, len(kept))] += number
    top = max((cell.total() for cell in cells), default=0)
    names = [*kept, OTHERS]
    step = WIDTH / max(1, len(cells))
    columns = tuple(
        Column(
            first=(daily.first + timedelta(days=span * number)).isoformat(),
            last=min(daily.last, daily.first + timedelta(days=span * (number + 1) - 1)).isoformat(),
            total=cell.total(),
            x=round(step * (number + _GAP / 2), 2),
            width=round(step * (1 - _GAP), 2),
            bars=_bars(cell, names, top),
        )
        for number, cell in enumerate(cells)
    )
    legend = [(name, tint, sums[name]) for name, tint in tints.items()]
    if rest:
        legend.append((OTHERS, len(kept), rest))
    ends = daily.first.isoformat(), daily.last.isoformat()
    return Chart(columns, tuple(legend), top, sums.total(), *ends, by="day" if span == 1 else "week")


def fitting(daily: Daily, spans: Sequence[int]) -> int:
    """Give the shortest of ``spans`` (days, ascending) that shows nearly all there is to show."""
    total = sum(number for _, _, number in daily.counts)
    for span in spans:
        first = (daily.last - timedelta(days=span - 1)).isoformat()
        if sum(number for day, _, number in daily.counts if day >= first) >= _NEARLY * total:
            return span
    return spans[-1]


def _bars(cell: Counter[int], names: Sequence[str], top: int) -> tuple[Bar, ...]:
    bars = []
    floor = float(HEIGHT)
    for tint in sorted(cell):
        height = HEIGHT * cell[tint] / top
        floor -= height
        bars.append(Bar(names[tint], cell[tint], round(floor, 2), round(height, 2), tint))
    return tuple(bars)
