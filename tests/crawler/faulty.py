"""A stand-in for the cleaner that misbehaves as the page's body tells it to."""

import os
import signal
import sys
import time

from cleaners.model import Article, Block, Meta, Page, Reason, Rejected, Rules

MISBEHAVIOUR = {
    b"raise": lambda: (_ for _ in ()).throw(ValueError("this page is bad")),
    b"hang": lambda: time.sleep(3600),
    b"kill": lambda: os.kill(os.getpid(), signal.SIGKILL),
    b"crash": lambda: os.kill(os.getpid(), signal.SIGSEGV),
    b"exit": lambda: sys.exit(3),
    b"memory": lambda: bytearray(1 << 42),
    b"deep": lambda: _deeper(0),
}


def _deeper(level: int) -> int:
    return _deeper(level + 1) + 1


def clean(page: Page, rules: Rules | None) -> Article | Rejected:
    word = page.body.split(b" ")[0]
    if word in MISBEHAVIOUR:
        MISBEHAVIOUR[word]()
    if word == b"short":
        return Rejected(page.url, Reason.TOO_SHORT, "nothing left", "faulty-1")
    if word == b"pid":
        return Rejected(page.url, Reason.NO_CONTENT, str(os.getpid()))
    if word == b"rules":
        return Rejected(page.url, Reason.NO_CONTENT, str(rules and rules.name))
    blocks = (Block("标题", "h1"), Block(page.body.decode("utf-8", "replace")))
    return Article(page.url, Meta(title="标题"), blocks, "utf-8", "faulty-1")
