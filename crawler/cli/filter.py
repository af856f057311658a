"""`taosha clean -`: one page on stdin, its text or everything about it on stdout."""

from __future__ import annotations

import hashlib
import sys
from dataclasses import dataclass

from cleaners.model import Article, Page, Rejected, Via
from crawler.cli import console
from crawler.cli.exits import CommandError, ExitCode
from crawler.dumps.entry import HTML, PLAIN, Options
from crawler.ingest import Ingest
from crawler.limits import Limits
from crawler.versions import versions
from crawler.workers import Pool

__all__ = ["Request", "article_fields", "run_filter"]


@dataclass(frozen=True, slots=True)
class Request:
    """How to filter: `store` is None unless it was asked for."""

    url: str | None
    source: str
    store: str | None
    encoding: str | None
    plain: bool
    as_json: bool


def run_filter(request: Request) -> None:
    """Clean stdin to stdout. Raises :class:`CommandError` (code 5) if the page gave no article."""
    page = _page(request)
    if len(page.body) > Limits().body_bytes:
        raise CommandError(f"stdin has more than {Limits().body_bytes:,} bytes", ExitCode.LIMIT)
    outcome = _clean(page)
    if request.store:
        _store(page, request.store, request.source)
    if isinstance(outcome, Rejected):
        if request.as_json:
            fields = {"url": outcome.url, "reason": outcome.reason, "detail": outcome.detail}
            console.print_json({"rejected": fields})
        raise CommandError(f"no article: {outcome.reason}: {outcome.detail}", ExitCode.NOTHING)
    if request.as_json:
        console.print_json(article_fields(outcome, page))
    else:
        console.print_text(outcome.text)


def _page(request: Request) -> Page:
    body = sys.stdin.buffer.read(Limits().body_bytes + 1)
    origin = request.url or f"stdin:{hashlib.sha256(body).hexdigest()[:16]}"
    label = Options(request.encoding, request.plain).content_type(PLAIN if request.plain else HTML)
    return Page(request.url or "file:///dev/stdin", body, label, origin=origin, via=Via.STDIN)


def _clean(page: Page) -> Article | Rejected:
    """Clean in a process of its own: a page that is stuck, or eats all memory, is ended."""
    pool = Pool(1, Limits())
    try:
        return pool.submit(page, None).result()
    finally:
        pool.close(kill=True)


def _store(page: Page, url: str, source: str) -> None:
    from storage import open_store

    with open_store(url) as store:
        run_id = store.start_run("clean", [source], versions())
        with Ingest(store, run_id, workers=1) as ingest:
            future = ingest.add(page, source)
        store.finish_run(run_id, "finished", {future.result().kind: 1})


def article_fields(article: Article, page: Page) -> dict[str, object]:
    """What an export says of an article, for one that is in no store (so `cluster` is null)."""
    meta = article.meta
    stated = ("title", "authors", "editors", "source", "producer", "image_credit")
    told = ("published_at", "published_precision", "language", "script")
    return {
        "url": article.url,
        "origin": page.origin,
        "canonical_url": meta.canonical_url,
        **{name: getattr(meta, name) for name in (*stated, *told)},
        "text": article.text,
        "source_text": article.source_text,
        "encoding": article.encoding,
        "removed": [{"text": n.before, "step": n.step, "rule": n.rule} for n in article.removed],
        "notes_count": len(article.notes) - len(article.flags),
        "flags": [{"rule": n.rule, "start": n.where, "evidence": n.evidence} for n in article.flags],
        "cluster": None,
        "fetched_at": page.fetched_at,
    }
