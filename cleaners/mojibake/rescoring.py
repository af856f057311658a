"""A second look at what was guessed: words beside characters, on both sides of each place.

The first search weighs a character by the three before it. Once a whole line has a reading, each
guessed character is weighed against the others that its bytes allow, all of them together, by the
cheapest way through the line under both models: characters in context, and words after words.
"""

from __future__ import annotations

from dataclasses import replace
from typing import NamedTuple

from cleaners.mojibake.chains import SURE, Chain, Part, mark_cost, spelled
from cleaners.mojibake.hanzi import MARKS
from cleaners.mojibake.tongue import Tongue
from cleaners.mojibake.words import LONGEST, NONE, Words, words

__all__ = ["rescored"]

RIVALS = 10
"""Characters that are weighed at a place."""

STATES = 12
"""Ways through a line that are kept at each character."""

REACH = 3
"""Characters after a place that its character is weighed with."""

CHARS, WORDS = 6, 4
"""Weights of the two models, in tenths."""

_Key = tuple[int, str]


class _State(NamedTuple):
    cost: int
    chain: Chain


class _Word(NamedTuple):
    text: str
    number: int


class _Scale(NamedTuple):
    """The two models."""

    tongue: Tongue
    words: Words


class _Line:
    """The characters to choose from at each place of a text, and which places were guessed."""

    def __init__(self, part: Part, scale: _Scale) -> None:
        self.places, self.scale = list(part.text), scale
        self.guessed = frozenset(part.guessed)
        for at, chars in zip(part.guessed, part.choices, strict=True):
            self.places[at] = self._rivals(part.text, at, chars)

    def _rivals(self, text: str, at: int, chars: str) -> str:
        """Return the likeliest of ``chars`` at a place, as the rest of the text is."""
        if len(chars) <= RIVALS:
            return chars
        tongue = self.scale.tongue
        first = tongue.context(text[max(0, at - 3) : at])
        after = [tongue.fold(char) for char in text[at + 1 : at + 1 + REACH]] or ["\n"]

        def near(char: str) -> int:
            return tongue.guess(first, char) + tongue.cost(tongue.fold(char), after[0])

        def cost(char: str) -> int:
            total, context = tongue.guess(first, char), (first + tongue.fold(char))[-3:]
            for follower in after:
                total += tongue.as_is(context, follower)
                context = (context + follower)[-3:]
            return total

        found = sorted(sorted(chars, key=near)[: 2 * RIVALS], key=cost)[:RIVALS]
        return "".join(found) if text[at] in found else "".join((*found, text[at]))

    def words(self, at: int) -> list[_Word]:
        """Return the words that may begin at a place, and its single characters."""
        model, tongue = self.scale.words, self.scale.tongue
        found: list[_Word] = []
        begun = [("", 0)]
        for length, chars in enumerate(self.places[at : at + LONGEST], 1):
            longer: list[tuple[str, int]] = []
            for text, key in begun:
                for char in chars:
                    now = model.longer(key, length, tongue.fold(char))
                    number, more = model.find(now, length) if now >= 0 else (NONE, False)
                    if number >= 0 or length == 1:
                        found.append(_Word(text + char, number))
                    if more:
                        longer.append((text + char, now))
            begun = longer
        return found

    def step(self, at: int, key: _Key, state: _State, word: _Word) -> tuple[_Key, _State]:
        """Take a word from a state at a place on."""
        tongue = self.scale.tongue
        number, context = key
        cost, chain = 0, state.chain
        for place, char in enumerate(word.text, at):
            if place in self.guessed:
                cost += tongue.guess(context, char) + (mark_cost(chain, char) if char in MARKS else 0)
            else:
                cost += tongue.as_is(context, char)
            chain = (char, SURE, chain)
            context = (context + tongue.fold(char))[-3:]
        if word.number != NONE or "\u3400" <= word.text <= "\u9fff":
            cost = CHARS * cost + WORDS * self.scale.words.cost(number, word.number)
        else:
            cost *= CHARS + WORDS
        return (word.number, context), _State(state.cost + cost, chain)

    def cheapest(self, before: str) -> str:
        """Return the cheapest way through the places, which follow ``before``."""
        tongue = self.scale.tongue
        live: list[dict[_Key, _State]] = [{} for _ in range(len(self.places) + 1)]
        live[0][NONE, tongue.context(before)] = _State(0, None)
        for at in range(len(self.places)):
            states = sorted(live[at].items(), key=lambda item: item[1].cost)[:STATES]
            live[at] = {}
            for word in self.words(at):
                ahead = live[at + len(word.text)]
                for key, state in states:
                    key, state = self.step(at, key, state, word)
                    if key not in ahead or ahead[key].cost > state.cost:
                        ahead[key] = state
        ends = live[-1].items()
        _, state = min(ends, key=lambda item: item[1].cost + CHARS * tongue.end(item[0][1]))
        return spelled(state.chain)


def rescored(part: Part, tongue: Tongue, before: str = "") -> Part:
    """Return ``part`` with the likeliest of the characters that its lost bytes allow."""
    if not any(len(chars) > 1 for chars in part.choices):
        return part
    return replace(part, text=_Line(part, _Scale(tongue, words())).cheapest(before))
