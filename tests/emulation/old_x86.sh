#!/bin/sh
# old_x86.sh BUILD: runs a native build's sample of tests on emulated x86-64 processors without AVX.
# The library must choose the portable tier there and no program may meet an illegal instruction;
# tests of tiers that the processor lacks skip themselves.
set -eu
tests=$1/tests

# The first x86-64 processors, and the last Intel generation before AVX.
for cpu in Opteron_G1 Westmere; do
  echo "== x86-64 under qemu-user: $cpu"
  run() { qemu-x86_64-static -cpu "$cpu" "$@"; }
  run "$tests/emulation/spp_chosen_tier" portable
  run "$tests/spp_tests" --gtest_brief=1 --gtest_filter='*Sample*'
  run "$tests/spp_bad_input"
done
