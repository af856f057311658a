from __future__ import annotations

import random
import subprocess
import sys
import time
import tomllib
from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from cleaners.decoding import BINARY, decode
from tests.cases import FIXTURES, load
from tests.cleaners.encoded_pages import CHINESE, SENTENCES, SETS, Encoded, encodable, pages, snippets

LABELS = FIXTURES.parent / "cleaners" / "data" / "encoding_labels.toml"
HANS = encodable(("zh-Hans",), "gb2312")
HANT = encodable(("zh-Hant",), "big5")


@pytest.mark.parametrize("case", load("decoding/encodings"))
def test_bytes_with_a_known_reading(case: dict[str, Any]) -> None:
    decoded = decode(bytes.fromhex(case["hex"]), case.get("content_type"))
    assert decoded.encoding == case["encoding"]
    assert decoded.evidence
    if "text" in case:
        assert decoded.text == case["text"]


@pytest.mark.parametrize("family", [name for name, *_ in SETS])
def test_pages_with_right_wrong_and_missing_labels(family: str) -> None:
    made = [case for case in pages(random.Random(11), 4) if case.family == family]
    assert len(made) == 12
    assert [case for case in made if not right(case)] == []


@pytest.mark.parametrize("family", CHINESE)
def test_bare_snippets_of_twelve_characters(family: str) -> None:
    made = [case for case in snippets(random.Random(12), 60) if case.family == family]
    assert sum(right(case) for case in made) >= 0.95 * len(made) > 0


def right(case: Encoded) -> bool:
    return decode(case.body, case.content_type).text == case.text


def test_the_text_decides_behind_a_long_ascii_head() -> None:
    head = "<script>" + "var a = 'charset';\n" * 2000 + "</script>"
    body = (head + "<p>" + "".join(HANS[:3])).encode("gbk")
    assert decode(body, "text/html; charset=utf-8").text == body.decode("gbk")


def test_a_prior_settles_what_the_bytes_leave_open() -> None:
    either = bytes.fromhex("b0a1")  # 啊 in GBK, 가 in EUC-KR, 陛 in Big5
    assert decode(either, prior="gb2312").encoding == "gb18030"
    assert decode(either, prior="euc-kr").encoding == "cp949"


def test_a_prior_yields_to_the_bytes() -> None:
    decoded = decode("".join(HANT[:2]).encode("big5"), prior="gbk")
    assert decoded.encoding == "big5hkscs"
    assert any("rules says gbk" in line for line in decoded.evidence)


@pytest.mark.parametrize("encoding", ["gb18030", "big5", "utf-8", "cp932", "euc_kr", "utf-16-le"])
def test_a_last_character_cut_in_half_does_not_spoil_the_decision(encoding: str) -> None:
    language = {"big5": "zh-Hant", "cp932": "ja", "euc_kr": "ko"}.get(encoding, "zh-Hans")
    text = SENTENCES[language][1]
    decoded = decode(text.encode(encoding)[:-1])
    assert decoded.text[: len(text) - 1] == text[:-1]
    assert decoded.text[len(text) - 1 :] in ("\ufffd", "")


def test_broken_utf8_stays_utf8_and_says_where() -> None:
    body = bytearray("".join(HANS[:4]).encode())
    body[31] = ord("?")
    decoded = decode(bytes(body), "text/html; charset=gbk")
    assert decoded.encoding == "utf-8"
    assert decoded.text == body.decode("utf-8", "replace")
    assert any("broken" in line and "30" in line for line in decoded.evidence)


MIXED = [
    ("utf-8", "gb18030", HANS, HANS),
    ("gb18030", "utf-8", HANS, HANS),
    ("utf-8", "big5", HANS, HANT),
    ("big5", "utf-8", HANT, HANS),
    ("gb18030", "big5", HANS, HANT),
    ("big5", "gb18030", HANT, HANS),
]


@pytest.mark.parametrize(("page", "part", "own", "foreign"), MIXED)
def test_a_paragraph_in_another_encoding_is_read_in_its_own(
    page: str, part: str, own: list[str], foreign: list[str]
) -> None:
    rng = random.Random(f"{page} {part}")
    for _ in range(10):
        texts = [(rng.choice(own), page) for _ in range(6)]
        texts.insert(rng.randrange(7), (rng.choice(foreign), part))
        decoded = decode(b"".join(f"<p>{text}</p>\n".encode(encoding) for text, encoding in texts))
        assert decoded.text == "".join(f"<p>{text}</p>\n" for text, _ in texts)
        assert any("read as" in line for line in decoded.evidence)


def test_a_span_in_another_encoding_is_read_in_its_own() -> None:
    body = b"<p>" + HANS[0].encode() + HANS[7].encode("gbk") + HANS[3].encode() + b"</p>"
    assert decode(body).text == f"<p>{HANS[0]}{HANS[7]}{HANS[3]}</p>"


def test_text_that_was_decoded_wrongly_earlier_is_left_for_the_repair() -> None:
    mojibake = HANS[2].encode().decode("gb18030", "replace")
    assert decode(mojibake.encode()).text == mojibake


def test_rare_and_foreign_characters_in_a_right_page_are_left_alone() -> None:
    odd = "「ご注意ください」というタイトル、Привет, мир、龘靐齉爩鱻麤、㈠①Ⅳ、αβγ"
    text = "".join(f"<p>{sentence}</p>" for sentence in [*HANS[:5], odd, *SENTENCES["rare"], *HANS[5:8]])
    decoded = decode(text.encode("gb18030"))
    assert (decoded.encoding, decoded.text) == ("gb18030", text)


def test_nul_is_never_in_the_text() -> None:
    text = "".join(HANS[:5])
    for body in (text.encode() + b"\0", text.encode("gbk") + b"\0", b"<p>plain text with a NUL\0</p>"):
        decoded = decode(body)
        assert decoded.encoding != BINARY
        assert "\0" not in decoded.text
        assert decoded.text.count("\ufffd") == 1


@given(st.binary(max_size=400), st.none() | st.text(max_size=30), st.none() | st.text(max_size=12))
@example(b"\xff\xfe\x00", None, None)
@example(b"\x80", "text/html; charset=" + "x" * 100, "utf-16")
@example(b"\x1b$)C\x0e!!", None, "replacement")
@example(b"\xa1", "text/html; charset=x-user-defined", "replacement")
@example(b"\xef\xbb\xbf\xd6\xd0\xb9\xfa", None, None)
def test_total_and_deterministic_on_any_bytes(
    body: bytes, content_type: str | None, prior: str | None
) -> None:
    decoded = decode(body, content_type, prior)
    assert decoded == decode(body, content_type, prior)
    assert "\0" not in decoded.text
    assert decoded.text.encode().decode() == decoded.text  # no lone surrogates
    assert decoded.evidence


ROUND_TRIPS = [(language, codec) for _, languages, codec, _ in SETS for language in languages[:1]]


@given(st.data(), st.sampled_from(ROUND_TRIPS))
def test_what_was_written_is_read(data: st.DataObject, case: tuple[str, str]) -> None:
    language, codec = case
    chosen = data.draw(st.lists(st.sampled_from(encodable((language,), codec)), min_size=2, max_size=5))
    text = data.draw(st.sampled_from(["", "\r\n", "<br>"])).join(chosen)
    assert decode(text.encode(codec)).text == text


def test_line_ends_stay_as_they_are() -> None:
    text = "\r\n".join(HANS[:3]) + "\r\n\n\r"
    assert decode(text.encode("gbk")).text == text


def test_hostile_bodies_take_time_in_proportion() -> None:
    for unit in (b"\xb0<", b"\x81\x30", b"<meta ", b"\xe4\xb8\n", b"~{", b"\x1b$B", b"\xff", b"\0"):
        start = time.process_time()
        assert decode(unit * 20_000).encoding
        assert time.process_time() - start < 20  # seconds; a quadratic step would take minutes here


def test_labels_are_those_of_the_standard() -> None:
    from cleaners.encodings.labels import encoding_of

    table = tomllib.loads(LABELS.read_text(encoding="utf-8"))
    labels = [label for group in table.values() for label in group]
    assert len(labels) == len(set(labels)) == 228
    for name, group in table.items():
        assert {encoding_of(f" {label.upper()}\n") for label in group} == {name}


def test_importing_reads_no_tables() -> None:
    code = (
        "import sys, cleaners.decoding; from cleaners.encodings import scoring, labels;"
        "assert scoring._model.cache_info().currsize == labels._labels.cache_info().currsize == 0;"
        "assert 'charset_normalizer' not in sys.modules"
    )
    subprocess.run([sys.executable, "-c", code], check=True)
