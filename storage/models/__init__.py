"""The tables, as SQLAlchemy models; their column comments make docs/data-dictionary.md."""

from __future__ import annotations

from storage.models.articles import (
    ArticleRow,
    BlockRow,
    CandidateRow,
    EditRow,
    FlagRow,
    ImageRow,
    RuleRow,
)
from storage.models.base import Base, table_of
from storage.models.disabled import DisabledRuleRow
from storage.models.frontier import FrontierRow
from storage.models.pages import BodyRow, PageRow, PartRow, RejectionRow
from storage.models.phrases import PhraseRow
from storage.models.revisions import RevisionRow
from storage.models.runs import FailureRow, RunRow, SourceRow, SourceRunRow
from storage.models.sites import SightingRow, SiteBlockRow, SiteRow

__all__ = [
    "ArticleRow",
    "Base",
    "BlockRow",
    "BodyRow",
    "CandidateRow",
    "DisabledRuleRow",
    "EditRow",
    "FailureRow",
    "FlagRow",
    "FrontierRow",
    "ImageRow",
    "PageRow",
    "PartRow",
    "PhraseRow",
    "RejectionRow",
    "RevisionRow",
    "RuleRow",
    "RunRow",
    "SightingRow",
    "SiteBlockRow",
    "SiteRow",
    "SourceRow",
    "SourceRunRow",
    "table_of",
]
