"""The repair is total, idempotent, replayable and linear."""

from __future__ import annotations

import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cleaners.model import replay
from cleaners.mojibake import lost, mend, mojibake
from tests.bench.damage import own_sentences

_ODD = st.text(alphabet=st.characters(exclude_categories=()), max_size=60)
_HIGH = st.text(alphabet=[chr(c) for c in range(0x80, 0x100)] + list("“”‘’…€™ a?\ufffd"), max_size=40)
_WRONG = st.binary(max_size=60).flatmap(
    lambda raw: st.sampled_from(["gb18030", "big5hkscs", "cp932", "cp949", "latin-1", "cp1252"]).map(
        lambda codec: raw.decode(codec, "replace")
    )
)
_CHINESE = st.sampled_from(own_sentences()).flatmap(
    lambda text: st.sampled_from(
        [("utf-8", "gbk"), ("gbk", "big5"), ("utf-8", "cp932"), ("gbk", "cp949")]
    ).map(lambda codecs: text.encode(codecs[0]).decode(codecs[1], "replace"))
)
_ESCAPES = st.lists(
    st.sampled_from(
        ["&amp;", "&", "#xff0c;", "\\u4e2d", "\\ud83d", "%E4%B8%AD", "%", "&lt;", ";", "中", "a", "\n"]
    )
).map("".join)


@settings(max_examples=150, deadline=None)
@given(st.one_of(_ODD, _HIGH, _WRONG, _CHINESE, _ESCAPES, st.tuples(_CHINESE, _ODD).map("".join)))
def test_total_idempotent_and_replayable(text: str) -> None:
    mended = mend(text)
    assert replay(text, mended.notes) == mended.text
    assert mend(mended.text).text == mended.text
    assert all(0 <= start < end <= len(text) for start, end in lost(text))


@settings(max_examples=40, deadline=None)
@given(st.lists(st.one_of(_ODD, _WRONG, _CHINESE), max_size=4))
def test_the_fixer_keeps_the_number_of_texts(texts: list[str]) -> None:
    once = [result.text for result in mojibake(texts)]
    assert len(once) == len(texts)
    assert [result.text for result in mojibake(once)] == once


@pytest.mark.parametrize(
    "unit",
    [
        "浣犲ソ?",
        "ÖÐÎÄ",
        "ä½ å¥½",
        "縺ｮ�",
        "뷁쀍�",
        "&amp;",
        "犲栫",
        "？",
        "Ã",
        "�",
        "\\u4e2d",
        "%E4",
        chr(0xD800),
    ],
)
def test_time_is_linear(unit: str) -> None:
    def spent(times: int) -> float:
        start = time.process_time()
        mend(unit * times)
        return time.process_time() - start

    spent(50)
    small, large = spent(1000), spent(8000)
    assert large < 8 * 3 * small + 0.3
