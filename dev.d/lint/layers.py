"""Who may include whom."""

import re

INCLUDE = re.compile(r'^[ \t]*#[ \t]*include[ \t]*[<"]([^>"]+)[>"]', re.MULTILINE)
PRIMITIVES = re.compile(
    r"^pawl/(?:sync|channel|task|time|blocking|interop)/|^pawl/(?:pawl|error)\.hpp$")
CHECKER = re.compile(r"^pawl/check(?:/|\.hpp$)|^(?:\.\./)*checker/")
ENGINE = re.compile(r"(?:^|/)(?:engine|frontend|report|tool)/")

# (folders, exceptions, what they must not include, why)
RULES = [
    (("checker/src/engine", "checker/src/fiber"), (), PRIMITIVES, "the engine knows no primitive"),
    (("checker/src/fiber",), (), ENGINE, "fibers are below the engine"),
    (("lib",), ("lib/include/pawl/backend/model", "lib/src/backend/model"), CHECKER,
     "only the model backend knows the checker"),
]


def check(sources):
    for source in filter(lambda s: s.is_cpp, sources):
        for folders, exceptions, forbidden, why in RULES:
            if not source.within(*folders) or source.within(*exceptions):
                continue
            for match in INCLUDE.finditer(source.text):
                if forbidden.search(match.group(1)):
                    yield source.finding(source.line_at(match.start()),
                                         f"includes {match.group(1)}: {why}")
