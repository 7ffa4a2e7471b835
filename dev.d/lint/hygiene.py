"""What never belongs in the repository, whatever the language."""

import re
from pathlib import Path

from source import Finding

MAX_BYTES = 1 << 20
MAX_LINES = 500
MAX_COLUMNS = 100  # clang-format breaks code; comments are broken by hand
CODE_SUFFIXES = {".hpp", ".cpp", ".h", ".py", ".sh", ".cmake"}
CODE_NAMES = {"CMakeLists.txt", "dev", "run"}
MACHINE_PATH = re.compile(r"(?<![\w/.$}>])/(?:(work|farm|root)/\w|(home|Users)/(?!user/)\w)")
UNFINISHED = re.compile(r"\b(TO" r"DO|FIX" r"ME|XX" r"X)\b")
LICENCE_TEXTS = {"LICENSE"}


def is_code(path):
    return Path(path).suffix in CODE_SUFFIXES or Path(path).name in CODE_NAMES


def check_size(root, paths):
    for path in paths:
        size = (Path(root) / path).stat().st_size
        if size > MAX_BYTES:
            yield Finding(path, 1, f"{size} bytes; the limit is {MAX_BYTES}")


def check(sources):
    for source in sources:
        if source.path in LICENCE_TEXTS:
            continue
        for number, line in enumerate(source.lines, 1):
            if path := MACHINE_PATH.search(line):
                yield source.finding(number, f"absolute path of one machine: {path.group()}...")
            if word := UNFINISHED.search(line):
                yield source.finding(number, f"{word.group()}: finish it or open an issue")
            if line != line.rstrip():
                yield source.finding(number, "trailing whitespace")
            if is_code(source.path) and len(line) > MAX_COLUMNS:
                yield source.finding(number, f"{len(line)} columns; the limit is {MAX_COLUMNS}")
        if source.text and not source.text.endswith("\n"):
            yield source.finding(len(source.lines), "no newline at the end of the file")
        length = source.text.count("\n")
        if length > MAX_LINES and is_code(source.path):
            yield source.finding(length, f"{length} lines; the limit is {MAX_LINES}")
