"""All publishers together: what a crawl is run against, and what it should find."""

from __future__ import annotations

from contextlib import ExitStack
from datetime import timedelta
from urllib.parse import urlsplit

from tests.crawler.acceptance.online import App, Blog, Busy, Closed, Harbour, World
from tests.crawler.acceptance.press import Evening, Island, Office
from tests.crawler.acceptance.publisher import Publisher
from tests.crawler.acceptance.server import Asked, Hosts
from tests.crawler.acceptance.stories import Story
from tests.crawler.acceptance.swamp import MIB, Baits, Swamp

NETWORK = "127.0.1.0/24"


class Town:
    """A context manager. ``scale`` is the number of stories of the largest publisher."""

    def __init__(
        self, scale: int, *, traps: bool = True, delay: float = 0.5, bomb_size: int = 256 * MIB
    ) -> None:
        self.hosts, self.baits = Hosts(), Baits()
        share = lambda part, least: max(least, round(scale * part))  # noqa: E731
        self.office = Office(min(60, share(0.3, 12)))
        self.office.delay = delay
        self.busy = Busy(min(40, share(0.3, 16)))
        self.closed = Closed(8)
        self.swamp = Swamp(share(0.4, 24), self.baits, self.hosts, bomb_size) if traps else None
        self.app, self.blog = App(share(0.6, 30)), Blog(share(0.5, 16))
        self.harbour, self.world = Harbour(share(1.0, 20)), World(share(0.5, 12))
        self.evening, self.island = Evening(share(0.5, 18)), Island(share(0.5, 15))
        self.publishers: list[Publisher] = [
            *(self.harbour, self.office, self.island, self.evening, self.blog),
            *(self.app, self.world, self.busy, self.closed),
            *([self.swamp] if self.swamp else []),
        ]
        self._stack = ExitStack()
        for one in self.publishers:
            one.base = self.hosts.add(one.address, one.respond)

    def __enter__(self) -> Town:
        self._stack.enter_context(self.baits)
        self._stack.enter_context(self.hosts)
        return self

    def __exit__(self, *_: object) -> None:
        self._stack.close()

    @property
    def urls(self) -> list[str]:
        return [f"{one.base}/" for one in self.publishers]

    @property
    def real(self) -> dict[tuple[str, int], Story]:
        """All stories that a crawl may reach, by publisher and number."""
        open_ones = [one for one in self.publishers if one is not self.closed]
        return {(one.name, number): story for one in open_ones for number, story in one.stories.items()}

    def story_at(self, url: str) -> tuple[str, int] | None:
        """Which story an address leads to."""
        parts = urlsplit(url)
        path = parts.path + (f"?{parts.query}" if parts.query else "")
        for one in self.publishers:
            if url.startswith(f"{one.base}/") and (number := one.which(path)) is not None:
                return one.name, number
        return None

    def of(self, publisher: Publisher) -> list[Asked]:
        """What a publisher was asked for, in order."""
        host = publisher.base.removeprefix("http://")
        return sorted((one for one in self.hosts.asked if one.host == host), key=lambda one: one.at)

    def bodies(self) -> list[Asked]:
        """Answers in full to requests for stories."""
        return [
            one
            for one in self.hosts.asked
            if one.status == 200 and self.story_at(f"http://{one.host}{one.path}") is not None
        ]

    def change(self) -> set[tuple[str, int]]:
        """Edit ten stories and publish five; gives them. Each can be told from what the site states."""
        touched: set[tuple[str, int]] = set()
        for one, numbers in (
            (self.harbour, (0, 7, 19)),
            (self.blog, (9, 12)),
            (self.world, (1, 4)),
            (self.app, (2, 8, 15)),
        ):
            for number in numbers:
                when = one.newest()[0].when + timedelta(hours=1, minutes=number)
                one.edit(number, when)
                touched.add((one.name, number))
        for one in (self.harbour, self.island, self.evening, self.app, self.world):
            touched.add((one.name, one.add().number))
        return touched
