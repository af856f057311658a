"""Publishers with today's markup: sitemaps, feeds, twins of many kinds, servers that ask for patience."""

from __future__ import annotations

import gzip
import hashlib
import json
import re
import threading
from collections.abc import Iterator
from datetime import timedelta
from email.utils import format_datetime
from html import escape
from urllib.parse import urlsplit

from tests.crawler.acceptance.press import etag
from tests.crawler.acceptance.publisher import Publisher, numbered, paragraphs
from tests.crawler.acceptance.server import Question, Reply
from tests.crawler.acceptance.stories import Story

XML = "application/xml"


class Harbour(Publisher):
    """A large portal: sitemap index with packed and news sitemaps, JSON-LD, redirects, tracking."""

    address, name, seed = "127.0.1.1", "海港网", 1
    forms = ("han", "dash", "han0", "day_han", "slash")
    per_page = 30
    dead_at = "/n1/2026/0301/c1004-{n}.html"
    number_in = staticmethod(numbered(r"/(?:n1/\d{4}/\d{4}/c\d{4}-4|go/4)(\d{7})(?:\.html|$)"))

    def robots(self) -> str:
        return f"User-agent: *\nDisallow: /inner/\nSitemap: {self.base}/sitemaps/index.xml\n"

    def path(self, story: Story) -> str:
        return f"/n1/{story.when:%Y/%m%d}/c{1000 + story.section}-4{story.number:07}.html"

    def link(self, story: Story) -> str:
        tails = ("", "?utm_source=home&utm_medium=web", "#top", "?spm=a2c.1.0.0", "")
        return self.path(story) + tails[story.number % 5]

    def headers(self, story: Story, body: bytes) -> dict[str, str]:
        return etag(body)

    def extra_links(self) -> Iterator[str]:
        for story in self.newest()[12:17]:
            yield f'<li><a href="/go/4{story.number:07}">推荐：{story.title}</a></li>'
        yield '<li><a href="/rili/2026/03/">活动日历</a></li>'

    def special(self, question: Question) -> Reply | None:
        path = urlsplit(question.path).path
        if path.startswith("/go/") and (number := self.which(question.path)) is not None:
            return Reply(status=301, headers={"Location": self.path(self.stories[number]) + "?from=go"})
        if found := re.fullmatch(r"/rili/(\d{4})/(\d\d)/", path):
            return self.html(self._month(int(found[1]), int(found[2])))
        if path.startswith("/sitemaps/"):
            return self._map(path.rpartition("/")[2])
        return None

    def _month(self, year: int, month: int) -> str:
        later = f"/rili/{year + month // 12}/{month % 12 + 1:02}/"
        days = "".join(
            f'<a href="/rili/{year}/{month:02}/{day:02}.html">{month}月{day}日的活动安排</a>'
            for day in range(1, 29)
        )
        return self.frame("活动日历", f'{days}<a href="{later}">下一页</a>')

    def _map(self, name: str) -> Reply | None:
        months = sorted({f"{story.when:%Y-%m}" for story in self.stories.values()})
        if name == "index.xml":
            names = ["index.xml", "news.xml", *(f"{month}.xml.gz" for month in months)]
            items = "".join(f"<sitemap><loc>{self.base}/sitemaps/{n}</loc></sitemap>" for n in names)
            return Reply(_xml("sitemapindex", items), kind=XML)
        if name == "news.xml":
            recent = [s for s in self.newest() if s.when > self.newest()[0].when - timedelta(days=2)]
            return Reply(_xml("urlset", "".join(map(self._news, recent))), kind=XML)
        month = name.removesuffix(".xml.gz")
        stories = [s for s in self.newest() if f"{s.when:%Y-%m}" == month]
        if not stories:
            return None
        items = "".join(
            f"<url><loc>{self.base}{self.path(s)}</loc><lastmod>{s.changed.isoformat()}</lastmod></url>"
            for s in stories
        )
        return Reply(gzip.compress(_xml("urlset", items), mtime=0), kind="application/x-gzip")

    def _news(self, story: Story) -> str:
        return (
            f"<url><loc>{self.base}{self.path(story)}</loc><n:news><n:publication_date>{story.when.isoformat()}"
            f"</n:publication_date><n:title>{escape(story.title)}</n:title></n:news></url>"
        )

    def frame(self, title: str, inner: str, head: str = "") -> str:
        return (
            f'<!doctype html><html lang="zh-CN"><head><meta charset="utf-8"><title>{title}</title>{head}'
            '<meta name="viewport" content="width=device-width"></head><body><header class="hd"><nav>'
            "<a href='/yw/'>要闻</a><a href='/sh/'>社会</a><a href='/jj/'>经济</a></nav></header>"
            f"<main>{inner}</main><aside><h3>24小时热榜</h3><ol><li>天气</li><li>彩票</li></ol></aside>"
            "<footer>Copyright © 2001-2026 海港网 All Rights Reserved</footer></body></html>"
        )

    def page(self, story: Story) -> str:
        facts = {
            "@context": "https://schema.org",
            "@type": "NewsArticle",
            "headline": story.title,
            "datePublished": story.when.isoformat(),
            "author": {"@type": "Person", "name": story.author},
        }
        script = f'<script type="application/ld+json">{json.dumps(facts, ensure_ascii=False)}</script>'
        head = f'<meta property="og:title" content="{story.title}">'
        head += f'<link rel="canonical" href="{self.path(story)}">'
        head += script if story.number % 3 else ""
        others = "".join(map(self.entry, self.newest()[story.number % 7 : story.number % 7 + 5]))
        inner = (
            f'<article><h1 class="tt">{story.title}</h1><p class="src">{self.shown_time(story)}　'
            "来源：海港网　"
            f'作者：{story.author}</p><div class="con"><img src="/img/{story.number}.jpg" alt="现场">'
            f"{paragraphs(story)}</div></article><section><h3>相关阅读</h3><ul>{others}</ul></section>"
        )
        return self.frame(f"{story.title}_海港新闻_海港网", inner, head)


class Blog(Publisher):
    """A weblog system: full texts in its feed, a map of posts, comment and AMP views, pages that fail."""

    address, name, seed = "127.0.1.5", "山城笔记", 5
    forms = ("han", "dash", "day_dash", "dot")
    dead_at = "/archives/{n}"
    number_in = staticmethod(numbered(r"/archives/3(\d{5})(?:/amp)?/?(?:\?|$)"))

    def __init__(self, size: int) -> None:
        super().__init__(size)
        self.broken = {story.number for story in self.newest()[2:6]}

    def robots(self) -> str:
        return f"User-agent: *\nDisallow: /wp-admin/\n\nSitemap: {self.base}/wp-sitemap.xml\n"

    def path(self, story: Story) -> str:
        return f"/archives/3{story.number:05}"

    def section_path(self, section: int, page: int) -> str:
        return f"/category/{('yw', 'sh', 'jj', 'ms')[section]}" + (f"/page/{page}" if page > 1 else "")

    next_text = "较早的文章 »"

    def home_head(self) -> str:
        return f'<link rel="alternate" type="application/rss+xml" title="RSS" href="{self.base}/feed/">'

    def extra_links(self) -> Iterator[str]:
        for story in self.newest()[6:9]:
            yield f'<li><a href="{self.path(story)}?replytocom=77#respond">回复：{story.title}</a></li>'
            yield f'<li><a href="{self.path(story)}/amp">{story.title}</a></li>'

    def special(self, question: Question) -> Reply | None:
        path = urlsplit(question.path).path
        if path == "/feed/":
            return self._feed()
        if path == "/wp-sitemap.xml":
            item = f"<sitemap><loc>{self.base}/wp-sitemap-posts-post-1.xml</loc></sitemap>"
            return Reply(_xml("sitemapindex", item), kind=XML)
        if path == "/wp-sitemap-posts-post-1.xml":
            items = "".join(
                f"<url><loc>{self.base}{self.path(s)}</loc><lastmod>{s.changed.isoformat()}</lastmod></url>"
                for s in self.newest()
            )
            return Reply(_xml("urlset", items), kind=XML)
        if path.endswith("/amp") and (number := self.which(path)) is not None and number not in self.broken:
            story = self.stories[number]
            head = f'<link rel="canonical" href="{self.base}{self.path(story)}">'
            text = f"<h1>{story.title}</h1><time>{story.when:%Y-%m-%d}</time>{paragraphs(story)}"
            return self.html(
                f"<html amp><head>{head}<title>{story.title}</title></head><body>{text}</body></html>"
            )
        return None

    def frame(self, title: str, inner: str, head: str = "") -> str:
        return (
            f"<!DOCTYPE html><html><head><title>{title}</title>{head}</head><body class='blog'>"
            "<div id='page'>"
            f"<p class='site-title'><a href='/'>山城笔记</a></p><div id='content'>{inner}</div>"
            "<div id='secondary' class='widget-area'><h2>近期评论</h2><ul><li>匿名发表在《关于》</li></ul>"
            "</div><p>自豪地采用博客系统</p></div></body></html>"
        )

    def page(self, story: Story) -> str:
        inner = (
            f'<article class="post"><h1 class="entry-title">{story.title}</h1><div class="entry-meta">发布于 '
            f'<time class="entry-date published" datetime="{story.when.isoformat()}">{self.shown_time(story)}'
            f'</time> 由 <span class="author vcard">{story.author}</span></div><div class="entry-content">'
            f"{paragraphs(story)}</div></article><div id='comments'><h2>《{story.title}》有1条评论</h2>"
            "<ol><li><p>写得好，收藏了。</p>"
            f"<a href='{self.path(story)}?replytocom=9#respond'>回复</a></li></ol></div>"
        )
        return self.frame(f"{story.title} – 山城笔记", inner)

    def _feed(self) -> Reply:
        items = "".join(
            f"<item><title>{s.title}</title><link>{self.base}{self.path(s)}</link><pubDate>"
            f"{format_datetime(s.when)}</pubDate><content:encoded><![CDATA[{paragraphs(s)}]]></content:encoded></item>"
            for s in self.newest()[:12]
        )
        space = 'xmlns:content="http://purl.org/rss/1.0/modules/content/"'
        return Reply(
            f'<rss version="2.0" {space}><channel>{items}</channel></rss>'.encode(),
            kind="application/rss+xml",
        )


class App(Publisher):
    """A site made for phones: no label for its UTF-8, a cookie wall, sessions, AMP, print and short links."""

    address, name, seed, kind = "127.0.1.6", "掌上平湖", 6, "text/html"
    forms = ("dash", "iso", "short_slash", "mail", "iso_utc")
    dead_at = "/article/{n}"
    number_in = staticmethod(
        numbered(r"/(?:amp/article|article|m|s|r|old)/2(\d{6})(?:/print|\.html)?(?:\?|$)")
    )
    next_text = "后一页"

    def __init__(self, size: int) -> None:
        super().__init__(size)
        self.broken = {story.number for story in self.newest()[20:23]}

    def path(self, story: Story) -> str:
        return f"/article/2{story.number:06}"

    def link(self, story: Story) -> str:
        number = f"2{story.number:06}"
        session = hashlib.sha256(number.encode()).hexdigest()[:26]
        ways = (
            f"/article/{number}",
            f"/article/{number}?sid={session}",
            f"/s/{number}",
            f"/article/{number}",
        )
        return ways[story.number % 4]

    def entry(self, story: Story) -> str:
        amp = f'<a href="/amp/article/2{story.number:06}">{story.title}</a>'
        old = f'<a href="/old/2{story.number:06}.html">{story.title}</a>'
        mobile = f'<a href="/m/2{story.number:06}.html">{story.title}</a>'
        shown = f'<a href="{self.link(story)}">{story.title}</a>'
        beside = {3: amp, 4: mobile, 5: old}.get(story.number % 9, "")
        return f"<div>{amp + shown if story.number in self.broken else shown + beside}</div>"

    def home_head(self) -> str:
        return '<link rel="alternate" type="application/feed+json" href="/feed.json">'

    def special(self, question: Question) -> Reply | None:
        path = urlsplit(question.path).path
        if path == "/feed.json":
            return self._feed()
        if (number := self.which(question.path)) is None:
            return None
        story = self.stories[number]
        if path.startswith("/s/"):
            return Reply(status=302, headers={"Location": f"/r/2{number:06}?jump=1"})
        if path.startswith("/r/"):
            return Reply(status=301, headers={"Location": f"{self.base}{self.path(story)}"})
        if path.startswith("/old/"):
            return self.html(f'<meta http-equiv="refresh" content="0; url=\'{self.path(story)}\'">正在跳转')
        if path.startswith(("/amp/", "/m/")):
            return self.html(self._small(story))
        if path.endswith("/print"):
            return self.html(f"<title>{story.title}</title><h1>{story.title}</h1>{paragraphs(story)}")
        if "seen=1" not in question.headers.get("cookie", "") and number not in self.broken:
            wall = {"Location": question.path, "Set-Cookie": "seen=1; Path=/"}
            return Reply(status=302, headers=wall)
        return None

    def headers(self, story: Story, body: bytes) -> dict[str, str]:
        return etag(body)

    def frame(self, title: str, inner: str, head: str = "") -> str:
        return (
            f"<!DOCTYPE html><html><head>{head}<title>{title}</title></head><body>"
            f"<div class='nav-bar'>首页 视频 我的</div><div class='view'>{inner}</div>"
            "<div class='down-app'>打开客户端，阅读体验更佳</div></body></html>"
        )

    def _small(self, story: Story) -> str:
        head = f'<link rel="canonical" href="{self.path(story)}">'
        inner = f"<h1>{story.title}</h1><em>{story.when:%Y-%m-%d %H:%M}</em>{paragraphs(story)}"
        return f"<html><head>{head}<title>{story.title}</title></head><body>{inner}</body></html>"

    def page(self, story: Story) -> str:
        spans = paragraphs(story, "div")
        inner = (
            f"<div class='t1'>{story.title}</div><div class='info'><span>掌上平湖</span><span>"
            f"{self.shown_time(story)}</span></div><div class='rich-text'>{spans}</div>"
            f"<div class='tools'>点赞 收藏 <a href='{self.path(story)}/print'>打印</a> 分享到微信</div>"
        )
        head = f'<meta property="og:title" content="{story.title}">'
        head += f'<link rel="amphtml" href="/amp{self.path(story)}">'
        return self.frame(f"{story.title}", inner, head)

    def _feed(self) -> Reply:
        items = [
            {
                "id": str(s.number),
                "url": f"{self.base}{self.path(s)}?utm_source=feed",
                "title": s.title,
                "date_published": s.when.isoformat(),
                "date_modified": s.changed.isoformat(),
            }
            for s in self.newest()[:18]
        ]
        feed = {"version": "https://jsonfeed.org/version/1.1", "title": self.name, "items": items}
        return Reply(json.dumps(feed).encode(), kind="application/feed+json")


class World(Publisher):
    """A site in English with an Atom feed; its addresses are words."""

    address, name, seed, english = "127.0.1.7", "The Coast Courier", 7, True
    forms = ("english", "iso_utc", "english_day_first", "iso")
    dead_at = "/world/this-story-is-gone-{n}"
    number_in = staticmethod(numbered(r"/world/[a-z0-9-]+-6(\d{5})(?:\?|$)"))
    next_text = "Older posts"

    def path(self, story: Story) -> str:
        slug = "-".join(re.findall(r"[a-z0-9]+", story.title.lower()))
        return f"/world/{slug}-6{story.number:05}"

    def section_path(self, section: int, page: int) -> str:
        return f"/{('news', 'local', 'business', 'life')[section]}/" + (f"?page={page}" if page > 1 else "")

    def home_head(self) -> str:
        return '<link rel="alternate" type="application/atom+xml" href="/atom.xml">'

    def special(self, question: Question) -> Reply | None:
        if question.path != "/atom.xml":
            return None
        items = "".join(
            f'<entry><title>{s.title}</title><link href="{self.path(s)}?utm_campaign=atom"/><published>'
            f"{s.when.isoformat()}</published><updated>{s.changed.isoformat()}</updated></entry>"
            for s in self.newest()[:25]
        )
        return Reply(
            f'<feed xmlns="http://www.w3.org/2005/Atom">{items}</feed>'.encode(), kind="application/atom+xml"
        )

    def frame(self, title: str, inner: str, head: str = "") -> str:
        return (
            f'<!DOCTYPE html><html lang="en"><head><meta charset="utf-8"><title>{title}</title>{head}</head>'
            f'<body><div class="masthead">The Coast Courier</div><div class="grid">{inner}</div>'
            '<div class="legal">'
            "Terms of use. Privacy. © 2026 Coast Courier Media Ltd.</div></body></html>"
        )

    def page(self, story: Story) -> str:
        inner = (
            f'<h1>{story.title}</h1><p class="byline">By {story.author}</p><p class="dateline">'
            f'{self.shown_time(story)}</p><div class="article-body">{paragraphs(story)}</div>'
            '<div class="newsletter">Sign up for our morning newsletter</div>'
        )
        return self.frame(f"{story.title} | The Coast Courier", inner)


class Busy(Blog):
    """A server that now and then asks to come back later, by a number or by a date."""

    address, name, seed = "127.0.1.8", "古渡社区报", 8
    pause = 2

    def __init__(self, size: int) -> None:
        super().__init__(size)
        self.broken = set()
        self.refused: list[tuple[float, float]] = []
        self._met: set[str] = set()
        self._lock = threading.Lock()

    def robots(self) -> str:
        return "User-agent: *\nDisallow:\n"

    def respond(self, question: Question) -> Reply | None:
        number = self.which(question.path)
        with self._lock:
            first = question.path not in self._met
            self._met.add(question.path)
        if number is not None and first and number % 13 == 3:
            return Reply(b"slow down", 429, headers={"Retry-After": str(self.pause)})
        if number is not None and first and number % 13 == 9:
            return Reply(b"busy", 503, headers={"Retry-After": str(self.pause)})
        return super().respond(question)


class Closed(Blog):
    """A publisher whose robots.txt fails: nothing else may be asked for."""

    address, name, seed = "127.0.1.9", "停机日报", 9

    def respond(self, question: Question) -> Reply | None:
        if question.path == "/robots.txt":
            return Reply(b"", 503)
        return super().respond(question)


def _xml(root: str, items: str) -> bytes:
    space = 'xmlns="http://www.sitemaps.org/schemas/sitemap/0.9" xmlns:n="http://www.google.com/schemas/sitemap-news/0.9"'
    return f'<?xml version="1.0" encoding="UTF-8"?><{root} {space}>{items}</{root}>'.encode()
