"""All sources at hand: the user's own folder first, then those that come with the program."""

from __future__ import annotations

import os
from dataclasses import dataclass, field
from pathlib import Path
from typing import Self

from crawler.sources.loading import SourceError, load_source
from crawler.sources.model import Source

__all__ = ["BUNDLED", "Catalog", "UnknownSourceError", "user_folder"]

BUNDLED = Path(__file__).parent.parent / "sites"


class UnknownSourceError(LookupError):
    """No source file has this name."""


def user_folder(folder: str | Path | None = None) -> Path | None:
    """The user's folder of sources: ``folder``, else ``$TAOSHA_SOURCES``, else ``./sources`` if it exists.

    Raises :class:`SourceError` when a folder was named and is none.
    """
    named = folder or os.environ.get("TAOSHA_SOURCES")
    if named:
        path = Path(named)
        if not path.is_dir():
            raise SourceError(path, None, None, "is no folder")
        return path
    path = Path("sources")
    return path if path.is_dir() else None


@dataclass(slots=True)
class Catalog:
    """Sources by name; ``broken`` keeps what is wrong with the files that could not be read."""

    sources: dict[str, Source] = field(default_factory=dict)
    broken: list[SourceError] = field(default_factory=list)

    @classmethod
    def open(cls, folder: str | Path | None = None) -> Self:
        """Read the user's folder and the bundled one; a user's source replaces a bundled one."""
        catalog = cls()
        own = user_folder(folder)
        for place in (own, BUNDLED):
            if place is not None:
                catalog._read(place)
        return catalog

    def _read(self, folder: Path) -> None:
        here: dict[str, Source] = {}
        for path in sorted(folder.glob("*.toml")):
            try:
                source = load_source(path)
                if source.name in here:
                    raise SourceError(path, "name", None, f"{here[source.name].path} has the same name")
            except SourceError as error:
                self.broken.append(error)
            else:
                here[source.name] = source
        for name, source in here.items():
            self.sources.setdefault(name, source)

    def get(self, name: str) -> Source:
        """The source called ``name``.

        Raises :class:`SourceError` when its file is broken, :class:`UnknownSourceError`
        when there is none.
        """
        if name in self.sources:
            return self.sources[name]
        for error in self.broken:
            if error.path and error.path.stem == name:
                raise error
        raise UnknownSourceError(name)
