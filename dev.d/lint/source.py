"""Source files as the rules see them."""

import re
import subprocess
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

CPP = {".hpp", ".cpp", ".h"}

# One alternative per thing that is not code; raw strings before plain ones.
NOT_CODE = re.compile(
    r'//[^\n]*|/\*.*?\*/'
    r'|R"(?P<d>[^()\\\s]{0,16})\(.*?\)(?P=d)"'
    r'|"(?:\\.|[^"\\\n])*"'
    r"|(?<![0-9a-fA-F])'(?:\\.|[^'\\\n])+'",
    re.DOTALL)


@dataclass(frozen=True)
class Finding:
    path: str
    line: int
    message: str

    def __str__(self):
        return f"{self.path}:{self.line}: {self.message}"


class Source:
    """A text file: `path` relative to the repository, `text`, and for C++ `code`, which is the text
    with comments and literals blanked out, offset by offset."""

    def __init__(self, path, text):
        self.path = path
        self.text = text

    @property
    def is_cpp(self):
        return Path(self.path).suffix in CPP

    def within(self, *folders):
        return any(self.path.startswith(folder.rstrip("/") + "/") for folder in folders)

    @cached_property
    def lines(self):
        return self.text.split("\n")

    @cached_property
    def code(self):
        return NOT_CODE.sub(lambda m: re.sub(r"[^\n]", " ", m.group()), self.text)

    @cached_property
    def code_lines(self):
        return self.code.split("\n")

    def line_at(self, offset):
        return self.text.count("\n", 0, offset) + 1

    def finding(self, line, message):
        return Finding(self.path, line, message)


def repository_files(root):
    """Paths of what is or could be committed: tracked files and new ones that are not ignored."""
    listing = subprocess.run(
        ["git", "-C", root, "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
        check=True, capture_output=True).stdout.decode()
    return sorted(p for p in set(listing.split("\0")) if p and (Path(root) / p).is_file())


def load(root, paths):
    """The text files among `paths`."""
    sources = []
    for path in paths:
        data = (Path(root) / path).read_bytes()
        if b"\0" not in data[:8192]:
            sources.append(Source(path, data.decode("utf-8", errors="replace")))
    return sources


def closing(code, start):
    """Offset of the bracket that closes the one at `start`, or the end of the code."""
    pairs = {"(": ")", "{": "}", "[": "]"}
    opening, closer, depth = code[start], pairs[code[start]], 0
    for offset in range(start, len(code)):
        if code[offset] == opening:
            depth += 1
        elif code[offset] == closer:
            depth -= 1
            if depth == 0:
                return offset
    return len(code)
