#!/usr/bin/env python3
"""Explores the models on the native backend, each up to a number of executions, and tells how many
were explored as a whole. Fails if one of them does not hold, or if too few were."""

import argparse
import json
import subprocess
import sys
from collections import Counter

parser = argparse.ArgumentParser(description=__doc__)
parser.add_argument("program")
parser.add_argument("--run", default="*", metavar="GLOB", help="which models")
parser.add_argument("--executions", type=int, help="at most, of a model; none: all")
parser.add_argument("--at-least", type=float, default=1, help="part that is explored as a whole")
options = parser.parse_args()

bound = ["--executions", str(options.executions)] if options.executions else []
run = subprocess.run([options.program, "--run", options.run, "--resumption", "both", "--quiet",
                      "--json", "-", *bound], stdout=subprocess.PIPE)
models = json.loads(run.stdout)["models"]
verdicts = Counter(each["verdict"] for each in models)
for each in models:
    if each["error"]:
        print(f"{each['name']}: {each['error']['kind']}: {each['error']['sentence']}")
print(", ".join(f"{count} {verdict}" for verdict, count in verdicts.items()))
held = verdicts["clean"] + verdicts["limited"] == len(models) and run.returncode in (0, 3)
sys.exit(0 if held and verdicts["clean"] >= options.at_least * len(models) else 1)
