"""One spelling for one URL, so that the same page found in two places is fetched once."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path
from urllib.parse import SplitResult, unquote, urljoin, urlsplit, urlunsplit

from w3lib.url import safe_url_string

__all__ = ["absolute", "normalize_url"]

MAX_LENGTH = 2000
_DEFAULT_PORTS = {"http": 80, "https": 443}
_SESSION_IN_PATH = re.compile(r";jsessionid=[^/?#]*", re.IGNORECASE)
_CONTROLS = re.compile(r"[\x00-\x20\x7f]+")


def _tracking() -> tuple[frozenset[str], tuple[str, ...], frozenset[str], frozenset[tuple[str, str]]]:
    data = tomllib.loads(Path(__file__).with_name("tracking.toml").read_text(encoding="utf-8"))
    names = data["names"]
    return (
        frozenset(n for n in names if not n.endswith("*")),
        tuple(n[:-1] for n in names if n.endswith("*")),
        frozenset(data["sessions"]),
        frozenset((name, word) for name in data["where"] for word in data["words"]),
    )


_NAMES, _PREFIXES, _SESSIONS, _WHERE = _tracking()
_TOKEN = re.compile(r"[0-9A-Za-z_-]{16,128}")
_ESCAPE = re.compile(r"%[0-9a-f]{2}", re.IGNORECASE)


def absolute(link: str, base: str) -> str | None:
    """The normalised HTTP(S) URL of ``link`` on the page ``base``, or None when it is none."""
    link = _CONTROLS.sub("", link) if link.isascii() else link.strip()
    if not link or len(link) > MAX_LENGTH:
        return None
    try:
        return normalize_url(urljoin(base, link))
    except ValueError:
        return None


def normalize_url(url: str) -> str | None:
    """``url`` in one spelling, or None when it is no HTTP(S) URL with a host.

    Lower-case scheme and host, no default port, no fragment, no user name, no tracking or
    session parameters, percent-encoding only where needed; the order of parameters stays.
    """
    try:
        parts = urlsplit(safe_url_string(url.strip()))
        port = parts.port
    except ValueError:
        return None
    if parts.scheme not in _DEFAULT_PORTS or not parts.hostname:
        return None
    result = urlunsplit(SplitResult(parts.scheme, _netloc(parts, port), _path(parts.path), _query(parts), ""))
    return result if len(result) <= MAX_LENGTH else None


def _path(path: str) -> str:
    path = _SESSION_IN_PATH.sub("", path) or "/"
    if "/." in path:  # as browsers do before they ask
        path = urlsplit(urljoin("http://x/", f"/.{path}")).path or "/"  # "//a" would be a host
    return _ESCAPE.sub(lambda escape: escape[0].upper(), path)


def _netloc(parts: SplitResult, port: int | None) -> str:
    host = (parts.hostname or "").rstrip(".")
    if ":" in host:
        host = f"[{host}]"
    return host if port in (None, _DEFAULT_PORTS[parts.scheme]) else f"{host}:{port}"


def _query(parts: SplitResult) -> str:
    return "&".join(part for part in parts.query.split("&") if part and not _tracks(part))


def _tracks(part: str) -> bool:
    name, _, value = part.partition("=")
    name = unquote(name).lower()
    if name in _NAMES or name.startswith(_PREFIXES) or (name, value.lower()) in _WHERE:
        return True
    return name in _SESSIONS and _is_token(value)


def _is_token(value: str) -> bool:
    """Whether a value is a long random token, as sessions have; a number or a word is none."""
    return _TOKEN.fullmatch(value) is not None and not value.isdigit() and not value.isalpha()
