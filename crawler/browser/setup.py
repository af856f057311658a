"""What a source that needs a browser asks of Scrapy: settings, and what goes with each request."""

from __future__ import annotations

import os
import shutil
from collections.abc import Mapping, Sequence
from importlib.util import find_spec
from typing import Any

__all__ = ["BrowserMissingError", "browser_settings", "check_browser", "request_meta"]

_NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
_HANDLER = "crawler.browser.handler.BrowserDownloadHandler"
_ARGUMENTS = (
    # All connections go through our proxy, those to loopback too, and no name is resolved beside it.
    "--proxy-bypass-list=<-loopback>",
    "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1",
    "--force-webrtc-ip-handling-policy=disable_non_proxied_udp",
    "--disable-quic",
    "--dns-prefetch-disable",
    "--disable-dev-shm-usage",
)


class BrowserMissingError(RuntimeError):
    """The extra `browser` or Chromium itself is not installed; the message says what to do."""


def check_browser() -> str:
    """Give the path of Chromium. Raises :class:`BrowserMissingError`."""
    if find_spec("scrapy_playwright") is None:
        raise BrowserMissingError("browser = true needs the extra: pip install 'taosha[browser]'")
    named = os.environ.get("TAOSHA_CHROMIUM")
    found = shutil.which(named) if named else next(filter(None, map(shutil.which, _NAMES)), None)
    if found is None:
        where = f"$TAOSHA_CHROMIUM ({named}) is no program" if named else "none is on the PATH"
        raise BrowserMissingError(
            f"browser = true needs Chromium, and {where}: install your system's package chromium"
        )
    return found


def browser_settings(timeout: float) -> dict[str, Any]:
    """The settings of a spider whose pages are rendered; ``timeout`` in seconds for a page to load."""
    arguments = [*_ARGUMENTS, *(("--no-sandbox",) if os.geteuid() == 0 else ())]  # it refuses root otherwise
    return {
        "DOWNLOAD_HANDLERS": {
            **dict.fromkeys(("data", "file", "s3", "ftp")),
            "http": _HANDLER,
            "https": _HANDLER,
        },
        "DOWNLOADER_MIDDLEWARES": {"crawler.browser.middleware.BrowserMiddleware": 540},
        "PLAYWRIGHT_BROWSER_TYPE": "chromium",
        "PLAYWRIGHT_LAUNCH_OPTIONS": {
            "executable_path": check_browser(),
            "headless": True,
            "args": arguments,
        },
        "PLAYWRIGHT_MAX_CONTEXTS": 1,
        "PLAYWRIGHT_DEFAULT_NAVIGATION_TIMEOUT": timeout * 1000,
        "PLAYWRIGHT_ABORT_REQUEST": "crawler.browser.handler.is_superfluous",
    }


def request_meta(user_agent: str, cookies: Sequence[Mapping[str, Any]] = ()) -> dict[str, Any]:
    """What a request carries whose page is to be rendered; ``cookies`` as Playwright takes them."""
    return {
        "playwright": True,
        "playwright_context_kwargs": {
            "user_agent": user_agent,
            "locale": "zh-CN",
            "timezone_id": "Asia/Shanghai",
            "service_workers": "block",
            "accept_downloads": False,
            "storage_state": {"cookies": list(cookies), "origins": []},
        },
        "playwright_page_goto_kwargs": {"wait_until": "domcontentloaded"},
    }
