#!/usr/bin/env python3
"""Do the tests notice a wrong comparison or a missing edge?

A copy of the library is built in which each comparison of the kernel and the geometry can be turned
into its neighbour (< into <=, == into != ...) and each `+ 1` and `- 1` can lose its 1.  All of these
mutants are in one build, because the kernel takes minutes to compile; the environment variable
SPP_MUTANT says which one is awake.  The tests of the native build run against each, on the portable
tier, whose kernel is that of all tiers.

usage: mutate.py [--sample N] [--only NUMBER...]
"""

import argparse
import os
import pathlib
import random
import re
import shutil
import subprocess
import sys

ROOT = pathlib.Path(__file__).resolve().parents[2]
WORK = ROOT / "build" / "mutation"
TESTS = ROOT / "build" / "release" / "tests" / "spp_tests"

FILES = """edges.cpp grid.cpp partition.cpp region_plan.cpp projections.cpp positions.cpp fold_plan.cpp
images.cpp kernel.hpp walk.hpp cells.hpp lines.hpp planes.hpp plane_bands.hpp turn.hpp reorder.hpp
argmax_cells.hpp argmax_rows.hpp region_kernel.hpp gradient_kernel.hpp gradient_positions.hpp
policies.hpp""".split()

NEIGHBOURS = {"<": "<=", "<=": "<", ">": ">=", ">=": ">"}  # else the opposite

# Operands that are one name, member, element or call; between what binds less.  What is evaluated by
# the compiler is left out, and so are lines of the preprocessor and template parameters.
OPERAND = r"[A-Za-z_][\w.]*(?:->\w+)*(?:\[\w+\](?:\.\w+)?|\(\))?|\d+"
COMPARISON = re.compile(
    rf"(?<=[(;&|=?n] |.[(!])({OPERAND}) (<=|>=|==|!=|<|>) ({OPERAND})(?=;|\)| &&| \|\|| \?|,)"
)
EDGE = re.compile(r"(?<=[\w)\]] [+-] )1(?=[;,)\] ])")
FIXED = re.compile(r"constexpr|static_assert|template|^\s*(#|//)|\bassert\b|\bcase\b|\w<[\w:]+ [+-] 1")

PRELUDE = """#pragma once
#ifdef __cplusplus
#include <cstdlib>
inline const int spp_mutant = [] {
  const char *const text = std::getenv("SPP_MUTANT");
  return text == nullptr ? 0 : std::atoi(text);
}();
#endif
"""

# First those that find most, in a second; then more of what runs on the portable tier.
FILTERS = [
    "*Sample*portable*:*Projections*:*Geometry*",
    "*portable_f32*:*Gradient*portable_f16*:*/portable:*Geometry*-*Large*:*Values.*:*FloatingPoint*",
]


def instrument():
    """Writes the copy; returns the mutants as (file, line number, text, what becomes of it)."""
    source = WORK / "source"
    shutil.rmtree(source, ignore_errors=True)
    for folder in ["src", "capi", "cmake", "include"]:
        shutil.copytree(ROOT / folder, source / folder)
    for file in ["CMakeLists.txt", "LICENSE", "NOTICE", "README.md"]:
        shutil.copy(ROOT / file, source / file)
    (source / "mutant.hpp").write_text(PRELUDE)
    mutants = []

    def comparison(match, place):
        left, operator, right = match.groups()
        text = f"{left} {operator} {right}"
        neighbour = NEIGHBOURS.get(operator)
        other = f"{left} {neighbour} {right}" if neighbour else f"!({text})"
        mutants.append((*place, text, other))
        return f"(spp_mutant == {len(mutants)} ? {other} : {text})"

    def edge(match, place):
        text = match.string[max(0, match.start() - 30) : match.end()].strip()
        mutants.append((*place, text, text[:-1] + "0"))
        return f"(spp_mutant == {len(mutants)} ? 0 : 1)"

    for name in FILES:
        path = source / "src" / name
        lines = path.read_text().split("\n")
        for number, line in enumerate(lines):
            if FIXED.search(line):
                continue
            place = (name, number + 1)
            line = EDGE.sub(lambda match: edge(match, place), line)
            if "spp_mutant" not in line:
                line = COMPARISON.sub(lambda match: comparison(match, place), line)
            lines[number] = line
        path.write_text("\n".join(lines))
    return mutants


def build():
    options = ["-DSPP_BUILD_TESTS=OFF", "-DSPP_BUILD_BENCH=OFF", "-DSPP_BUILD_TOOLS=OFF"]
    flags = f"-w -O1 -include {WORK}/source/mutant.hpp"
    subprocess.run(
        ["cmake", "-S", WORK / "source", "-B", WORK / "build", "-G", "Ninja", *options]
        + ["-DSPP_TIERS=portable", "-DCMAKE_BUILD_TYPE=Mutants", f"-DCMAKE_CXX_FLAGS={flags}"],
        check=True,
        stdout=subprocess.DEVNULL,
    )
    jobs = os.environ.get("SPP_JOBS", str(os.cpu_count()))
    subprocess.run(
        ["cmake", "--build", WORK / "build", "--target", "spp_shared", "-j", jobs], check=True
    )


def is_killed(mutant):
    environment = dict(
        os.environ, LD_PRELOAD=str(WORK / "build" / "libspp.so"), SPP_MUTANT=str(mutant)
    )
    for tests, seconds in zip(FILTERS, [60, 300]):
        command = [TESTS, "--gtest_brief=1", "--gtest_fail_fast", f"--gtest_filter={tests}"]
        try:
            run = subprocess.run(command, env=environment, capture_output=True, timeout=seconds)
        except subprocess.TimeoutExpired:
            return "did not end"
        if run.returncode != 0:
            return "tests failed" if run.returncode == 1 else f"signal {-run.returncode}"
    return None


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--sample", type=int, help="as many mutants, always the same ones")
    parser.add_argument("--only", type=int, nargs="+", help="these mutants")
    arguments = parser.parse_args()
    mutants = instrument()
    print(f"{len(mutants)} mutants in {len(FILES)} files", flush=True)
    build()
    if is_killed(0):
        sys.exit("the tests fail without any mutant")
    numbers = arguments.only or list(range(1, len(mutants) + 1))
    if arguments.sample:
        numbers = sorted(random.Random(1).sample(numbers, arguments.sample))
    survivors = 0
    for number in numbers:
        file, line, text, other = mutants[number - 1]
        verdict = is_killed(number)
        survivors += verdict is None
        print(f"{number:4} {file}:{line}: {text}  ->  {other}: {verdict or 'SURVIVED'}", flush=True)
    killed = len(numbers) - survivors
    print(f"{killed} of {len(numbers)} killed, {100 * killed / len(numbers):.1f} %")


if __name__ == "__main__":
    main()
