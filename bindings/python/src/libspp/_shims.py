"""Compiled glue for frameworks whose operators need their own headers.

The wheel is made without the frameworks, so a shim is compiled when it is first used, by the
machine's C++ compiler, and kept in the user's cache folder for the next process.  Without a compiler
the caller takes a slower way through Python.
"""

from __future__ import annotations

import hashlib
import os
import shlex
import shutil
import subprocess
import tempfile
from collections.abc import Sequence
from pathlib import Path

from ._core import version

_PACKAGE = Path(__file__).parent


def compiled(name: str, framework: str, flags: Sequence[str]) -> Path | None:
    """The shared library of shims/<name>.cpp; None if there is no compiler or it fails.

    framework: the framework's version, since its headers go into the result.
    """
    compiler = shlex.split(os.environ.get("CXX", "c++"))
    if shutil.which(compiler[0]) is None:
        return None
    library = next(_PACKAGE.glob("libspp.so.*"))
    command = [
        *compiler,
        *("-std=c++17", "-O2", "-shared", "-fPIC", "-fvisibility=hidden", "-w"),
        str(_PACKAGE / "shims" / f"{name}.cpp"),
        f"-I{_PACKAGE / 'include'}",
        *flags,
        *(str(library), f"-Wl,-rpath,{_PACKAGE}"),
    ]
    sources = sorted((_PACKAGE / "shims").iterdir()) + [_PACKAGE / "include" / "spp.h"]
    content = [file.read_bytes() for file in sources if file.is_file()]
    key = hashlib.sha256(b"\0".join([repr((command, version, framework)).encode(), *content]))
    folder = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "libspp"
    shim = folder / f"{name}-{framework}-{key.hexdigest()[:16]}.so"
    if shim.exists():
        return shim
    try:
        folder.mkdir(parents=True, exist_ok=True)
        # Under a name of its own first: other processes may be doing the same.
        with tempfile.TemporaryDirectory(dir=folder) as own:
            made = Path(own) / "shim.so"
            subprocess.run([*command, "-o", str(made)], check=True, capture_output=True)
            made.replace(shim)
    except (OSError, subprocess.CalledProcessError):
        return None
    return shim
