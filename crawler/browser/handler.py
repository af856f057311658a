"""A download handler that renders pages, with our own limits, address checks and reasons."""

from __future__ import annotations

import asyncio
import logging
from contextlib import suppress
from typing import Any
from urllib.parse import urlsplit

from playwright.async_api import Error as PlaywrightError
from playwright.async_api import TimeoutError as PlaywrightTimeout
from scrapy.exceptions import DownloadFailedError, DownloadTimeoutError
from scrapy_playwright.handler import ScrapyPlaywrightDownloadHandler  # type: ignore[import-untyped]
from scrapy_playwright.page import PageMethod  # type: ignore[import-untyped]

from crawler.browser.proxy import REFUSED_HEADER, GuardedProxy
from crawler.net.addresses import AddressGuard
from crawler.net.handler import BoundedHandler
from crawler.net.reasons import FetchReason, NotAskedError

__all__ = ["BrowserDownloadHandler", "is_superfluous"]

_SUPERFLUOUS = frozenset({"image", "media", "font", "stylesheet", "texttrack", "eventsource", "websocket"})
_SETTLED_MS = 5000
_SLACK_SECONDS = 15.0
"""Beyond the time for loading: for a page to settle and to be handed over."""


def is_superfluous(request: Any) -> bool:
    """Whether a page may well do without what it asks for: its text comes without pictures and styles."""
    return request.resource_type in _SUPERFLUOUS


async def _settle(page: Any) -> None:
    """Let scripts fetch what they show; a page that never comes to rest is taken as it is."""
    with suppress(PlaywrightTimeout):
        await page.wait_for_load_state("networkidle", timeout=_SETTLED_MS)


class BrowserDownloadHandler(ScrapyPlaywrightDownloadHandler, BoundedHandler):  # type: ignore[misc]  # no types
    """Requests without ``playwright`` in their meta go the way of all other sources."""

    def __init__(self, crawler: Any) -> None:
        super().__init__(crawler)
        logging.getLogger("scrapy-playwright").setLevel(logging.ERROR)  # each failure is recorded by us
        settings = crawler.settings
        self._proxy = GuardedProxy(AddressGuard(settings.getlist("TAOSHA_ALLOW_NETWORKS")))
        self._seconds = settings.getfloat("DOWNLOAD_TIMEOUT") + _SLACK_SECONDS
        self._most = settings.getint("DOWNLOAD_MAXSIZE")

    async def _launch(self) -> None:
        await self._proxy.start()
        self.config.launch_options["proxy"] = {"server": f"http://127.0.0.1:{self._proxy.port}"}
        await super()._launch()

    async def _close(self) -> None:
        await super()._close()
        await self._proxy.close()

    async def download_request(self, request: Any) -> Any:
        """Render the page. Raises Scrapy's download errors, and ``NotAskedError`` for refused addresses."""
        if not request.meta.get("playwright"):
            return await super().download_request(request)
        pages: list[Any] = []

        async def remember(page: Any, request: Any) -> None:
            pages.append(page)

        request.meta["playwright_page_init_callback"] = remember
        request.meta["playwright_page_methods"] = [PageMethod(_settle)]
        try:
            async with asyncio.timeout(self._seconds):
                response = await super().download_request(request)
        except TimeoutError as error:
            raise DownloadTimeoutError(f"not rendered within {self._seconds:.0f} seconds") from error
        except PlaywrightTimeout as error:
            raise DownloadTimeoutError(_first_line(error)) from error
        except PlaywrightError as error:
            raise self._explained(request, error) from error
        finally:
            await _close_all(pages)
        return self._checked(response)

    def _explained(self, request: Any, error: PlaywrightError) -> Exception:
        host = (urlsplit(request.url).hostname or "").lower()
        if self._proxy.refused & {host, *(urlsplit(url).hostname or "" for url in _urls(error))}:
            return NotAskedError(FetchReason.ADDRESS, f"{host} leads to an address that is not public")
        return DownloadFailedError(_first_line(error))

    def _checked(self, response: Any) -> Any:
        if response.headers.get(REFUSED_HEADER):
            host = urlsplit(response.url).hostname
            raise NotAskedError(FetchReason.ADDRESS, f"{host} is not a public address (see --allow-network)")
        if len(response.body) > self._most:
            raise NotAskedError(FetchReason.TOO_LARGE, f"the rendered page has {len(response.body):,} bytes")
        return response


async def _close_all(pages: list[Any]) -> None:
    """A page that hangs holds a place; the browser closes it whatever its scripts do."""
    for page in pages:
        with suppress(PlaywrightError, TimeoutError):
            async with asyncio.timeout(_SLACK_SECONDS):
                await page.close()


def _urls(error: PlaywrightError) -> list[str]:
    return [word for word in error.message.split() if "://" in word]


def _first_line(error: PlaywrightError) -> str:
    return error.message.partition("\n")[0][:300]
