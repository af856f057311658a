"""Articles for people and for text tools: plain text, or Markdown files with front matter."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any, TextIO

__all__ = ["file_name", "markdown", "write_markdown", "write_text"]

_NOT_IN_NAMES = re.compile(r"[^\w]+")
_NAME_CHARS = 40
_PER_FOLDER = 1000
_SPECIAL = re.compile(r"^[#>+\-=~|]|(?<=^\d)[.)]|(?<=^\d\d)[.)]|(?<=^\d\d\d)[.)]|[\\`*_\[\]<&]")
"""What Markdown would not show as it is: marks (and numbers) that begin a paragraph, marks within it."""


def write_text(records: Iterable[Mapping[str, Any]], out: TextIO) -> int:
    """Write the texts, a blank line between two articles (a text has none inside); give their number."""
    count = 0
    for count, record in enumerate(records, 1):
        out.write(("\n" if count > 1 else "") + record["text"].rstrip("\n") + "\n")
    return count


def markdown(record: Mapping[str, Any]) -> str:
    """Give an article as Markdown: the fields as YAML front matter, the title, the paragraphs."""
    head = [
        f"{name}: {_yaml(value)}"
        for name, value in record.items()
        if name != "text" and value not in (None, [])
    ]
    title = f"# {_plain(record['title'])}\n\n" if record.get("title") else ""
    body = "\n\n".join(_plain(line) for line in record["text"].split("\n"))
    return "\n".join(("---", *head, "---", "", "")) + title + body + "\n"


def _yaml(value: object) -> str:
    # JSON is YAML, with the marks escaped that YAML takes for line breaks or refuses.
    text = json.dumps(value, ensure_ascii=False)
    return "".join(c if c.isprintable() or c == " " else json.dumps(c)[1:-1] for c in text)


def _plain(text: str) -> str:
    return _SPECIAL.sub(lambda found: "\\" + found[0], text.replace("\n", " "))


def file_name(record: Mapping[str, Any]) -> str:
    """Give the place of an article's file: a folder for every thousand, the number, the title's beginning."""
    title = _NOT_IN_NAMES.sub("-", record.get("title") or "").strip("-")[:_NAME_CHARS].rstrip("-")
    number = int(record["id"])
    # The number first: two titles may be alike on file systems that fold case or spelling.
    name = f"{number:08}-{title}" if title else f"{number:08}"
    return f"{number // _PER_FOLDER:05}/{name}.md"


def write_markdown(records: Iterable[Mapping[str, Any]], folder: Path, fields: Iterable[str]) -> int:
    """Write a file for each article below ``folder``, ``fields`` as front matter; give their number."""
    count = 0
    chosen = [*dict.fromkeys(fields)]
    for count, record in enumerate(records, 1):  # noqa: B007
        path = folder / file_name(record)
        path.parent.mkdir(exist_ok=True)
        shown = {name: record[name] for name in chosen} | {"text": record["text"]}
        path.write_text(markdown(shown), encoding="utf-8", newline="\n")
    return count
