"""A publisher among traps: real stories between everything that wears a crawler out, and baits.

The baits lead to addresses inside (see ``Baits``); nothing may ever connect there.
"""

from __future__ import annotations

import gzip
import io
import re
import zlib
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from functools import cache
from socket import AF_INET6
from urllib.parse import parse_qs, urlsplit

import brotli
import zstandard

from tests.crawler.acceptance.publisher import Publisher, numbered, paragraphs
from tests.crawler.acceptance.server import Hosts, Listener, Question, Reply, Write
from tests.crawler.acceptance.stories import Story

MIB = 1 << 20
_PIECE = (b"<div><p>\xe9\x87\x8d\xe5\xa4\x8d\xe7\x9a\x84\xe5\xad\x97</p></div>\n" * 2200)[: 1 << 16]


class Baits:
    """Listeners on addresses that are not allowed; ``urls`` spell them in many ways."""

    def __init__(self) -> None:
        self._stack = ExitStack()
        self.listeners = [Listener("127.0.2.7"), Listener("127.0.0.1"), Listener("::1", AF_INET6)]

    def __enter__(self) -> Baits:
        for one in self.listeners:
            self._stack.enter_context(one)
        return self

    def __exit__(self, *_: object) -> None:
        self._stack.close()

    @property
    def connected(self) -> int:
        return sum(one.connected for one in self.listeners)

    @property
    def urls(self) -> list[str]:
        inside, local, six = (one.port for one in self.listeners)
        spelled = ("127.0.2.7", "0x7f000207", "2130706951", "0177.0.2.7", "127.0.519", "127.0.2.7.nip.io")
        found = [f"http://{host}:{inside}" for host in spelled]
        local_names = ("127.0.0.1", "localhost", "127.1", "0", "0.0.0.0", "LOCALHOST.", "①②⑦.⓪.⓪.①")
        found += [f"http://{host}:{local}" for host in local_names]
        sixes = ("[::1]", "[0:0:0:0:0:0:0:1]", "[::ffff:127.0.0.1]", "[::]")
        found += [f"http://{host}:{six if host != '[::ffff:127.0.0.1]' else local}" for host in sixes]
        found += [f"http://user:secret@127.0.2.7:{inside}", f"http://127.0.1.10@127.0.2.7:{inside}"]
        return [*found, "http://169.254.169.254", "http://[fd00:ec2::254]", "http://metadata.google.internal"]


@cache
def bomb(kind: str, size: int) -> bytes:
    """``size`` bytes of repeated markup, packed."""
    rounds = range(size // len(_PIECE))
    if kind == "br":
        packer = brotli.Compressor(quality=1)
        return b"".join(packer.process(_PIECE) for _ in rounds) + packer.finish()
    if kind == "zstd":
        out = io.BytesIO()
        with zstandard.ZstdCompressor(level=1).stream_writer(out, closefd=False) as stream:
            for _ in rounds:
                stream.write(_PIECE)
        return out.getvalue()
    packing = zlib.compressobj(6, wbits=31 if kind == "gzip" else 15)
    return b"".join(packing.compress(_PIECE) for _ in rounds) + packing.flush()


class Swamp(Publisher):
    """``size`` real stories; bombs unpack to ``bomb_size`` bytes."""

    address, name, seed = "127.0.1.10", "湿地观察", 10
    forms = ("dash", "han", "seconds")
    dead_at = "/info/1042/{n}.htm"
    number_in = staticmethod(numbered(r"/info/\d{4}/7(\d{5})\.htm(?:\?|$)"))

    def __init__(self, size: int, baits: Baits, hosts: Hosts, bomb_size: int = 256 * MIB) -> None:
        super().__init__(size)
        self.baits, self._over, self.bomb_size = baits, hosts.over, bomb_size
        self.traps = self._traps()

    def path(self, story: Story) -> str:
        return f"/info/{1040 + story.section}/7{story.number:05}.htm"

    def robots(self) -> str:
        inside = self.baits.urls[0]
        lines = [
            f"{self.base}/map.xml",
            f"{self.base}/laughs.xml",
            f"{inside}/sitemap.xml",
            f"{self.base}/bomb.xml.gz",
        ]
        return "User-agent: *\nDisallow: /inner/\n" + "".join(f"Sitemap: {line}\n" for line in lines)

    def home_head(self) -> str:
        feeds = ("/feed.xml", "/laughs.xml", "/outside.xml", f"{self.baits.urls[0]}/feed.xml", "/drip.xml")
        return "".join(f'<link rel="alternate" type="application/rss+xml" href="{feed}">' for feed in feeds)

    def extra_links(self) -> Iterator[str]:
        for n, path in enumerate(self.traps):
            yield f'<li><a href="{path}">这里也有一条值得点开看一看的新闻报道{n}</a></li>'
        for n, url in enumerate(self.baits.urls):
            yield f'<li><a href="{url}/info/1042/{70000 + n}.htm">内网里的一条看起来很重要的通知{n}</a></li>'
        for place in ("/hd/2026/3/", "/shop?size=1", "/deep/a/", "/kan/1/"):
            yield f'<li><a href="{place}">更多</a></li>'

    def frame(self, title: str, inner: str, head: str = "") -> str:
        picture = f'<img src="{self.baits.urls[0]}/a.png"><iframe src="{self.baits.urls[6]}/f.html"></iframe>'
        return (
            f'<!DOCTYPE html><html lang="zh"><head><meta charset="utf-8"><title>{title}</title>{head}</head>'
            f'<body><div class="top">湿地观察 <a href="/yw/">要闻</a></div>{inner}{picture}'
            '<div class="end">湿地观察编辑部</div></body></html>'
        )

    def page(self, story: Story) -> str:
        inner = (
            f'<h2 class="title">{story.title}</h2><div class="con_info">日期：{self.shown_time(story)} 作者：'
            f'{story.author} 浏览量：{story.number}</div><div id="vsb_content">{paragraphs(story)}</div>'
        )
        return self.frame(f"{story.title}-湿地观察", inner)

    def article(self, story: Story) -> Reply:
        reply = super().article(story)
        way = story.number % 12
        if way in (1, 2, 3):
            packed = {1: ("gzip", gzip.compress), 2: ("br", brotli.compress), 3: ("zstd", _zstd)}[way]
            return Reply(packed[1](reply.body), headers={"Content-Encoding": packed[0]})
        if way == 4:
            return Reply(reply.body, kind="text/plain")
        if way == 5:
            return Reply(reply.body, kind=None)
        if way == 6:
            return Reply(reply.body.replace(b"</p>", b"\x00</p>"))
        if way == 7:
            return Reply(send=_chunked(reply.body))
        if way == 8:
            return Reply(reply.body, kind="application/octet-stream")
        return reply

    def special(self, question: Question) -> Reply | None:
        path = urlsplit(question.path).path
        if path in self.traps:
            return self.traps[path]
        if path.endswith((".xml", ".xml.gz")):
            return self._file(path)
        if found := re.fullmatch(r"/hd/(\d+)/(\d+)/(?:(\d+)\.htm)?", path):
            return self.html(self._calendar(int(found[1]), int(found[2])))
        if path == "/shop":
            return self.html(self._shop(question.path))
        if path.startswith("/deep/"):
            links = "".join(f'<li><a href="{path}{x}/">目录{x}</a></li>' for x in "abc")
            return self.html(self.frame("目录", f"<ul>{links}</ul>"))
        if found := re.fullmatch(r"/kan/(\d+)/", path):
            return self.html(self._weekly(int(found[1])))
        return None

    def _calendar(self, year: int, month: int) -> str:
        days = "".join(
            f'<a href="/hd/{year}/{month}/{d}.htm">{year}年{month}月{d}日活动预告一览表</a>'
            for d in range(1, 29)
        )
        later = f"/hd/{year + month // 12}/{month % 12 + 1}/"
        return self.frame("活动日历", f"<p>本月没有活动</p>{days}<a href='{later}'>下一页</a>")

    def _weekly(self, number: int) -> str:
        links = "".join(
            f'<a href="/kan/{number}/2026{n:04}.htm">第{number}期周刊的内容摘要之{n}</a>' for n in range(8)
        )
        return self.frame("周刊", f"{links}<a href='/kan/{number + 1}/'>下一页</a>")

    def _shop(self, path: str) -> str:
        have = {name: values[0] for name, values in parse_qs(urlsplit(path).query).items()}
        links = ""
        for name in ("size", "color", "sort", "view", "page", "id"):
            for value in range(1, 5):
                query = "&".join(f"{k}={v}" for k, v in sorted((have | {name: str(value)}).items()))
                links += f'<a href="/shop?{query}">按照条件筛选商品列表的第{value}种方式</a>'
        return self.frame("商品", links)

    def _file(self, path: str) -> Reply | None:
        name = path.strip("/").partition(".")[0]
        urls = self.baits.urls
        laughs = "".join(f'<!ENTITY a{n + 1} "{f"&a{n};" * 10}">' for n in range(9))
        heads = {"laughs": f'<!DOCTYPE x [<!ENTITY a0 "ha">{laughs}]>', "outside": _external(urls[0])}
        if name == "bomb":
            return Reply(bomb("gzip", self.bomb_size), kind="application/gzip")
        if name == "drip":
            return Reply(send=self._drip)
        if name == "map":
            locs = [f"{self.base}/map.xml", f"{self.base}/outside.xml", *(f"{u}/s.xml" for u in urls)]
            items = "".join(f"<sitemap><loc>{one}</loc></sitemap>" for one in locs)
            return Reply(f"<sitemapindex>{items}</sitemapindex>".encode(), kind="text/xml")
        if name not in (*heads, "feed"):
            return None
        links = [f"{url}/info/1042/71{n:03}.htm" for n, url in enumerate(urls)]
        links = links if name == "feed" else ["/info/1042/999999.htm?&a9;"]
        items = "".join(f"<item><title>内部&#8203;</title><link>{link}</link></item>" for link in links)
        return Reply(f"{heads.get(name, '')}<rss><channel>{items}</channel></rss>".encode(), kind="text/xml")

    def _traps(self) -> dict[str, Reply]:
        inside = self.baits.urls
        found = {
            f"bomb-{kind}": _packed(kind, bomb(kind, self.bomb_size))
            for kind in ("gzip", "deflate", "br", "zstd")
        }
        found["bomb-twice"] = Reply(
            gzip.compress(bomb("gzip", self.bomb_size)), headers={"Content-Encoding": "gzip, gzip"}
        )
        found |= {"tarpit": Reply(send=lambda _: self._wait()), "drip": Reply(send=self._drip)}
        found |= {"tarpit2": Reply(send=lambda _: self._wait()), "drip2": Reply(send=self._drip)}
        found |= {"huge": Reply(send=_huge(stated=True)), "huge2": Reply(send=_huge(stated=False))}
        found |= {"cut": Reply(b"<html><p>cut", headers={"Content-Length": "70000"})}
        found |= {"nul": Reply(bytes(200_000)), "photo": Reply(b"\xff\xd8\xff\xe0" + bytes(range(256)) * 300)}
        found |= {"over": Reply(b"<html>" + b"<p>short</p>" * 3000, headers={"Content-Length": "12"})}
        found |= {"nest": Reply(b"<div>" * 200_000), "attrs": Reply(b"<p " + b"x=1 " * 300_000 + b">")}
        found |= {f"ring{n}": _moved(f"/info/1042/1000{n}.htm?r={n}") for n in range(2)}
        found |= {"self": _moved("/info/trap/20260302-self.htm")}
        found |= {f"to{n}": _moved(f"{url}/x.htm") for n, url in enumerate(inside)}
        found |= {f"refresh{n}": _refresh(f"{url}/x.htm") for n, url in enumerate(inside[:9])}
        found |= {f"canon{n}": self._canonical(url) for n, url in enumerate(inside[:3])}
        found |= {
            f"scheme{n}": _moved(url)
            for n, url in enumerate(("file:///etc/passwd", "ftp://127.0.0.1/", "gopher://x/"))
        }
        return {f"/info/trap/20260302-{name}.htm": reply for name, reply in found.items()}

    def _canonical(self, url: str) -> Reply:
        head = f'<link rel="canonical" href="{url}/info/1042/70001.htm"><link rel="next" href="{url}/2.htm">'
        head += f'<base href="{url}/">'
        return Reply(f"<html><head>{head}</head><body><a href='x_2.htm'>下一页</a></body></html>".encode())

    def _wait(self) -> None:
        self._over.wait(90)

    def _drip(self, write: Write) -> None:
        write(b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Length: 90000\r\n\r\n")
        while not self._over.wait(0.3):
            write(b"<")


def _external(url: str) -> str:
    return f'<!DOCTYPE x [<!ENTITY a9 SYSTEM "{url}/secret"><!ENTITY b SYSTEM "file:///etc/passwd">]>'


def _zstd(body: bytes) -> bytes:
    return zstandard.ZstdCompressor().compress(body)


def _packed(kind: str, body: bytes) -> Reply:
    return Reply(body, headers={"Content-Encoding": kind})


def _moved(place: str) -> Reply:
    try:
        place.encode("latin-1")
    except UnicodeEncodeError:
        place = place.encode().decode("latin-1")
    return Reply(status=302, headers={"Location": place})


def _refresh(place: str) -> Reply:
    return Reply(f'<meta http-equiv="refresh" content="0;url={place}">'.encode())


def _chunked(body: bytes) -> Callable[[Write], None]:
    def send(write: Write) -> None:
        write(b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nTransfer-Encoding: chunked\r\n\r\n")
        for start in range(0, len(body), 700):
            piece = body[start : start + 700]
            write(b"%x\r\n%b\r\n" % (len(piece), piece))
        write(b"0\r\n\r\n")

    return send


def _huge(*, stated: bool) -> Callable[[Write], None]:
    def send(write: Write) -> None:
        framing = b"Content-Length: %d" % (50 * MIB) if stated else b"Transfer-Encoding: chunked"
        write(b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n" + framing + b"\r\n\r\n")
        for _ in range(50 * MIB // len(_PIECE)):
            write(_PIECE if stated else b"%x\r\n%b\r\n" % (len(_PIECE), _PIECE))

    return send
