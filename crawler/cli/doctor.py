"""`taosha doctor`: looks whether the machine has what the program needs, and whether the store is sound."""

from __future__ import annotations

import os
import shutil
import sqlite3
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from importlib.metadata import PackageNotFoundError, distribution
from typing import Annotated

import typer

from crawler.cli import console
from crawler.cli.exits import ExitCode
from crawler.cli.options import DEFAULT_STORE, JsonOption, StoreOption
from crawler.versions import versions

__all__ = ["register"]

_SQLITE = (3, 37)  # the first with strict tables
_FREE_BYTES = 200 << 20
_PAGE = (
    "<html><body><article><h1>试一试</h1>"
    "<p>这一页只是用来检查清洗进程能不能正常工作，它的内容没有任何别的意义。</p>"
    "<p>如果读得到这一段文字，说明解码、提取和规整几个步骤都已经走完。</p></article></body></html>"
)


@dataclass(frozen=True, slots=True)
class _Check:
    name: str
    ok: bool
    detail: str
    fixable: bool = False
    code: ExitCode = ExitCode.CONFIG


PlaceArgument = Annotated[
    str | None, typer.Argument(metavar="[STORE]", help="The store to look at; like --store.")
]
FixOption = Annotated[
    bool,
    typer.Option(
        "--fix",
        help="Mend what can be mended: rebuild the search index and other indexes, drop bodies of no page, "
        "give unused space back.",
    ),
]
QuickOption = Annotated[bool, typer.Option("--quick", help="Leave out what reads the whole store.")]


def register(app: typer.Typer) -> None:
    """Hang the command of this module into `app`."""
    app.command("doctor")(doctor)


def doctor(
    place: PlaceArgument = None,
    store: StoreOption = DEFAULT_STORE,
    fix: FixOption = False,
    quick: QuickOption = False,
    as_json: JsonOption = False,
) -> None:
    """Check Python, the libraries, a cleaning worker and the store; exits with 4 if something is amiss.

    With 8 if a newer version wrote the store.
    """
    url = place or store
    if fix:
        _mend(url, quick=quick)
    checks = _watched(_checks(url, quick=quick))
    if as_json:
        console.print_json([{"name": c.name, "ok": c.ok, "detail": c.detail} for c in checks])
    else:
        console.print_table(
            ("check", "state", "detail"), [(c.name, "ok" if c.ok else "AMISS", c.detail) for c in checks]
        )
    if amiss := [check for check in checks if not check.ok]:
        if not fix and any(check.fixable for check in checks):
            console.say("`taosha doctor --fix` can mend that.")
        raise typer.Exit(int(max(check.code for check in amiss)))


def _checks(url: str, *, quick: bool) -> Iterator[_Check]:
    for check in (_python, _libraries, _converter, _sqlite):
        yield check()
    yield from _store(url, quick=quick)
    yield _worker()


def _watched(checks: Iterator[_Check]) -> list[_Check]:
    """Run all checks; on a terminal, say how far they are: some read the whole store."""
    if not console.err().is_terminal:
        return list(checks)
    done = []
    with console.err().status("checking ...") as status:
        for check in checks:
            done.append(check)
            status.update(f"checking ... {check.name}: {'ok' if check.ok else 'AMISS'}")
    return done


def _mend(url: str, *, quick: bool) -> None:
    from storage import open_store
    from storage.errors import StoreDamaged
    from storage.health import check, mend

    done: set[str] = set()
    try:
        with open_store(url, create=False) as store:
            # Mending may lay bare what was behind it: raw pages that are given up belong to no page.
            while found := [f for f in check(store, quick=quick) if f.remedy and f.remedy not in done]:
                for finding in found:
                    console.say(f"{finding.name}: {finding.detail}: {finding.remedy}")
                    mend(store, finding.remedy or "")
                    done.add(finding.remedy or "")
    except StoreDamaged as error:
        console.say(f"that can not be mended: {error}")  # the checks after this tell what is left


def _python() -> _Check:
    return _Check("python", sys.version_info >= (3, 11), f"{sys.version.split()[0]} at {sys.executable}")


def _libraries() -> _Check:
    found = versions().items()
    missing = [name for name, stated in found if stated == "not installed" and name != "taosha"]
    return _Check("libraries", not missing, f"missing: {', '.join(missing)}" if missing else "all there")


def _converter() -> _Check:
    """Two packages own the import name `opencc`; with both installed, either may answer."""
    try:
        distribution("OpenCC")
    except PackageNotFoundError:
        return _Check("opencc", True, "only opencc-python-reimplemented")
    return _Check("opencc", False, "the package OpenCC takes the same import name: uninstall it")


def _sqlite() -> _Check:
    return _Check("sqlite", sqlite3.sqlite_version_info >= _SQLITE, sqlite3.sqlite_version)


def _store(url: str, *, quick: bool) -> Iterator[_Check]:
    from storage import StoreError, open_store
    from storage.errors import StoreDamaged, StoreMissing, StoreTooNew
    from storage.health import check

    try:
        with open_store(url, create=False, read_only=True) as store:
            folder = None if store.file is None else store.file.parent
            yield _Check("store", True, f"{store.place} can be read")
            for found in check(store, quick=quick):
                yield _Check(found.name, found.ok, found.detail, found.remedy is not None)
    except StoreMissing as error:
        yield _Check("store", True, f"{error}; the first run creates it")
        return
    except StoreDamaged as error:
        yield _Check("store", False, f"{error}: go back to a backup")
        return
    except StoreTooNew as error:
        yield _Check("store", False, str(error), code=ExitCode.NEWER)
        return
    except StoreError as error:
        yield _Check("store", False, str(error))
        return
    if folder is None:
        return
    free = shutil.disk_usage(folder).free
    writable = os.access(folder, os.W_OK)
    detail = f"{free >> 20:,} MiB free" if writable else f"{folder} can not be written to"
    yield _Check("disk", writable and free >= _FREE_BYTES, detail)


def _worker() -> _Check:
    from cleaners.model import Article, Page
    from crawler.limits import Limits
    from crawler.workers import Pool, WorkersError

    pool = Pool(1, Limits())
    try:
        outcome = pool.submit(Page("https://example.org/", _PAGE.encode()), None).result()
    except WorkersError as error:
        return _Check("worker", False, str(error))
    finally:
        pool.close(cancel=True)
    if isinstance(outcome, Article):
        return _Check("worker", True, "cleans a page in a process of its own")
    return _Check("worker", False, f"{outcome.reason}: {outcome.detail}")
