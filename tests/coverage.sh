#!/bin/sh
# coverage.sh BUILD SUFFIX: runs the tests of a build of the preset coverage and prints the lines and
# branches of src and capi that they reach.  SUFFIX is that of the LLVM tools, as in llvm-cov-19.
#
# The kernel is compiled for every element type, layout and policy; llvm-cov counts a branch of the
# source as reached if it is in any of them.
# Each test is a process; those that end add their counts to one of eight files.
set -eu
build=$1
suffix=$2
rm -rf "$build/profiles"
LLVM_PROFILE_FILE="$PWD/$build/profiles/%8m.profraw" ctest --preset coverage -j "${SPP_JOBS:-$(nproc)}" \
  >"$build/tests.log" 2>&1 || { tail -n 20 "$build/tests.log" >&2; exit 1; }
"llvm-profdata$suffix" merge -sparse "$build"/profiles/*.profraw -o "$build/tests.profdata"
set -- -instr-profile "$build/tests.profdata" "$build/libspp.so" \
  -object "$build/tests/spp_internal_tests" -ignore-filename-regex '(tests|/usr)/'
"llvm-cov$suffix" report --show-branch-summary=true --show-region-summary=false "$@" |
  tee "$build/report.txt"
"llvm-cov$suffix" show --show-branches=count --show-expansions=false "$@" >"$build/source.txt"
echo "which lines and branches: $build/source.txt"
