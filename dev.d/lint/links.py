"""Relative links of Markdown files must lead somewhere."""

import posixpath
import re

LINK = re.compile(r"\[[^\]]*\]\(([^)\s]+)\)")


def check(sources, paths=()):
    known = set(paths) | {source.path for source in sources}
    for path in list(known):
        while path := posixpath.dirname(path):
            known.add(path)
    for source in sources:
        if not source.path.endswith(".md"):
            continue
        for number, line in enumerate(source.lines, 1):
            for target in LINK.findall(line):
                if re.match(r"[a-z]+:|#", target):
                    continue
                path = posixpath.normpath(
                    posixpath.join(posixpath.dirname(source.path), target.split("#")[0]))
                if path not in known:
                    yield source.finding(number, f"link to {target}, which does not exist")
