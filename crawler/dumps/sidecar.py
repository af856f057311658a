"""What somebody wrote down about a saved page, in a file next to it.

For ``page.html`` the first of these that exists counts: ``page.html.json``, ``page.json`` (an
object with ``url`` and, if known, ``fetched_at``, ``content_type``, ``status``), ``page.html.url``,
``page.url`` (one line with the URL, or a Windows shortcut with a line ``URL=...``).
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

__all__ = ["Sidecar", "is_sidecar", "sidecar_of"]

_MAX_BYTES = 1 << 20


@dataclass(frozen=True, slots=True)
class Sidecar:
    """Where a saved page came from; ``fetched_at`` is aware and in UTC."""

    url: str
    fetched_at: datetime | None = None
    content_type: str | None = None
    status: int | None = None


def is_sidecar(name: str) -> bool:
    """Whether a file of this name is never a page itself."""
    return name.lower().endswith((".json", ".url"))


def sidecar_of(path: Path) -> Sidecar | None:
    """What is written next to `path` about it; None if nothing usable is there."""
    for candidate, read in (
        (path.with_name(path.name + ".json"), _from_json),
        (path.with_suffix(".json"), _from_json),
        (path.with_name(path.name + ".url"), _from_line),
        (path.with_suffix(".url"), _from_line),
    ):
        text = _read(candidate)
        if text is not None and (found := read(text)):
            return found
    return None


def _read(path: Path) -> str | None:
    try:
        if not path.is_file() or path.stat().st_size > _MAX_BYTES:
            return None
        return path.read_text(encoding="utf-8-sig", errors="replace")
    except OSError:
        return None


def _from_json(text: str) -> Sidecar | None:
    try:
        value: Any = json.loads(text)
    except (ValueError, RecursionError):
        return None
    if not isinstance(value, dict) or not _is_web(value.get("url")):
        return None
    content_type, status = value.get("content_type"), value.get("status")
    return Sidecar(
        url=value["url"].strip(),
        fetched_at=_moment(value.get("fetched_at")),
        content_type=content_type if isinstance(content_type, str) and content_type else None,
        status=status if type(status) is int else None,
    )


def _from_line(text: str) -> Sidecar | None:
    for line in text.splitlines():
        url = line.strip()
        if url[:4].upper() == "URL=":
            url = url[4:].strip()
        if _is_web(url):
            return Sidecar(url)
    return None


def _is_web(url: object) -> bool:
    return isinstance(url, str) and url.strip().lower().startswith(("http://", "https://"))


def _moment(value: object) -> datetime | None:
    if not isinstance(value, str):
        return None
    try:
        moment = datetime.fromisoformat(value.strip())
        return moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment.astimezone(UTC)
    except (ValueError, OverflowError):
        return None
