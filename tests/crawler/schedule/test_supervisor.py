"""The supervisor: crawls what is due in processes of their own, rests, and stops in order."""

import os
import signal
import subprocess
import sys
import threading
import time
from datetime import UTC, datetime, timedelta

import pytest

from crawler.schedule.due import Due
from crawler.schedule.supervisor import Supervisor
from tests.crawler.crawling import LOOPBACK, Site, article, command, environment, listing, run

AT_ONCE = Due("daily", None, "never crawled")
LATER = Due("daily", datetime.now(UTC) + timedelta(days=1), "every day")


def python(code):
    return [sys.executable, "-c", code]


def test_once_crawls_what_is_due_and_ends(tmp_path):
    mark = tmp_path / "ran"
    looks = iter([[AT_ONCE], [LATER]])
    supervisor = Supervisor(python(f"open({str(mark)!r}, 'a').write('x')"), lambda: next(looks))
    assert supervisor.run(once=True) is None
    assert mark.read_text() == "x"


def test_once_with_nothing_due_runs_nothing():
    assert Supervisor(["/nonexistent"], lambda: [LATER]).run(once=True) is None


def test_a_crawl_that_fails_is_tried_again_after_a_pause(tmp_path):
    mark = tmp_path / "ran"
    stop = threading.Timer(60, os.kill, (os.getpid(), signal.SIGTERM))  # if it never gets there
    stop.start()

    def look():
        if mark.exists() and len(mark.read_text()) == 3:
            os.kill(os.getpid(), signal.SIGTERM)
            return [LATER]
        return [AT_ONCE]

    code = f"import sys; open({str(mark)!r}, 'a').write('x'); sys.exit(4)"
    assert Supervisor(python(code), look, pause=0.01).run() == signal.SIGTERM
    stop.cancel()
    assert mark.read_text() == "xxx"


@pytest.fixture
def paper():
    pages = {f"/2026/{100000 + n}.html": article(f"第{n}篇报道的标题写得足够长了") for n in range(40)}
    front = listing({path: f"{path}的标题写得足够长了" for path in pages})
    with Site(lambda path: front if path == "/" else pages.get(path)) as site:
        yield site


def sources(tmp_path, site):
    folder = tmp_path / "sources"
    folder.mkdir()
    (folder / "paper.toml").write_text(f'home = "{site.url}"\ninterval = "6h"\n')
    return ["--sources", str(folder), "--store", str(tmp_path / "s.db")]


def test_what_is_due_is_explained_crawled_and_then_not_due(paper, tmp_path):
    places = sources(tmp_path, paper)
    (due,) = run("crawl", "--explain", "--json", *places).json
    assert (due["source"], due["due"], due["why"]) == ("paper", True, "never crawled")
    crawled = run("crawl", "--due", "--json", *places, "--delay", "0", "--allow-network", LOOPBACK)
    assert (crawled.code, crawled.json["sources"]["paper"]["new"]) == (0, 40)
    paper.asked.clear()
    again = run("crawl", "--due", *places)
    assert (again.code, paper.asked) == (0, [])
    assert "nothing is due; next: paper at " in again.err
    (due,) = run("crawl", "--explain", "--json", *places).json
    assert (due["due"], due["why"]) == (False, "every 6 h (its own interval)")


def test_sigterm_stops_the_crawl_under_way_and_loses_nothing(paper, tmp_path):
    places = sources(tmp_path, paper)
    more = ("--", "--delay", "0.3", "--allow-network", LOOPBACK)
    child = subprocess.Popen(
        command("schedule", "run", *places, *more), env=environment(), stderr=subprocess.PIPE, text=True
    )
    deadline = time.monotonic() + 60
    while sum(path.startswith("/2026/") for path in paper.bodies) < 3 and time.monotonic() < deadline:
        time.sleep(0.05)
    child.send_signal(signal.SIGTERM)
    _, err = child.communicate(timeout=30)
    assert child.returncode == 143, err
    stored = run("list", "--store", str(tmp_path / "s.db"), "--json", "--limit", "0").json
    assert {row["origin"] for row in stored} == {
        paper.url.rstrip("/") + path for path in paper.bodies if path.startswith("/2026/")
    }
