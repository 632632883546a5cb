#!/bin/sh
# compare.sh LIBRARY [--write]: compares the binary interface of a shared library that was compiled
# with -g with the baseline beside this script.
#
# A function that is gone or has other parameters fails, and so does any change of a struct.  Functions
# may be added.  A field at the end of a struct is an addition too, but tools cannot tell it from a
# field that moved there: see that it is one, set first_size in src/arguments.hpp for the older client,
# and make the baseline anew with --write.
set -eu
here=$(cd "$(dirname "$0")" && pwd)
library=$1
baseline=$here/spp_0.abi

if [ "${2:-}" = --write ]; then
  abidw --headers-dir "$here/../../capi" --drop-private-types --exported-interfaces-only \
    --no-show-locs --no-corpus-path --no-comp-dir-path --out-file "$baseline" "$library"
  exit
fi
report=$(mktemp)
trap 'rm -f "$report"' EXIT
if abidiff --ignore-soname --no-added-syms \
  --suppressions "$here/opaque.abignore" "$baseline" "$library" >"$report"; then
  echo "== the binary interface is that of $(basename "$baseline")"
else
  cat "$report" >&2
  echo "compare.sh: the binary interface differs from $(basename "$baseline")" >&2
  exit 1
fi
