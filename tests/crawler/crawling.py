"""Helpers for tests that crawl for real: the program in a process of its own, sites on loopback."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[2]
LOOPBACK = "127.0.0.0/8"


def environment(**extra: str) -> dict[str, str]:
    kept = {k: v for k, v in os.environ.items() if not k.startswith("TAOSHA_")}
    return {**kept, "PYTHONPATH": str(ROOT), "PYTHONWARNINGS": "error::ResourceWarning", **extra}


def command(*arguments: str) -> list[str]:
    return [sys.executable, "-m", "crawler.cli", *arguments]


@dataclass
class Ran:
    """One finished run of the program."""

    code: int
    out: str
    err: str

    @property
    def json(self) -> Any:
        return json.loads(self.out)

    @property
    def lines(self) -> list[Any]:
        return [json.loads(line) for line in self.out.splitlines()]


def run(*arguments: str, cwd: Path | None = None, timeout: float = 120) -> Ran:
    done = subprocess.run(
        command(*arguments),
        capture_output=True,
        text=True,
        check=False,
        timeout=timeout,
        env=environment(),
        cwd=cwd or ROOT,
    )
    return Ran(done.returncode, done.stdout, done.stderr)


@contextmanager
def demo_site(state: Path) -> Iterator[list[str]]:
    """The bundled demo site on free ports; gives the names of its sources (files in state/sources)."""
    server = subprocess.Popen(
        [sys.executable, str(ROOT / "fixtures/demo_site/serve.py"), "--port", "0", "--state", str(state)],
        stdout=subprocess.PIPE,
        text=True,
        env=environment(),
    )
    try:
        assert server.stdout is not None
        yield list(json.loads(server.stdout.readline()))
    finally:
        server.terminate()
        server.communicate(timeout=10)


@dataclass
class Answer:
    """What a test site answers."""

    body: bytes = b""
    status: int = 200
    content_type: str = "text/html; charset=utf-8"
    headers: dict[str, str] = field(default_factory=dict)


@dataclass
class Raw:
    """An answer that writes its bytes to the connection itself, status line and all, and then closes it.

    Time limits and endless writes are its own affair; that the client goes away ends it.
    """

    send: Callable[[Callable[[bytes], object]], None]


Responder = Callable[[str], "Answer | Raw | None"]


class Site(ThreadingHTTPServer):
    """A site on loopback; ``asked`` keeps the paths in order. ``respond`` gives None for a 404.

    An answer with an ETag that the client has already is sent as a 304; ``bodies`` keeps the
    paths that were answered in full.
    """

    daemon_threads = True
    allow_reuse_address = True

    def __init__(self, respond: Responder, host: str = "127.0.0.1") -> None:
        super().__init__((host, 0), _Handler)
        self.respond = respond
        self.asked: list[str] = []
        self.bodies: list[str] = []
        self.agents: set[str] = set()
        self.cookies: list[str | None] = []
        self.now = 0
        self.most = 0
        self.lock = threading.Lock()

    @property
    def url(self) -> str:
        return f"http://{self.server_address[0]!s}:{self.server_port}/"

    def __enter__(self) -> Site:
        threading.Thread(target=self.serve_forever, daemon=True).start()
        return self

    def __exit__(self, *_: object) -> None:
        self.shutdown()
        self.server_close()

    def handle_error(self, request: Any, client_address: Any) -> None:
        """Clients that go away are part of the tests."""


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server: Site

    def do_GET(self) -> None:
        site = self.server
        with site.lock:
            site.asked.append(self.path)
            site.agents.add(self.headers["User-Agent"])
            site.cookies.append(self.headers["Cookie"])
            site.now += 1
            site.most = max(site.most, site.now)
        try:
            answer = site.respond(self.path) or Answer(b"not found", 404)
        finally:
            with site.lock:
                site.now -= 1
        if isinstance(answer, Raw):
            self.close_connection = True
            answer.send(self.wfile.write)
            return
        tag = answer.headers.get("ETag")
        if tag and self.headers["If-None-Match"] == tag:
            answer = Answer(status=304, headers=answer.headers)
        if answer.status == 200:
            site.bodies.append(self.path)
        self.send_response(answer.status)
        headers = {"Content-Type": answer.content_type, "Content-Length": str(len(answer.body))}
        for name, value in (headers | answer.headers).items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(answer.body)
        self.close_connection = "Content-Length" in answer.headers  # a length that does not fit the body

    def log_message(self, format: str, *args: Any) -> None:
        """Quiet."""


def article(title: str, text: str | None = None) -> Answer:
    """A page that is an article for any cleaner."""
    text = (
        text
        or f"{title}。" + "这家公司今年扩建了两座工厂，员工人数增加到三千人，全年的收入预计超过二十亿元。" * 6
    )
    body = "".join(f"<p>{text}</p>" for _ in range(3))
    page = (
        f"<html lang=zh><head><title>{title}</title></head><body><article><h1>{title}</h1>"
        f"<p>2026-03-05 10:00 来源：测试日报</p>{body}</article></body></html>"
    )
    return Answer(page.encode())


def listing(links: dict[str, str], extra: str = "") -> Answer:
    """A page of links."""
    items = "".join(f'<li><a href="{url}">{text}</a></li>' for url, text in links.items())
    return Answer(f"<html><head>{extra}</head><body><ul>{items}</ul></body></html>".encode())
