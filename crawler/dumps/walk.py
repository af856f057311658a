"""Which files to read: the paths given, and what is in them when they are folders."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from crawler.dumps.entry import Unread
from crawler.dumps.kinds import SNIFF_BYTES, kind_of_name, looks_like_html
from crawler.dumps.sidecar import is_sidecar

__all__ = ["Found", "walk"]


@dataclass(frozen=True, slots=True)
class Found:
    """A file to read, with an absolute path, and the name of the source that it belongs to.

    ``unread`` says why it can not be read, if that is known already.
    """

    path: Path
    source: str
    unread: Unread | None = None


def walk(paths: Iterable[Path]) -> Iterator[Found]:
    """The files in `paths`: files as given, folders recursively, sorted by name.

    In folders, hidden files, sidecars and files that are neither pages nor archives are passed
    over, and a folder that is reached a second time (through links) is not entered again. The
    source is named after the folder given, or the folder of the file given.
    """
    for path in paths:
        absolute = Path(os.path.abspath(path))  # noqa: PTH100  resolve() would follow links
        if absolute.is_dir():
            yield from _walk_folder(absolute, absolute.name or "files")
        else:
            yield Found(absolute, absolute.parent.name or "files")


def _walk_folder(top: Path, source: str) -> Iterator[Found]:
    unlisted: list[OSError] = []
    seen: set[tuple[int, int]] = set()
    for folder, folders, files in os.walk(top, followlinks=True, onerror=unlisted.append):
        yield from (_unlisted(error, source) for error in unlisted)
        unlisted.clear()
        folders[:] = sorted(name for name in folders if not name.startswith("."))
        try:
            status = Path(folder).stat()
        except OSError as error:
            unlisted.append(error)
            folders.clear()
            continue
        if (status.st_dev, status.st_ino) in seen:
            folders.clear()
            continue
        seen.add((status.st_dev, status.st_ino))
        for name in sorted(files):
            path = Path(folder, name)
            if not name.startswith(".") and _is_wanted(path):
                yield Found(path, source)
    yield from (_unlisted(error, source) for error in unlisted)


def _unlisted(error: OSError, source: str) -> Found:
    path = str(error.filename)
    return Found(Path(path), source, Unread(path, "unreadable", error.strerror or str(error)))


def _is_wanted(path: Path) -> bool:
    if is_sidecar(path.name):
        return False
    if kind_of_name(path.name):
        return True
    if path.suffix:
        return False
    try:
        if not path.is_file():
            return False
        with path.open("rb") as file:
            return looks_like_html(file.read(SNIFF_BYTES))
    except OSError:
        return False
