"""Counting what a regular expression does: a matcher that backtracks as Python's own, and counts.

A step is one character looked at, or one turn of a repetition. Python's engine skips some
of them and does none besides, so what takes steps in proportion to the text here takes time
in proportion to it there.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Callable, Iterator, Sequence
from functools import cache, reduce
from re import _constants as codes  # type: ignore[attr-defined,unused-ignore]  # the parser has no other door
from re import _parser as parser  # type: ignore[attr-defined,unused-ignore]
from typing import Any

__all__ = ["TooManyStepsError", "found_by_steps", "hostile_texts", "steps"]

Parsed = Any
"""A part of what Python's own parser makes of a pattern."""

Next = Callable[[int], bool]
Node = Callable[[int, Next], bool]
UNBOUNDED = 100
"""Repetitions from which on a bound is none."""

CANDIDATES = "a1 .-A,(z\"':/@#)_\\\u2022\uff08\uff09[]xX0p\u65e5T\n+*"
NEVER = "\x01"


class TooManyStepsError(Exception):
    """More steps were taken than allowed."""


class Matcher:
    """One pattern over one text after another."""

    def __init__(self, pattern: re.Pattern[Any]) -> None:
        """Take the pattern; its parts are joined once, for all texts."""
        self.begin("", 0)
        self.groups: dict[int, tuple[int, int]] = {}
        self.flags = pattern.flags
        self.word = _category(codes.CATEGORY_WORD, ascii_only=bool(pattern.flags & re.ASCII))
        self.node = self._sequence(parser.parse(pattern.pattern, pattern.flags & ~re.DEBUG))

    def begin(self, text: str, most: int) -> None:
        """Take the next text, and how many steps may be taken."""
        self.text = text
        self.steps = 0
        self.most = most

    def at(self, start: int, end: Next) -> int | None:
        """Return where a match that begins at *start* and pleases *end* ends."""
        ends: list[int] = []
        self.groups.clear()

        def done(position: int) -> bool:
            if not end(position):
                return False
            ends.append(position)
            return True

        return ends[0] if self.node(start, done) else None

    def _step(self) -> None:
        self.steps += 1
        if self.steps > self.most:
            raise TooManyStepsError

    def _sequence(self, items: Sequence[tuple[Any, Any]]) -> Node:
        nodes = [self._node(op, argument) for op, argument in items]
        return reduce(_followed, reversed(nodes)) if nodes else _nothing

    def _node(self, op: Parsed, argument: Parsed) -> Node:
        if (single := self._single(op, argument)) is not None:
            return self._one(single)
        made: dict[Any, Callable[[Any], Node]] = {
            codes.AT: self._place,
            codes.BRANCH: lambda each: self._branch([self._sequence(part) for part in each[1]]),
            codes.SUBPATTERN: lambda each: self._group(each[0], self._sequence(each[-1])),
            codes.GROUPREF: self._repeated_group,
            codes.MAX_REPEAT: lambda each: self._repeat(each, greedy=True),
            codes.MIN_REPEAT: lambda each: self._repeat(each, greedy=False),
            codes.ASSERT: lambda each: self._look(each, wanted=True),
            codes.ASSERT_NOT: lambda each: self._look(each, wanted=False),
        }
        return made[op](argument)

    def _single(self, op: Parsed, argument: Parsed) -> Callable[[str], bool] | None:
        """Return the test of an item that is one character, None for any other item."""
        if op in {codes.LITERAL, codes.NOT_LITERAL}:
            return _literal(argument, op is codes.LITERAL, bool(self.flags & re.IGNORECASE))
        if op is codes.ANY:
            return lambda each: each != "\n" or bool(self.flags & re.DOTALL)
        if op is codes.IN:
            negated = argument[0][0] is codes.NEGATE
            tests = [self._member(*each) for each in argument if each[0] is not codes.NEGATE]

            def test(character: str) -> bool:
                for each in tests:
                    if each(character):
                        return not negated
                return negated

            return test
        return None

    def _member(self, op: Parsed, argument: Parsed) -> Callable[[str], bool]:
        fold = bool(self.flags & re.IGNORECASE)
        if op is codes.CATEGORY:
            return _category(argument, ascii_only=bool(self.flags & re.ASCII))
        first, last = argument if op is codes.RANGE else (argument, argument)

        def test(each: str) -> bool:
            if first <= ord(each) <= last:
                return True
            if not fold:
                return False
            cases = {ord(case) for case in (each.lower(), each.upper()) if len(case) == 1}
            return bool([case for case in cases if first <= case <= last])

        return test

    def _one(self, test: Callable[[str], bool]) -> Node:
        def match(position: int, then: Next) -> bool:
            self._step()
            text = self.text
            return position < len(text) and test(text[position]) and then(position + 1)

        return match

    def _place(self, where: Parsed) -> Node:
        def match(position: int, then: Next) -> bool:
            self._step()
            return self._is_place(where, position) and then(position)

        return match

    def _is_place(self, where: Parsed, position: int) -> bool:
        text, end = self.text, len(self.text)
        if where is codes.AT_BEGINNING and self.flags & re.MULTILINE:
            return position == 0 or text[position - 1] == "\n"
        if where in {codes.AT_BEGINNING, codes.AT_BEGINNING_STRING}:
            return position == 0
        if where is codes.AT_END:
            return position == end or (position == end - 1 and text[position] == "\n")
        if where is codes.AT_END_STRING:
            return position == end
        before = position > 0 and self.word(text[position - 1])
        after = position < end and self.word(text[position])
        return (before != after) is (where is codes.AT_BOUNDARY)

    def _branch(self, nodes: Sequence[Node]) -> Node:
        def match(position: int, then: Next) -> bool:
            for node in nodes:
                self._step()
                if node(position, then):
                    return True
            return False

        return match

    def _group(self, number: int | None, node: Node) -> Node:
        if number is None:
            return node

        def match(position: int, then: Next) -> bool:
            def closed(end: int) -> bool:
                before = self.groups.get(number)
                self.groups[number] = (position, end)
                if then(end):
                    return True
                if before is None:
                    del self.groups[number]
                else:
                    self.groups[number] = before
                return False

            return node(position, closed)

        return match

    def _repeated_group(self, number: int) -> Node:
        def match(position: int, then: Next) -> bool:
            self._step()
            start, end = self.groups[number]
            held = self.text[start:end]
            return self.text.startswith(held, position) and then(position + len(held))

        return match

    def _look(self, argument: Parsed, *, wanted: bool) -> Node:
        direction, items = argument
        node = self._sequence(items)
        width = parser.SubPattern(parser.State(), list(items)).getwidth()[0]

        def match(position: int, then: Next) -> bool:
            start = position if direction > 0 else position - width
            found = start >= 0 and node(start, lambda end: direction > 0 or end == position)
            return found is wanted and then(position)

        return match

    def _repeat(self, argument: Parsed, *, greedy: bool) -> Node:
        least, most, items = argument
        single = self._single(*items[0]) if len(items) == 1 else None
        if single is not None:
            return self._run(least, most, single, greedy=greedy)
        node = self._sequence(items)

        def match(position: int, then: Next, count: int = 0) -> bool:
            self._step()

            def again(after: int) -> bool:
                return after > position and match(after, then, count + 1)

            if count < least:
                return node(position, lambda after: match(after, then, count + 1))
            if greedy:
                return (count < most and node(position, again)) or then(position)
            return then(position) or (count < most and node(position, again))

        return match

    def _run(self, least: int, most: int, test: Callable[[str], bool], *, greedy: bool) -> Node:
        """Return a repetition of one character, which needs no depth."""

        def match(position: int, then: Next) -> bool:
            end = position
            limit = min(len(self.text), position + most)
            if not greedy:
                return self._lazily(position, (position + least, limit), test, then)
            while end < limit and test(self.text[end]):
                self._step()
                end += 1
            for back in range(end, position + least - 1, -1):
                self._step()
                if then(back):
                    return True
            return False

        return match

    def _lazily(
        self, end: int, bounds: tuple[int, int], test: Callable[[str], bool], then: Next
    ) -> bool:
        least, limit = bounds
        while True:
            self._step()
            if end >= least and then(end):
                return True
            if end >= limit or not test(self.text[end]):
                return False
            end += 1


def _nothing(position: int, then: Next) -> bool:
    """Match what a sequence of no items does."""
    return then(position)


def _followed(second: Node, first: Node) -> Node:
    """Return *first* and then *second*, as one: a sequence is joined from its end."""

    def match(position: int, then: Next) -> bool:
        return first(position, lambda after: second(after, then))

    return match


def _literal(code: int, wanted: bool, fold: bool) -> Callable[[str], bool]:
    character = chr(code).lower() if fold else chr(code)
    if fold:
        return lambda each: (each.lower() == character) is wanted
    return lambda each: (each == character) is wanted


def _category(which: Parsed, *, ascii_only: bool) -> Callable[[str], bool]:
    tests: dict[Any, Callable[[str], bool]] = {
        codes.CATEGORY_DIGIT: str.isdecimal,
        codes.CATEGORY_SPACE: str.isspace,
        codes.CATEGORY_WORD: lambda each: each.isalnum() or each == "_",
    }
    opposite = {
        codes.CATEGORY_NOT_DIGIT: codes.CATEGORY_DIGIT,
        codes.CATEGORY_NOT_SPACE: codes.CATEGORY_SPACE,
        codes.CATEGORY_NOT_WORD: codes.CATEGORY_WORD,
    }
    test = tests[opposite.get(which, which)]
    held = (lambda each: each.isascii() and test(each)) if ascii_only else test
    return (lambda each: not held(each)) if which in opposite else held


def found_by_steps(
    pattern: re.Pattern[Any], use: str, text: str, most: int = sys.maxsize
) -> tuple[list[tuple[int, int]], int]:
    """Return the matches and how many steps they took.

    Args:
        pattern: The pattern.
        use: `match`, `fullmatch`, or what looks everywhere: `search`, `sub`, `findall`.
        text: The text.
        most: How many steps may be taken.

    Raises:
        TooManyStepsError: If more were taken.
    """
    deep = sys.getrecursionlimit()
    sys.setrecursionlimit(1_000_000)
    try:
        matcher = _matcher(pattern)
        matcher.begin(text, most)
        return _found(matcher, use), matcher.steps
    finally:
        sys.setrecursionlimit(deep)


@cache
def _matcher(pattern: re.Pattern[Any]) -> Matcher:
    return Matcher(pattern)


def _found(matcher: Matcher, use: str) -> list[tuple[int, int]]:
    size = len(matcher.text)
    if use in {"match", "fullmatch"}:
        end = matcher.at(0, lambda each: use == "match" or each == size)
        return [] if end is None else [(0, end)]
    found, start, least = [], 0, -1
    while start <= size:
        floor = least if start == least else -1
        end = matcher.at(start, lambda each, floor=floor: each > floor)  # type: ignore[misc]
        if end is None:
            start += 1
            continue
        found.append((start, end))
        if use == "search":
            break
        start = least = end
    return found


def steps(pattern: re.Pattern[Any], use: str, text: str, most: int = sys.maxsize) -> int:
    """Return how many steps a use of *pattern* takes on *text*."""
    return found_by_steps(pattern, use, text, most)[1]


def hostile_texts(pattern: re.Pattern[Any], size: int) -> Iterator[str]:
    """Yield texts of *size* characters that are made to be looked at again and again.

    Each repetition without a bound is filled and what must follow it left out, from one
    beginning and from many; and each character that the pattern knows, and each two.
    """
    matcher = _matcher(pattern)
    tree = parser.parse(pattern.pattern, pattern.flags & ~re.DEBUG)
    yield from dict.fromkeys(each for each in _hostile(matcher, tree, size) if each)


def _hostile(matcher: Matcher, tree: Parsed, size: int) -> Iterator[str]:
    known = "".join(dict.fromkeys(_characters(matcher, tree)))[:8]
    for first in known:
        yield first * size + NEVER
        for second in known:
            yield (first + second) * (size // 2) + NEVER
    for before, body in _repetitions(matcher, tree, ""):
        yield before + _filled(body, size) + NEVER
        yield _filled(before + body, size) + NEVER
        yield _filled(before, size // 2) + _filled(body, size // 2) + NEVER
        yield _filled(before + _filled(body, 20) + NEVER, size)


def _filled(unit: str, size: int) -> str:
    return unit * (size // max(len(unit), 1))


def _members(matcher: Matcher, op: Parsed, argument: Parsed) -> str:
    test = matcher._single(op, argument)  # a helper of this module's own class
    literal = chr(argument) if op is codes.LITERAL else ""
    return literal or "".join(each for each in CANDIDATES if test is not None and test(each))[:4]


def _characters(matcher: Matcher, items: Parsed) -> Iterator[str]:
    for op, argument in items:
        if matcher._single(op, argument) is not None:  # as above
            yield from _members(matcher, op, argument)
        for part in _parts(op, argument):
            yield from _characters(matcher, part)


def _parts(op: Parsed, argument: Parsed) -> Sequence[Any]:
    if op is codes.BRANCH:
        return list(argument[1])
    if op in {codes.SUBPATTERN, codes.MAX_REPEAT, codes.MIN_REPEAT}:
        return [argument[-1]]
    return []


def _sample(matcher: Matcher, items: Parsed) -> str:
    """Return the start of something that the items match."""
    made = ""
    for op, argument in items:
        if op in {codes.MAX_REPEAT, codes.MIN_REPEAT}:
            made += _sample(matcher, argument[-1]) * min(argument[0], UNBOUNDED)
        elif parts := _parts(op, argument):
            made += _sample(matcher, parts[0])
        elif op is codes.GROUPREF:
            made += "/"
        else:
            made += _members(matcher, op, argument)[:1]
    return made


def _repetitions(matcher: Matcher, items: Parsed, before: str) -> Iterator[tuple[str, str]]:
    """Yield each repetition without a bound: what stands before it, and what it repeats."""
    for op, argument in items:
        for part in _parts(op, argument):
            yield from _repetitions(matcher, part, before)
        if op in {codes.MAX_REPEAT, codes.MIN_REPEAT} and argument[1] > UNBOUNDED:
            body = argument[-1]
            whole = _sample(matcher, body)
            kinds = _members(matcher, *body[0]) if len(body) == 1 and not _parts(*body[0]) else ""
            for each in kinds or [whole]:
                yield before, each
        before += _sample(matcher, [(op, argument)])
