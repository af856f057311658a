"""Articles and pages for the tests of the storage, with sensible defaults."""

from __future__ import annotations

from datetime import timedelta, timezone
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from cleaners.model import Article, Block, Meta, Note, Page, Rejected
from storage import Saved, Store, open_store

CHINA = timezone(timedelta(hours=8))


def page(origin: str = "https://example.org/1", body: bytes = b"<p>x</p>", **fields: Any) -> Page:
    """Give a page that was asked for at ``origin``."""
    return Page(url=fields.pop("url", origin), body=body, origin=origin, **fields)


def article(
    *paragraphs: str, title: str | None = "标题", fingerprint: str = "cleaner-1", **meta: Any
) -> Article:
    """Give an article of untouched paragraphs."""
    return Article(
        url="https://example.org/1",
        meta=Meta(title=title, **meta),
        blocks=tuple(Block(text) for text in paragraphs or ("正文。",)),
        encoding="utf-8",
        fingerprint=fingerprint,
    )


def noted_article(fingerprint: str = "cleaner-1") -> Article:
    """Give an article with two removed blocks and three changes, in a known order."""
    menu = Block(
        "首頁 新聞", "li", link_chars=5, dropped=Note("extract", "extract.outside@1", "首頁 新聞", "")
    )
    first = Block(
        "互聯(lián)網,很好",
        notes=(
            Note("repair/annotations", "annotations.pinyin@1", "(lián)", "", 2),
            Note("normalize/script", "script.simplified@1", "聯網", "联网", 1),
            Note("normalize/punctuation", "punctuation.widen@1", ",", "，", 3, uncertain=True),
        ),
    )
    credit = Block("圖/視覺中國", dropped=Note("judge/credit", "credit.photo@2", "图/视觉中国", ""))
    return Article(
        url="https://example.org/1",
        meta=Meta(title="互联网"),
        blocks=(menu, first, credit, Block("第二段。")),
        encoding="gb18030",
        fingerprint=fingerprint,
        page_notes=(Note("repair/markup", "markup.slip@1", "?/p>", "</p>", 40),),
    )


@cache
def _empty_store() -> bytes:
    """Give the file of an empty store: making the schema once is enough for most tests."""
    with TemporaryDirectory() as folder:
        path = Path(folder) / "store.db"
        open_store(path).close()
        return path.read_bytes()


def new_store(folder: Path) -> tuple[Store, int]:
    """Open a fresh store in ``folder``, with a run."""
    path = folder / "store.db"
    path.write_bytes(_empty_store())
    store = open_store(path)
    return store, store.start_run("clean", ["files"], {"taosha": "0"})


def put(store: Store, run: int, outcome: Article | Rejected, origin: str, body: bytes = b"x") -> Saved:
    """Store a page and what cleaning gave for it."""
    (ref,) = store.add_pages([(page(origin, body), "files")], run)
    (saved,) = store.add_outcomes([(ref.id, outcome)], run)
    return saved
