"""The language of searches: what a person types becomes a query for the full-text index.

``大模型 融资`` (both), ``大模型 OR 融资``, ``大模型 -融资`` or ``大模型 NOT 融资``, ``"large model"``
(a phrase), ``open*`` (words that start so), ``title:融资``, parentheses. OR binds weaker than words
side by side. All else is taken literally: no punctuation of a pasted headline is an error.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from storage.errors import QuerySyntaxError
from storage.expressions import All, Either, Field, Node, Term, fts5
from storage.grams import TOKEN, fold, is_gram_char, tokens

__all__ = ["Query", "parse_query"]

_LEX = re.compile(
    r"""(?P<space>\s+)
    |(?P<open>\()
    |(?P<close>\))
    |(?P<field>(?:title|text):(?=[^\s)]))
    |"(?P<phrase>[^"]*)(?P<end>"|$)(?P<star>\*)?
    |[“„«「『](?P<quoted>[^“”„«»「」『』]*)[”»」』]
    |(?P<minus>-(?=[^\s\-]))
    |(?P<word>[^\s()"“„«「『]+|[“„«「『])""",
    re.VERBOSE,
)
"""Chinese marks of quotation quote where they pair; alone they are marks like any other."""

_OPERATORS = {"AND", "OR", "NOT"}
_MAX_TERMS = 64
_MAX_CHARS = 2000


@dataclass(frozen=True, slots=True)
class Query:
    """What is asked for, and the folded words to mark in what is found (no excluded ones)."""

    tree: Node
    words: tuple[str, ...]

    @property
    def match(self) -> str:
        """The query in the language of FTS5."""
        return fts5(self.tree)


@dataclass(frozen=True, slots=True)
class _Lexeme:
    kind: str
    text: str
    position: int
    star: bool = False


def parse_query(text: str) -> Query:
    """Give the query for what a person typed. Raises :class:`QuerySyntaxError` with a plain reason."""
    if len(text) > _MAX_CHARS:
        raise QuerySyntaxError(f"the query has more than {_MAX_CHARS} characters", _MAX_CHARS)
    parser = _Parser(_lexemes(text), len(text))
    tree = parser.whole()
    return Query(tree, tuple(dict.fromkeys(parser.words)))


def _lexemes(text: str) -> list[_Lexeme]:
    out: list[_Lexeme] = []
    for found in _LEX.finditer(text):
        kind, position = found.lastgroup or "", found.start()
        if found["phrase"] is not None:
            if not found["end"]:
                raise QuerySyntaxError("a quotation mark is not closed", position)
            out.append(_Lexeme("term", found["phrase"], position, bool(found["star"])))
        elif kind == "quoted":
            out.append(_Lexeme("term", found["quoted"], position))
        elif kind == "word" and found[0] in _OPERATORS:
            out.append(_Lexeme(found[0], found[0], position))
        elif kind == "word":
            word = found[0]
            out.append(_Lexeme("term", word, position, word.endswith("*")))
        elif kind != "space":
            out.append(_Lexeme(kind, found[0], position))
    terms = [lexeme for lexeme in out if lexeme.kind == "term"]
    if len(terms) > _MAX_TERMS:
        raise QuerySyntaxError(f"the query has more than {_MAX_TERMS} words", terms[_MAX_TERMS].position)
    # A word of marks alone says nothing that could be searched; beside others it is left out.
    silent = {id(lexeme) for lexeme in terms if not TOKEN.search(fold(lexeme.text))}
    if len(silent) == len(terms):
        raise QuerySyntaxError("the query has no word to search for", 0)
    return [lexeme for lexeme in out if id(lexeme) not in silent]


class _Parser:
    """Recursive descent."""

    def __init__(self, lexemes: list[_Lexeme], end: int) -> None:
        self._lexemes = lexemes
        self._at = 0
        self._end = end
        self._excluded = 0
        self._depth = 0
        self.words: list[str] = []

    def _peek(self) -> _Lexeme | None:
        return self._lexemes[self._at] if self._at < len(self._lexemes) else None

    def _take(self, *kinds: str) -> _Lexeme | None:
        lexeme = self._peek()
        if lexeme is None or lexeme.kind not in kinds:
            return None
        self._at += 1
        return lexeme

    def whole(self) -> Node:
        tree = self._alternatives()
        if (rest := self._peek()) is not None:
            raise QuerySyntaxError("a parenthesis is closed that was never opened", rest.position)
        return tree

    def _alternatives(self) -> Node:
        parts = [self._sequence()]
        while self._take("OR"):
            parts.append(self._sequence())
        return parts[0] if len(parts) == 1 else Either(tuple(parts))

    def _sequence(self) -> Node:
        wanted: list[Node] = []
        unwanted: list[Node] = []
        start = self._peek()
        while (lexeme := self._peek()) is not None and lexeme.kind not in ("OR", "close"):
            if self._take("AND"):
                self._expect_more(lexeme, wanted or unwanted)
                continue
            if self._take("NOT", "minus"):
                self._excluded += 1
                unwanted.append(self._factor())
                self._excluded -= 1
            else:
                wanted.append(self._factor())
        if not wanted:
            position = start.position if start else self._end
            if unwanted:
                raise QuerySyntaxError("NOT needs something to search for beside it", position)
            raise QuerySyntaxError("a word is missing here", position)
        alone = len(wanted) + len(unwanted) == 1
        return wanted[0] if alone else All(tuple(wanted), tuple(unwanted))

    def _expect_more(self, operator: _Lexeme, before: list[Node]) -> None:
        after = self._peek()
        if not before or after is None or after.kind in ("OR", "AND", "close"):
            raise QuerySyntaxError(f"{operator.text} needs a word on both sides", operator.position)

    def _factor(self) -> Node:
        if field := self._take("field"):
            return Field(field.text[:-1], self._factor())
        if opened := self._take("open"):
            self._depth += 1
            if self._depth > _MAX_TERMS:
                raise QuerySyntaxError("too many parentheses inside each other", opened.position)
            inner = self._alternatives()
            self._depth -= 1
            if not self._take("close"):
                raise QuerySyntaxError("a parenthesis is not closed", opened.position)
            return inner
        if term := self._take("term"):
            return self._term(term)
        lexeme = self._peek()
        raise QuerySyntaxError("a word is missing here", lexeme.position if lexeme else self._end)

    def _term(self, term: _Lexeme) -> Node:
        folded = fold(term.text)
        if not self._excluded:
            self.words += TOKEN.findall(folded)
        phrase, prefix = _phrase_tokens(folded)
        return Term(tuple(phrase), prefix or term.star)


def _phrase_tokens(folded: str) -> tuple[list[str], bool]:
    """Give the tokens of the index whose sequence is ``folded``, and whether the last may go on.

    The last character of a run stands alone only where the text's run ends there too, so it is
    left out; a run of one character behind something else must be a beginning instead.
    """
    out = tokens(folded)
    ends_in_run = bool(out) and is_gram_char(out[-1])
    if not ends_in_run or len(out) == 1:
        return out, False
    if len(out[-2]) == 2 and is_gram_char(out[-2]) and out[-2][1] == out[-1]:
        return out[:-1], False
    return out, True
