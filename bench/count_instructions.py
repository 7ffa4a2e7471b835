"""Counts the instructions that one round of a program's loop executes.

usage: count_instructions.py [--at-most N] [--locked N] PROGRAM

Runs `PROGRAM rounds` under callgrind for two numbers of rounds; what the longer run executes more,
divided by the rounds it has more, is one round, the loop itself included. Which of them are locked
(a lock prefix, or an exchange with memory) is read from the disassembly. Everything must happen in
the program's own code: what a round executes in shared libraries is an error, for it could hide
more locked instructions.

Exit code: 0 as demanded, 1 not, 2 usage, 77 there is no valgrind or no objdump.
"""

import argparse
import re
import shutil
import subprocess
import sys
import tempfile
from collections import Counter
from pathlib import Path

SHORT, LONG = 1000, 3000
LOCKED = re.compile(r"^\s*([0-9a-f]+):\s.*?\b(?:lock\b|xchg\b.*\()", re.MULTILINE)


def locked_addresses(program):
    listing = subprocess.run(["objdump", "-d", "--no-show-raw-insn", program],
                             check=True, capture_output=True, text=True).stdout
    return {int(address, 16) for address in LOCKED.findall(listing)}


def executed(program, rounds):
    """How often each (object file, address) ran."""
    with tempfile.TemporaryDirectory() as folder:
        profile = Path(folder) / "profile"
        subprocess.run(["valgrind", "--quiet", "--tool=callgrind", "--dump-instr=yes",
                        "--compress-strings=no", "--compress-pos=no",
                        f"--callgrind-out-file={profile}", program, str(rounds)],
                       check=True, stdin=subprocess.DEVNULL)
        return parse(profile.read_text())


def parse(profile):
    counts, where, is_call = Counter(), "", False
    for line in profile.splitlines():
        if line.startswith("ob="):
            where = line[3:]
        elif line.startswith("calls="):
            is_call = True  # the next line has the cost of the callee, which is listed there
        elif line.startswith("0x"):
            address, _, cost = line.split()[:3]
            if not is_call:
                counts[where, int(address, 16)] += int(cost)
            is_call = False
    return counts


def main():
    options = argparse.ArgumentParser(usage=__doc__)
    options.add_argument("--at-most", type=int)
    options.add_argument("--locked", type=int)
    options.add_argument("program")
    chosen = options.parse_args()
    for tool in ("valgrind", "objdump"):
        if not shutil.which(tool):
            print(f"skipped: there is no {tool}")
            return 77

    program = str(Path(chosen.program).resolve())
    more = executed(program, LONG)
    more.subtract(executed(program, SHORT))
    elsewhere = sum(n for (where, _), n in more.items() if where != program)
    total = sum(more.values()) / (LONG - SHORT)
    locks = locked_addresses(program)
    locked = sum(n for (_, address), n in more.items() if address in locks) / (LONG - SHORT)
    print(f"one round: {total:g} instructions, {locked:g} of them locked")

    problems = []
    if elsewhere:
        problems.append(f"{elsewhere} instructions ran in shared libraries")
    if chosen.at_most is not None and total > chosen.at_most:
        problems.append(f"more than {chosen.at_most} instructions")
    if chosen.locked is not None and locked != chosen.locked:
        problems.append(f"{chosen.locked} locked instructions are demanded")
    for problem in problems:
        print(f"error: {problem}", file=sys.stderr)
    return 1 if problems else 0


if __name__ == "__main__":
    sys.exit(main())
