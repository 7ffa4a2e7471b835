#!/usr/bin/env python3
"""Compiles a program with hooks, explores it, and compares with what its first lines expect.

    // expect: PASS complete=24 blocked=0
    // expect -DTWICE: FAIL misuse: joins thread 1, which was joined already
    // expect --memory-model=sc buffering: PASS complete=3 blocked=0

Each such line is one exploration. What stands before its colon are compiler flags, if they begin
with a dash, options of the checker, if with two, or arguments of the program. `complete` and
`blocked` may be left out; what follows the kind of failure are words of its sentence. The program
reads what stands in a line `// input: abc`, if there is one.
"""

import argparse
import json
import re
import subprocess
import sys
import tempfile
from pathlib import Path

EXPECT = re.compile(r"^// expect(?P<how>[^:]*): (?P<verdict>PASS|FAIL|LIMIT)(?P<rest>.*)$", re.M)
INPUT = re.compile(r"^// input: (.*)$", re.M)
VERDICTS = {"PASS": "clean", "FAIL": "bug", "LIMIT": "limited"}

def build(source, flags, to, options):
    is_c = source.suffix == ".c"
    compiler = [options.cc] if is_c else [options.cxx, "-std=c++20"]
    subprocess.run([*compiler, *flags, source, "-o", to], check=True)


def explore(program, arguments=(), asked=(), text=""):
    report = program.with_suffix(".json")
    report.unlink(missing_ok=True)
    run = subprocess.run([program, *arguments, "--pawl", *asked, "--json", report],
                         input=text.encode(), stdout=subprocess.PIPE,
                         stderr=subprocess.STDOUT, timeout=60)
    text = run.stdout.decode(errors="replace")
    return text, json.loads(report.read_text())["models"][0] if report.exists() else None


def differences(expected, found):
    if found is None:
        yield "there is no report"
        return
    verdict = VERDICTS[expected["verdict"]]
    if found["verdict"] != verdict:
        yield f"verdict {found['verdict']} instead of {verdict}"
        return
    rest = expected["rest"].strip()
    if verdict == "bug":
        kind, _, words = rest.partition(": ")
        error = found["error"]
        if error["kind"] != kind or words not in error["sentence"]:
            yield f"{error['kind']}: {error['sentence']}"
        if not error["token"]:
            yield "it cannot be replayed"
        return
    for count in rest.split():
        name, value = count.split("=")
        if found[name] != int(value):
            yield f"{name} {found[name]} instead of {value}"


def add_options(parser):
    parser.add_argument("--cc", default="pawl-cc")
    parser.add_argument("--cxx", default="pawl-c++")


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("source", type=Path)
    add_options(parser)
    options = parser.parse_args()
    text = options.source.read_text()
    expectations = list(EXPECT.finditer(text))
    given = INPUT.search(text)
    if not expectations:
        sys.exit(f"{options.source} expects nothing")
    failed = False
    with tempfile.TemporaryDirectory() as folder:
        program = Path(folder) / options.source.stem
        built = None
        for expected in expectations:
            words = expected["how"].split()
            asked = [w for w in words if w.startswith("--")]
            flags = [w for w in words if w.startswith("-") and w not in asked]
            if flags != built:
                build(options.source, flags, program, options)
                built = flags
            arguments = [w for w in words if not w.startswith("-")]
            text, found = explore(program, arguments, asked, given[1] if given else "")
            for difference in differences(expected, found):
                print(f"{expected[0]}\n  but: {difference}\n{text}")
                failed = True
    sys.exit(failed)


if __name__ == "__main__":
    main()
