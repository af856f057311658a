"""A real browser without a window, and the inspector as `taosha serve` runs it.

The browser is Chromium with its driver, as Debian packages them (`chromium`, `chromium-driver`).
Screenshots go to `test-artefacts`, or to $TAOSHA_SCREENSHOTS.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

from tests.crawler.inspector.stores import furnished

ROOT = Path(__file__).parents[3]
SCREENSHOTS = Path(os.environ.get("TAOSHA_SCREENSHOTS", ROOT / "test-artefacts"))
_SWITCHES = (
    "--headless=new",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-dev-shm-usage",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
    "--hide-scrollbars",
    "--lang=en",
)


@dataclass
class Browser:
    """The browser at one inspector; notes every request and every message of the console."""

    driver: Any
    home: str
    requested: list[str] = field(default_factory=list)
    messages: list[str] = field(default_factory=list)

    def look(self, *, width: int = 1200, height: int = 900, dark: bool = False) -> None:
        """Set what the page sees of the screen."""
        metrics = {"width": width, "height": height, "deviceScaleFactor": 1, "mobile": width < 600}
        self.driver.execute_cdp_cmd("Emulation.setDeviceMetricsOverride", metrics)
        scheme = {"name": "prefers-color-scheme", "value": "dark" if dark else "light"}
        self.driver.execute_cdp_cmd("Emulation.setEmulatedMedia", {"features": [scheme]})

    def open(self, path: str) -> None:
        self.driver.get(self.home.rstrip("/") + path)
        self.listen()

    def listen(self) -> None:
        """Collect what was requested and what the console said since the last time."""
        for entry in self.driver.get_log("performance"):
            event = json.loads(entry["message"])["message"]
            if event["method"] == "Network.requestWillBeSent":
                self.requested.append(event["params"]["request"]["url"])
        self.messages += [entry["message"] for entry in self.driver.get_log("browser")]

    def run(self, script: str) -> Any:
        return self.driver.execute_script(f"return {script}")

    def texts(self, selector: str) -> list[str]:
        return [found.text for found in self.driver.find_elements("css selector", selector)]

    def press(self, keys: str) -> None:
        self.driver.switch_to.active_element.send_keys(keys)

    def go(self, keys: str) -> None:
        """Press keys that lead to another page, and wait until it is there."""
        from selenium.webdriver.support.expected_conditions import staleness_of
        from selenium.webdriver.support.wait import WebDriverWait

        left = self.driver.find_element("css selector", "html")
        self.press(keys)
        WebDriverWait(self.driver, 20).until(staleness_of(left))
        WebDriverWait(self.driver, 20).until(lambda _: self.run("document.readyState") == "complete")

    def shot(self, name: str) -> Path:
        SCREENSHOTS.mkdir(parents=True, exist_ok=True)
        path = SCREENSHOTS / f"{name}.png"
        assert self.driver.save_screenshot(str(path))
        return path


@pytest.fixture(scope="package")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of `taosha serve` on a furnished store."""
    path = furnished(tmp_path_factory.mktemp("served"))
    command = [sys.executable, "-m", "crawler.cli", "serve", "--store", str(path), "--port", "0"]
    process = subprocess.Popen(
        command, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, encoding="utf-8"
    )
    assert process.stdout is not None
    try:
        address = process.stdout.readline().strip()
        assert address.startswith("http://127.0.0.1:")
        yield address
    finally:
        process.terminate()
        process.wait(20)
        process.stdout.close()


@pytest.fixture(scope="package")
def chromium(served: str) -> Iterator[Browser]:
    """One browser for all tests of this folder: starting it takes longer than a test."""
    binary, driver = shutil.which("chromium"), shutil.which("chromedriver")
    if binary is None or driver is None:
        pytest.skip("needs a browser: apt-get install chromium chromium-driver")
    webdriver = pytest.importorskip("selenium.webdriver")
    options = webdriver.ChromeOptions()
    options.binary_location = binary
    for switch in _SWITCHES:
        options.add_argument(switch)
    options.set_capability("goog:loggingPrefs", {"browser": "ALL", "performance": "ALL"})
    started = webdriver.Chrome(options=options, service=webdriver.ChromeService(driver))
    try:
        yield Browser(started, served)
    finally:
        started.quit()


@pytest.fixture
def browser(chromium: Browser) -> Browser:
    """The browser on a bright desk, with nothing noted yet."""
    chromium.look()
    chromium.listen()
    chromium.requested.clear()
    chromium.messages.clear()
    return chromium
