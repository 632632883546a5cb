"""The programs of the README and of docs/python.md, as they stand there."""

import re
import subprocess
import sys
from importlib.util import find_spec
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[3]
TEXT = (ROOT / "README.md").read_text() + (ROOT / "docs/python.md").read_text()
PROGRAMS = re.findall(r"\n```python\n(.*?)```", TEXT, re.DOTALL)
PACKAGES = {"plot": "matplotlib", "torch": "torch", "keras": "keras", "jax": "jax"}
NAMES = [
    next((package for name, package in PACKAGES.items() if f"libspp.{name}" in program), "numpy")
    for program in PROGRAMS
]


def test_there_is_one_for_each_library():
    assert sorted(NAMES) == ["jax", "keras", "matplotlib", "numpy", "numpy", "numpy", "torch"]


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
