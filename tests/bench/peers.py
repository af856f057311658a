"""Other extractors behind one interface, those of them that are installed.

None is a dependency of the program: install the ones to compare with next to it.
Each takes bytes and address and gives at least ``text``; titles and dates where it has them.
"""

from __future__ import annotations

import importlib
import importlib.util
from collections.abc import Callable
from typing import Any

import trafilatura
from lxml import html as lxml_html

from cleaners import decode

__all__ = ["Tool", "installed", "missing"]

Answer = dict[str, Any]
Tool = Callable[[bytes, str], Answer]


def _markup(body: bytes) -> str:
    """The page as text: peers that want text get it from our decoder, which does them no harm."""
    return decode(body).text


def _plain(fragment: str) -> str:
    """The text of a fragment of HTML, one block a line."""
    if not fragment.strip():
        return ""
    root = lxml_html.fragment_fromstring(fragment, create_parent="div")
    return "\n".join(t for text in root.itertext() if (t := " ".join(str(text).split())))


def _trafilatura(precision: bool) -> Tool:
    def run(body: bytes, url: str) -> Answer:
        found = trafilatura.bare_extraction(
            body, url=url, favor_precision=precision, include_comments=False, with_metadata=True
        )
        text, title, date = (getattr(found, name, None) for name in ("text", "title", "date"))
        return {"text": text or "", "title": title, "date": date}

    return run


def _bare() -> Tool:
    """Trafilatura's default extraction alone: text, no metadata."""

    def run(body: bytes, url: str) -> Answer:
        return {"text": trafilatura.extract(body, url=url) or ""}

    return run


def _magic_html() -> Tool:
    extractor = importlib.import_module("magic_html").GeneralExtractor()

    def run(body: bytes, url: str) -> Answer:
        found = extractor.extract(_markup(body), base_url=url)
        return {"text": _plain(found.get("html") or ""), "title": found.get("title")}

    return run


def _readability() -> Tool:
    document = importlib.import_module("readability").Document

    def run(body: bytes, url: str) -> Answer:
        found = document(_markup(body), url=url)
        return {"text": _plain(found.summary(html_partial=True)), "title": found.short_title()}

    return run


def _newspaper() -> Tool:
    article = importlib.import_module("newspaper").Article

    def run(body: bytes, url: str) -> Answer:
        found = article(url, fetch_images=False)  # no network
        found.download(input_html=_markup(body))
        found.parse()
        return {
            "text": found.text or "",
            "title": found.title,
            "date": str(found.publish_date or ""),
            "authors": found.authors,
        }

    return run


def _gne() -> Tool:
    extractor = importlib.import_module("gne").GeneralNewsExtractor()

    def run(body: bytes, url: str) -> Answer:
        found = extractor.extract(_markup(body))
        return {"text": found["content"], "title": found["title"], "date": found["publish_time"]}

    return run


def _resiliparse() -> Tool:
    extract = importlib.import_module("resiliparse.extract.html2text").extract_plain_text

    def run(body: bytes, url: str) -> Answer:
        return {"text": extract(_markup(body), main_content=True, alt_texts=False)}

    return run


_PEERS: tuple[tuple[str, str, Callable[[], Tool]], ...] = (
    ("magic-html", "magic_html", _magic_html),
    ("readability-lxml", "readability", _readability),
    ("newspaper4k", "newspaper", _newspaper),
    ("gne", "gne", _gne),
    ("resiliparse", "resiliparse", _resiliparse),
)


def _guarded(tool: Tool, faults: tuple[type[BaseException], ...]) -> Tool:
    def run(body: bytes, url: str) -> Answer:
        try:
            return tool(body, url)
        except faults:
            return {"text": ""}

    return run


def installed() -> dict[str, Tool]:
    """The peers that can be imported; a page that one of them fails on counts as empty."""
    tools = {
        "trafilatura-text": _bare(),
        "trafilatura": _trafilatura(False),
        "trafilatura-precision": _trafilatura(True),
    }
    for name, module, make in _PEERS:
        if importlib.util.find_spec(module) is None:
            continue
        try:
            tools[name] = _guarded(make(), (Exception,))
        except ImportError:  # there, but not whole
            continue
    return tools


def missing() -> list[str]:
    """The peers that are not there, by the names under which they install."""
    return [name for name, module, _ in _PEERS if importlib.util.find_spec(module) is None]
