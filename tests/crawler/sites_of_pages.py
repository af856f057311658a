"""Made-up sites: articles of their own words, as many as are wanted, in one template."""

from __future__ import annotations

from pathlib import Path

PLACES = ("石桥", "柳溪", "青岗", "白渡", "云岭", "沙湾", "梅坪", "松园", "荷塘", "竹沟")
THINGS = ("水厂", "戏台", "果园", "码头", "学堂", "集市", "茶场", "渡槽", "祠堂", "苗圃")


def paragraphs(number: int) -> list[str]:
    """Four paragraphs that no other number shares."""
    place, thing = PLACES[number % 10], THINGS[(number * 3 + number // 10) % 10]
    year, count = 1950 + number * 3, 37 + number * 11
    return [
        f"{place}村的{thing}建于{year}年，当时全村{count}户，每家出一个劳力，前后忙了两个冬天才算完工。",
        f"村里的老人说，{thing}落成那天，{place}的大路上站满了人，锣鼓敲到天黑，邻村来了{count + 5}个亲戚。",
        f"后来{place}的年轻人陆续外出，{thing}冷清了一阵。{year + 40}年县里拨款{count * 2}万元才重新修好。",
        f"如今每到周末，{place}总能迎来{count + 60}名左右的客人，守着{thing}的老周一家也在路边开起了小店。",
    ]


def title(number: int) -> str:
    return f"{PLACES[number % 10]}村{THINGS[(number * 3 + number // 10) % 10]}的第{number + 2}个春天"


def page(headline: str, lines: list[str]) -> str:
    """A page of the template; a line that starts with `<` is markup already."""
    body = "\n".join(line if line.startswith("<") else f"<p>{line}</p>" for line in lines)
    return (
        f"<!DOCTYPE html><html lang='zh-CN'><head><meta charset='utf-8'><title>{headline}</title></head>"
        f"<body><div class='main'><h1>{headline}</h1><div class='article'>\n{body}\n</div></div>"
        "</body></html>"
    )


def write_pages(folder: Path, pages: dict[str, str]) -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    for name, text in pages.items():
        (folder / name).write_text(text, encoding="utf-8")
    return folder
