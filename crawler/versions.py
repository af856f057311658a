"""The versions that a run is recorded with: of the program, of Python, of what shapes the results."""

from __future__ import annotations

import platform
from importlib.metadata import PackageNotFoundError, version

__all__ = ["versions"]

_LIBRARIES = (
    *("scrapy", "twisted", "trafilatura", "lxml", "opencc-python-reimplemented"),
    *("charset-normalizer", "sqlalchemy", "alembic", "ftfy"),
)


def versions() -> dict[str, str]:
    """Name and version, the program first; "not installed" for what is missing."""
    found = {"taosha": _version("taosha"), "python": platform.python_version()}
    return found | {name: _version(name) for name in _LIBRARIES}


def _version(name: str) -> str:
    try:
        return version(name)
    except PackageNotFoundError:
        return "not installed"
