"""Several hosts on loopback, served by threads, with a log of everything that was asked."""

from __future__ import annotations

import email.utils
import hashlib
import socket
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

Write = Callable[[bytes], object]


@dataclass(frozen=True)
class Asked:
    """A request as a host saw it; ``at`` and ``done`` are seconds of one clock, ``sent`` bytes of body."""

    host: str
    path: str
    status: int
    at: float
    done: float
    sent: int
    agent: str | None = None


@dataclass
class Reply:
    """What a host answers. ``send`` writes status line, headers and body by itself, and may not end."""

    body: bytes = b""
    status: int = 200
    kind: str | None = "text/html; charset=utf-8"
    headers: dict[str, str] = field(default_factory=dict)
    send: Callable[[Write], None] | None = None


@dataclass(frozen=True)
class Question:
    """A request: path with its query, and headers by lower-case name."""

    path: str
    headers: dict[str, str]


Responder = Callable[[Question], "Reply | None"]


class Hosts:
    """A context manager; ``asked`` is the log over all hosts, ``over`` is set at the end."""

    def __init__(self) -> None:
        self.asked: list[Asked] = []
        self.over = threading.Event()
        self._servers: list[_Server] = []

    def add(self, address: str, respond: Responder) -> str:
        """Serve ``address`` on a port of its own; gives ``http://address:port``."""
        server = _Server((address, 0), respond, self)
        self._servers.append(server)
        return f"http://{address}:{server.server_port}"

    def __enter__(self) -> Hosts:
        for server in self._servers:
            threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True).start()
        return self

    def __exit__(self, *_: object) -> None:
        self.over.set()
        for server in self._servers:
            server.shutdown()
            server.server_close()

    def forget(self) -> None:
        """Begin a new log."""
        self.asked.clear()


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    request_queue_size = 128

    def __init__(self, address: tuple[str, int], respond: Responder, hosts: Hosts) -> None:
        self.respond, self.hosts = respond, hosts
        super().__init__(address, _Handler)

    def handle_error(self, request: Any, client_address: Any) -> None:
        """That clients go away is to be expected."""


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server: _Server
    timeout = 60

    def do_GET(self) -> None:
        at = time.monotonic()
        reply = self._reply()
        body = reply.body
        try:
            if reply.send is not None:
                self.close_connection = True
                reply.send(self.wfile.write)
            else:
                self._write(reply)
        finally:
            host = f"{self.server.server_address[0]!s}:{self.server.server_port}"
            self.server.hosts.asked.append(
                Asked(
                    *(host, self.path, reply.status, at, time.monotonic(), len(body)),
                    self.headers["User-Agent"],
                )
            )

    do_HEAD = do_GET  # noqa: N815  http.server wants it

    def _reply(self) -> Reply:
        headers = {name.lower(): value for name, value in self.headers.items()}
        reply = self.server.respond(Question(self.path, headers))
        if reply is None:
            return Reply(b"<h1>404</h1>", 404)
        tag, since = reply.headers.get("ETag"), reply.headers.get("Last-Modified")
        known = tag and headers.get("if-none-match") == tag
        fresh = not tag and since and headers.get("if-modified-since") == since
        if reply.status == 200 and (known or fresh):
            return Reply(status=304, kind=None, headers=reply.headers)
        return reply

    def _write(self, reply: Reply) -> None:
        self.send_response(reply.status)
        headers = {"Content-Length": str(len(reply.body))} if reply.status != 304 else {}
        if reply.kind is not None:
            headers["Content-Type"] = reply.kind
        for name, value in (headers | reply.headers).items():
            self.send_header(name, value)
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(reply.body)
        self.close_connection = "Content-Length" in reply.headers  # a length that does not fit

    def log_message(self, format: str, *args: Any) -> None:
        """The log is ours."""


def tag_of(body: bytes) -> str:
    """A strong ETag."""
    return '"' + hashlib.sha256(body).hexdigest()[:20] + '"'


def http_date(when: datetime) -> str:
    """A time as HTTP writes it."""
    return email.utils.format_datetime(when.astimezone(UTC), usegmt=True)


class Listener:
    """An address that nobody may connect to; ``connected`` counts who does all the same."""

    def __init__(self, address: str, family: socket.AddressFamily = socket.AF_INET) -> None:
        self._socket = socket.socket(family, socket.SOCK_STREAM)
        self._socket.bind((address, 0))
        self._socket.listen(64)
        self._socket.settimeout(0.2)
        self.port: int = self._socket.getsockname()[1]
        self.connected = 0
        self._over = threading.Event()
        self._thread = threading.Thread(target=self._accept, daemon=True)

    def __enter__(self) -> Listener:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._over.set()
        self._thread.join()
        self._socket.close()

    def _accept(self) -> None:
        while not self._over.is_set():
            try:
                connection, _ = self._socket.accept()
            except TimeoutError:
                continue
            self.connected += 1
            secret = b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Length: 9\r\n\r\nTOPSECRET"
            with connection:
                connection.sendall(secret)
