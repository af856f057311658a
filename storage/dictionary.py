"""The data dictionary, from the models: ``python -m storage.dictionary`` writes docs/data-dictionary.md."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from dataclasses import dataclass, field

from sqlalchemy import Column, Table, create_engine

from storage.migrate import upgrade
from storage.models import Base
from storage.schema import SCHEMA_VERSION

__all__ = ["Description", "data_dictionary", "descriptions"]

_HEAD = f"""# Data dictionary

This page is written by `python -m storage.dictionary`; a test checks that it is current.
It describes schema {SCHEMA_VERSION} of the store (`PRAGMA user_version`). All times are ISO 8601 texts:
`…_at` columns marked UTC have a fixed width and sort; `published_at` and `modified_at` keep the
offset that the page stated. Lists are JSON. No tables but
`revisions` and `sightings` hold bytes: those of raw pages are in `NAME.bodies.db` beside `NAME.db`, table
`body_data` (`sha256`, `size`, `codec`: `zstd` or `raw`, `base`: the body that is zstd's dictionary, `data`).

Text that SQLite's tools could not read is marked: a NUL is stored as U+2400 (␀), a lone surrogate
as U+FFFD (in addresses and paths as `\\x00` and `\\udc80`); the raw page keeps the original bytes.
"""

_VIEWS = {
    "v_articles": "Articles with the name of their source, without the technical columns.",
    "v_latest": "The newest articles first: what they are and how they begin.",
    "v_source_health": "Each source: its articles, rejected and pending pages, pages that still fail, the "
    "share of its pages that gave an article, when it last had something, and its last run.",
    "v_removed": "Every removed block: its text, the rule, the article.",
    "v_flags": "What was noticed about articles: where, and on what evidence.",
    "v_edits": "Every change to a text that was kept: before and after, the rule, the article.",
    "v_revisions": "Every change of an article: when, by which run, and why.",
    "v_failures": "What gave no article: pages that failed to arrive, and pages that were rejected.",
}

_SEARCH = """## articles_fts

The full-text index over `articles.title` and `articles.text` (FTS5, external content). It holds
prepared tokens: folded to simplified, half width and lower case; Chinese as overlapping pairs of
characters, and each single character once. Triggers keep it in step with `articles`; they call
`taosha_grams`, a function of this program, so other programs can read everything but can not
change titles and texts. Words of one or two Chinese characters, and Latin words, can be looked up
directly (`WHERE articles_fts MATCH '融资'`); a longer word is the phrase of its pairs
(`MATCH '"大模 模型"'`). `taosha search` writes such queries for you.

On PostgreSQL the table `article_words` takes its place: the same tokens in order, as text, with a GIN index
over them as `tsvector`. `body_data` is a table of the same database there.
"""


@dataclass(frozen=True, slots=True)
class Description:
    """What a table or view is for, and what its columns mean; views name theirs themselves."""

    purpose: str
    columns: dict[str, str] = field(default_factory=dict)


def descriptions() -> dict[str, Description]:
    """Give the description of each table and view, by its name."""
    tables = {
        name: Description(_purpose(table), {c.name: c.comment for c in table.columns if c.comment})
        for name, table in Base.metadata.tables.items()
    }
    return tables | {name: Description(purpose) for name, purpose in _VIEWS.items()}


def data_dictionary() -> str:
    """Give the page as Markdown."""
    parts = [_HEAD, "## Tables\n"]
    tables = sorted(Base.metadata.tables.values(), key=lambda table: table.name)
    parts += [f"- [`{table.name}`](#{table.name}): {_purpose(table)}" for table in tables]
    for table in tables:
        parts.append(f"\n## {table.name}\n\n{_purpose(table)}\n")
        parts.append("| column | type | meaning |\n|---|---|---|")
        parts += [_row(column) for column in table.columns]
    parts += ["", _SEARCH, "## Views\n", *_views()]
    return "\n".join(parts) + "\n"


def _purpose(table: Table) -> str:
    mapped = next(m for m in Base.registry.mappers if m.local_table is table)
    return " ".join((mapped.class_.__doc__ or "").split())


def _row(column: Column[object]) -> str:
    kind = str(column.type)
    if column.primary_key:
        kind += ", key"
    elif column.nullable:
        kind += ", may be empty"
    target = next(iter(column.foreign_keys), None)
    meaning = (column.comment or "") + (f" → `{target.target_fullname}`" if target is not None else "")
    return f"| `{column.name}` | {kind} | {meaning} |"


def _views() -> Iterator[str]:
    engine = create_engine("sqlite://")
    with engine.begin() as connection:
        upgrade(connection)
        for name, purpose in _VIEWS.items():
            columns = connection.exec_driver_sql(f"PRAGMA table_info({name})").all()
            names = ", ".join(f"`{column[1]}`" for column in columns)
            yield f"- `{name}`: {purpose} Columns: {names}."
    engine.dispose()


if __name__ == "__main__":
    sys.stdout.write(data_dictionary())
