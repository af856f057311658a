"""What a developer writes in an afternoon: SQLAlchemy's ORM, a session, and a commit for every row.

The same contents as ours (raw page, article, notes, search index), SQLite's and SQLAlchemy's own
settings: a rollback journal, each commit on the disk. The index is kept by a trigger.
"""

from __future__ import annotations

import os
import statistics
import time
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import zstandard
from sqlalchemy import Column, ForeignKey, Integer, Table, Text, create_engine, event, text
from sqlalchemy.orm import DeclarativeBase, Mapped, Session, mapped_column

from cleaners.model import Article, Page
from storage.bodies import digest
from storage.grams import grams
from storage.models import ArticleRow
from storage.prepare import Prepared, prepare

SAMPLES = 21
OWN = {"id", "page_id", "origin", "day"}


class Base(DeclarativeBase):
    """The afternoon's tables."""


def key() -> Any:
    return mapped_column(primary_key=True)


class RawPage(Base):
    __tablename__ = "pages"
    id: Mapped[int] = key()
    origin: Mapped[str] = mapped_column(unique=True)
    url: Mapped[str | None]
    sha256: Mapped[str] = mapped_column(index=True)
    size: Mapped[int]
    body: Mapped[bytes]


class NewsArticle(Base):
    """Every column that ours has of an article itself."""

    __table__ = Table(
        "articles",
        Base.metadata,
        Column("id", Integer, primary_key=True),
        Column("page_id", ForeignKey("pages.id"), index=True),
        Column("origin", Text, unique=True),
        *(
            Column(column.name, column.type)
            for column in ArticleRow.__table__.columns
            if column.name not in OWN
        ),
    )


def of_article() -> Any:
    return mapped_column(ForeignKey("articles.id"), index=True)


class Paragraph(Base):
    __tablename__ = "blocks"
    id: Mapped[int] = key()
    article_id: Mapped[int] = of_article()
    position: Mapped[int]
    tag: Mapped[str]
    rule: Mapped[str | None]
    text: Mapped[str | None]
    start: Mapped[int | None]
    chars: Mapped[int]
    link_chars: Mapped[int]
    uncertain: Mapped[int]
    evidence: Mapped[str | None]


class Edit(Base):
    __tablename__ = "edits"
    id: Mapped[int] = key()
    article_id: Mapped[int] = of_article()
    position: Mapped[int]
    rule: Mapped[str]
    count: Mapped[int]
    changes: Mapped[str]
    uncertain: Mapped[int]


INDEX = (
    "CREATE VIRTUAL TABLE search USING fts5(title, text, content='')",
    "CREATE TRIGGER articles_search AFTER INSERT ON articles BEGIN "
    "INSERT INTO search (rowid, title, text) VALUES (new.id, grams(new.title), grams(new.text)); END",
)


@dataclass(frozen=True, slots=True)
class Measured:
    """Milliseconds an article, in all and of the processor, and how often something was committed."""

    taken: float
    busy: float
    commits: float


def naive(path: Path, items: Iterable[tuple[Page, Article]], *, together: bool) -> Measured:
    """Write articles, each row in its own transaction, or all rows of one article in one (``together``)."""
    engine = create_engine(f"sqlite:///{path}")
    event.listen(engine, "connect", lambda raw, _: raw.create_function("grams", 1, grams, deterministic=True))
    Base.metadata.create_all(engine)
    with engine.begin() as connection:
        for statement in INDEX:
            connection.execute(text(statement))
    done = commits = 0
    start, cpu = time.perf_counter(), time.process_time()
    with Session(engine) as session:
        for done, (page, article) in enumerate(items, 1):  # noqa: B007
            for row in rows(session, page, prepare(article)):
                session.add(row)
                if together:
                    session.flush()
                else:
                    session.commit()
                    commits += 1
            if together:
                session.commit()
                commits += 1
    taken, busy = time.perf_counter() - start, time.process_time() - cpu
    engine.dispose()
    return Measured(1000 * taken / done, 1000 * busy / done, commits / done)


def rows(session: Session, page: Page, prepared: Prepared) -> Iterator[Base]:
    """Give what is stored of a page and its article, one by one: each may need the key of the last."""
    body = zstandard.compress(page.body)
    size, sha = len(page.body), digest(page.body)
    raw = RawPage(origin=page.origin, url=page.url, sha256=sha, size=size, body=body)
    yield raw
    article = NewsArticle(page_id=raw.id, origin=page.origin, **prepared.article)
    yield article
    number = article.id
    for name, kind in (("blocks", Paragraph), ("edits", Edit)):
        for row in getattr(prepared, name):
            rule = "/".join(row["rule"]) if row["rule"] else None
            yield kind(**row | {"rule": rule, "article_id": number})


def sync_time(folder: Path) -> float:
    """Give the median time in milliseconds until a few pages at the end of a file are on the disk."""
    times = []
    with (folder / "sync").open("wb", buffering=0) as file:
        for _ in range(SAMPLES):
            file.write(bytes(8 * 4096))
            start = time.perf_counter()
            os.fsync(file.fileno())
            times.append(1000 * (time.perf_counter() - start))
    (folder / "sync").unlink()
    return statistics.median(times)
