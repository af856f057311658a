"""`taosha adapt`: the repair of damaged text learns from the store's own articles."""

from __future__ import annotations

from typing import Annotated

import typer

from crawler.cli import console
from crawler.cli.options import DEFAULT_STORE, JsonOption, StoreOption

__all__ = ["register"]

_EPILOG = """Examples:

taosha adapt (then `taosha reclean`, for the pages that are there already)

taosha adapt --forget
"""

ArticlesOption = Annotated[
    int, typer.Option("--articles", min=1, max=100_000, help="Learn from so many of the latest articles.")
]
ForgetOption = Annotated[bool, typer.Option("--forget", help="Forget what was learned.")]


def register(app: typer.Typer) -> None:
    """Hang the command of this module into `app`."""
    app.command("adapt", epilog=_EPILOG)(adapt)


def adapt(
    store: StoreOption = DEFAULT_STORE,
    articles: ArticlesOption = 5_000,
    forget: ForgetOption = False,
    as_json: JsonOption = False,
) -> None:
    """Learn the names and terms of the store's clean articles, for the repair of damaged ones.

    Where bytes of a page were lost, what your articles write wins over what is common elsewhere. What
    was learned is kept in the store, is used by every later run, and is part of the cleaner's
    fingerprint: `taosha reclean` takes up the pages that are there.
    """
    from cleaners.slips.familiar import familiar_phrases
    from storage import open_store
    from storage.phrases import sure_texts

    with open_store(store, create=False) as opened:
        before = opened.phrases()
        phrases = () if forget else familiar_phrases(sure_texts(opened, articles))
        if phrases != before:
            opened.set_phrases(phrases)
    if as_json:
        console.print_json({"phrases": len(phrases), "changed": phrases != before})
        return
    if forget:
        console.say(
            f"{len(before):,} phrases forgotten" if before else "nothing was learned, so nothing to forget"
        )
    else:
        console.say(f"{len(phrases):,} phrases are known" + ("" if phrases != before else ", as before"))
    if phrases != before:
        how = "without" if forget else "with"
        console.say(f"`taosha reclean` cleans the stored pages {how} them.")
