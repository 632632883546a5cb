# Sourced by the tests, with the program under test as the first argument of the test.
set -u
tool=$1
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder" || exit 1
failures=0
unset SPP_TIER

# The float32 of a number as eight hexadecimal digits.
word() {
  case $1 in
    0) echo 00000000 ;; -0) echo 80000000 ;; 0.5) echo 3f000000 ;; 1) echo 3f800000 ;;
    -1) echo bf800000 ;; 2) echo 40000000 ;; 3) echo 40400000 ;; 4) echo 40800000 ;;
    5) echo 40a00000 ;; 7) echo 40e00000 ;; 10) echo 41200000 ;; 20) echo 41a00000 ;;
    30) echo 41f00000 ;; 40) echo 42200000 ;; nan) echo ff812345 ;;
  esac
}

# Bytes given as pairs of hexadecimal digits, to standard output.
bytes() {
  for pair in "$@"; do printf '%b' "\\0$(printf %o "0x$pair")"; done
}

# Numbers as little endian float32, to standard output.
floats() {
  for number in "$@"; do
    bytes $(word "$number" | sed 's/\(..\)\(..\)\(..\)\(..\)/\4 \3 \2 \1/')
  done
}

# npy VERSION DICTIONARY NUMBERS...: a .npy file, to standard output.  The dictionary is short enough
# for a length of one byte.
npy() {
  version=$1 dictionary=$2
  shift 2
  printf '\223NUMPY'
  bytes "0$version" 00 "$(printf %02x ${#dictionary})" 00
  [ "$version" = 1 ] || bytes 00 00
  printf %s "$dictionary"
  floats "$@"
}

# map SHAPE NUMBERS...: a .npy file as NumPy writes it, but for the padding.
map() {
  shape=$1
  shift
  npy 1 "{'descr': '<f4', 'fortran_order': False, 'shape': ($shape), }" "$@"
}

# expect_equal WHAT ACTUAL EXPECTED
expect_equal() {
  [ "$2" = "$3" ] && return
  printf 'FAILED: %s\n--- expected\n%s\n--- actual\n%s\n' "$1" "$3" "$2" >&2
  failures=$((failures + 1))
}

# expect_values WHAT FILE "NUMBERS...": the elements of a .npy file with a header of 128 bytes, as od
# prints them (hexadecimal for a number that is written so).
expect_values() {
  words=$(tail -c +129 "$2" | od -An -v -t x4 | xargs)
  expected=
  for number in $3; do expected="$expected $(word "$number")"; done
  expect_equal "$1" "$words" "${expected# }"
}

# expect_run STATUS WHAT OUTPUT COMMAND...: exit status, and standard output and error together.
expect_run() {
  expected_status=$1 what=$2 expected_output=$3
  shift 3
  output=$("$@" 2>&1)
  expect_equal "$what: exit status" "$?" "$expected_status"
  expect_equal "$what: output" "$output" "$expected_output"
}

finish() {
  [ "$failures" = 0 ] || exit 1
}
