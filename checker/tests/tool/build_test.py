"""pawl-cc and pawl-c++ in place of compilers, and the programs that they make."""

import unittest
from pathlib import Path

from pawl import PAWL, Case

CC, CXX = (str(Path(PAWL).with_name(name)) for name in ("pawl-cc", "pawl-c++"))


class Build(Case):
    def succeeds(self, *words):
        run = self.run_command(*words)
        self.assertEqual((run.returncode, run.stdout, run.stderr), (0, "", ""))

    def test_steps(self):
        self.succeeds(CC, "-O3", "-Wall", "-c", "sb.c", "-o", "sb.o")
        self.succeeds(CC, "-o", "sb", "sb.o", "-lpthread")
        self.passes(self.run_command("./sb", "--pawl"), complete=4)
        self.passes(self.run_command("./sb", PAWL_OPTIONS="--memory-model sc"), complete=3)

    def test_in_one(self):
        self.succeeds(CC, "-DBUG", "sb.c")
        run = self.run_command("./a.out", "an argument", "--pawl", "--memory-model", "tso")
        self.fails(run, "assertion: a == 1 || b == 1 (main, sb.c:")
        self.assertEqual(["./a.out", "an argument", "--pawl"],
                         self.command(run.stdout, "replay")[:3])
        self.fails(self.paste(run.stdout, "replay"), "assertion: a == 1 || b == 1 (main, sb.c:")
        self.assertRegex(run.stdout, r"debug +gdb --args ./a.out 'an argument' --pawl")

    def test_cxx(self):
        self.succeeds(CXX, "-std=c++20", "speak.cpp", "-o", "speak")
        self.passes(self.run_command("./speak", "--pawl"), complete=1)

    def test_other_calls_pass_through(self):
        self.assertIn("gcc", self.run_command(CC, "--version").stdout)
        self.assertIn("clang", self.run_command(CC, "--version", PAWL_CC="clang").stdout)
        self.assertIn("pthread_create", self.run_command(CC, "-E", "sb.c").stdout)
        run = self.run_command(CC, "-fPIC", "-shared", "sb.c", "-o", "libsb.so")
        self.assertEqual(run.returncode, 0)
        self.assertIn("static data of shared libraries", run.stderr)

    def test_mistakes(self):
        self.succeeds(CC, "sb.c", "-o", "sb")
        self.refuses(self.run_command("./sb", "--pawl", "x"), "'x' is no option")
        self.refuses(self.run_command("./sb", "--pawl", "--nodnet", "3"), "did you mean --nondet?")
        self.refuses(self.run_command("./sb", PAWL_OPTIONS="'"), "PAWL_OPTIONS: a quote")
        self.refuses(self.run_command(CC, "-c", "sb.c", PAWL_CC="no-cc"), "no compiler 'no-cc'")


if __name__ == "__main__":
    unittest.main()
