"""The programs of the README, as they stand there."""

import re
import subprocess
import sys
from importlib.util import find_spec
from pathlib import Path

import pytest

README = Path(__file__).resolve().parents[3] / "README.md"
PROGRAMS = re.findall(r"\n```python\n(.*?)```", README.read_text(), re.DOTALL)
NAMES = [
    next((name for name in ("torch", "keras", "jax") if f"libspp.{name}" in program), "numpy")
    for program in PROGRAMS
]


def test_there_is_one_for_each_library():
    assert sorted(NAMES) == ["jax", "keras", "numpy", "torch"]


@pytest.mark.parametrize(("name", "program"), list(zip(NAMES, PROGRAMS, strict=True)), ids=NAMES)
def test_program(name, program):
    if find_spec(name) is None or (name == "keras" and find_spec("tensorflow") is None):
        pytest.skip(f"{name} is not installed")
    # What a comment at the end of a line says is what the line prints.
    expected = re.findall(r"^ *print.*  # (.*)$", program, re.MULTILINE)
    assert expected
    command = [sys.executable, "-c", program]
    done = subprocess.run(command, check=False, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    assert done.stdout.splitlines() == expected
