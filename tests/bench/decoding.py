"""How many pages and snippets are decoded right, and how fast, beside other tools.

Run ``python -m tests.bench.decoding [PAGES]``: PAGES is how many pages for each encoding and kind of
label (default 20). Tools that are not installed are left out.
"""

from __future__ import annotations

import logging
import random
import sys
import time
from collections import defaultdict
from collections.abc import Callable, Iterable
from importlib import import_module

from cleaners.decoding import decode
from tests.cleaners.encoded_pages import CHINESE, LABELS, Encoded, pages, snippets

Tool = Callable[[bytes, str | None], str]


def charset_normalizer() -> Tool:
    module = import_module("charset_normalizer")
    return lambda body, header: str(module.from_bytes(body).best() or "")


def trafilatura() -> Tool:
    module = import_module("trafilatura.utils")
    return lambda body, header: str(module.decode_file(body))


def unicode_dammit() -> Tool:
    module = import_module("bs4.dammit")

    def run(body: bytes, header: str | None) -> str:
        known = [header.partition("charset=")[2]] if header else []
        return str(module.UnicodeDammit(body, known, is_html=True).unicode_markup)

    return run


def chardet() -> Tool:
    module = import_module("chardet")

    def run(body: bytes, header: str | None) -> str:
        return body.decode(module.detect(body)["encoding"] or "utf-8", "replace")

    return run


def w3lib() -> Tool:
    module = import_module("w3lib.encoding")
    return lambda body, header: str(module.html_to_unicode(header, body)[1])


def taosha() -> Tool:
    return lambda body, header: decode(body, header).text


TOOLS = (taosha, charset_normalizer, chardet, trafilatura, unicode_dammit, w3lib)


def available() -> dict[str, Tool]:
    found = {}
    for tool in TOOLS:
        try:
            found[tool.__name__] = tool()
        except ImportError:
            print(f"{tool.__name__} is not installed", file=sys.stderr)
    return found


def right(tool: Tool, case: Encoded) -> bool:
    try:
        return tool(case.body, case.content_type).removeprefix("\ufeff") == case.text
    except (LookupError, ValueError):
        return False


def measure(title: str, cases: list[Encoded], tools: dict[str, Tool], key: Callable[[Encoded], str]) -> None:
    print(f"\n{title}\n" + f"{'':22}{'cases':>7}" + "".join(f"{name:>20}" for name in tools))
    rows: dict[str, list[Encoded]] = defaultdict(list)
    for case in cases:
        rows[key(case)].append(case)
    score = {name: {row: sum(right(t, c) for c in rows[row]) for row in rows} for name, t in tools.items()}
    for row, members in rows.items():
        shares = "".join(f"{100 * score[name][row] / len(members):>19.1f}%" for name in tools)
        print(f"{row:22}{len(members):>7}{shares}")
    shares = "".join(f"{100 * sum(score[name].values()) / len(cases):>19.1f}%" for name in tools)
    print(f"{'all':22}{len(cases):>7}{shares}")


def speed(tools: dict[str, Tool]) -> None:
    print(
        "\nMB per second of processor time, on pages without a label\n"
        + f"{'':29}"
        + "".join(f"{name:>20}" for name in tools)
    )
    for kilobytes in (10, 50, 200):
        made = pages(random.Random(kilobytes), 1, length=kilobytes * 450)
        chosen = {c.family: c for c in made if c.label == "none"}
        for family in ("utf-8", "gb18030", "big5", "shift_jis", "windows-1251", "windows-1252"):
            body = chosen[family].body
            rates = "".join(f"{rate(tool, body):>20.1f}" for tool in tools.values())
            print(f"{family:22}{len(body) // 1000:>4} kB{rates}")


def rate(tool: Tool, body: bytes) -> float:
    tool(body, None)
    times = []
    for _ in range(3):
        start = time.process_time()
        tool(body, None)
        times.append(time.process_time() - start)
    return len(body) / min(times) / 1e6


def main(arguments: Iterable[str]) -> None:
    logging.disable(logging.CRITICAL)
    count = int(next(iter(arguments), "20"))
    tools = available()
    made = list(pages(random.Random(1), count))
    measure("Pages of 60 characters and more, by encoding", made, tools, lambda c: c.family)
    for label in LABELS:
        chinese = [c for c in made if c.family in CHINESE and c.label == label]
        measure(f"The Chinese ones, label {label}", chinese, tools, lambda c: c.family)
    measure(
        "Snippets of 12 characters", list(snippets(random.Random(2), 10 * count)), tools, lambda c: c.family
    )
    speed(tools)


if __name__ == "__main__":
    main(sys.argv[1:])
