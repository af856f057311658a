"""The whole of ``repair``: right text stays, wrong readings by Western codecs are undone."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from cleaners import repair
from cleaners.mojibake.families import damaged
from cleaners.mojibake.tongue import Tongue, Tongues

CASES = Path(__file__).parents[3] / "fixtures/cases/mojibake"

UNDONE = [
    ("latin-1, once", "Un cafÃ© crÃ¨me Ã\xa0 emporter", "Un café crème à emporter"),
    ("latin-1, quotes", "She said â\x80\x9cyesâ\x80\x9d and left", "She said “yes” and left"),
    ("cp1252, umlauts", "GrÃ¼ÃŸe aus KÃ¶ln", "Grüße aus Köln"),
    ("cp1252, apostrophe", "We donâ€™t know yet", "We don’t know yet"),
    ("cp1252, dash", "From 9 â€“ 17 hours", "From 9 – 17 hours"),
    ("cp1252, ellipsis", "And thenâ€¦ nothing", "And then… nothing"),
    ("cp1252, Spanish", "El niÃ±o comiÃ³ la piÃ±a", "El niño comió la piña"),
    ("cp1252, Polish", "ZaÅ¼Ã³Å‚Ä‡ gÄ™Å›lÄ… jaÅºÅ„", "Zażółć gęślą jaźń"),
    ("cp1252, currency", "It costs â‚¬20 a day", "It costs €20 a day"),
    ("cp1252, emoji", "Happy birthday ðŸŽ‚ to you", "Happy birthday 🎂 to you"),
    ("cp1252, Russian", "ÐœÐ¾ÑÐºÐ²Ð°".replace("ÑÐ", "Ñ\x81Ð"), "Москва"),
    ("cp1252, Chinese", "ä»Šå¤©å¤©æ°”å¾ˆå¥½", "今天天气很好"),
    ("twice, accent", "Le cafÃƒÂ© est fermÃƒÂ©", "Le café est fermé"),
    ("twice, apostrophe", "It doesnÃ¢â‚¬â„¢t matter", "It doesn’t matter"),
    ("NBSP as a space", "voilÃ  le travail", "voilà le travail"),
]

KEPT = [
    "Un café crème à emporter",
    "SÃO PAULO, 12 de março",
    "Grüße aus Köln",
    "“I don’t know…” – she said",
    "It costs €20 – or £17 – a day",
    "Ångström and Ærø are in the list",
    "Happy birthday 🎂 to you",
    "Zażółć gęślą jaźń",
    "Москва — столица России",
    "PARCE QUE SUR LEURS PLAQUES IL Y MARQUÉ…",
    "naïve façade, déjà vu, São Tomé",
    "5 × 3 ÷ 2 ± 1 at 20 °C, ½ cup",
    "© 2024 Société Générale ®",
    "L’âme, c’est à dire l’être",
    "¿Qué pasó? ¡Nada!",
]


@pytest.mark.parametrize(("seen", "text"), [case[1:] for case in UNDONE], ids=[case[0] for case in UNDONE])
def test_western_readings_are_undone(seen: str, text: str) -> None:
    assert repair(seen).text == text
    assert repair(text).text == text


@pytest.mark.parametrize("text", KEPT)
def test_western_text_is_kept(text: str) -> None:
    assert repair(text).text == text


def test_right_text_stays_as_it_is() -> None:
    rows = json.loads((CASES / "negatives.json").read_text("utf-8"))
    assert [row["text"] for row in rows if repair(row["text"]).text != row["text"]] == []


SEEN = "今天下午的会议推迟到明天上午九点，请大家互相转告，不要迟到。".encode().decode("gbk", "replace")


def test_a_guess_that_does_not_read_like_text_is_not_taken(monkeypatch: pytest.MonkeyPatch) -> None:
    assert "\ufffd" in SEEN
    assert [span.uncertain for span in damaged(SEEN, Tongues())] == [True]
    monkeypatch.setattr(Tongue, "total", lambda _self, text, before="": 81 * len(text))
    assert damaged(SEEN, Tongues()) == []
    assert any(note.rule == "mojibake.lost@1" for note in repair(SEEN).notes)


def test_what_is_remembered_has_a_bound(monkeypatch: pytest.MonkeyPatch) -> None:
    from cleaners.slips import language

    monkeypatch.setattr(language, "_MAX_CACHE", 50)
    monkeypatch.setattr(language, "_MAX_CONTEXTS", 20)
    model = language.Language()
    once = "今天下午的会议推迟到明天上午九点，请大家互相转告，不要迟到。"
    text = once * 3
    costs = [model.cost(text[max(0, at - 3) : at], char) for at, char in enumerate(text)]
    assert sum(len(context.costs) for context in model._contexts.values()) <= 51
    assert len(model._contexts) <= 20
    assert costs[len(once) : 2 * len(once)] == costs[2 * len(once) :]
