#!/bin/sh
# Builds the wheel as pip does, installs it in clean virtual environments and runs the tests: without
# any framework on every Python of the machine, then with PyTorch, TensorFlow, JAX and Keras.
#
#     run.sh [--sample]
#
# --sample: one Python, and without the tests that take long (torch.compile).
set -eu
cd "$(dirname "$0")/.."
build=$(cd ../.. && pwd)/build/python
work=$build/venvs
sample=no
[ "${1:-}" != --sample ] || sample=yes
export PIP_DISABLE_PIP_VERSION_CHECK=1 PIP_ROOT_USER_ACTION=ignore
export TF_CPP_MIN_LOG_LEVEL=2 JAX_PLATFORMS=cpu

note() { printf '== python: %s\n' "$*"; }

# Options of the build for pip.  Under CI the kernels are those of the native leg: the same flags and
# the same xsimd, so that ccache has them.
set --
if command -v ccache >/dev/null; then
  export CMAKE_C_COMPILER_LAUNCHER=ccache CMAKE_CXX_COMPILER_LAUNCHER=ccache
fi
if [ -n "${CI:-}" ]; then
  set -- -C cmake.define.SPP_WARNINGS_AS_ERRORS=ON -C cmake.define.SPP_XSIMD_INCLUDE_DIR=/usr/include
fi

# clean NAME PYTHON: a new virtual environment, $work/NAME.
clean() {
  rm -rf "${work:?}/$1"
  "$2" -m venv "$work/$1"
}

pythons=python3
if [ "$sample" = no ]; then
  pythons=
  for minor in 10 11 12 13 14; do
    # A launcher of pyenv may exist without the version that it launches.
    if "python3.$minor" -c 'import venv' 2>/dev/null; then pythons="$pythons python3.$minor"; fi
  done
fi

mkdir -p "$work"
for python in $pythons; do
  note "$("$python" --version), pip install ./bindings/python"
  clean numpy "$python"
  "$work/numpy/bin/pip" install -q pytest ml_dtypes
  "$work/numpy/bin/pip" install -q "$@" .
  "$work/numpy/bin/python" -m pytest
done

[ "$sample" = no ] || note "a sample: one Python, and the tests marked slow are left out"
note "with PyTorch, TensorFlow, JAX and Keras"
clean frameworks python3
"$work/frameworks/bin/pip" install -q "$@" . pytest ml_dtypes torch tensorflow-cpu jax keras
chosen=
[ "$sample" = no ] || chosen="not slow"
"$work/frameworks/bin/python" -m pytest -m "$chosen" tests/test_torch.py tests/test_jax.py \
  tests/test_imports.py tests/test_readme.py
for backend in tensorflow jax torch; do
  note "Keras on $backend"
  KERAS_BACKEND=$backend "$work/frameworks/bin/python" -m pytest -m "$chosen" tests/test_keras.py
done
