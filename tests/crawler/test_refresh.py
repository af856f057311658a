"""Which pages are looked through for a refresh."""

import pytest

from crawler.net.refresh import may_refresh

REFRESH = '<meta http-equiv="refresh" content="0; url=/next">'


@pytest.mark.parametrize(
    ("markup", "encoding", "wanted"),
    [
        (REFRESH, "utf-8", True),
        (REFRESH.upper(), "gb18030", True),
        (REFRESH, "utf-16-le", True),
        ('<meta http-equiv="&#114;efresh" content="0; url=/next">', "utf-8", True),
        ("x" * 4000 + REFRESH, "utf-8", True),
        ("新" * 4000 + REFRESH, "utf-8", True),
        ('<meta http-equiv="Content-Type" content="text/html">', "utf-8", False),
        ("<p>页面每分钟刷新一次 (refresh)</p>", "utf-8", False),
        ("", "utf-8", False),
    ],
)
def test_only_pages_that_may_have_a_refresh_are_decoded_for_it(markup, encoding, wanted):
    assert may_refresh(markup.encode(encoding)) is wanted
