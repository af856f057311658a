"""What all publishers of the acceptance site have in common: stories, lists of them, and dead ends."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import datetime, timedelta
from urllib.parse import urlsplit

from tests.crawler.acceptance.dead_ends import DEAD_ENDS
from tests.crawler.acceptance.server import Question, Reply
from tests.crawler.acceptance.spelling import spell
from tests.crawler.acceptance.stories import NEWEST, Story, edit, write

SECTIONS = (("yw", "要闻"), ("sh", "社会"), ("jj", "经济"), ("ms", "民生"))


class Publisher:
    """A site: ``stories`` by number are the truth, ``base`` its address without a slash at the end.

    Subclasses say how addresses and pages look. ``which`` tells the story behind any address,
    ``broken`` are stories whose own address fails, ``hidden`` those that lists name by a twin only.
    """

    address = "127.0.1.1"
    name = "示范新闻网"
    seed = 1
    encoding = "utf-8"
    kind: str | None = "text/html; charset=utf-8"
    english = False
    forms: tuple[str, ...] = ("dash",)
    per_page = 20
    next_text = "下一页"
    dead_at = "/dead/{n}.html"

    def __init__(self, size: int) -> None:
        self.base = ""
        self.stories: dict[int, Story] = {}
        self.dead = {self.dead_at.format(n=9_900_000 + n): page for n, page in enumerate(DEAD_ENDS)}
        self.broken: set[int] = set()
        self.lost = [self.dead_at.format(n=9_900_090 + n) for n in range(4)]
        for number in range(size):
            self._take(write(number, self.seed, english=self.english))

    def _take(self, story: Story) -> None:
        form = self.form(story)
        self.stories[story.number] = replace(story, shown="day" if form.startswith("day") else "minute")

    def add(self) -> Story:
        """Publish one more, newer than all others."""
        number = max(self.stories) + 1
        story = write(number, self.seed, english=self.english)
        newer = NEWEST + timedelta(minutes=11 * (number + 1))
        self._take(replace(story, when=newer))
        return self.stories[number]

    def edit(self, number: int, when: datetime) -> None:
        """Change what a story says."""
        self.stories[number] = edit(self.stories[number], when)

    def newest(self) -> list[Story]:
        """All stories, the newest first."""
        return sorted(self.stories.values(), key=lambda story: story.when, reverse=True)

    # What subclasses say

    def path(self, story: Story) -> str:
        raise NotImplementedError

    def page(self, story: Story) -> str:
        raise NotImplementedError

    def number_in(self, path: str) -> int | None:
        """The number of the story that a path of this publisher's own scheme names."""
        raise NotImplementedError

    def frame(self, title: str, inner: str, head: str = "") -> str:
        """A page of the site around ``inner``."""
        raise NotImplementedError

    def special(self, question: Question) -> Reply | None:
        """Feeds, sitemaps, twins, traps."""
        return None

    def robots(self) -> str:
        return "User-agent: *\nDisallow: /inner/\n"

    def headers(self, story: Story, body: bytes) -> dict[str, str]:
        return {}

    # What they share

    def form(self, story: Story) -> str:
        return self.forms[story.number % len(self.forms)]

    def shown_time(self, story: Story) -> str:
        return spell(story.when, self.form(story))

    def which(self, path: str) -> int | None:
        """The story at ``path`` (with its query), if there is one."""
        if path in self.dead or path in self.lost:
            return None
        number = self.number_in(path)
        return number if number in self.stories else None

    def respond(self, question: Question) -> Reply | None:
        path = urlsplit(question.path).path
        if path == "/robots.txt":
            return Reply(self.robots().encode(), kind="text/plain")
        if path == "/":
            return self.html(self.home())
        if (found := self.special(question)) is not None:
            return found
        if path in self.dead:
            return self.html(self.frame(*self.dead[path]))
        if path in self.lost:
            return self._lead_away(self.lost.index(path))
        if (numbered := self.list_at(question.path)) is not None:
            return self.html(self.list_page(*numbered))
        number = self.which(question.path)
        if number is None or number in self.broken:
            return None if number is None else Reply(b"boom", 500)
        return self.article(self.stories[number])

    def _lead_away(self, way: int) -> Reply:
        """Stories that are gone, and what leads away from them."""
        if way == 3:
            wait = '<meta http-equiv="refresh" content="3;url=/">'
            return self.html(self.frame("跳转中", "<p>页面不存在，3秒后带您去首页</p>", wait))
        places = ("/", f"{self.section_path(1, 1)}?lost=1", next(iter(self.dead)))
        return Reply(status=302, headers={"Location": places[way]})

    def article(self, story: Story) -> Reply:
        reply = self.html(self.page(story))
        return replace(reply, headers=self.headers(story, reply.body))

    def html(self, text: str) -> Reply:
        return Reply(text.encode(self.encoding, "xmlcharrefreplace"), kind=self.kind)

    # Lists

    def section_path(self, section: int, page: int) -> str:
        slug = SECTIONS[section][0]
        return f"/{slug}/" if page == 1 else f"/{slug}/index_{page}.html"

    def list_at(self, path: str) -> tuple[int, int] | None:
        """The section and the page of a list."""
        return self._lists().get(path.removesuffix("?lost=1"))

    def _lists(self) -> dict[str, tuple[int, int]]:
        return {self.section_path(s, p): (s, p) for s in range(4) for p in range(1, self.pages(s) + 1)}

    def pages(self, section: int) -> int:
        return max(1, -(-len(self._of(section)) // self.per_page))

    def _of(self, section: int) -> list[Story]:
        return [story for story in self.newest() if story.section == section]

    def entry(self, story: Story) -> str:
        """A line of a list."""
        return f'<li><a href="{self.link(story)}">{story.title}</a><span>{story.when:%m-%d}</span></li>'

    def link(self, story: Story) -> str:
        return self.path(story)

    def extra_links(self) -> Iterator[str]:
        """Lines that the front page has beside."""
        yield from ()

    def home(self) -> str:
        sections = "".join(
            f'<a href="{self.section_path(n, 1)}">{name}</a> ' for n, (_, name) in enumerate(SECTIONS)
        )
        news = "".join(map(self.entry, self.newest()[:12]))
        extra = "".join(self.extra_links())
        return self.frame(self.name, f"<p>{sections}</p><ul>{news}</ul><ul>{extra}</ul>", self.home_head())

    def home_head(self) -> str:
        return ""

    def list_page(self, section: int, page: int) -> str:
        stories = self._of(section)[(page - 1) * self.per_page : page * self.per_page]
        lines = "".join(map(self.entry, stories))
        if page == 1:
            dead = [path for n, path in enumerate((*self.dead, *self.lost)) if n % 4 == section]
            lines += "".join(
                f'<li><a href="{path}">这是一条看上去很正常的新闻标题{path[-9:-5]}</a></li>' for path in dead
            )
        name = SECTIONS[section][1]
        return self.frame(f"{name}_{self.name}", f"<ul>{lines}</ul>{self.pager(section, page)}")

    def pager(self, section: int, page: int) -> str:
        last = self.pages(section)
        if page >= last:
            return ""
        return (
            f'<div class="pager"><a href="{self.section_path(section, page + 1)}">{self.next_text}</a></div>'
        )


def numbered(pattern: str) -> Callable[[str], int | None]:
    """Reads the number out of a path."""
    compiled = re.compile(pattern)

    def read(path: str) -> int | None:
        found = compiled.match(path)
        return int(found[1]) if found else None

    return read


def paragraphs(story: Story, tag: str = "p") -> str:
    """The text of a story as markup."""
    return "\n".join(f"<{tag}>{text}</{tag}>" for text in story.paragraphs)
