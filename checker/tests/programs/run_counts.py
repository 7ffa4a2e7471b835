#!/usr/bin/env python3
"""Explores the programs whose numbers of executions are known, written in C or C++.

They are those of the checker's own tests: the same numbers are asked for, under rc11 and sc. Where
threads wait, the sources have loops: executions in which one of them spins end blocked, so that
only the complete ones are compared; where a program can end blocked, a deadlock has to be found.
"""

import argparse
import subprocess
import sys
import tempfile
from pathlib import Path

import run_program


def known_counts(sources):
    table = subprocess.run([sources, "counts"], check=True, capture_output=True, text=True).stdout
    for line in table.splitlines():
        number, name, loops, *counts = line.split("\t")
        complete, blocked = zip(*zip(map(int, counts[::2]), map(int, counts[1::2])))
        for model, c, b in zip(("rc11", "sc"), complete, blocked):
            yield number, f"{name} under {model}", model, loops == "loops", c, b


def differences(found, loops, complete, blocked):
    if found is None:
        yield "there is no report"
    elif blocked > 0:
        if found["verdict"] != "bug" or found["error"]["kind"] != "deadlock":
            yield f"verdict {found['verdict']} instead of a deadlock"
    elif found["verdict"] != "clean":
        yield found["error"]["sentence"] if found["error"] else found["verdict"]
    elif found["complete"] != complete:
        yield f"{found['complete']} complete executions instead of {complete}"
    elif found["blocked"] > 0 and not loops:
        yield f"{found['blocked']} blocked executions"


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("language", choices=("c", "cpp"))
    parser.add_argument("--sources", required=True, help="writes the programs and their counts")
    run_program.add_options(parser)
    options = parser.parse_args()
    failed = programs = 0
    with tempfile.TemporaryDirectory() as folder:
        source = Path(folder) / f"known_counts.{options.language}"
        source.write_bytes(subprocess.run([options.sources, options.language], check=True,
                                          capture_output=True).stdout)
        program = source.with_suffix("")
        run_program.build(source, [], program, options)
        for number, name, model, *expected in known_counts(options.sources):
            _, found = run_program.explore(program, [number], ["--memory-model", model])
            programs += 1
            for difference in differences(found, *expected):
                failed += 1
                print(f"{name}: {difference}")
    print(f"{programs - failed} of {programs} explorations find what is known")
    sys.exit(failed > 0 or programs == 0)


if __name__ == "__main__":
    main()
