"""The inspector in a real browser: what a person sees and does, on a desk and on a phone."""

from __future__ import annotations

from typing import Any

import pytest

from tests.crawler.inspector.conftest import Browser

KEYS = pytest.importorskip("selenium.webdriver.common.keys", reason="Selenium is an extra").Keys

PAGES = {
    "overview": "/",
    "search": "/search?q=融资",
    "failures": "/failures",
    "rules": "/rules",
    "rule": "/rules/punctuation.widen@1",
    "article": "/article/3",
    "why": "/article/3/why",
    "history": "/article/2/history",
    "page": "/page/4",
    "error": "/article/9999",
}
BACKGROUND = "getComputedStyle(document.body).backgroundColor"


def serious_issues(
    browser: Browser, options: dict[str, Any] | None = None
) -> list[tuple[str, str, list[Any]]]:
    """What axe finds on the page that keeps people from using it, as (check, impact, elements)."""
    axe = pytest.importorskip("axe_core_python.selenium", reason="axe is an extra").Axe()
    found = axe.run(browser.driver, options=options)
    assert found["passes"], "axe looked at nothing"
    return [
        (issue["id"], issue["impact"], [node["target"] for node in issue["nodes"]][:5])
        for issue in found["violations"]
        if issue["impact"] in ("serious", "critical")
    ]


@pytest.mark.parametrize("name", PAGES)
def test_a_page_stands_alone_and_everybody_can_read_it(browser: Browser, name: str) -> None:
    browser.open(PAGES[name])
    assert browser.run("document.title").endswith("taosha")
    assert browser.run("document.styleSheets[0].cssRules.length") > 50
    assert browser.run("window.attacked === undefined")
    assert browser.requested
    assert not [url for url in browser.requested if not url.startswith((browser.home, "data:"))]
    quiet = [text for text in browser.messages if not ("/article/9999" in text and "404" in text)]
    assert quiet == []
    browser.shot(name)
    browser.run("document.querySelectorAll('details').forEach(e => { e.open = true })")
    assert serious_issues(browser) == []


@pytest.mark.parametrize("name", PAGES)
def test_a_dark_screen_gets_a_dark_page(browser: Browser, name: str) -> None:
    browser.open(PAGES[name])
    light = browser.run(BACKGROUND)
    browser.look(dark=True)
    dark = browser.run(BACKGROUND)
    brightness = [sum(map(int, colour.strip("rgb()").split(","))) for colour in (light, dark)]
    assert brightness[0] > 700
    assert brightness[1] < 120
    browser.shot(f"{name}-dark")
    browser.run("document.querySelectorAll('details').forEach(e => { e.open = true })")
    assert serious_issues(browser, {"runOnly": ["color-contrast"]}) == []


@pytest.mark.parametrize("name", PAGES)
def test_a_phone_shows_everything_without_scrolling_aside(browser: Browser, name: str) -> None:
    browser.look(width=320, height=700)
    browser.open(PAGES[name])
    assert browser.run("document.documentElement.scrollWidth") <= 320
    browser.look(width=390, height=800)
    assert browser.run("document.documentElement.scrollWidth") <= 390
    small = browser.run(
        "[...document.querySelectorAll('main p, main a, main td, main li')]"
        ".filter(e => e.offsetParent && parseFloat(getComputedStyle(e).fontSize) < 12).length"
    )
    assert small == 0
    browser.shot(f"{name}-phone")


def test_the_check_for_accessibility_finds_what_it_is_for(browser: Browser) -> None:
    browser.open("/page/4")
    browser.run("document.querySelector('main').insertAdjacentHTML('beforeend', '<input>')")
    assert [issue[0] for issue in serious_issues(browser)] == ["label"]


@pytest.mark.parametrize("path", ["/store", "/store/articles", "/store/articles/3", "/store/v_removed"])
def test_tables_load_nothing_from_elsewhere_either(browser: Browser, path: str) -> None:
    browser.open(path)
    assert browser.run("window.attacked === undefined")
    assert not [url for url in browser.requested if not url.startswith((browser.home, "data:"))]
    assert browser.messages == []


def test_a_word_of_two_characters_is_found_by_keyboard_alone(browser: Browser) -> None:
    browser.open("/")
    browser.press("/")
    browser.go("海缆" + KEYS.ENTER)
    titles = browser.texts(".item-title")
    assert len(titles) == 20
    assert set(browser.texts(".items mark")) == {"海缆"}
    browser.press("j")
    browser.press("j")
    assert browser.run("document.activeElement.textContent") == titles[1]
    browser.press("k")
    browser.go(KEYS.ENTER)
    assert browser.texts("h1") == [titles[0]]
    browser.go("2")
    assert browser.driver.current_url.endswith("/why")
    browser.press("g")
    browser.go("r")
    assert browser.driver.current_url.endswith("/rules")
    browser.press("?")
    assert browser.run("document.getElementById('keys').open")
    browser.press(KEYS.ESCAPE)
    assert not browser.run("document.getElementById('keys').open")


def test_letters_typed_into_a_field_are_no_shortcuts(browser: Browser) -> None:
    browser.open("/search")
    browser.press("/")
    browser.press("gr?j1")
    assert browser.run("document.activeElement.value") == "gr?j1"
    assert browser.driver.current_url.endswith("/search")


def test_the_views_of_an_article_are_switched_by_clicking(browser: Browser) -> None:
    browser.open("/article/1")
    assert browser.texts(".reading .prose p") == ["互联网，很好", "第二段。"]
    browser.driver.find_element("css selector", ".tabs a[data-key='2']").click()
    assert browser.texts(".row.gone del") == ["首頁 新聞", "图/视觉中国"]
    assert "聯(lián)網" in browser.texts(".row.kept del")
    assert "line-through" in browser.run(
        "getComputedStyle(document.querySelector('.row.gone del')).textDecoration"
    )
    sides = "[...document.querySelectorAll('.row.changed > div')].map(e => e.getBoundingClientRect().top)"
    left, right = browser.run(sides)
    assert left == right  # beside each other
    browser.driver.find_element("css selector", ".why-changed summary").click()
    told = " ".join(browser.texts(".why-changed"))
    assert "annotations.pinyin@1" in told
    assert "repair/annotations" in told
    assert "not sure" in told
    browser.driver.find_element("css selector", ".rule-legend .chip").click()
    assert len(browser.texts(".row.gone")) == 1
    browser.driver.find_element("css selector", ".tabs a[data-key='3']").click()
    assert browser.texts("#revisions") == ["Revisions"]


def test_on_a_phone_the_article_stands_below_the_page(browser: Browser) -> None:
    browser.look(width=390, height=800)
    browser.open("/article/1/why")
    sides = "[...document.querySelectorAll('.row.changed > div')].map(e => e.getBoundingClientRect())"
    assert browser.run(f"(([a, b]) => b.top >= a.bottom)({sides})")


def test_a_title_as_long_as_a_book_does_not_push_the_rest_away(browser: Browser) -> None:
    browser.open("/search?q=长题")
    assert browser.texts(".item-title mark")[:1] == ["长题"]
    line = browser.run("parseFloat(getComputedStyle(document.querySelector('.item-title')).lineHeight)")
    height = "document.querySelector('{}').getBoundingClientRect().height"
    assert browser.run(height.format(".item-title")) <= 3 * line + 1
    browser.driver.find_element("css selector", ".item-title").click()
    line = browser.run("parseFloat(getComputedStyle(document.querySelector('h1')).lineHeight)")
    assert browser.run(height.format("h1")) <= 6 * line + 1
    assert "长题" * 300 in browser.texts(".facts dd")  # all of it stands beside the text


def test_the_meaning_of_columns_leaves_room_for_the_rows(browser: Browser) -> None:
    browser.open("/store/articles")
    top = "document.querySelector('table.rows-and-columns').getBoundingClientRect().top"
    assert browser.run(top) < 900
