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
import resource
import shutil
import subprocess
import sys

ROOT = pathlib.Path(__file__).resolve().parents[2]
WORK = ROOT / "build" / "mutation"
TESTS = ROOT / "build" / "release" / "tests"

FILES = """edges.cpp edge_list.hpp grid.cpp partition.cpp projections.cpp positions.cpp fold_plan.cpp
images.cpp windows.cpp kernel.hpp walk.hpp cells.hpp lines.hpp planes.hpp plane_bands.hpp turn.hpp
reorder.hpp argmax_cells.hpp argmax_rows.hpp gradient_kernel.hpp gradient_positions.hpp
region_plan.cpp region_bins.hpp region_pack.hpp region_pool.hpp region_six.hpp region_sum.hpp
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

# First what finds most, in a second; then what is about the mutant's file.
ALWAYS = [
    ["spp_bad_input"],
    ["spp_tests", "--gtest_filter=*Sample*portable*:*Projections*:*Geometry*"],
]
THREADS = ["faults/spp_fault_tests", "--gtest_filter=*Threads*/portable:Callers*:LargeMap*"]
SWEEPS = ["spp_tests", "--gtest_filter=*Layouts*portable_f32:*Planes*portable_f32:*Values.S*portable_f32"]
OF_FILE = {
    "argmax": [["spp_tests", "--gtest_filter=*Argmax*portable_f32:*Positions*"], SWEEPS],
    "fold": [["spp_tests", "--gtest_filter=*Gradient*portable*"]],
    "gradient": [["spp_tests", "--gtest_filter=*Gradient*portable*"]],
    "positions": [["spp_tests", "--gtest_filter=*Gradient*portable*"]],
    "region": [["spp_tests", "--gtest_filter=*Regions*portable_f32:*Rois*portable"]],
    "": [THREADS, SWEEPS, ["spp_tests", "--gtest_filter=*Regions*portable_f32:*Gradient*portable_f32"]],
}


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


def commands_for(file):
    prefix = next(prefix for prefix in OF_FILE if file.startswith(prefix))
    return ALWAYS + OF_FILE[prefix]


def limit_processor_time():
    resource.setrlimit(resource.RLIMIT_CPU, (100, 100))


def is_killed(mutant, commands):
    environment = dict(
        os.environ, LD_PRELOAD=str(WORK / "build" / "libspp.so"), SPP_MUTANT=str(mutant)
    )
    for program, *options in commands:
        command = [TESTS / program, *options]
        if options:
            command += ["--gtest_brief=1", "--gtest_fail_fast"]
        run = subprocess.run(
            command, env=environment, capture_output=True, preexec_fn=limit_processor_time
        )
        if run.returncode != 0:
            return "tests failed" if run.returncode == 1 else f"status {run.returncode}"
    return None


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--sample", type=int, help="as many mutants, always the same ones")
    parser.add_argument("--only", type=int, nargs="+", help="these mutants")
    arguments = parser.parse_args()
    mutants = instrument()
    print(f"{len(mutants)} mutants in {len(FILES)} files", flush=True)
    build()
    if is_killed(0, commands_for("")):
        sys.exit("the tests fail without any mutant")
    numbers = arguments.only or list(range(1, len(mutants) + 1))
    if arguments.sample:
        numbers = sorted(random.Random(1).sample(numbers, arguments.sample))
    survivors = 0
    for number in numbers:
        file, line, text, other = mutants[number - 1]
        verdict = is_killed(number, commands_for(file))
        survivors += verdict is None
        print(f"{number:4} {file}:{line}: {text}  ->  {other}: {verdict or 'SURVIVED'}", flush=True)
    killed = len(numbers) - survivors
    print(f"{killed} of {len(numbers)} killed, {100 * killed / len(numbers):.1f} %")


if __name__ == "__main__":
    main()
