"""Draws the pictures of the README from what the program really prints: ``make pictures``.

Needs a store made by ``make demo``; for those of the browser, Chromium with its driver, and Selenium.
"""

from __future__ import annotations

import os
import re
import subprocess
import sys
from io import StringIO
from pathlib import Path

from rich.console import Console
from rich.text import Text

HERE = Path(__file__).parent
WIDTH = 100
FONT = re.compile(r"@font-face \{.*?\}\s*", re.DOTALL)
PICTURES = {
    "why": ["why", "002_leaky.html"],
    "search": ["search", "大模型 融资", "--limit", "4"],
}
PAGES = {
    "inspector": ("/", "light"),
    "inspector-why": ("/search?source=zhuanzai", "light"),
}


def draw(name: str, arguments: list[str], lines: int = 34) -> None:
    """Run one command as on a terminal, and write what it shows as ``NAME.svg``."""
    shown = subprocess.run(  # noqa: S603  # our own program
        [sys.executable, "-m", "crawler.cli", *arguments],
        env={**os.environ, "FORCE_COLOR": "1", "COLUMNS": str(WIDTH), "TERM": "xterm-256color"},
        capture_output=True,
        text=True,
        check=True,
    ).stdout
    console = Console(record=True, width=WIDTH, file=StringIO())
    console.print(Text.from_ansi("\n".join(shown.splitlines()[:lines])))
    drawn = console.export_svg(title=f"$ taosha {' '.join(arguments)}")
    # The template fetches a font from elsewhere; a picture in a README must not.
    (HERE / f"{name}.svg").write_text(FONT.sub("", drawn), encoding="utf-8")


def photograph() -> None:
    """Take pictures of the pages of `taosha serve`, as ``NAME.png``."""
    from selenium import webdriver

    options = webdriver.ChromeOptions()
    for switch in ("--headless=new", "--no-sandbox", "--hide-scrollbars", "--disable-gpu"):
        options.add_argument(switch)
    serving = subprocess.Popen(
        [sys.executable, "-m", "crawler.cli", "serve", "--port", "0"], stdout=subprocess.PIPE, text=True
    )
    browser = webdriver.Chrome(options=options, service=webdriver.ChromeService("/usr/bin/chromedriver"))
    try:
        assert serving.stdout is not None
        home = serving.stdout.readline().strip().rstrip("/")
        browser.set_window_size(1100, 760)
        for name, (path, scheme) in PAGES.items():
            media = {"features": [{"name": "prefers-color-scheme", "value": scheme}]}
            browser.execute_cdp_cmd("Emulation.setEmulatedMedia", media)
            browser.get(home + path)
            if name == "inspector-why":  # the first article that a copying site has damaged
                browser.find_element("css selector", ".item-title").click()
                browser.find_element("css selector", ".tabs a[data-key='2']").click()
            browser.save_screenshot(str(HERE / f"{name}.png"))
    finally:
        browser.quit()
        serving.terminate()
        serving.communicate()


def main() -> None:
    """Draw all."""
    os.environ.setdefault("TAOSHA_STORE", "sqlite:///demo.db")
    for name, arguments in PICTURES.items():
        draw(name, arguments)
    photograph()


if __name__ == "__main__":
    main()
