"""Tags whose ``<`` was swallowed by the last byte of a slip: ``?/p>`` for ``</p>``."""

import re

# Closing tags of any usual element; opening ones only where no text looks like them.
_ELEMENTS = (
    "p|div|span|font|strong|b|em|i|u|a|td|tr|th|table|tbody|li|ul|ol|h[1-6]|section|article|blockquote|center|figure"
    "|figcaption|title|dd|dt|dl|label|small|big|sub|sup|s|ins|del|pre|code|body|html"
)
_OPENING = "br|p|div|span|font|strong|img|a|em|table|ul|ol|li|h[1-6]|section|blockquote"
_SWALLOWED = re.compile(
    rf"\?(?<=[^\x00-\x7f]\?)(?=/(?:{_ELEMENTS})\s*>|(?:{_OPENING})(?:\s[^<>\"']{{0,40}}(?:=\s*[\"'][^<>\"']{{0,300}}[\"'][^<>\"']{{0,40}}){{0,12}})?/?>)",
    re.IGNORECASE,
)


def repair_markup(html: str) -> str:
    """Put back the ``<`` of tags that a slip swallowed; run it before parsing.

    The ``?`` stays in the text: it still stands for half a character, which
    :func:`cleaners.slips.repair_page` restores. Only a ``?`` right after a Chinese character
    and right before a complete tag without its ``<`` is touched, so that markup without the
    damage comes back as it is.
    """
    if "?" not in html:
        return html
    return _SWALLOWED.sub("?<", html)
