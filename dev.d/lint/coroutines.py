"""Coroutine code that g++ 12 miscompiles. Each rule names what to write instead."""

import re

from source import closing

CONDITION = re.compile(r"\b(if|while|switch)\b(?:\s+constexpr)?\s*\(")
AWAIT = re.compile(r"\bco_await\b")
# `name{` where an expression may stand: a braced temporary, not a block or a variable.
BRACED = re.compile(r"(?:[=(,?:]|&&|\|\||\breturn|\bco_return|\bco_yield)"
                    r"\s*([A-Za-z_][\w:]*(?:<[^;{}()]*>)?)\s*\{")
CLASS = re.compile(r"\b(?:class|struct)\s+(?:\[\[[^\]]*\]\]\s*)*"
                   r"([A-Za-z_]\w*)(?:\s+final)?(?:\s*:[^;{}()]*)?\s*\{")
AWAITABLE = re.compile(r"\bawait_ready\s*\(|\boperator\s+co_await\s*\(")


def conditions(source):
    for match in CONDITION.finditer(source.code):
        start = match.end() - 1
        if AWAIT.search(source.code, start, closing(source.code, start)):
            yield source.finding(source.line_at(match.start()),
                                 f"co_await in the condition of `{match.group(1)}`: "
                                 "await into a variable first")


def conditional_operators(source):
    for statement in re.finditer(r"[^;{}]+", source.code):
        question = statement.group().find("?")
        if question >= 0 and len(AWAIT.findall(statement.group(), question)) >= 2:
            yield source.finding(source.line_at(statement.start() + question),
                                 "conditional operator with two co_await: use if and else")


def braced_temporaries(source):
    for match in BRACED.finditer(source.code):
        start = match.end() - 1
        content = source.code[start:closing(source.code, start)]
        if AWAIT.search(content) and ";" not in content:
            yield source.finding(source.line_at(match.start(1)),
                                 f"co_await inside the braces of a temporary {match.group(1)}: "
                                 "await into a variable first")


def direct_members(code, start):
    """The class body at `start` without what its nested braces hold."""
    end, out, offset = closing(code, start), [], start + 1
    while offset < end:
        if code[offset] == "{":
            offset = closing(code, offset)
        else:
            out.append(code[offset])
        offset += 1
    return "".join(out)


def aggregate_awaitables(source):
    for match in CLASS.finditer(source.code):
        members = direct_members(source.code, match.end() - 1)
        name = match.group(1)
        if AWAITABLE.search(members) and not re.search(rf"(?<![~\w]){name}\s*\(", members):
            yield source.finding(source.line_at(match.start()),
                                 f"awaitable {name} has no user-declared constructor")


def check(sources):
    for source in sources:
        if source.is_cpp:
            yield from conditions(source)
            yield from conditional_operators(source)
            yield from braced_temporaries(source)
            yield from aggregate_awaitables(source)
