"""A Twisted name resolver that hides the addresses that may not be asked.

Scrapy's HTTP handler connects to what the reactor's resolver answers, for literal addresses
and on every hop, so that the check is made on the very address that is connected to. Plug
it in with ``TWISTED_DNS_RESOLVER``; ``TAOSHA_ALLOW_NETWORKS`` lists what else is allowed.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Self

from scrapy.resolver import CachingHostnameResolver
from twisted.internet.interfaces import IHostnameResolver, IResolutionReceiver
from zope.interface import implementer  # type: ignore[import-untyped]

from crawler.net.addresses import AddressGuard

__all__ = ["GuardedResolver"]


@implementer(IHostnameResolver)
class GuardedResolver(CachingHostnameResolver):
    """Resolves names to IPv4 and IPv6 addresses; ``refused`` keeps the names that had only hidden ones."""

    def __init__(self, reactor: Any, cache_size: int, guard: AddressGuard) -> None:
        super().__init__(reactor, cache_size)
        self.guard = guard
        self.refused: set[str] = set()

    @classmethod
    def from_crawler(cls, crawler: Any, reactor: Any) -> Self:
        """Build from the settings of a crawler or a crawler process."""
        settings = crawler.settings
        size = settings.getint("DNSCACHE_SIZE") if settings.getbool("DNSCACHE_ENABLED") else 0
        return cls(reactor, size, AddressGuard(settings.getlist("TAOSHA_ALLOW_NETWORKS")))

    def resolveHostName(  # noqa: N802  # Twisted's interface
        self,
        resolutionReceiver: Any,  # noqa: N803
        hostName: str,  # noqa: N803
        portNumber: int = 0,  # noqa: N803
        addressTypes: Sequence[type[Any]] | None = None,  # noqa: N803
        transportSemantics: str = "TCP",  # noqa: N803
    ) -> Any:
        """See ``IHostnameResolver``."""
        receiver: Any = _Filter(resolutionReceiver, self, hostName)
        return super().resolveHostName(receiver, hostName, portNumber, addressTypes, transportSemantics)


@implementer(IResolutionReceiver)
class _Filter:
    """Passes on only the addresses that the guard allows."""

    def __init__(self, receiver: Any, resolver: GuardedResolver, name: str) -> None:
        self._receiver = receiver
        self._resolver = resolver
        self._name = name
        self._passed = 0
        self._hidden = 0

    def resolutionBegan(self, resolution: Any) -> None:  # noqa: N802
        self._receiver.resolutionBegan(resolution)

    def addressResolved(self, address: Any) -> None:  # noqa: N802
        if self._resolver.guard.allows(address.host.partition("%")[0]):
            self._passed += 1
            self._receiver.addressResolved(address)
        else:
            self._hidden += 1

    def resolutionComplete(self) -> None:  # noqa: N802
        if self._hidden and not self._passed:
            self._resolver.refused.add(self._name.lower())
        self._receiver.resolutionComplete()
