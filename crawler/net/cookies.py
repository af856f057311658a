"""Cookies that the user brings along for a source, from a file as browsers' add-ons and curl write it."""

from __future__ import annotations

from http.cookiejar import DefaultCookiePolicy, LoadError, MozillaCookieJar
from pathlib import Path
from typing import Any, Self

from scrapy.exceptions import NotConfigured
from scrapy.http.cookies import WrappedRequest

__all__ = ["CookieFileError", "CookieFileMiddleware", "read_cookies"]


# A cookie that names a host without a leading dot is for that host alone.
_POLICY = DefaultCookiePolicy(strict_ns_domain=DefaultCookiePolicy.DomainStrictNonDomain)


class CookieFileError(ValueError):
    """The file can not be read, or is no cookie file; the message names no cookie."""


def read_cookies(path: Path) -> MozillaCookieJar:
    """The cookies of a Netscape cookie file, session cookies included. Raises :class:`CookieFileError`."""
    jar = MozillaCookieJar(str(path), policy=_POLICY)
    try:
        jar.load(ignore_discard=True, ignore_expires=True)
    except LoadError as error:
        raise CookieFileError(
            f"{path} is no Netscape cookie file (its first line is: # Netscape HTTP Cookie File)"
        ) from error
    except (OSError, UnicodeDecodeError) as error:
        raise CookieFileError(f"{path} can not be read: {error}") from error
    for cookie in jar:
        if cookie.expires == 0:  # curl's way to write "until the browser is closed"
            cookie.expires = None
    jar.clear_expired_cookies()
    return jar


class CookieFileMiddleware:
    """Adds the cookies of the spider's source to its requests, each only where it belongs.

    Sits behind Scrapy's ``CookiesMiddleware``, which writes the header anew; what the server has set
    meanwhile wins over the file.
    """

    def __init__(self, path: Path) -> None:
        self._jar = read_cookies(path)

    @classmethod
    def from_crawler(cls, crawler: Any) -> Self:
        """Build from a crawler; without a cookie file there is nothing to do."""
        path = crawler.spidercls.source.cookies
        if path is None:
            raise NotConfigured
        return cls(path)

    def process_request(self, request: Any) -> None:
        """Add what matches host, path, scheme and expiry (RFC 6265 as Python's jar keeps it)."""
        own = [value.decode("latin-1") for value in request.headers.getlist("Cookie")]
        request.headers.pop("Cookie", None)
        self._jar.clear_expired_cookies()
        self._jar.add_cookie_header(WrappedRequest(request))  # type: ignore[arg-type]  # made for this
        if own:
            brought = (request.headers.get("Cookie") or b"").decode("latin-1")
            pairs = [pair for pair in "; ".join([brought, *own]).split("; ") if pair]
            named = {pair.partition("=")[0].strip(): pair for pair in pairs}
            request.headers["Cookie"] = "; ".join(named.values())
