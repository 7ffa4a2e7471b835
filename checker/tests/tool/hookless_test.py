"""The warning of objects that share data but were compiled without hooks."""

import unittest
from pathlib import Path

from pawl import PAWL, Case

CC, CXX = (str(Path(PAWL).with_name(name)) for name in ("pawl-cc", "pawl-c++"))

MAIN = """
extern int shared, more, most;
int private_to_main;
void add(void);
int* where(void);
int main(void) {
  add();
  return *where() + shared + more + most + private_to_main - 4;
}
"""
ADD = "int shared, more = 1, most; void add(void) { ++shared; ++most; }"
WHERE = "static int hidden = 1; int* where(void) { return &hidden; }"
UNUSED = "extern int shared; void unused(void) { ++shared; }"
ASSEMBLER = """
  .globl shared, add
  .data
shared: .long 1
  .text
add: incl shared(%rip)
  ret
  .section .note.GNU-stack, ""
"""
HEADER = "namespace n { struct s { inline static int total; }; int next(); }"


class Hookless(Case):
    def compile(self, name, text, *by):
        (self.folder / name).write_text(text)
        run = self.run_command(*(by or ["gcc"]), "-c", name)
        self.assertEqual((run.returncode, run.stderr), (0, ""))
        return str(Path(name).with_suffix(".o"))

    def warns(self, run, *lines):
        self.assertEqual((run.returncode, run.stderr),
                         (0, "".join(f"{line}\n" for line in lines)), run.stdout)

    def test_what_shares_data(self):
        warning = (": warning: add.o was compiled without hooks; what it does to 'shared' and 2 "
                   "more is not seen (compile it with {})")
        objects = [self.compile("main.c", MAIN, CC), self.compile("where.c", WHERE, CC),
                   self.compile("add.c", ADD)]
        self.warns(self.run_command(CC, *objects), "pawl-cc" + warning.format("pawl-cc"))
        self.warns(self.run_command(CC, "main.c", *objects[1:]),
                   "pawl-cc" + warning.format("pawl-cc"))
        self.warns(self.check("main.c", *objects[1:]),
                   "pawl check" + warning.format("pawl-cc or pawl-c++"))

    def test_what_shares_none(self):
        objects = [self.compile("main.c", MAIN, CC), self.compile("where.c", WHERE),
                   self.compile("add.c", ADD, CC),
                   self.compile("data.c", "int data; extern int shared; int* p = &shared;"),
                   self.compile("constant.c", "extern int shared; int* const c = &shared;")]
        self.warns(self.run_command(CC, *objects))
        self.warns(self.check(*objects))

    def test_archive(self):
        objects = [self.compile("add.c", ADD), self.compile("where.c", WHERE),
                   self.compile("unused.c", UNUSED)]
        self.compile("main.c", MAIN, CC)
        self.run_command("ar", "rcs", "libparts.a", *objects)
        self.warns(self.run_command(CC, "main.o", "libparts.a"),
                   "pawl-cc: warning: libparts.a(add.o) was compiled without hooks; what it does "
                   "to 'shared' and 2 more is not seen (compile it with pawl-cc)")
        for source in ("add.c", "where.c"):
            self.run_command(CC, "-c", source)
        self.run_command("ar", "rcs", "libparts.a", *objects)
        self.warns(self.run_command(CC, "main.o", "libparts.a"))
        self.warns(self.run_command(CC, "main.o", "libparts.a", "unused.o"),
                   "pawl-cc: warning: unused.o was compiled without hooks; what it does to "
                   "'shared' is not seen (compile it with pawl-cc)")

    def test_common_data(self):
        (self.folder / "main.c").write_text("int both; int main(void) { return both; }")
        other = self.compile("other.c", "int both; void f(void) { both = 1; }", "gcc", "-fcommon")
        run = self.run_command(CC, "-fcommon", "main.c", other)
        self.warns(run, "pawl-cc: warning: other.o was compiled without hooks; what it does to "
                        "'both' is not seen (compile it with pawl-cc)")

    def test_cxx(self):
        (self.folder / "n.hpp").write_text(HEADER)
        next_ = self.compile("next.cpp", '#include "n.hpp"\nint n::next() { return ++s::total; }',
                             "g++")
        text = '#include "n.hpp"\nint main() { return n::next() - n::s::total; }'
        main = self.compile("main.cpp", text, CXX)
        self.warns(self.run_command(CXX, main, next_),
                   "pawl-c++: warning: next.o was compiled without hooks; what it does to "
                   "'n::s::total' is not seen (compile it with pawl-c++)")

    def test_classes_share_no_data(self):
        text = ("#include <iostream>\nstruct base { virtual ~base(); virtual void f(); };\n"
                "inline void say() { try { std::cout << 1; } catch (base&) {} }\n")
        other = self.compile("other.cpp", text + "base::~base() {}\nvoid base::f() { say(); }",
                             "g++", "-fPIC")
        self.compile("main.cpp", text + "int main() { say(); base b; b.f(); }", CXX)
        self.warns(self.run_command(CXX, "main.cpp", other))

    def test_assembler(self):
        (self.folder / "main.c").write_text(
            "extern int shared; void add(void); int main(void) { add(); return shared - 2; }")
        (self.folder / "add.S").write_text(ASSEMBLER)
        for run in self.run_command(CC, "main.c", "add.S"), self.check("main.c", "add.S"):
            self.assertEqual(run.returncode, 0)
            self.assertTrue(run.stderr.endswith(": warning: add.S was compiled without hooks; what "
                                                "it does to 'shared' is not seen\n"), run.stderr)

    def test_flags_that_take_hooks_away(self):
        (self.folder / "main.c").write_text(MAIN)
        (self.folder / "add.c").write_text(ADD + WHERE)
        run = self.check("main.c", "add.c", "--", "-fno-sanitize=thread")
        self.assertEqual([line.split(" was")[0] for line in run.stderr.splitlines()],
                         ["pawl check: warning: main.c", "pawl check: warning: add.c"])

    def test_what_does_not_link(self):
        (self.folder / "main.c").write_text(MAIN)
        run = self.check("main.c", self.compile("add.c", ADD))
        self.assertEqual(run.returncode, 2)
        self.assertNotIn("warning", run.stderr)


if __name__ == "__main__":
    unittest.main()
