"""tidy_database.py TREE FOLDER OUT: a compilation database with one command for each source below
FOLDER. A library source is compiled for several backends; clang-tidy need not read it as often. Nor
can it read g++'s precompiled headers."""

import json
import re
import sys
from pathlib import Path


def main(tree, folder, out):
    commands = {}
    for entry in json.loads((Path(tree) / "compile_commands.json").read_text()):
        if entry["file"].startswith(folder + "/"):
            precompiled = r"-Winvalid-pch|-include \S+/cmake_pch\S*"
            entry["command"] = re.sub(precompiled, "", entry["command"])
            commands.setdefault(entry["file"], entry)
    Path(out).mkdir(parents=True, exist_ok=True)
    (Path(out) / "compile_commands.json").write_text(json.dumps(list(commands.values())))
    return 0 if commands else f"no sources below {folder}"


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
