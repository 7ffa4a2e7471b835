"""./dev answers mistakes with the word at fault and exit code 2, from any directory."""

import subprocess
import tempfile
import unittest
from pathlib import Path

DEV = Path(__file__).resolve().parent.parent / "dev"


def dev(*arguments, cwd=None):
    return subprocess.run([DEV, *arguments], cwd=cwd, stdin=subprocess.DEVNULL, capture_output=True,
                          text=True, timeout=60)


class CommandLine(unittest.TestCase):
    def refuses(self, word, *arguments):
        run = dev(*arguments)
        self.assertEqual(run.returncode, 2, run.stderr)
        self.assertIn(f"'{word}'", run.stderr)
        self.assertEqual(run.stdout, "")

    def test_unknown_command(self):
        self.refuses("chekc", "chekc")

    def test_unknown_options(self):
        self.refuses("--fast", "test", "--fast")
        self.refuses("--fast", "bench", "--fast")
        self.refuses("--fast", "lint", "--fast")
        self.refuses("now", "setup", "now")
        self.refuses("now", "format", "now")
        self.refuses("now", "docs", "now")

    def test_bad_values(self):
        self.refuses("-R", "test", "-R")
        self.refuses("fast", "test", "--preset", "fast")
        self.refuses("-3", "test", "--at-least", "-3")

    def test_help_from_anywhere(self):
        with tempfile.TemporaryDirectory() as elsewhere:
            for arguments in [], ["help"], ["--help"]:
                run = dev(*arguments, cwd=elsewhere)
                self.assertEqual((run.returncode, run.stderr), (0, ""))
                for command in "check test pawl bench lint format docs setup".split():
                    self.assertRegex(run.stdout, rf"(?m)^  {command} ")


if __name__ == "__main__":
    unittest.main()
