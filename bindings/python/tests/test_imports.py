"""What import libspp imports, and what it says about frameworks that are missing."""

import subprocess
import sys

import pytest

MODULES = [("torch", "torch"), ("keras", "keras"), ("jax", "jax"), ("plot", "matplotlib")]


def run(program):
    subprocess.run([sys.executable, "-c", program], check=True)


def test_nothing_but_numpy_is_imported():
    run("import sys, libspp; assert not {'torch', 'keras', 'jax', 'tensorflow'} & set(sys.modules)")


@pytest.mark.parametrize(("name", "package"), MODULES)
def test_a_missing_framework_is_named(name, package):
    run(
        f"""
import sys
sys.modules[{package!r}] = None  # as if it were not installed
import libspp
try:
    libspp.{name}
except ImportError as error:
    assert str(error) == "libspp.{name} needs the package {package}: pip install {package}", error
else:
    raise AssertionError
"""
    )


def test_the_compiler_of_pytorch_is_not_loaded():
    pytest.importorskip("torch")
    run("import sys, libspp.torch; assert not {'torch._dynamo', 'triton'} & set(sys.modules)")


def test_other_attributes():
    run(
        """
import libspp
try:
    libspp.tensor
except AttributeError as error:
    assert str(error) == "module 'libspp' has no attribute 'tensor'"
else:
    raise AssertionError
"""
    )
