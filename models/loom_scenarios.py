#!/usr/bin/env python3
"""Checks that the models exist that README.md names for the scenarios of tokio.

    loom_scenarios.py PROGRAM             fails if one does not
    loom_scenarios.py PROGRAM --measure   takes the executions of the table anew, too"""

import json
import pathlib
import subprocess
import sys

SECONDS = 40  # of a model, when measuring; one that takes longer has no figure

table = pathlib.Path(__file__).parent / "README.md"
program, measures = sys.argv[1], sys.argv[2:] == ["--measure"]


def run(*how):
    done = subprocess.run([program, "--json", "-", *how], stdout=subprocess.PIPE)
    return {each["name"]: each for each in json.loads(done.stdout)["models"]}


lines = table.read_text().splitlines()
rows = {}
for number, line in enumerate(lines):
    cells = [cell.strip() for cell in line.strip("|").split("|")]
    if line.startswith("|") and len(cells) == 3 and "." in cells[1]:
        rows[number] = (cells[0], cells[1].split(", "))
known = run("--list")
missing = [name for _, names in rows.values() for name in names if name not in known]
for name in missing:
    print(f"README.md names {name}, which is no model")
if measures and not missing:
    first = sorted({names[0] for _, names in rows.values()})
    done = run("--full", "--quiet", "--time", str(SECONDS),
               *(word for name in first for word in ("--run", name)))
    for number, (scenario, names) in rows.items():
        each = done[names[0]]
        count = f"{each['complete']:,}" if each["verdict"] == "clean" else f"more than {SECONDS} s"
        lines[number] = f"| {scenario} | {', '.join(names)} | {count} |"
    table.write_text("\n".join(lines) + "\n")
    print(f"{len(first)} models, {sum(each['seconds'] for each in done.values()):.0f} s")
sys.exit(1 if missing or not rows else 0)
