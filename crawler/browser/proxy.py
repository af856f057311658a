"""The only way out for the browser: a proxy on loopback that connects to allowed addresses alone.

A browser resolves names, follows redirects and fetches what pages ask for by itself, so a check of
URLs beforehand proves nothing. Here each connection is made to the very address that was checked.
"""

from __future__ import annotations

import asyncio
import socket
from contextlib import suppress
from dataclasses import dataclass
from typing import Self
from urllib.parse import urlsplit

from crawler.net.addresses import AddressGuard

__all__ = ["REFUSED_HEADER", "GuardedProxy", "ProxyLimits"]

REFUSED_HEADER = "X-Taosha-Refused"
_HEAD_BYTES = 64 * 1024
_CHUNK_BYTES = 64 * 1024
_DROPPED = (b"proxy-connection:", b"proxy-authorization:", b"connection:")


@dataclass(frozen=True, slots=True)
class ProxyLimits:
    """Bytes that a connection may bring, seconds that it may last, and seconds to connect."""

    bytes: int = 64 << 20
    seconds: float = 120.0
    connect_seconds: float = 20.0


class _RefusedError(Exception):
    """The host has no address that may be asked."""


class GuardedProxy:
    """An HTTP proxy for tunnels and plain requests; ``refused`` keeps the hosts that were not to be asked."""

    def __init__(self, guard: AddressGuard, limits: ProxyLimits | None = None) -> None:
        self._guard = guard
        self._limits = limits or ProxyLimits()
        self._server: asyncio.Server | None = None
        self._open: set[asyncio.StreamWriter] = set()
        self.refused: set[str] = set()
        self.port = 0

    async def start(self) -> Self:
        """Listen on a free port of loopback."""
        self._server = await asyncio.start_server(self._serve, "127.0.0.1", 0, limit=_HEAD_BYTES)
        self.port = int(self._server.sockets[0].getsockname()[1])
        return self

    async def close(self) -> None:
        """Stop listening and end all connections."""
        if self._server is not None:
            self._server.close()
        for writer in tuple(self._open):
            writer.transport.abort()

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._open.add(writer)
        try:
            async with asyncio.timeout(self._limits.seconds):
                await self._answer(reader, writer)
        except (OSError, TimeoutError, asyncio.IncompleteReadError, asyncio.LimitOverrunError, ValueError):
            pass  # the browser sees a connection that ends, as from any server that fails
        finally:
            self._open.discard(writer)
            writer.transport.abort() if writer.is_closing() else writer.close()

    async def _answer(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        head = await reader.readuntil(b"\r\n\r\n")
        method, target, _ = head.split(b"\r\n", 1)[0].decode("latin-1").split(" ", 2)
        tunnel = method == "CONNECT"
        parts = urlsplit(f"//{target}" if tunnel else target)
        host, port = parts.hostname or "", parts.port or 80
        if not tunnel and parts.scheme != "http":
            raise ValueError(target)
        try:
            theirs = await self._connect(host, port)
        except _RefusedError:
            self.refused.add(host.lower())
            # With a body: an empty error page would reach us as a failed connection.
            writer.write(
                f"HTTP/1.1 403 Forbidden\r\n{REFUSED_HEADER}: address\r\nContent-Type: text/plain\r\n"
                "Content-Length: 7\r\nConnection: close\r\n\r\nrefused".encode()
            )
            await writer.drain()
            return
        self._open.add(theirs[1])
        try:
            if tunnel:
                writer.write(b"HTTP/1.1 200 Connection established\r\n\r\n")
                await self._relay(reader, writer, theirs, None)
            else:
                theirs[1].write(_origin_form(head, method, target))
                await self._relay(reader, writer, theirs, _length(head))
        finally:
            self._open.discard(theirs[1])
            theirs[1].transport.abort()

    async def _connect(self, host: str, port: int) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
        loop = asyncio.get_running_loop()
        found = await loop.getaddrinfo(host, port, type=socket.SOCK_STREAM)
        allowed = [(family, str(a[0])) for family, *_, a in found if self._guard.allows(str(a[0]))]
        if not allowed:
            raise _RefusedError(host)
        for family, address in allowed[:4]:
            with suppress(OSError):
                async with asyncio.timeout(self._limits.connect_seconds):
                    return await asyncio.open_connection(address, port, family=family, limit=_CHUNK_BYTES)
        raise ConnectionError(host)

    async def _relay(
        self,
        reader: asyncio.StreamReader,
        writer: asyncio.StreamWriter,
        theirs: tuple[asyncio.StreamReader, asyncio.StreamWriter],
        body: int | None,
    ) -> None:
        """Copy both ways until one side is done, or the server has sent more than the limit.

        ``body`` is the length of what belongs to a plain request, in bytes; None for a tunnel.
        """
        most = self._limits.bytes
        up = _copy(reader, theirs[1], most) if body is None else _send_body(reader, theirs[1], body)
        down = _copy(theirs[0], writer, most) if body is None else _copy_answer(theirs[0], writer, most)
        tasks = [asyncio.create_task(up), asyncio.create_task(down)]
        try:
            await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
        finally:
            for task in tasks:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)


async def _copy(reader: asyncio.StreamReader, writer: asyncio.StreamWriter, limit: int) -> None:
    while limit > 0 and (data := await reader.read(_CHUNK_BYTES)):
        limit -= len(data)
        writer.write(data)
        await writer.drain()


async def _send_body(reader: asyncio.StreamReader, writer: asyncio.StreamWriter, length: int) -> None:
    """Pass on the body of one request; ends when the browser goes away, or wants a second one answered."""
    while length > 0 and (data := await reader.read(min(length, _CHUNK_BYTES))):
        length -= len(data)
        writer.write(data)
        await writer.drain()
    await reader.read(1)


async def _copy_answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter, limit: int) -> None:
    """Pass on one answer, and tell the browser that there is no other one on this connection.

    Its next request may be for another server, which has to be checked anew.
    """
    head = await reader.readuntil(b"\r\n\r\n")
    first, *lines = [line for line in head.split(b"\r\n") if line]
    kept = [line for line in lines if not line.lower().startswith((b"connection:", b"keep-alive:"))]
    writer.write(b"\r\n".join([first, *kept, b"Connection: close", b"", b""]))
    await _copy(reader, writer, limit)


def _length(head: bytes) -> int:
    for line in head.split(b"\r\n"):
        name, _, value = line.partition(b":")
        if name.strip().lower() == b"content-length" and value.strip().isdigit():
            return int(value)
    return 0


def _origin_form(head: bytes, method: str, target: str) -> bytes:
    """The request as the server itself expects it (RFC 9112, 3.2.1), for one answer on this connection."""
    parts = urlsplit(target)
    path = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
    lines = [line for line in head.split(b"\r\n")[1:] if line and not line.lower().startswith(_DROPPED)]
    first = f"{method} {path} HTTP/1.1".encode("latin-1")
    return b"\r\n".join([first, *lines, b"Connection: close", b"", b""])
