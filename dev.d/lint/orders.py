"""Every memory order of the library carries a tag that says why it suffices and what it pairs with:

    // [sem.3] acq_rel: publishes the count; pairs with [sem.1], [sem.5]

The tag stands on the line that names the order, or directly above it or above the statement it is
part of; two statements without a blank line between them may share one. It lists the orders it
explains (`acq_rel/relaxed` for a compare-exchange; a relaxed failure order may be left out). Tags
are unique, each belongs to an access, an order stronger than relaxed names its pairs, and pairs are
mutual."""

import re
from dataclasses import dataclass, field

TAG = re.compile(r"\[([a-z][a-z0-9_]*\.\d+[a-z]?)\]")
NAME = r"(?:relaxed|consume|acquire|release|acq_rel|seq_cst)\b"
ORDER = re.compile(rf"\bmemory_order(?:_|\s*::\s*)({NAME})")
WORD = re.compile(rf"\b{NAME}")
TAG_START = re.compile(rf"^\s*{TAG.pattern}\s+({WORD.pattern}(?:\s*[/,]\s*{WORD.pattern})*)\s*:")
PAIRS = re.compile(r"\bpairs? with\b(.*)", re.DOTALL)


@dataclass
class Tag:
    name: str
    source: object
    line: int
    orders: set
    text: str
    used: bool = False
    pairs: set = field(default_factory=set)


def applies(source):
    return (source.is_cpp and source.within("lib/include", "lib/src")
            and "/backend/" not in source.path)


def comment_of(source, index):
    """The `//` comment of a line without its slashes, or None."""
    line, code = source.lines[index], source.code_lines[index]
    at = line.find("//", len(code.rstrip()))
    return line[at:].lstrip("/") if at >= 0 else None


def is_comment_line(source, index):
    return comment_of(source, index) is not None and not source.code_lines[index].strip()


def tags_of(source):
    """The tags of a file in order. A tag's text runs on through the comment lines below it."""
    tags, current = [], None
    for index in range(len(source.lines)):
        comment = comment_of(source, index)
        start = TAG_START.match(comment) if comment is not None else None
        if start:
            orders = set(WORD.findall(start.group(2)))
            current = Tag(start.group(1), source, index + 1, orders, comment)
            tags.append(current)
        elif current and is_comment_line(source, index):
            current.text += comment
        else:
            current = None
    for tag in tags:
        pairs = PAIRS.search(tag.text)
        tag.pairs = set(TAG.findall(pairs.group(1))) if pairs else set()
    return tags


def statement_start(source, index):
    """The first line of the statement that line `index` is part of."""
    while index > 0:
        above = source.code_lines[index - 1].rstrip()
        if not above or above.endswith((";", "{", "}", ":")) or above.lstrip().startswith("#"):
            break
        index -= 1
    return index


def tags_above(source, index, by_line):
    """The tags of the comment block that ends directly above line `index`."""
    found = []
    while index > 0 and is_comment_line(source, index - 1):
        index -= 1
        if index + 1 in by_line:
            found.append(by_line[index + 1])
    return found


def tags_for(source, index, by_line):
    """The tags that explain the orders on line `index`."""
    first = statement_start(source, index)
    found = [by_line[line + 1] for line in range(first, index + 1) if line + 1 in by_line]
    return found + tags_above(source, index, by_line) + tags_above(source, first, by_line)


def check_file(source, tags):
    by_line = {tag.line: tag for tag in tags}
    for index, code in enumerate(source.code_lines):
        orders = set(ORDER.findall(code))
        if not orders:
            continue
        found = tags_for(source, index, by_line)
        first = statement_start(source, index)
        if not found and first > 0 and source.code_lines[first - 1].strip():
            found = [tag for tag in tags_for(source, first - 1, by_line) if orders <= tag.orders]
        for tag in found:
            tag.used = True
        explained = set().union(*(tag.orders for tag in found)) if found else set()
        missing = orders - explained
        if not found:
            yield source.finding(index + 1, "memory order without a tag comment "
                                            "`// [name.N] order: why; pairs with [..]`")
        elif missing - {"relaxed"} or (missing and not explained - orders):
            names = ", ".join(sorted(missing))
            yield source.finding(index + 1, f"{names} is not named by its tag [{found[0].name}]")


def check_tag(tag, by_name):
    def at(message):
        return tag.source.finding(tag.line, f"[{tag.name}] {message}")

    if not tag.used:
        yield at("belongs to no memory order")
    if tag.orders - {"relaxed"} and not tag.pairs:
        yield at("must say which tags it pairs with")
    for name in sorted(tag.pairs):
        if name not in by_name:
            yield at(f"pairs with [{name}], which does not exist")
        elif tag.name not in by_name[name].pairs:
            yield at(f"pairs with [{name}], which does not name it back")


def check(sources):
    by_name, all_tags = {}, []
    for source in filter(applies, sources):
        tags = tags_of(source)
        all_tags += tags
        yield from check_file(source, tags)
    for tag in all_tags:
        first = by_name.setdefault(tag.name, tag)
        if first is not tag:
            yield tag.source.finding(
                tag.line, f"[{tag.name}] is already used at {first.source.path}:{first.line}")
    for tag in all_tags:
        yield from check_tag(tag, by_name)
