"""Articles whose texts differ, made of parts: a title and three paragraphs for each number."""

from __future__ import annotations

import random

PARTS = """
县图书馆 港口管理处 第三中学 市农科所 山村合作社 造船厂 气象台 地铁公司 文化馆 水文站
修订了借阅办法 启用了新的泊位 重建了实验楼 选育出耐旱品种 打通了冷链运输  更新了雷达设备 完成了汛前检查
居民提出的意见多达上百条 去年的秋雨来得比往年早 老旧设备的零件已经买不到 外地的订单一个月里翻了一番
下一步还将在周边乡镇推广 预计到年底可以全部完成 有关数据会按月向社会公布 后续的维护由专人负责
"""
WHO, WHAT, WHY, THEN = (line.split() for line in PARTS.strip().splitlines())


def story(number: int) -> tuple[str, str]:
    """The title and the text of article `number`."""
    chance = random.Random(number)
    who, what = WHO[number % len(WHO)], WHAT[number // len(WHO) % len(WHAT)]
    title = f"{who}{what}，这是今年的第{number + 1}项"
    return title, f"{who}日前{what}。" + "".join(_sentence(chance) for _ in range(12))


def _sentence(chance: random.Random) -> str:
    who, why, then = chance.choice(WHO), chance.choice(WHY), chance.choice(THEN)
    return f"{who}的负责人说，{why}，{then}，前后共{chance.randint(2, 900)}人参加。"
