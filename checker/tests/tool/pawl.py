"""Runs the tool in a directory of its own, as a user would."""

import os
import re
import shlex
import shutil
import subprocess
import tempfile
import unittest
from pathlib import Path

PAWL = os.environ["PAWL"]
SOURCES = Path(__file__).resolve().parent


class Case(unittest.TestCase):
    def setUp(self):
        self.folder = Path(tempfile.mkdtemp())
        self.addCleanup(shutil.rmtree, self.folder)
        self.temporary = self.folder / "tmp"
        self.temporary.mkdir()
        self.environment = {name: text for name, text in os.environ.items()
                            if not name.startswith("PAWL")}
        self.environment.update(TMPDIR=str(self.temporary), LC_ALL="C.UTF-8")
        for source in SOURCES.glob("*.c*"):
            shutil.copy(source, self.folder)

    def run_command(self, *words, given="", **environment):
        return subprocess.run(words, cwd=self.folder, env=self.environment | environment,
                              input=given, capture_output=True, text=True, timeout=120)

    def check(self, *words, given=""):
        return self.run_command(PAWL, "check", *words, given=given)

    def passes(self, run, complete, blocked=0):
        self.assertEqual((run.returncode, run.stderr), (0, ""), run.stdout)
        self.assertRegex(run.stdout, rf"\APASS .* complete {complete}  blocked {blocked} ")

    def fails(self, run, sentence):
        self.assertEqual((run.returncode, run.stderr), (1, ""), run.stdout)
        self.assertIn(sentence, run.stdout.replace("\n", " "))

    def refuses(self, run, message):
        self.assertEqual((run.returncode, run.stdout), (2, ""), run.stderr)
        self.assertIn(message, run.stderr)

    def command(self, report, label):
        """The words of a command that a report shows, on one line or on several."""
        text = re.search(rf"^{label} +((?:.*\\\n)*.*)", report, re.MULTILINE).group(1)
        return shlex.split(text.replace("\\\n", " "))

    def paste(self, report, label, given=""):
        """Runs the command that a report shows."""
        return self.run_command(*self.command(report, label), given=given)
