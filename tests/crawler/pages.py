"""Small made-up pages for the tests of the crawler."""

PARAGRAPHS = (
    "市图书馆昨天重新开放，读者一早就在门口排起了长队，馆员准备了三千册新书供大家借阅。",
    "馆长说，改造工程用了十四个月，阅览座位从四百个增加到九百个，儿童区移到了一楼。",
    "附近的居民表示，希望周末的开放时间能够再延长一些，方便上班的人来看书。",
)
TEXT = "\n".join(PARAGRAPHS)


def html(title="图书馆重新开放", head="", paragraphs=PARAGRAPHS):
    """A plain page of an article, as text."""
    body = "".join(f"<p>{p}</p>" for p in paragraphs)
    return (
        f"<!DOCTYPE html><html lang='zh-CN'><head><title>{title}</title>{head}</head>"
        f"<body><article><h1>{title}</h1>{body}</article></body></html>"
    )


def html_bytes(encoding="utf-8", **parts):
    """The same as bytes, with the encoding declared."""
    return html(head=f"<meta charset='{encoding}'>", **parts).encode(encoding, "replace")
