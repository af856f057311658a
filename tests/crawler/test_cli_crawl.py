"""`taosha crawl` and `taosha sources`: what they refuse, with which code and words; Scrapy's own commands."""

import json
import subprocess
import sys
from pathlib import Path

import pytest
from typer.testing import CliRunner

from crawler.cli.app import app
from storage import open_store
from storage.listing import list_runs
from tests.crawler.crawling import LOOPBACK, Site, article, environment, listing

ROOT = Path(__file__).parents[2]
GOOD = 'home = "https://example.org/"\ntitle = "测试日报"\n'


@pytest.fixture
def folder(tmp_path):
    (tmp_path / "sources").mkdir()
    (tmp_path / "sources/good.toml").write_text(GOOD, encoding="utf-8")
    (tmp_path / "sources/broken.toml").write_text(GOOD + "colour = 1\n", encoding="utf-8")
    return tmp_path


def taosha(folder, *arguments):
    return CliRunner().invoke(app, [*arguments, "--sources", str(folder / "sources")])


@pytest.mark.parametrize(
    ("arguments", "code", "message"),
    [
        (["nobody"], 2, "no source is called nobody"),
        (["nobody"], 2, "good"),
        (["broken"], 4, "broken.toml:3: colour: unknown key"),
        (["ftp://example.org/"], 2, "not an http or https URL"),
        (["good", "--allow-network", "everything"], 2, "--allow-network everything"),
        (["good", "-s", "DOWNLOAD_DELAY"], 2, "write NAME=VALUE"),
        (["good", "-s", "DOWNLOADER_MIDDLEWARES=none"], 4, "a setting is not valid"),
        (["good", "-s", "TAOSHA_ALLOW_NETWORKS=everything"], 4, "a setting is not valid"),
        (["good", "--delay", "-1"], 2, "--delay"),
        (["good", "--limit", "0"], 2, "--limit"),
        ([], 2, "name a source or a home page"),
    ],
)
def test_what_it_refuses_before_it_begins(folder, arguments, code, message):
    store = folder / "store.db"
    done = taosha(folder, "crawl", *arguments, "--store", str(store))
    assert done.exit_code == code
    assert message in done.stderr
    assert done.stdout == ""
    assert not store.exists()


def test_a_folder_of_sources_that_is_missing(tmp_path):
    done = taosha(tmp_path, "crawl", "good")
    assert done.exit_code == 4
    assert "is no folder" in done.stderr


def test_sources_are_listed_and_the_broken_are_named(folder):
    done = taosha(folder, "sources", "list", "--json")
    assert done.exit_code == 0
    rows = {row["name"]: row for row in map(json.loads, done.stdout.splitlines())}
    assert rows["good"]["title"] == "测试日报"
    assert rows["good"]["hosts"] == ["example.org"]
    assert rows["good"]["starts"] == ["https://example.org/"]
    assert "broken" not in rows
    assert "broken.toml:3: colour" in done.stderr


def test_sources_are_checked(folder):
    done = taosha(folder, "sources", "check")
    assert done.exit_code == 4
    assert "good: ok" in done.stderr
    assert taosha(folder, "sources", "check", "good", "--offline").exit_code == 0
    assert taosha(folder, "sources", "check", "broken").exit_code == 4


def test_scrapy_sees_the_sources_as_its_spiders(tmp_path):
    title = "工厂宣布扩建第二条生产线"
    pages = {"/": listing({"/2026/0305/1001.html": title}), "/2026/0305/1001.html": article(title)}
    sources = tmp_path / "sources"
    sources.mkdir()
    with Site(pages.get) as site:
        (sources / "daily.toml").write_text(f'home = "{site.url}"\n', encoding="utf-8")
        extra = {"TAOSHA_SOURCES": str(sources), "TAOSHA_STORE": f"sqlite:///{tmp_path / 'store.db'}"}
        listed = scrapy("list", **extra)
        crawled = scrapy(
            "crawl", "daily", "-s", f"TAOSHA_ALLOW_NETWORKS={LOOPBACK}", "-s", "DOWNLOAD_DELAY=0", **extra
        )
    assert "daily" in listed.stdout.splitlines()
    assert crawled.returncode == 0, crawled.stderr
    with open_store(extra["TAOSHA_STORE"], read_only=True) as store:
        (row,) = list_runs(store)
    assert (row.command, row.status, row.counts["new"]) == ("scrapy crawl", "finished", 1)


def scrapy(*arguments, **extra):
    return subprocess.run(
        [sys.executable, "-m", "scrapy", *arguments],
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
        cwd=ROOT,
        env=environment(**extra),
    )
