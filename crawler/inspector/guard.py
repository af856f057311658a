"""What every answer of the inspector goes through: who may ask, what may be asked, what a page may load.

A page of the web can send requests to this machine and even, under a name that it points here, read
the answers (DNS rebinding). So on a loopback address only names of this machine are answered.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, MutableMapping
from ipaddress import ip_address
from typing import Any

__all__ = ["guarded", "is_loopback"]

Message = MutableMapping[str, Any]
Scope = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]
App = Callable[[Scope, Receive, Send], Awaitable[None]]

_READING = ("GET", "HEAD")

_ALWAYS = (
    (b"x-content-type-options", b"nosniff"),
    (b"x-frame-options", b"DENY"),
    (b"referrer-policy", b"no-referrer"),
    (b"cross-origin-opener-policy", b"same-origin"),
    (b"cross-origin-resource-policy", b"same-origin"),
    (b"permissions-policy", b"camera=(), geolocation=(), microphone=()"),
)

_POLICY = (
    "default-src 'none'; script-src 'self'{inline}; style-src 'self'{inline}; img-src 'self' data:; "
    "connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)
_STRICT = _POLICY.format(inline="").encode()
_DATASETTE = _POLICY.format(inline=" 'unsafe-inline'").encode()
"""Datasette's own pages have scripts and styles in the page; they too load nothing from elsewhere."""


def is_loopback(host: str) -> bool:
    """Say whether only this machine reaches ``host``."""
    if host == "localhost":
        return True
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return False


def guarded(app: App, host: str, tables: str) -> App:
    """Put ``app``, which listens on ``host``, behind the guard; Datasette's own pages start at ``tables``."""
    local = is_loopback(host)

    async def asgi(scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "websocket":
            await send({"type": "websocket.close", "code": 1003})
            return
        if scope["type"] != "http":
            await app(scope, receive, send)
            return
        policy = _DATASETTE if _is_datasette(scope["path"], tables) else _STRICT
        guarded_send = _with_headers(send, policy)
        if scope["method"] not in _READING:
            await _refuse(guarded_send, 405, b"The inspector only reads.\n", (b"allow", b"GET, HEAD"))
        elif local and not is_loopback(_asked_host(scope)):
            await _refuse(guarded_send, 421, b"This server answers only to a name of its own machine.\n")
        else:
            await app(scope, receive, guarded_send)

    return asgi


def _is_datasette(path: str, tables: str) -> bool:
    return path == tables or path.startswith((tables + "/", tables + ".", "/-/"))


def _asked_host(scope: Scope) -> str:
    """Give the host that the request names, without its port."""
    named = next((value for name, value in scope["headers"] if name == b"host"), b"").decode("latin-1")
    if named.startswith("["):
        return named[1:].partition("]")[0]
    return named.partition(":")[0].lower()


def _with_headers(send: Send, policy: bytes) -> Send:
    async def sending(message: Message) -> None:
        if message["type"] == "http.response.start":
            ours = (*_ALWAYS, (b"content-security-policy", policy))
            names = {name for name, _ in ours}
            theirs = [(n, v) for n, v in message.get("headers", ()) if bytes(n).lower() not in names]
            message = {**message, "headers": [*theirs, *ours]}
        await send(message)

    return sending


async def _refuse(send: Send, status: int, body: bytes, *headers: tuple[bytes, bytes]) -> None:
    plain = (b"content-type", b"text/plain; charset=utf-8")
    await send({"type": "http.response.start", "status": status, "headers": [plain, *headers]})
    await send({"type": "http.response.body", "body": body})
