"""A generated news site on loopback, to crawl in benchmarks: ``python -m tests.bench.crawl_site COUNT``.

Runs in a process of its own and prints its address; every article has a text, a title and a time of
its own, among the menus, boxes and footers that news pages have.
"""

from __future__ import annotations

import asyncio
import random
import sys
from datetime import datetime, timedelta, timezone

from tests.crawler.prose import PARTS, WHO, story

PER_PAGE = 40
CHINA = timezone(timedelta(hours=8))
START = datetime(2026, 1, 1, 6, 0, tzinfo=CHINA)
SECTIONS = ("要闻", "国内", "国际", "财经", "科技", "教育", "健康", "体育", "文化", "旅游", "汽车", "房产")
STYLE = "".join(f".box{n}{{margin:{n}px;padding:{n % 7}px;color:#{n:03}}}\n" for n in range(150))
MENU = "".join(f'<li><a href="/about/{n}.html">{name}</a></li>' for n, name in enumerate(SECTIONS))
FOOT = "<div class=foot><p>版权所有 测试日报 未经许可不得转载</p><p>网站备案号 00000000</p></div>"


def path_of(number: int) -> str:
    """Where article `number` is."""
    return f"/2026/{1 + number // 2000:02}/{100000 + number}.html"


def article_page(number: int, count: int) -> str:
    """The page of an article, about 20 KB."""
    title, text = story(number)
    chance = random.Random(-number)
    when = START + timedelta(minutes=7 * number)
    sentences = text.split("。")
    paragraphs = ["。".join(sentences[n : n + 3]) + "。" for n in range(0, len(sentences) - 1, 3)]
    body = "".join(f"<p>{chance.choice(WHO)}第{number}次通报：{paragraph}</p>\n" for paragraph in paragraphs)
    others = [chance.randrange(count) for _ in range(12)]
    related = "".join(f'<li><a href="{path_of(n)}">{story(n)[0]}</a></li>' for n in others)
    return (
        f"<!DOCTYPE html><html lang=zh-CN><head><meta charset=utf-8><title>{title}_测试日报</title>"
        f'<meta name=author content="李明"><meta property="og:title" content="{title}">'
        f'<meta property="article:published_time" content="{when.isoformat()}"><style>{STYLE}</style></head>'
        f"<body><div class=head><ul class=menu>{MENU}</ul></div><div class=main><h1>{title}</h1>"
        f"<div class=info>{when:%Y-%m-%d %H:%M} 来源：测试日报 作者：李明</div>"
        f"<div class=article>{body}</div><div class=side><h3>相关新闻</h3><ul>{related}</ul></div></div>"
        f"{FOOT}<script>var page={number};</script></body></html>"
    )


def list_page(page: int, count: int) -> str:
    """A page of the archive."""
    numbers = range(page * PER_PAGE, min(count, (page + 1) * PER_PAGE))
    items = "".join(f'<li><a href="{path_of(n)}">{story(n)[0]}</a></li>' for n in numbers)
    later = f'<a class=next href="/news/{page + 2}/">下一页</a>' if numbers.stop < count else ""
    head = "<html lang=zh-CN><head><meta charset=utf-8><title>新闻</title></head>"
    return f"{head}<body><ul>{items}</ul>{later}</body></html>"


class Site:
    """Answers GET; keeps what it has made."""

    def __init__(self, count: int) -> None:
        self.count = count
        self.numbers = {path_of(n): n for n in range(count)}

    def body(self, path: str) -> bytes | None:
        """The page at `path`."""
        if path == "/":
            return f'<html><body><a href="/news/1/">新闻</a> {len(PARTS)}</body></html>'.encode()
        if path.startswith("/news/"):
            return list_page(int(path.strip("/").split("/")[1]) - 1, self.count).encode()
        number = self.numbers.get(path)
        return None if number is None else article_page(number, self.count).encode()

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """One connection."""
        try:
            while line := await reader.readline():
                while (await reader.readline()).strip():
                    pass
                found = self.body(line.split()[1].decode())
                status = b"200 OK" if found is not None else b"404 Not Found"
                head = b"HTTP/1.1 %b\r\nContent-Type: text/html; charset=utf-8\r\nContent-Length: %d\r\n\r\n"
                writer.write(head % (status, len(found or b"")) + (found or b""))
                await writer.drain()
        except (ConnectionError, IndexError):
            pass
        finally:
            writer.close()


async def _main(count: int) -> None:
    server = await asyncio.start_server(Site(count).serve, "127.0.0.1", 0)
    print(f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}/", flush=True)
    await server.serve_forever()


if __name__ == "__main__":
    asyncio.run(_main(int(sys.argv[1])))
