"""The documentation is true: its Python runs, its commands parse, its links lead somewhere."""

from __future__ import annotations

import re
import shlex
from pathlib import Path

import pytest
import typer.main

from crawler.cli.app import app

ROOT = Path(__file__).parent.parent
PAGES = [ROOT / "README.md", ROOT / "ARCHITECTURE.md", *sorted((ROOT / "docs").rglob("*.md"))]

FENCE = re.compile(r"^```(\w+)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
LINK = re.compile(r"\]\(([^)#\s]+)")


def blocks(language: str) -> list[object]:
    return [
        pytest.param(match[2], id=f"{page.name}-{number}")
        for page in PAGES
        for number, match in enumerate(FENCE.finditer(page.read_text(encoding="utf-8")))
        if match[1] == language
    ]


def commands() -> list[object]:
    lines = [
        line.removeprefix("$ ").partition("   #")[0]
        for page in PAGES
        for match in FENCE.finditer(page.read_text(encoding="utf-8"))
        if match[1] == "console"
        for line in match[2].splitlines()
        if line.startswith("$ ")
    ]
    ours = [line[line.index("taosha ") :] for line in lines if re.search(r"(^|\| )taosha ", line)]
    return [pytest.param(line, id=line) for line in dict.fromkeys(ours)]


@pytest.mark.parametrize("code", blocks("python"))
def test_python_runs(code: str, capsys: pytest.CaptureFixture[str]) -> None:
    exec(compile(code, "example", "exec"), {"__name__": "example"})
    assert capsys.readouterr().err == ""


@pytest.mark.parametrize("line", commands())
def test_commands_parse(line: str) -> None:
    arguments = re.split(r"\s[|>]\s?", line)[0].split(" ", 1)[1]
    name, *rest = shlex.split(arguments)
    group = typer.main.get_command(app)
    context = group.make_context("taosha", [name, *rest], resilient_parsing=True)
    command = group.get_command(context, name)  # type: ignore[attr-defined]
    assert command is not None, f"there is no command {name}"
    if "--help" not in rest:
        command.make_context(name, rest, parent=context)


@pytest.mark.parametrize("page", PAGES, ids=lambda p: p.name)
def test_links_lead_somewhere(page: Path) -> None:
    for target in LINK.findall(page.read_text(encoding="utf-8")):
        if "://" not in target:
            assert (page.parent / target).exists(), f"{page.name} links to {target}"


def test_there_are_examples() -> None:
    assert len(blocks("python")) >= 3
    assert len(commands()) >= 8
