"""Publishers that began on paper or in an office: old markup, old encodings, few machine-readable hints."""

from __future__ import annotations

import re
from collections.abc import Iterator
from urllib.parse import urlsplit

from tests.crawler.acceptance.publisher import Publisher, numbered, paragraphs
from tests.crawler.acceptance.server import Question, Reply, http_date, tag_of
from tests.crawler.acceptance.spelling import traditional
from tests.crawler.acceptance.stories import Story


class Office(Publisher):
    """A county's own site: GBK under a wrong label, Crawl-delay, print views, forbidden folders."""

    address, name, seed, encoding, kind = "127.0.1.2", "临河县人民政府", 2, "gbk", "text/html"
    forms = ("dash", "day_dash", "seconds", "han_hours", "day_written")
    delay = 0.5
    dead_at = "/xwzx/gzdt/202603/t20260301_{n}.html"
    number_in = staticmethod(numbered(r"/(?:xwzx/gzdt/\d+|dayin)/t\d{8}_1(\d{6})\.html"))
    labels = ("utf-8", "gb2312", None, "big5", "iso-8859-1")

    def robots(self) -> str:
        return (
            f"User-agent: *\nCrawl-delay: {self.delay}\nDisallow: /inner/\nDisallow: /*?export=\n"
            "Allow: /inner/open/\n\nUser-agent: badbot\nDisallow: /\n"
        )

    def path(self, story: Story) -> str:
        return f"/xwzx/gzdt/{story.when:%Y%m}/t{story.when:%Y%m%d}_1{story.number:06}.html"

    def special(self, question: Question) -> Reply | None:
        if question.path.startswith("/dayin/") and (number := self.which(question.path)) is not None:
            story = self.stories[number]
            label = self._label(story)
            text = f"<h3>{story.title}</h3><hr>{self._line(story)}<hr>{paragraphs(story)}"
            page = f"<html><head>{label}<title>打印：{story.title}</title></head>"
            return self.html(f'{page}<body onload="window.print()">{text}</body></html>')
        return None

    def extra_links(self) -> Iterator[str]:
        yield '<li><a href="/inner/202603/t20260302_1000009.html">内部资料请勿外传的一份通知</a></li>'
        yield '<li><a href="/xwzx/gzdt/202603/t20260302_1000008.html?export=1">导出本页全部内容</a></li>'
        for story in self.newest()[:3]:
            place = f"/dayin/t{story.when:%Y%m%d}_1{story.number:06}.html"
            yield f'<li><a href="{place}">打印版：{story.title}</a></li>'

    def frame(self, title: str, inner: str, head: str = "") -> str:
        return (
            f"<HTML><HEAD><TITLE>{title}</TITLE>{head}</HEAD><BODY><TABLE width=1000><TR><TD>"
            "<A href='/'>网站首页</A> | <A href='/yw/'>要闻</A> | 政务公开 | 办事服务 | 互动交流</TD></TR>"
            f"<TR><TD id=neirong>{inner}</TD></TR><TR><TD align=center>主办：临河县人民政府办公室　"
            "网站标识码：0000000000　ICP备00000000号</TD></TR></TABLE></BODY></HTML>"
        )

    def _label(self, story: Story) -> str:
        label = self.labels[story.number % len(self.labels)]
        return f'<META http-equiv="Content-Type" content="text/html; charset={label}">' if label else ""

    def _line(self, story: Story) -> str:
        when = self.shown_time(story)
        return f"<SPAN>发布时间：{when}</SPAN>　<SPAN>来源：县政府办公室</SPAN>　字号：【大 中 小】"

    def page(self, story: Story) -> str:
        body = paragraphs(story).replace("<p>", "<P>　　")
        inner = (
            f"您的位置：首页 &gt; 新闻中心 &gt; 工作动态<H2 align=center>{story.title}</H2>"
            f"<DIV class=xx>{self._line(story)} <A href='javascript:window.print()'>打印本页</A></DIV>"
            f'<DIV class="TRS_Editor">{body}</DIV><P>（责任编辑：{story.author}）</P>'
            "<DIV>扫一扫在手机打开当前页</DIV>"
        )
        return self.frame(f"{story.title}_工作动态_{self.name}", inner, self._label(story))


class Island(Publisher):
    """A daily in traditional characters: Big5 under several labels, an RSS feed, a mobile twin."""

    address, name, seed, encoding = "127.0.1.3", "海島日報", 3, "big5"
    forms = ("slash", "han", "day_minguo", "seconds", "half_day")
    next_text = "下一頁"
    dead_at = "/news/story/7314/{n}"
    number_in = staticmethod(numbered(r"(?:/m)?/news/story/\d+/8(\d{6})(?:\?|$)"))
    kinds = ("text/html; charset=utf-8", "text/html", "text/html; charset=big5", "text/html; charset=gb2312")

    def path(self, story: Story) -> str:
        return f"/news/story/{7314 + story.section}/8{story.number:06}"

    def section_path(self, section: int, page: int) -> str:
        return f"/news/cate/{section + 1}" + (f"?page={page}" if page > 1 else "")

    def home_head(self) -> str:
        return '<link rel="alternate" type="application/rss+xml" href="/rss/news.xml">'

    def special(self, question: Question) -> Reply | None:
        if question.path == "/rss/news.xml":
            return self._feed()
        if question.path.startswith("/m/news/") and (number := self.which(question.path)) is not None:
            story = self.stories[number]
            head = f'<link rel="canonical" href="{self.base}{self.path(story)}">'
            inner = f"<h1>{traditional(story.title)}</h1><i>{self.shown_time(story)}</i>{self._text(story)}"
            return self.html(
                f"<html><head>{head}<title>{story.title}</title></head><body>{inner}</body></html>"
            )
        return None

    def html(self, text: str) -> Reply:
        return Reply(traditional(text).encode("cp950", "xmlcharrefreplace"), kind=self.kinds[len(text) % 4])

    def extra_links(self) -> Iterator[str]:
        for story in self.newest()[3:7]:
            yield f'<li><a href="/m{self.path(story)}">行動版：{story.title}</a></li>'

    def frame(self, title: str, inner: str, head: str = "") -> str:
        return (
            f"<!DOCTYPE html><html><head>{head}<title>{title}</title></head><body><div id='top'>"
            "首頁 焦點 財經 運動 娛樂</div><div id='wrap'><div id='left'>"
            f"{inner}</div><div id='right'><h4>熱門新聞</h4><a href='/news/cate/1'>更多</a></div></div>"
            "<div id='foot'>版權所有 不得轉載 海島日報股份有限公司</div></body></html>"
        )

    def _text(self, story: Story) -> str:
        return f'<div class="story_body">{paragraphs(story)}</div>'

    def page(self, story: Story) -> str:
        meta = (
            '<meta http-equiv="content-type" content="text/html; charset=big5">' if story.number % 2 else ""
        )
        inner = (
            f"<h1 class='story_title'>{story.title}</h1><div class='story_info'>"
            f"<span>{self.shown_time(story)}</span> 海島日報 記者{story.author}／綜合報導</div>"
            f"{self._text(story)}<div class='fb'>按讚加入粉絲團</div>"
        )
        return self.frame(f"{story.title} | {SECTION_NAMES[story.section]} | 海島日報", inner, meta)

    def _feed(self) -> Reply:
        items = "".join(
            f"<item><title>{story.title}</title><link>{self.base}{self.path(story)}?from=rss</link>"
            f"<pubDate>{http_date(story.changed)}</pubDate></item>"
            for story in self.newest()[:30]
        )
        text = f'<?xml version="1.0" encoding="big5"?><rss version="2.0"><channel>{items}</channel></rss>'
        return Reply(traditional(text).encode("cp950", "xmlcharrefreplace"), kind="text/xml")


SECTION_NAMES = ("要聞", "社會", "財經", "生活")


class Evening(Publisher):
    """An evening paper: GB18030 that nothing declares, relative links under a base, articles in parts."""

    address, name, seed, encoding, kind = "127.0.1.4", "望海晚报", 4, "gb18030", "text/html"
    forms = ("han", "tight", "weekday", "wide", "dot", "day_han")
    dead_at = "/content/2026-03/01/content_{n}.htm"
    number_in = staticmethod(numbered(r"/content/\d{4}-\d\d/\d\d/content_5(\d{5})(?:_\d)?\.htm"))

    def path(self, story: Story) -> str:
        return f"/content/{story.when:%Y-%m/%d}/content_5{story.number:05}.htm"

    def link(self, story: Story) -> str:
        return self.path(story).removeprefix("/content/")

    def section_path(self, section: int, page: int) -> str:
        return f"/node/node_{section + 2}{'' if page == 1 else f'_{page}'}.htm"

    def headers(self, story: Story, body: bytes) -> dict[str, str]:
        return {"Last-Modified": http_date(story.changed)}

    def frame(self, title: str, inner: str, head: str = "") -> str:
        return (
            f'<html><head><base href="{self.base}/content/">{head}<title>{title}</title></head><body>'
            "<center><font size=5>望海晚报</font></center><table><tr><td width=150>版面导航<br>A01 头版<br>"
            f"A02 要闻</td><td>{inner}</td></tr></table>"
            "<p align=center>望海晚报社版权所有 未经书面授权不得复制</p>"
            "</body></html>"
        )

    def pager(self, section: int, page: int) -> str:
        """A window of numbers, and no word for the next page."""
        last = self.pages(section)
        near = range(max(1, page - 2), min(last, page + 2) + 1)
        links = [
            f"<b>{n}</b>" if n == page else f'<a href="{self.section_path(section, n)}">{n}</a>' for n in near
        ]
        return f"<div>{' '.join(links)}</div>"

    def parts(self, story: Story) -> list[tuple[str, ...]]:
        """The paragraphs by page."""
        whole = story.paragraphs
        if story.number % 6 or len(whole) < 4:
            return [whole]
        third = -(-len(whole) // 3)
        return [whole[n : n + third] for n in range(0, len(whole), third)]

    def page(self, story: Story, part: int = 1) -> str:
        parts = self.parts(story)
        body = "<br><br>".join(f"　　{text}" for text in parts[part - 1])
        inner = (
            f"<div class=bt>{story.title}</div><div class=sj>{self.shown_time(story)}　"
            f"本报记者 {story.author}</div><div id=ozoom>{body}</div>"
        )
        if len(parts) > 1:
            links = [
                f"[{n}]" if n == part else f'<a href="{self._part(story, n)}">[{n}]</a>'
                for n in range(1, len(parts) + 1)
            ]
            later = f' <a href="{self._part(story, part + 1)}">下一页</a>' if part < len(parts) else ""
            inner += f"<div class=page>{' '.join(links)}{later}</div>"
        return self.frame(f"{story.title}-{self.name}", inner)

    def _part(self, story: Story, part: int) -> str:
        path = self.link(story)
        return path if part == 1 else path.replace(".htm", f"_{part}.htm")

    def special(self, question: Question) -> Reply | None:
        found = re.search(r"_(\d)\.htm$", urlsplit(question.path).path)
        number = self.which(question.path)
        if found is None or number is None or not question.path.startswith("/content/"):
            return None
        story = self.stories[number]
        if not 1 < int(found[1]) <= len(self.parts(story)):
            return None
        return self.html(self.page(story, int(found[1])))


def etag(body: bytes) -> dict[str, str]:
    """The headers of a page that can be asked about."""
    return {"ETag": tag_of(body)}
