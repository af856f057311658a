"""A store with everything that an inspector meets: damage, history, failures, and pages that attack it."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

from cleaners.model import Article, Block, Candidate, Image, Meta, Note, Precision, Reason, Rejected
from storage import Failure, Store
from storage.disabled import disable_rule
from storage.source_runs import Finding, SourceRun, add_source_runs
from tests.storage.build import CHINA, article, new_store, noted_article, page

ATTACK = "<script>window.attacked = 1</script>"
BREAKOUT = '"\'><img src=x onerror="window.attacked=1"> </title></textarea><svg onload=window.attacked=1>'
TITLE = f"他说“好”，\"又\" '好' {ATTACK}{BREAKOUT}"
SCRIPT_URL = "javascript:window.attacked=1//https://example.org/"
ELSEWHERE = "https://elsewhere.example/picture.jpg"


def hostile_article() -> Article:
    """Give an article in which every text that it states is an attack on whoever shows it."""
    dropped = Note("judge/headlines", "headlines.bulleted@1", f"{ATTACK}{BREAKOUT}", "", evidence=ATTACK)
    changed = Block(
        f"{ATTACK}融资,{BREAKOUT}",
        notes=(
            Note("normalize/punctuation", "punctuation.widen@1", ",", "，", len(ATTACK) + 2),
            Note("repair/markup", "markup.slip@1", ATTACK, f"{BREAKOUT}", 0, uncertain=True),
        ),
    )
    return Article(
        url=SCRIPT_URL,
        meta=Meta(
            title=TITLE,
            subtitle=BREAKOUT,
            authors=(ATTACK, BREAKOUT),
            source=ATTACK,
            canonical_url=SCRIPT_URL,
            tags=(BREAKOUT,),
            description=ATTACK,
            language="zh",
            published_at=datetime(2025, 1, 18, 6, 30, tzinfo=CHINA),
            published_precision=Precision.MINUTE,
            images=(Image(SCRIPT_URL, alt=BREAKOUT), Image(ELSEWHERE, caption=ATTACK)),
            evidence=(Candidate("title", TITLE, "og:title"), Candidate("author", BREAKOUT, ATTACK)),
        ),
        blocks=(Block("x", "li", dropped=dropped), changed, Block("语言模型公司完成新一轮融资。")),
        encoding="utf-8",
        fingerprint="cleaner-1",
        flags=(Note("judge/site", "site.phrase@1", "", "", 0, evidence=ATTACK),),
        page_notes=(Note("repair/markup", "markup.slip@1", ATTACK, BREAKOUT, 3),),
    )


def put(store: Store, run: int, outcome: Article | Rejected, origin: str, body: bytes = b"x") -> int | None:
    """Store a page of the source `wanbao` and its outcome; gives the number of the article."""
    (ref,) = store.add_pages([(page(origin, body, status=200), "wanbao")], run)
    (saved,) = store.add_outcomes([(ref.id, outcome)], run)
    return saved.article_id


def furnished(folder: Path) -> Path:
    """Make the store: article 1 is annotated, 2 has two revisions, 3 attacks; more follow, one a day.

    The last one has a title without end.
    """
    store, run = new_store(folder)
    day = datetime(2025, 1, 1, 8, 0, tzinfo=CHINA)
    with store:
        put(store, run, noted_article(), "https://example.org/1")
        put(store, run, article("第一版。", published_at=day), "https://example.org/2", b"one")
        put(store, run, article("第二版，改过。", published_at=day), "https://example.org/2", b"two")
        put(store, run, hostile_article(), "https://example.org/3", ATTACK.encode())
        for number in range(4, 34):
            text = f"第{number}篇讲大模型公司的融资，也讲海缆。"
            dated = day.replace(day=number - 3, month=1)
            put(
                store,
                run,
                article(text, title=f"海缆第{number}篇", published_at=dated, language="zh"),
                f"https://example.org/{number}",
                text.encode(),
            )
        long = article("题目比正文长。", title="长题" * 300)
        put(store, run, long, "https://example.org/long", b"long")
        put(store, run, Rejected("u", Reason.SOFT_404, BREAKOUT, "c"), "https://example.org/404", b"404")
        store.add_failures([Failure("wanbao", SCRIPT_URL, "http_error", ATTACK)], run)
        store.add_failures([Failure(f"源{ATTACK}", "https://example.org/gone", "timeout", "too slow")], run)
        add_source_runs(
            store, run, [SourceRun("wanbao", findings=[Finding("no_new", f"nothing new {ATTACK}")])]
        )
        disable_rule(store, "wanbao", "credit.photo")
        store.finish_run(run, "finished", {"new": 34})
    return store.path
