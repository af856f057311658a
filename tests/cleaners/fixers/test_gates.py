"""A step's gate may be wrong only to the side of looking closer: without it the step changes nothing."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cleaners.fixers import MARKS, NORMALS, REPAIRS, Fixer, Mender, Step
from cleaners.fixers.punctuation import may_widen, widen_text
from cleaners.fixers.region import may_be_moved
from cleaners.fixers.script import may_convert
from cleaners.fixers.spaces import may_tighten, tighten_text
from tests.cases import load

GATED = [step for step in (*REPAIRS, *NORMALS) if isinstance(step, Fixer) and step.gate is not None]
TEXTS = [
    text
    for name in ("normalize", "normal_form", "repair")
    for case in load(name)
    for text in (case.values[0]["text"], case.values[0].get("normal", ""))
]
DAMAGED = """
浣犲ソ锛屼笘鐣屻€�
ä½ å¥½ï¼Œä¸–ç•Œ
ÄãºÃ£¬ÊÀ½ç
因?yàn)楦蛻糇聛砻鎸?duì)面
互聯(lián)網(wǎng)的數(shù)據(jù)
心理?！按蟛糠仲Y金
你好&amp;nbsp;世界&#x4f60;
锟斤拷锟斤拷
%E4%BD%A0%E5%A5%BD
\\u4f60\\u597d
nbsp;你好ldquo;
詹姆斯?米歇爾
""".splitlines()
SIGNS = "大模型的，。：？！“”‘’（）《》、—·,.:;?!()\"'-… \n\t\u3000\u00a0\u200bé1％＋Ａ⼤ﬁ「」\uf901著這乾於"
RUNS = [
    "……",
    "——",
    "...",
    "--",
    "。。",
    "://",
    "：//",
    "随著",
    "更新",
    "協定",
    "领网域",
    "Node.js",
    "3.5",
    "9:30",
]
PIECES = st.sampled_from([*SIGNS, *RUNS, "(x)", '27"', "it's", "e\u0301"])


@pytest.mark.parametrize("step", GATED, ids=lambda step: step.rule)
def test_what_a_gate_lets_pass_stays(step: Fixer) -> None:
    assert step.gate is not None
    for text in TEXTS:
        texts = text.split("\n")
        assert step.gate(text) or step.fix(texts) == texts


@settings(deadline=None)
@given(st.lists(PIECES, max_size=60).map("".join))
def test_what_any_gate_lets_pass_stays(text: str) -> None:
    texts = text.split("\n")
    for step in GATED:
        assert step.gate is not None
        assert step.gate(text) or step.fix(texts) == texts, step.rule


@settings(deadline=None)
@given(st.lists(PIECES, max_size=60).map("".join))
def test_what_steps_pass_over_within_a_page_stays(text: str) -> None:
    """Steps that look at some texts of a page only: what they pass over they would not change."""
    assert may_widen(text) or widen_text(text) == text
    assert may_tighten(text) or tighten_text(text) == text


@pytest.mark.parametrize("step", GATED, ids=lambda step: step.rule)
def test_gates_are_not_always_open(step: Step) -> None:
    assert step.gate is not None
    assert not step.gate(
        "今天的会议上，他说：“这个问题（见表3.5）——很好……”OpenAI的GPT-4在9:30发布。\n第二段。"
    )


MENDERS = [step for step in (*REPAIRS, *MARKS) if isinstance(step, Mender) and step.gate is not None]


@pytest.mark.parametrize("step", MENDERS, ids=lambda step: step.rule)
def test_what_the_gate_of_a_mender_lets_pass_stays(step: Mender) -> None:
    assert step.gate is not None
    for text in TEXTS + DAMAGED:
        texts = text.split("\n")
        if not step.gate(text):
            assert all(not result.notes for result in step.mend(texts))


def test_gates_open_for_every_repair_of_the_tables() -> None:
    assert may_convert("這")
    assert may_be_moved("领网域")
