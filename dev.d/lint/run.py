"""Runs every rule over the repository: run.py ROOT. Exit code 1 if one found something."""

import sys

import coroutines
import hygiene
import layers
import links
import orders
import seam
import snippets
from source import load, repository_files

RULES = [seam, orders, coroutines, layers, hygiene, links, snippets]


def main(root):
    paths = repository_files(root)
    sources = load(root, paths)
    findings = list(hygiene.check_size(root, paths))
    for rule in RULES:
        findings += rule.check(sources)
    for finding in sorted(set(findings), key=lambda f: (f.path, f.line, f.message)):
        print(finding)
    print(f"house rules: {len(sources)} files, {len(set(findings))} findings", file=sys.stderr)
    return 1 if findings or not sources else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
