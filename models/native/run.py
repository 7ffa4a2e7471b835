#!/usr/bin/env python3
"""Explores the models on the native backend. Fails if one of them does not hold, or if one is not
explored as a whole within the executions allowed. bounded.txt names those that are too big for
that: a tenth of the executions are looked at. Fails, too, if one of those is not so big."""

import argparse
import json
import pathlib
import subprocess
import sys

FORMS = ("own-thread", "in-waker")

parser = argparse.ArgumentParser(description=__doc__)
parser.add_argument("program")
parser.add_argument("--run", default="*", metavar="GLOB", help="which models")
parser.add_argument("--executions", type=int, required=True, help="at most, of a model")
parser.add_argument("--resumption", choices=FORMS, help="only in this form")
options = parser.parse_args()


def listed():
    """{(model, form of resumption)} of bounded.txt."""
    lines = (pathlib.Path(__file__).parent / "bounded.txt").read_text().splitlines()
    words = [line.split() for line in lines if line and not line.startswith("#")]
    return {(name, form) for name, *forms in words for form in forms or FORMS}


def names():
    done = subprocess.run([options.program, "--list", "--json", "-", "--run", options.run],
                          check=True, stdout=subprocess.PIPE)
    return [each["name"] for each in json.loads(done.stdout)["models"]
            if not each["bounds"]["full"]]


def explore(models, form, executions):
    """Their reports, and whether none is wrong."""
    if not models:
        return [], True
    selected = [word for name in models for word in ("--run", name)]
    run = subprocess.run([options.program, *selected, "--resumption", form, "--quiet", "--json",
                          "-", "--executions", str(executions)], stdout=subprocess.PIPE)
    reports = json.loads(run.stdout)["models"]
    held = all(each["verdict"] in ("clean", "limited") for each in reports)
    return reports, held and run.returncode in (0, 3) and len(reports) == len(models)


bounded = listed()
passes, whole, parts = True, 0, 0
for form in [options.resumption] if options.resumption else FORMS:
    for is_big, executions in ((False, options.executions), (True, options.executions // 10)):
        chosen = [name for name in names() if ((name, form) in bounded) == is_big]
        reports, held = explore(chosen, form, executions)
        passes &= held
        for each in reports:
            name = f"{each['name']} [{form}]"
            if each["error"]:
                print(f"{name}: {each['error']['kind']}: {each['error']['sentence']}")
            elif is_big != (each["verdict"] == "limited"):
                passes = False
                print(f"{name}: not as big as bounded.txt says" if is_big else
                      f"{name}: more than {executions} executions; bounded.txt does not name it")
            whole += each["verdict"] == "clean"
            parts += each["verdict"] == "limited"
print(f"{whole} explored as a whole, {parts} in part")
sys.exit(0 if passes and whole + parts > 0 else 1)
