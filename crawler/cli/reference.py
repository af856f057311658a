"""Writes the reference pages from the code, so that they can not fall behind it.

`python -m crawler.cli.reference [FOLDER]` writes `commands.md` (from the Typer application) and
`reasons.md` (from the documentation strings of the enumerations) and `rules.md` (from the catalogue
of rules) into docs/reference.
"""

from __future__ import annotations

import ast
import inspect
import re
import sys
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path
from types import ModuleType
from typing import Any

import typer.main

import cleaners.vocabulary
from cleaners.catalog import rules
from crawler.cli import exits
from crawler.cli.app import app

__all__ = ["pages"]

FOLDER = Path(__file__).parents[2] / "docs" / "reference"
_MADE_BY = "<!-- Made by `python -m crawler.cli.reference`; change the code, not this page. -->\n"


def pages() -> dict[str, str]:
    """The text of each reference page, by file name."""
    return {"commands.md": _commands(), "reasons.md": _reasons(), "rules.md": _rules()}


def _commands() -> str:
    parts = ["# Commands\n", _MADE_BY]
    parts += [_command(name, command) for name, command in _named(typer.main.get_command(app))]
    parts += ["## Exit codes\n", _table(("code", "meaning"), _members(exits, "ExitCode"))]
    return "\n".join(parts)


def _named(group: Any, prefix: str = "") -> Iterator[tuple[str, Any]]:
    """Every command with its full name, groups before what is in them."""
    for name, command in sorted(group.commands.items()):
        if not command.hidden:
            yield prefix + name, command
            if hasattr(command, "commands"):
                yield from _named(command, f"{prefix}{name} ")


def _command(name: str, command: Any) -> str:
    arguments = [p for p in command.params if p.param_type_name == "argument"]
    options = [p for p in command.params if p.param_type_name == "option" and p.name != "help"]
    below = ["COMMAND"] if hasattr(command, "commands") else []
    words = " ".join(["taosha", name, *(["[OPTIONS]"] if options else []), *map(_metavar, arguments), *below])
    parts = [f"## taosha {name}\n", f"```\n{words}\n```\n", _prose(command.help) + "\n"]
    rows = [(_metavar(a), a.help or "") for a in arguments] + [(_option(o), _meaning(o)) for o in options]
    if rows:
        parts.append(_table(("argument or option", "meaning"), rows))
    if command.epilog:
        parts.append(_prose(command.epilog) + "\n")
    return "\n".join(parts)


def _metavar(argument: Any) -> str:
    stated = argument.metavar or argument.name.upper()
    return stated if argument.required else f"[{stated}]"


def _option(option: Any) -> str:
    flags = ", ".join([*option.opts, *option.secondary_opts])
    return flags if option.is_flag else f"{flags} {option.metavar or 'VALUE'}"


def _meaning(option: Any) -> str:
    found = option.help or ""
    if option.envvar:
        found += f" Environment: `{option.envvar}`."
    default = option.default
    if default is not None and default is not False and not callable(default) and default != ():
        found += f" Default: `{default}`."
    return found.strip()


def _reasons() -> str:
    parts = [
        "# Reasons\n",
        _MADE_BY,
        "A page that gives no article is kept with one of these reasons. The values are stable: the "
        "store, the exports and `--json` use them.\n",
        _table(("reason", "meaning"), _members(cleaners.vocabulary, "Reason")),
    ]
    return "\n".join(parts)


def _rules() -> str:
    parts = [
        "# Rules\n",
        _MADE_BY,
        "Every removed block and every edit names the rule that made it; `taosha why` shows them. Behind the "
        "name stands the rule's version: `echo.title@1`.\n",
        _table(("rule", "what it does"), rules().items()),
    ]
    return "\n".join(parts)


def _members(module: ModuleType, name: str) -> Iterator[tuple[str, str]]:
    """Value and documentation string of each member of an enumeration, from its source.

    Python keeps no string for a member, so the source is read: the string after the assignment.
    """
    tree = ast.parse(inspect.getsource(module))
    body = next(node.body for node in tree.body if isinstance(node, ast.ClassDef) and node.name == name)
    for member, text in pairwise(body):
        if isinstance(member, ast.Assign) and isinstance(text, ast.Expr):
            yield f"`{ast.literal_eval(member.value)}`", _prose(ast.literal_eval(text.value))


def _prose(text: str | None) -> str:
    paragraphs = inspect.cleandoc(text or "").split("\n\n")
    return "\n\n".join(re.sub(r"\s*\n\s*", " ", paragraph) for paragraph in paragraphs)


def _table(head: tuple[str, str], rows: Any) -> str:
    lines = ["| " + " | ".join(head) + " |", "|---|---|"]
    for left, right in rows:
        code = left if left.startswith("`") else f"`{left}`"
        lines.append(f"| {_cell(code)} | {_cell(_prose(right))} |")
    return "\n".join(lines) + "\n"


def _cell(text: str) -> str:
    return text.replace("|", "\\|").replace("\n\n", "<br>")


if __name__ == "__main__":
    folder = Path(sys.argv[1]) if len(sys.argv) > 1 else FOLDER
    folder.mkdir(parents=True, exist_ok=True)
    for file_name, content in pages().items():
        (folder / file_name).write_text(content, encoding="utf-8")
