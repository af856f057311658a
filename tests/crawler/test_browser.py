"""Pages that only scripts fill, in a real Chromium; and that the browser gets nowhere else."""

import asyncio
import shutil
import threading
from dataclasses import replace
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from crawler.browser.proxy import GuardedProxy, ProxyLimits
from crawler.browser.setup import BrowserMissingError, check_browser
from crawler.net.addresses import AddressGuard
from tests.crawler.crawling import Answer, Site, article, run

TEXT = "这家公司今年扩建了两座工厂，员工人数增加到三千人，全年的收入预计超过二十亿元。" * 5
BROWSER = pytest.mark.skipif(
    shutil.which("chromium") is None, reason="Debian's package chromium is not installed"
)


def shell(script):
    return Answer(
        f"<html lang=zh><title>空壳</title><body><div id=app></div><script>{script}</script>".encode()
    )


ARTICLE = """
fetch('/api' + location.pathname).then(r => r.json()).then(a => {
  document.title = a.title;
  document.getElementById('app').innerHTML =
    '<article><h1>' + a.title + '</h1><p>2026-03-05 10:00 来源：测试日报</p><p>' + a.text + '</p></article>';
});
"""


class Scripted(Site):
    """A site that is empty without scripts; ``bait`` is an address that it must not get us to ask."""

    def __init__(self):
        super().__init__(self.answer)
        self.bait = ""

    def answer(self, path):
        numbers = range(100000, 100003)
        if path == "/":
            links = "".join(f"<a href='/2026/{n}.html'>第{n}篇报道的标题写得足够长了</a>" for n in numbers)
            return shell(f'document.getElementById("app").innerHTML = "{links}";')
        if path.startswith("/api/2026/"):
            return Answer(
                f'{{"title": "标题{path[-11:-5]}写得足够长了", "text": "{path[-11:-5]}。{TEXT}"}}'.encode(),
                content_type="application/json",
            )
        if path == "/2026/100001.html":
            return shell(ARTICLE + self.baits())
        if path == "/2026/100002.html":
            return Answer(b"", 302, headers={"Location": self.bait + "redirected"})
        return shell(ARTICLE) if path.startswith("/2026/") else None

    def baits(self):
        bait = self.bait
        return f"""
        fetch('{bait}fetched').catch(() => 0);
        new WebSocket('{bait.replace("http", "ws")}socket');
        for (const [tag, name] of [['iframe', 'src'], ['script', 'src'], ['link', 'href'], ['img', 'src']]) {{
          const e = document.createElement(tag); e.rel = 'stylesheet'; e[name] = '{bait}' + tag;
          document.body.append(e);
        }}
        navigator.sendBeacon('{bait}beacon', 'x');
        """


class Inner(ThreadingHTTPServer):
    """A server on another loopback address, which stands for what is inside."""

    daemon_threads = True

    def __init__(self):
        self.asked = []
        asked = self.asked

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self):
                asked.append(self.path)
                self.send_response(200)
                self.send_header("Access-Control-Allow-Origin", "*")
                self.end_headers()
                self.wfile.write(b"secret")

            do_POST = do_GET  # noqa: N815

            def log_message(self, *_):
                """Quiet."""

        super().__init__(("127.0.0.2", 0), Handler)


@pytest.fixture
def inner():
    with Inner() as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield server
        server.shutdown()


@BROWSER
def test_what_scripts_fill_is_stored_and_nothing_inside_is_asked(tmp_path, inner):
    folder, store = tmp_path / "sources", tmp_path / "s.db"
    folder.mkdir()
    with Scripted() as site:
        site.bait = f"http://127.0.0.2:{inner.server_port}/"
        (folder / "app.toml").write_text(f'home = "{site.url}"\nbrowser = true\n')
        done = run(
            "crawl", "app", "--sources", str(folder), "--store", str(store), "--json",
            "--delay", "0", "--allow-network", "127.0.0.1", "-s", "RETRY_TIMES=0",
        )  # fmt: skip
        assert site.agents, done.err
        assert all("taosha" in agent for agent in site.agents)
    assert inner.asked == []
    figures = done.json["sources"]["app"]
    assert figures["new"] == 2, done.err
    assert figures.get("failed.address") == 1, str(figures) + done.err
    stored = run("export", "--store", str(store)).lines
    assert {row["title"] for row in stored} == {"标题100000写得足够长了", "标题100001写得足够长了"}
    assert all(TEXT[:30] in row["text"] for row in stored)


def test_without_chromium_the_message_says_what_to_install(monkeypatch):
    monkeypatch.setenv("TAOSHA_CHROMIUM", "/nonexistent/chromium")
    with pytest.raises(BrowserMissingError, match="chromium"):
        check_browser()


def closing(answer):
    """The site ends the connection after an answer that states its length."""
    return replace(answer, headers={"Content-Length": str(len(answer.body))})


async def ask(port, request):
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    writer.write(request)
    try:
        async with asyncio.timeout(20):
            return await reader.read()
    except ConnectionResetError:  # closed with some of the nonsense unread
        return b""
    finally:
        writer.close()


@pytest.mark.parametrize(
    ("target", "allowed"),
    [
        ("127.0.0.1", True),
        ("127.0.0.2", False),
        ("localhost", True),
        ("2130706433", True),
        ("0x7f000002", False),
        ("[::ffff:127.0.0.2]", False),
        ("0.0.0.0", False),
        ("169.254.169.254", False),
    ],
)
@pytest.mark.parametrize("way", ["plain", "tunnel"])
def test_the_proxy_connects_to_allowed_addresses_only(target, allowed, way):
    async def scenario(site_port):
        proxy = await GuardedProxy(AddressGuard(["127.0.0.1"]), ProxyLimits(connect_seconds=2)).start()
        place = f"{target}:{site_port}"
        if way == "plain":
            got = await ask(
                proxy.port, f"GET http://{place}/2026/1.html HTTP/1.1\r\nHost: x\r\n\r\n".encode()
            )
        else:
            request = f"CONNECT {place} HTTP/1.1\r\n\r\n"
            if allowed:
                request += "GET /1.html HTTP/1.0\r\nHost: x\r\n\r\n"
            got = await ask(proxy.port, request.encode())
        await proxy.close()
        return got, proxy.refused

    with Site(lambda path: closing(article("标题写得足够长了"))) as site:
        got, refused = asyncio.run(scenario(site.server_port))
        if allowed:
            assert "标题写得足够长了".encode() in got
            assert not refused
        else:
            assert got.startswith(b"HTTP/1.1 403 ")
            assert refused
            assert site.asked == []


NONSENSE = [
    b"\r\n\r\n",
    b"GET /\r\n\r\n",
    b"GET ftp://a/ HTTP/1.1\r\n\r\n",
    b"CONNECT a:x HTTP/1.1\r\n\r\n",
    b"x" * 70000,
]


@pytest.mark.parametrize("request_bytes", NONSENSE)
def test_the_proxy_survives_nonsense(request_bytes):
    async def scenario():
        proxy = await GuardedProxy(AddressGuard()).start()
        first = await ask(proxy.port, request_bytes)
        second = await ask(proxy.port, b"GET http://127.0.0.1:1/ HTTP/1.1\r\n\r\n")
        await proxy.close()
        return first, second

    first, second = asyncio.run(scenario())
    assert first == b""
    assert second.startswith(b"HTTP/1.1 403 ")


def test_the_proxy_passes_on_no_more_than_its_limit():
    async def scenario(port):
        proxy = await GuardedProxy(AddressGuard(["127.0.0.1"]), ProxyLimits(bytes=100_000)).start()
        got = await ask(proxy.port, f"GET http://127.0.0.1:{port}/ HTTP/1.1\r\nHost: x\r\n\r\n".encode())
        await proxy.close()
        return got

    with Site(lambda path: closing(Answer(b"x" * 5_000_000))) as site:
        assert len(asyncio.run(scenario(site.server_port))) < 200_000
