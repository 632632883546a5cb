#!/usr/bin/env python3
"""Do the tests notice a wrong comparison or a missing edge?

Each comparison of the kernel and the geometry is turned into its neighbour (< into <=, == into !=
...) and each `+ 1` and `- 1` loses its 1, one at a time (mutants.py), and the tests of the native
build run against each of these mutants, on one tier: the portable one, whose kernel is that of all
tiers, or with --tier another one that this machine has, for the code that is its own.  First every
test runs once while all mutants sleep: that shows which mutants would make a difference in it, and
only those can fail it.  Verdicts are kept in build/mutation until the library or the tests change, so
that what was interrupted goes on.

Mutants that no test can notice are listed with the reason in equivalent.txt.

usage: mutate.py [--tier TIER] [--sample N] [--only NUMBER...]
"""

import argparse
import concurrent.futures
import hashlib
import json
import os
import pathlib
import random
import re
import resource
import subprocess
import sys
import tempfile
import time

import mutants as made

TESTS = made.ROOT / "build" / "release" / "tests"
TIERS = ["portable", "neon", "avx2", "avx512"]
LIST = pathlib.Path(__file__).with_name("equivalent.txt")
OF_TIER = re.compile(r"On the (\w+) tier")
REQUIRED = 90  # percent


class Programs:
    """The tests of the native build, with the mutants in place of its library."""

    def __init__(self, tier):
        folder = made.build_folder(tier)
        self.tier = tier
        self.library = folder / "libspp.so"
        self.paths = {
            "spp_internal_tests": folder / "tests" / "spp_internal_tests",  # has them in it
            "spp_bad_input": TESTS / "spp_bad_input",
            "spp_tests": TESTS / "spp_tests",
            "spp_fault_tests": TESTS / "faults" / "spp_fault_tests",
        }

    def run(self, program, names, variables, seconds):
        """Runs some tests of a program; returns why they failed, or None."""
        command = [self.paths[program]]
        if names != [""]:
            command += ["--gtest_brief=1", "--gtest_fail_fast", "--gtest_filter=" + ":".join(names)]

        def limit():
            resource.setrlimit(resource.RLIMIT_CPU, (seconds, seconds))
            resource.setrlimit(resource.RLIMIT_CORE, (0, 0))

        try:
            done = subprocess.run(
                command,
                env=dict(os.environ, LD_PRELOAD=str(self.library), **variables),
                stdout=subprocess.DEVNULL,
                stderr=subprocess.DEVNULL,
                preexec_fn=limit,
                timeout=120 + 20 * seconds,
            )
        except subprocess.TimeoutExpired:
            return "no end"
        if done.returncode == 0:
            return None
        return "tests failed" if done.returncode == 1 else f"status {done.returncode}"

    def all_tests(self):
        """(program, name); of a program that is no list of tests the name is empty."""
        others = [f"/{tier}" for tier in TIERS if tier != self.tier]
        tests = []
        for program, path in self.paths.items():
            if program == "spp_bad_input":
                tests.append((program, ""))
                continue
            listed = subprocess.run(
                [path, "--gtest_list_tests"],
                env=dict(os.environ, LD_PRELOAD=str(self.library)),
                capture_output=True,
                text=True,
                check=True,
            )
            for line in listed.stdout.splitlines()[1:]:
                name = line.split("#")[0].rstrip()
                if not name.startswith(" "):
                    suite = name
                elif not any(tier in name for tier in others):
                    tests.append((program, suite + name.strip()))
        return tests

    def look(self, test, folder):
        """Runs one test while all mutants sleep; returns its seconds and the mutants it can see."""
        with tempfile.NamedTemporaryFile(dir=folder) as seen:
            seen.write(bytes(made.SEEN_BYTES))
            seen.flush()
            start = time.monotonic()
            failure = self.run(test[0], [test[1]], {"SPP_MUTANT_SEEN": seen.name}, 600)
            seconds = time.monotonic() - start
            if failure:
                sys.exit(f"{test}: {failure}, without any mutant")
            seen.seek(0)
            return seconds, [number for number, byte in enumerate(seen.read()) if byte]

    def verdict(self, number, looks):
        """Runs the tests that can see the mutant, in groups: each start of a program takes time."""
        planned, group = 0.0, {}
        seconds_of = {test: seconds for test, (seconds, seen) in looks.items() if number in seen}
        for _, seconds, program, name in self.in_order(seconds_of):
            planned += seconds
            group.setdefault(program, []).append(name)
            if planned > 2:
                failure = self.run_group(number, group, planned)
                if failure:
                    return failure
                planned, group = 0.0, {}
        return self.run_group(number, group, planned) or "SURVIVED"

    def in_order(self, tests):
        """The quickest element type of each test first: the others seldom see what it does not."""
        rank = {}
        order = []
        for seconds, (program, name) in sorted((seconds, test) for test, seconds in tests.items()):
            kind = (program, name.split(f"/{self.tier}")[0])
            rank[kind] = rank.get(kind, -1) + 1
            order.append((rank[kind], seconds, program, name))
        return sorted(order)

    def run_group(self, number, group, planned):
        for program, names in group.items():
            limit = int(8 * planned) + 5  # some mutants run for ever
            failure = self.run(program, names, {"SPP_MUTANT": str(number)}, limit)
            if failure:
                return failure
        return None

    def record_folder(self):
        state = hashlib.sha256()
        for path in [self.library, *self.paths.values()]:
            state.update(path.read_bytes())
        folder = made.WORK / state.hexdigest()[:12]
        folder.mkdir(exist_ok=True)
        return folder


class Record:
    """What is known already, in a file of lines."""

    def __init__(self, path):
        self.path = path
        lines = path.read_text().splitlines() if path.exists() else []
        self.known = {tuple(key): value for key, value in map(json.loads, lines)}

    def get(self, key, find):
        if key not in self.known:
            self.known[key] = find()
            with self.path.open("a") as file:
                file.write(json.dumps([key, self.known[key]]) + "\n")
        return self.known[key]


def equivalents(mutants, tier):
    """number -> reason.  The list: a reason, then its places as `file | source line | text`; where
    a file has such a line twice the next line follows it.  A reason may hold on one tier alone."""
    reasons = {}
    reason = None
    for line in LIST.read_text().splitlines():
        if line.startswith("  "):
            file, source, text = line.strip().split(" | ")
            if file not in made.files(tier):
                continue
            found = [
                mutant.number
                for mutant in mutants
                if (mutant.file, mutant.text) == (file, text) and mutant.source.startswith(source)
            ]
            if len(found) != 1:
                sys.exit(f"{LIST.name}: {len(found)} mutants are this: {line.strip()}")
            alone = OF_TIER.match(reason)
            if alone is None or alone[1] == tier:
                reasons[found[0]] = reason
        elif line and not line.startswith("#"):
            reason = line
    return reasons


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--tier", choices=TIERS, default="portable")
    parser.add_argument("--sample", type=int, help="as many mutants, always the same ones")
    parser.add_argument("--only", type=int, nargs="+", help="these mutants, those of the list too")
    arguments = parser.parse_args()
    jobs = int(os.environ.get("SPP_JOBS", os.cpu_count()))
    mutants = made.instrument(arguments.tier)
    reasons = equivalents(mutants, arguments.tier)
    print(f"{len(mutants)} mutants in {len(made.files(arguments.tier))} files", flush=True)
    made.build(arguments.tier, jobs)
    programs = Programs(arguments.tier)
    folder = programs.record_folder()
    looked, verdicts = Record(folder / "looks"), Record(folder / "verdicts")
    pool = concurrent.futures.ThreadPoolExecutor(jobs)
    tests = programs.all_tests()
    looks = dict(
        zip(tests, pool.map(lambda t: looked.get(t, lambda: programs.look(t, folder)), tests))
    )

    chosen = mutants
    if arguments.sample:
        chosen = sorted(random.Random(1).sample(mutants, arguments.sample), key=lambda m: m.number)
    if arguments.only:
        chosen, reasons = [mutants[number - 1] for number in arguments.only], {}
    count = {"killed": 0, "equivalent": 0, "survivors": 0}

    def decide(mutant):
        if mutant.number in reasons:
            return f"equivalent: {reasons[mutant.number]}"
        return verdicts.get((mutant.number,), lambda: programs.verdict(mutant.number, looks))

    for mutant, end in zip(chosen, pool.map(decide, chosen)):
        kind = "survivors" if end == "SURVIVED" else end.split(":")[0]
        count[kind if kind in count else "killed"] += 1
        print(f"{mutant}: {end}", flush=True)
    decided = count["killed"] + count["survivors"]
    percent = 100 * count["killed"] / max(decided, 1)
    print(f"{len(chosen)} mutants, {count['killed']} killed, {count['equivalent']} equivalent (reasons "
          f"in {LIST.name}), {count['survivors']} survivors: {percent:.1f} % of {decided} killed")
    return percent < REQUIRED


if __name__ == "__main__":
    sys.exit(main())
