"""Downloader middlewares that keep requests where they belong: the source's hosts, public addresses."""

from __future__ import annotations

from typing import Any, Self, cast

from scrapy.downloadermiddlewares.offsite import OffsiteMiddleware
from scrapy.exceptions import CannotResolveHostError
from scrapy.utils.httpobj import urlparse_cached

from crawler.net.addresses import AddressGuard
from crawler.net.reasons import FetchReason, NotAskedError
from crawler.net.resolver import GuardedResolver

__all__ = ["AddressMiddleware", "ScopeMiddleware"]


class ScopeMiddleware(OffsiteMiddleware):
    """Scrapy's offsite filter, asking the spider's source (which knows ports) and saying why.

    It sits in the place of ``OffsiteMiddleware``; requests with ``allow_offsite`` pass.
    """

    def should_follow(self, request: Any, spider: Any) -> bool:
        """Whether the source covers the URL."""
        return bool(spider.source.covers(request.url))

    def request_scheduled(self, request: Any, spider: Any) -> None:
        """Let it pass: refused this early, a redirect would vanish without a word."""

    def process_request(self, request: Any, spider: Any = None) -> None:
        """Refuse what is off the site, redirects too."""
        if request.meta.get("allow_offsite") or self.should_follow(request, self.crawler.spider):
            return
        self.stats.inc_value("offsite/filtered")
        raise NotAskedError(
            FetchReason.OFFSITE, f"leads to {urlparse_cached(request).hostname}, not a host of the source"
        )


class AddressMiddleware:
    """Refuses URLs that spell out an address that is not allowed, and names the reason for the others.

    The check itself is the resolver's (:class:`GuardedResolver`); without it installed this
    middleware refuses to run, because then names would not be checked.
    """

    def __init__(self, crawler: Any) -> None:
        self._crawler = crawler
        self._guard = AddressGuard(crawler.settings.getlist("TAOSHA_ALLOW_NETWORKS"))

    @classmethod
    def from_crawler(cls, crawler: Any) -> Self:
        """Build from a crawler."""
        return cls(crawler)

    def process_request(self, request: Any) -> None:
        """Refuse literal addresses at once."""
        host = urlparse_cached(request).hostname or ""
        if not isinstance(_resolver(), GuardedResolver):
            raise RuntimeError("the guarded resolver is not installed (setting TWISTED_DNS_RESOLVER)")
        if not self._guard.allows_host(host):
            raise self._refusal(host)

    def process_exception(self, request: Any, exception: Exception) -> None:
        """Tell a name that has only forbidden addresses from one that has none."""
        if isinstance(exception, CannotResolveHostError):
            host = urlparse_cached(request).hostname or ""
            resolver = _resolver()
            if isinstance(resolver, GuardedResolver) and host.lower() in resolver.refused:
                raise self._refusal(host)

    def _refusal(self, host: str) -> NotAskedError:
        self._crawler.stats.inc_value("taosha/address_refused")
        return NotAskedError(FetchReason.ADDRESS, f"{host} is not a public address (see --allow-network)")


def _resolver() -> Any:
    from twisted.internet import reactor  # only once Scrapy has installed the one it wants

    return cast(Any, reactor).nameResolver
