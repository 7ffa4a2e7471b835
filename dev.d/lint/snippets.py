"""A code block of a Markdown file that shows a file of the repository must be that file, which is
compiled and run: the line above the block is `<!-- file: examples/downloads.cpp -->`."""

import re

SHOWN = re.compile(r"^<!-- file: (\S+) -->\n+```[a-z]*\n(.*?)^```$", re.MULTILINE | re.DOTALL)


def check(sources):
    by_path = {source.path: source for source in sources}
    for source in sources:
        if not source.path.endswith(".md"):
            continue
        for match in SHOWN.finditer(source.text):
            path, block = match.groups()
            line = source.line_at(match.start())
            if path not in by_path:
                yield source.finding(line, f"shows {path}, which does not exist")
            elif by_path[path].text != block:
                yield source.finding(line, f"the block differs from {path}")
