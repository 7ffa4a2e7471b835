#!/usr/bin/env python3
"""The inventory: what each operation of other libraries is called here, or why it is not here.

usage: inventory.py write | page | compile COMPILER [ARG...]

Each `*.toml` beside this file is one primitive: `title`, `names` (declarations of what its answers
speak of), perhaps a `note`, and a table for each library, of an operation and its answer: words
with code in backquotes, or "none: <why>", or "to come: <what>".

  write    writes ../inventory.md
  page     fails if ../inventory.md is not what write would write, or if what is to come is there
  compile  fails if the compiler does not know the code of an answer; ARG: how to find the headers

Exit code: 0 as demanded, 1 not, 2 usage.
"""

import re
import subprocess
import sys
import tomllib
from collections import Counter, namedtuple
from pathlib import Path

FOLDER = Path(__file__).resolve().parent
PAGE = FOLDER.parent / "inventory.md"
HEADERS = FOLDER.parent.parent / "lib" / "include" / "pawl"

LIBRARIES = ["async_weighted_semaphore", "tokio", "tokio-util", "asupersync", "parking_lot"]
KINDS = ["here", "none", "to come"]
CODE = re.compile(r"`([^`]+)`")
TO_COME = re.compile(r"to come: ([\w: ]+)")

HOW_TO_READ = """\
- What an answer has in backquotes compiles: the test `docs.inventory.compile` sees to that. `T` is
  any type, `U` that of a part of it.
- What waits is to be awaited, `co_await s.acquire(n)`, but for the forms with `_blocking` and
  `try_`. It takes a stop token or a deadline as well.
- A constructor with `on_unwind::release` does as its original does when an exception passes;
  without it, pawl poisons.
"""

Row = namedtuple("Row", "operation library answer kind")
Primitive = namedtuple("Primitive", "stem title note names rows")


class Mistake(Exception):
    pass


def row_of(stem, library, operation, answer):
    kind = next((k for k in KINDS if answer.startswith(f"{k}: ")), "here")
    if "|" in operation + answer or answer.count("`") % 2:
        raise Mistake(f"{stem}.toml: {operation}: a bar, or a backquote without its mate")
    if kind == "here" and not CODE.search(answer):
        raise Mistake(f"{stem}.toml: {operation}: neither code, nor why there is none")
    return Row(operation, library, answer, kind)


def primitive_of(stem, text):
    data = tomllib.loads(text)
    title, note, names = data.pop("title"), data.pop("note", ""), data.pop("names", [])
    if unknown := data.keys() - set(LIBRARIES):
        raise Mistake(f"{stem}.toml: unknown library {', '.join(sorted(unknown))}")
    rows = [row_of(stem, library, operation, answer)
            for library, answers in data.items() for operation, answer in answers.items()]
    return Primitive(stem, title, note, names, rows)


def load():
    """Of all files, in the order of their titles."""
    primitives = [primitive_of(path.stem, path.read_text()) for path in FOLDER.glob("*.toml")]
    if not primitives:
        raise Mistake("docs/inventory: no tables")
    return sorted(primitives, key=lambda each: each.title)


def counts(rows):
    by_kind = Counter(row.kind for row in rows)
    return [len(rows), *(by_kind[kind] for kind in KINDS)]


def table(head, align, rows):
    lines = [head, align, *rows]
    return "\n".join(f"| {' | '.join(map(str, line))} |" for line in lines) + "\n"


def anchor(title):
    return re.sub(r"[^\w-]", "", title.lower().replace(" ", "-"))


def section(primitive):
    parts = [f"## {primitive.title}\n"]
    if primitive.note:
        parts.append(primitive.note + "\n")
    if primitive.names:
        parts.append("With " + ", ".join(f"`{name}`" for name in primitive.names) + ":\n")
    parts.append(table(("operation", "of", "in pawl"), ("---",) * 3,
                       [(f"`{row.operation}`", row.library, row.answer)
                        for row in primitive.rows]))
    return "\n".join(parts)


def page(primitives):
    every = [row for primitive in primitives for row in primitive.rows]
    total, here, none, to_come = counts(every)
    summary = [(f"[{each.title}](#{anchor(each.title)})", *counts(each.rows))
               for each in primitives]
    return "\n".join([
        "# What other libraries have, and what it is called here\n",
        "<!-- Written by docs/inventory/inventory.py from the tables beside it: edit those. -->\n",
        f"Of {total} operations of {', '.join(LIBRARIES[:-1])} and {LIBRARIES[-1]},\n"
        f"{here} have an equivalent, {none} have none for the reason given, "
        f"and {to_come} are to come.\n",
        HOW_TO_READ,
        table(("primitive", "operations", *KINDS), ("---", *("--:",) * 4),
              [*summary, ("all", total, here, none, to_come)]),
        *map(section, primitives)])


def arrived(primitives, headers):
    """What is said to be to come, although there is a header of that name."""
    for primitive in primitives:
        for row in primitive.rows:
            if name := TO_COME.match(row.answer):
                header = "/" + name[1].replace("::", "/").replace(" ", "_") + ".hpp"
                blocks = "blocking/" in header  # the locks for threads have names of others
                if any(path.endswith(header) and ("blocking/" in path) == blocks
                       for path in headers):
                    yield f"{primitive.stem}.toml: {row.operation}: {name[1]} is here"


def program(primitives):
    """C++ that compiles if all code of all answers does. typeid takes types and expressions;
    #line makes complaints name the row."""
    parts = ["#include <pawl/pawl.hpp>\n#include <typeinfo>\n\nnamespace {\n\n"
             "using namespace pawl;\nusing U = int;\nstruct T {\n  U part;\n};\n"]
    for primitive in primitives:
        lines = [f'#line 1 "{primitive.stem}.toml: {row.library}, {row.operation}"\n'
                 f"  static_cast<void>(typeid({code}));\n"
                 for row in primitive.rows for code in CODE.findall(row.answer)]
        parts.append(f'\n#line 1 "{primitive.stem}.toml: names"\n'
                     f"[[maybe_unused]] void answers_of_{primitive.stem}("
                     f"{', '.join(primitive.names)}) {{\n{''.join(lines)}}}\n")
    return "".join(parts) + "\n}  // namespace\n"


def compile_with(command, primitives):
    return subprocess.run([*command, "-x", "c++", "-std=c++20", "-fsyntax-only", "-"],
                          input=program(primitives), text=True, capture_output=True)


def main(arguments):
    match arguments:
        case ["write"]:
            PAGE.write_text(page(load()))
        case ["page"]:
            primitives = load()
            headers = [path.as_posix() for path in HEADERS.rglob("*.hpp")]
            mistakes = list(arrived(primitives, headers))
            if not PAGE.exists() or PAGE.read_text() != page(primitives):
                mistakes.append("docs/inventory.md: not what docs/inventory/inventory.py writes")
            if mistakes:
                raise Mistake("\n".join(mistakes))
        case ["compile", *command] if command:
            run = compile_with(command, load())
            sys.stderr.write(run.stderr)
            return run.returncode != 0
        case _:
            print(__doc__, file=sys.stderr)
            return 2
    return 0


if __name__ == "__main__":
    try:
        sys.exit(main(sys.argv[1:]))
    except Mistake as mistake:
        sys.exit(str(mistake))
