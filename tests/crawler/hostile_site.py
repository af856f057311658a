"""A publisher with real articles between everything that a server can do to a crawler.

The real articles are in lists of twenty, page after page. Beside them stand calendars, mazes and
parameter spaces without end, servers that stall, lie and flood, and bombs of `bomb` bytes.
"""

from __future__ import annotations

import gzip
import io
import threading
import zlib
from collections.abc import Callable
from dataclasses import replace
from functools import cache
from urllib.parse import parse_qsl, urlsplit

import zstandard

from tests.crawler.crawling import Answer, Raw, Site, article, listing
from tests.crawler.prose import story

PER_PAGE = 20
MIB = 1 << 20
PIECE = b"<p>" + b"x" * 65_529 + b"</p>"
Write = Callable[[bytes], object]


@cache
def bomb(encoding: str, size: int) -> bytes:
    """`size` bytes of nearly nothing, packed."""
    if encoding == "br":
        import brotli

        packer = brotli.Compressor(quality=1)
        return b"".join(packer.process(PIECE) for _ in range(size // len(PIECE))) + packer.finish()
    if encoding == "zstd":
        out = io.BytesIO()
        with zstandard.ZstdCompressor(level=1).stream_writer(out, closefd=False) as stream:
            for _ in range(size // len(PIECE)):
                stream.write(PIECE)
        return out.getvalue()
    packing = zlib.compressobj(1, wbits=31 if encoding == "gzip" else 15)
    return b"".join(packing.compress(PIECE) for _ in range(size // len(PIECE))) + packing.flush()


class HostileSite(Site):
    """`real` are the articles by path; `bomb_size` is what the bombs unpack to, in bytes."""

    def __init__(self, size: int, bomb_size: int, inside: str = "http://127.0.0.2:9/") -> None:
        super().__init__(self.answer)
        self.real = {f"/2026/{3 + n // 100:02}/{100000 + n}.html": story(n) for n in range(size)}
        self.bomb_size = bomb_size
        self.inside = inside
        self.over = threading.Event()
        self.hostile = self._hostile()

    def __exit__(self, *_: object) -> None:
        self.over.set()
        super().__exit__()

    def answer(self, path: str) -> Answer | Raw | None:
        if path == "/":
            return self._home()
        if path == "/robots.txt":
            return Answer(f"Sitemap: {self.url}maps/index.xml\n".encode(), content_type="text/plain")
        if path in self.real:
            return _dressed(int(path[-11:-5]), article(*self.real[path]))
        if path.startswith("/news/"):
            return self._list(int(path.strip("/").partition("page")[2] or 1))
        return self.hostile.get(path) or self._trap(path)

    def _home(self) -> Answer:
        links = {"/news/": "新闻", "/events/2026/03/": "活动", "/maze/0/": "迷宫", "/loop/x/": "环路"}
        links |= {"/goods?color=1&size=1": "商品", "/zhoukan/2026/1/": "周刊"}
        links |= {path: f"这一条链接看上去就是普通的新闻报道{n}" for n, path in enumerate(self.hostile)}
        feeds = "".join(
            f'<link rel="alternate" type="application/rss+xml" href="/feeds/{name}">'
            for name in ("laughs.xml", "outside.xml", "inside.xml", "bomb.xml", "not.xml", "drip.xml")
        )
        return listing(links, feeds)

    def _list(self, page: int) -> Answer | None:
        paths = list(self.real)[(page - 1) * PER_PAGE : page * PER_PAGE]
        if not paths:
            return None
        links = {path: self.real[path][0] for path in paths}
        return listing(links | {f"/news/page{page + 1}/": "下一页", "/events/2026/03/": "活动"})

    def _trap(self, path: str) -> Answer | Raw | None:
        parts = urlsplit(path)
        names = [name for name in parts.path.split("/") if name]
        first = names[0] if names else ""
        traps = {"events": _calendar, "zhoukan": _weekly, "maze": _maze, "loop": _loop, "goods": _goods}
        if first in traps:
            return traps[first](names, parts.query)
        if first in ("maps", "feeds"):
            return self._file(path)
        return None

    def _file(self, path: str) -> Answer | Raw | None:
        laughs = "".join(f'<!ENTITY a{n + 1} "{f"&a{n};" * 10}">' for n in range(9))
        entity = f'<!DOCTYPE x [<!ENTITY a0 "ha">{laughs}]>'
        places = {"outside": "file:///etc/passwd", "inside": self.inside + "secret"}
        name = path.rpartition("/")[2].removesuffix(".xml")
        if name in places:
            entity = f'<!DOCTYPE x [<!ENTITY a9 SYSTEM "{places[name]}">]>'
        if path.startswith("/feeds/"):
            item = "<item><title>&a9;</title><link>/2026/03/999999.html?&a9;</link></item>"
            body = f"{entity}<rss><channel>{item}</channel></rss>".encode()
        else:
            body = (
                f"{entity}<urlset><url><loc>{self.url}2026/03/888888.html?&a9;</loc></url></urlset>".encode()
            )
        if name == "bomb":
            return Answer(bomb("gzip", self.bomb_size), content_type="application/gzip")
        if name == "not":
            return Answer(b"\x89PNG" + bytes(range(256)) * 99, content_type="application/xml")
        if name == "drip":
            return self._drip()
        if name == "index" or name.isdigit():
            return _index(self.url, int(name) if name.isdigit() else 0)
        return Answer(body, content_type="application/xml")

    def _hostile(self) -> dict[str, Answer | Raw]:
        kinds: dict[str, Answer | Raw] = {f"stall{n}": Raw(lambda _: self._wait()) for n in range(6)}
        kinds |= {f"drip{n}": self._drip() for n in range(4)}
        kinds |= {f"bomb-{e}": _packed(e, bomb(e, self.bomb_size)) for e in ("gzip", "deflate", "br", "zstd")}
        twice = gzip.compress(bomb("gzip", self.bomb_size))
        kinds |= {"bomb-twice": Answer(twice, headers={"Content-Encoding": "gzip, gzip"})}
        kinds |= {"big-stated": Raw(_big(stated=True)), "big-chunked": Raw(_big(stated=False))}
        kinds |= {
            "headers": Raw(_endless_headers),
            "interim": Raw(_endless_interim),
            "garbage": Raw(_garbage),
        }
        kinds |= {
            "empty": Raw(lambda _: None),
            "line": Raw(lambda write: _flood(write, b"HTTP/1.1 200 " + b"x")),
        }
        kinds |= {"deep": Answer(b"<div>" * 300_000), "wide": Answer(b"<p " + b"a=1 " * 500_000 + b">")}
        kinds |= {"picture": Answer(b"\x89PNG\r\n\x1a\n" + bytes(range(256)) * 200)}
        kinds |= {
            "nul": Answer(b"\x00" * 100_000),
            "cut": Answer(b"<html>", headers={"Content-Length": "9000"}),
        }
        kinds |= {f"ring{n}": _moved(f"/x/20260301-ring{(n + 1) % 3}.html") for n in range(3)}
        kinds |= {
            "self": _moved("/x/20260301-self.html"),
            "broken": _moved("http://[::1"),
            "js": _moved("javascript:1"),
        }
        kinds |= {"refresh": Answer(b'<meta http-equiv=refresh content="0;url=/x/20260301-refresh.html">')}
        kinds |= {"off": _moved(self.inside + "secret.html"), "file": _moved("file:///etc/passwd")}
        return {f"/x/20260301-{name}.html": answer for name, answer in kinds.items()}

    def _wait(self) -> None:
        self.over.wait(60)

    def _drip(self) -> Raw:
        def send(write: Write) -> None:
            write(b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Length: 9999\r\n\r\n")
            while not self.over.wait(0.2):
                write(b"x")

        return Raw(send)


def _packed(encoding: str, body: bytes) -> Answer:
    return Answer(body, headers={"Content-Encoding": encoding})


def _moved(place: str) -> Answer:
    return Answer(status=302, headers={"Location": place})


def _big(*, stated: bool) -> Callable[[Write], None]:
    def send(write: Write) -> None:
        framing = b"Content-Length: 52428800" if stated else b"Transfer-Encoding: chunked"
        write(b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n" + framing + b"\r\n\r\n")
        for _ in range(50 * MIB // len(PIECE)):
            write(PIECE if stated else b"%x\r\n" % len(PIECE) + PIECE + b"\r\n")

    return send


def _endless_headers(write: Write) -> None:
    _flood(write, b"HTTP/1.1 200 OK\r\n", b"X-Filler: " + b"y" * 1000 + b"\r\n")


def _endless_interim(write: Write) -> None:
    _flood(write, b"", b"HTTP/1.1 102 Processing\r\nX-Filler: y\r\n\r\n")


def _flood(write: Write, start: bytes, piece: bytes = b"z" * 1000) -> None:
    write(start)
    for _ in range(2_000):
        write(piece * 100)


def _endless_line(write: Write) -> None:
    _flood(write, b"HTTP/1.1 200 ")


def _garbage(write: Write) -> None:
    write(b"SSH-2.0-OpenSSH_9.9\r\n\x00\xff" * 50)


def _index(base: str, number: int) -> Answer:
    """An index that names itself and two more of its kind, without end."""
    names = ["index", str(2 * number + 1), str(2 * number + 2), "laughs", "outside", "inside", "bomb", "not"]
    items = "".join(f"<sitemap><loc>{base}maps/{name}.xml</loc></sitemap>" for name in names)
    return Answer(f"<sitemapindex>{items}</sitemapindex>".encode(), content_type="application/xml")


def _calendar(names: list[str], query: str) -> Answer | None:
    """Months without end; each day has a page that says that nothing is on."""
    year, month, *rest = (int(name) for name in names[1:])
    if rest:
        return listing({f"/events/{year}/{month:02}/{rest[0] % 28 + 1:02}/": "后一天"})
    days = {
        f"/events/{year}/{month:02}/{day:02}/": f"{year}年{month}月{day}日的全部活动日程安排"
        for day in range(1, 29)
    }
    later = f"/events/{year + month // 12}/{month % 12 + 1:02}/"
    return listing(days | {later: "下个月"}, f'<link rel="next" href="{later}">')


def _weekly(names: list[str], query: str) -> Answer | None:
    """Issues without end; each names ten pages that look like articles by their URL and are none."""
    if len(names) == 4:
        return Answer(b"<html><body><h1>404</h1><p>nothing here</p></body></html>")
    year, week = int(names[1]), int(names[2])
    pages = {
        f"/zhoukan/{year}/{week}/{year * 10_000 + week * 100 + n}.html": f"第{week}期的报道标题{n}写得足够长"
        for n in range(10)
    }
    later = f"/zhoukan/{year}/{week + 1}/"
    return listing(pages | {later: "下一页"})


def _maze(names: list[str], query: str) -> Answer | None:
    number = int(names[1], 16)
    found = {f"/maze/{(number * 31 + n) % (1 << 40):x}/": f"小路{n}" for n in range(1, 20)}
    doors = {
        f"/maze/{(number * 37 + n) % (1 << 40):x}/door-to-{n}-somewhere-else.html": "门" for n in range(1, 20)
    }
    if len(names) == 3:
        return listing(found)
    return listing(found | doors)


def _loop(names: list[str], query: str) -> Answer | None:
    return listing({"x/": "再来", "y/": "再来", "x/../x/": "再来", "?page=2": "下一页"})


def _goods(names: list[str], query: str) -> Answer | None:
    """The same shelf under every combination of parameters."""
    have = dict(parse_qsl(query))
    keys = ("color", "size", "sort", "view", "brand", "page")
    found = {}
    for key in keys:
        for value in range(4):
            chosen = have | {key: str(value)}
            filters = "&".join(f"{k}={v}" for k, v in chosen.items())
            found["/goods?" + filters] = f"{key}{value}"
            found[f"/goods/item?{filters}&id=7"] = "同一件商品的介绍页面在这里"
    return listing(found)


def _dressed(number: int, answer: Answer) -> Answer:
    """Every fifth real article comes in one of the ways in which careless servers send good pages."""
    if number % 5:
        return answer
    dresses = (
        {"headers": {"Content-Length": str(len(answer.body) + 500)}},
        {"content_type": "application/octet-stream"},
        {"content_type": "text/html; charset=no-such-thing"},
        {"body": answer.body.replace("。".encode(), "。\0".encode())},
        {"body": gzip.compress(answer.body), "headers": {"Content-Encoding": "gzip"}},
        {"body": zstandard.compress(answer.body), "headers": {"Content-Encoding": "zstd"}},
    )
    return replace(answer, **dresses[number // 5 % len(dresses)])
