"""Makes a copy of the library in which the mutants sleep, and builds it.

All mutants are in one build, because the kernel takes minutes to compile; the environment variable
SPP_MUTANT says which one is awake.  With SPP_MUTANT_SEEN, a file, all sleep, and byte N of that file
becomes 1 where number N would have made a difference to the comparison or sum that it is in.
"""

import dataclasses
import os
import pathlib
import re
import subprocess

ROOT = pathlib.Path(__file__).resolve().parents[2]
WORK = ROOT / "build" / "mutation"
SEEN_BYTES = 4096

FILES = """edges.cpp edge_list.hpp grid.cpp partition.cpp projections.cpp positions.cpp fold_plan.cpp
images.cpp windows.cpp kernel.hpp walk.hpp cells.hpp stream.hpp lines.hpp planes.hpp plane_bands.hpp
turn.hpp reorder.hpp target.hpp argmax.hpp argmax_cells.hpp argmax_rows.hpp found.hpp keys.hpp
gradient_kernel.hpp gradient_part.hpp gradient_positions.hpp gradient_values.hpp gradient_vectors.hpp
region_plan.cpp region_bins.hpp region_pack.hpp region_pool.hpp region_sum.hpp region_values.hpp
policies.hpp gradient_writer.cpp ordered_gradient.cpp zero_fill.cpp distinct.cpp rows.cpp
rows_by_map.hpp backward.cpp""".split()
OF_TIER = {
    "avx2": ["simd_avx2.hpp", "bin_plan.hpp", "plane_bins.hpp"],
    "avx512": [
        "simd_avx512.hpp",
        "bin_plan.hpp",
        "plane_bins.hpp",
        "region_six.hpp",
        "gradient_scatter.hpp",
    ],
}

NEIGHBOURS = {"<": "<=", "<=": "<", ">": ">=", ">=": ">"}  # else the opposite

# Operands that are one name, member, element or call; between what binds less.  What is evaluated by
# the compiler is left out, and so are lines of the preprocessor and template parameters.
OPERAND = r"[A-Za-z_][\w.]*(?:->\w+)*(?:\[\w+\](?:\.\w+)?|\(\))?|\d+"
COMPARISON = re.compile(
    rf"(?<=[(;&|=?n] |.[(!])({OPERAND}) (<=|>=|==|!=|<|>) ({OPERAND})(?=;|\)| &&| \|\|| \?|,)"
)
EDGE = re.compile(r"(?<=[\w)\]] [+-] )1(?=[;,)\] ])")
FIXED = re.compile(r"constexpr|static_assert|template|^\s*(#|//)|\bassert\b|\bcase\b|\w<[\w:]+ [+-] 1")

PRELUDE = f"""#pragma once
#ifdef __cplusplus
#include <fcntl.h>
#include <sys/mman.h>
#include <cstdlib>
#include <type_traits>
inline const int spp_mutant = [] {{
  const char *const text = std::getenv("SPP_MUTANT");
  return text == nullptr ? 0 : std::atoi(text);
}}();
inline char *const spp_seen = [] {{
  const char *const path = std::getenv("SPP_MUTANT_SEEN");
  if (path == nullptr) return static_cast<char *>(nullptr);
  const int file = open(path, O_RDWR | O_CLOEXEC);
  return static_cast<char *>(
      mmap(nullptr, {SEEN_BYTES}, PROT_READ | PROT_WRITE, MAP_SHARED, file, 0));
}}();
template <class Value>
bool spp_differ(const Value &text, const Value &other) {{
  if constexpr (std::is_arithmetic_v<Value>) return text != other;
  else return true;  // comparisons of vectors
}}
#define SPP_MUTANT(number, text, other) \\
  (spp_mutant == number ? (other) \\
   : __builtin_expect(spp_seen != nullptr, false) && spp_differ(text, other) \\
       ? (spp_seen[number] = 1, (text)) \\
       : (text))
#endif
"""


@dataclasses.dataclass
class Mutant:
    number: int
    file: str
    line: int
    source: str  # the whole line, and the next one
    text: str
    other: str

    def __str__(self):
        return f"{self.number:4} {self.file}:{self.line}: {self.text}  ->  {self.other}"


def files(tier):
    return FILES + OF_TIER.get(tier, [])


def instrument(tier):
    """Writes the copy; returns its mutants."""
    copies = {}
    for part in ["src", "capi", "cmake", "include", "tests", "*.txt", "LICENSE", "NOTICE", "README.md"]:
        for top in ROOT.glob(part):
            for path in [top] if top.is_file() else filter(pathlib.Path.is_file, top.rglob("*")):
                if "data" not in path.parts and "corpus" not in path.parts:
                    copies[path.relative_to(ROOT)] = path.read_text()
    copies[pathlib.Path("mutant.hpp")] = PRELUDE
    mutants = []

    def add(place, text, other):
        mutants.append(Mutant(len(mutants) + 1, *place, text, other))
        return len(mutants)

    def comparison(match, place):
        left, operator, right = match.groups()
        text = f"{left} {operator} {right}"
        neighbour = NEIGHBOURS.get(operator)
        other = f"{left} {neighbour} {right}" if neighbour else f"!({text})"
        return f"SPP_MUTANT({add(place, text, other)}, {text}, {other})"

    def edge(match, place):
        text = match.string[max(0, match.start() - 30) : match.end()].strip()
        return f"SPP_MUTANT({add(place, text, text[:-1] + '0')}, 1, 0)"

    for name in files(tier):
        path = pathlib.Path("src", name)
        original = copies[path].split("\n")
        lines = list(original)
        for number, line in enumerate(lines):
            if FIXED.search(line):
                continue
            source = " ".join(part.strip() for part in original[number : number + 2])
            place = (name, number + 1, source)
            line = EDGE.sub(lambda match: edge(match, place), line)
            if "SPP_MUTANT" not in line:
                line = COMPARISON.sub(lambda match: comparison(match, place), line)
            lines[number] = line
        copies[path] = "\n".join(lines)
    assert len(mutants) < SEEN_BYTES
    for path, text in copies.items():
        copy = WORK / "source" / path
        if not copy.exists() or copy.read_text() != text:  # what is as it was is not compiled again
            copy.parent.mkdir(parents=True, exist_ok=True)
            copy.write_text(text)
    return mutants


def build_folder(tier):
    return WORK / f"build-{tier}"


def build(tier, jobs):
    options = ["-DSPP_BUILD_TESTS=ON", "-DSPP_BUILD_BENCH=OFF", "-DSPP_BUILD_TOOLS=OFF", "-DSPP_TEST_CONSUMERS=OFF"]
    flags = f"-w -O1 -include {WORK}/source/mutant.hpp"
    subprocess.run(
        ["cmake", "-S", WORK / "source", "-B", build_folder(tier), "-G", "Ninja", *options]
        + ["-DSPP_TIERS=" + ";".join({tier, "portable"}), "-DCMAKE_BUILD_TYPE=Mutants", f"-DCMAKE_CXX_FLAGS={flags}"],
        check=True,
        stdout=subprocess.DEVNULL,
    )
    subprocess.run(
        ["cmake", "--build", build_folder(tier), "-j", str(jobs), "--target", "spp_shared"]
        + ["spp_internal_tests"],
        check=True,
    )
