#!/usr/bin/env python3
"""Checks that the models exist that README.md names for the scenarios of tokio.

    loom_scenarios.py PROGRAM             fails if one does not
    loom_scenarios.py PROGRAM --measure   takes the figures of the table anew, too"""

import json
import pathlib
import resource
import subprocess
import sys

table = pathlib.Path(__file__).parent / "README.md"
program, measures = sys.argv[1], sys.argv[2:] == ["--measure"]


def run(*how):
    done = subprocess.run([program, "--json", "-", *how], stdout=subprocess.PIPE)
    return {each["name"]: each for each in json.loads(done.stdout)["models"]}


def cpu_seconds():
    return resource.getrusage(resource.RUSAGE_CHILDREN).ru_utime


lines = table.read_text().splitlines()
rows = {}
for number, line in enumerate(lines):
    cells = [cell.strip() for cell in line.strip("|").split("|")]
    if line.startswith("|") and len(cells) == 4 and "." in cells[1]:
        rows[number] = (cells[0], cells[1].split(", "))
known = run("--list")
missing = [name for _, names in rows.values() for name in names if name not in known]
for name in missing:
    print(f"README.md names {name}, which is no model")
unfinished = []
if measures and not missing:
    done = {}
    for name in sorted({name for _, names in rows.values() for name in names}):
        before = cpu_seconds()
        done[name] = run("--full", "--quiet", "--run", name)[name]
        done[name]["seconds"] = cpu_seconds() - before
    unfinished = [name for name in done if done[name]["verdict"] != "clean"]
    for number, (scenario, names) in rows.items():
        count = sum(done[name]["states"] or done[name]["complete"] for name in names)
        seconds = sum(done[name]["seconds"] for name in names)
        lines[number] = f"| {scenario} | {', '.join(names)} | {count:,} | {seconds:.1f} |"
    if not unfinished:
        table.write_text("\n".join(lines) + "\n")
    print(f"{len(done)} models, {sum(each['seconds'] for each in done.values()):.0f} s")
for name in unfinished:
    print(f"{name} is not complete")
sys.exit(1 if missing or unfinished or not rows else 0)
