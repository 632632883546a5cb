# `spp pool`: every element type of NumPy that the library has; the vectors have the type of the maps.
. "$(dirname "$0")/common.sh"

# typed DESCR SHAPE BYTES...: a .npy file with the elements given as hexadecimal bytes.
typed() {
  descr=$1 shape=$2
  shift 2
  npy 1 "{'descr': '$descr', 'fortran_order': False, 'shape': ($shape), }"
  bytes "$@"
}

# pools NAME DESCR "BYTES OF FOUR ELEMENTS" "BYTES OF THEIR MAXIMUM": a map of 2 x 2 cells.
pools() {
  typed "$2" '2, 2, 1' $3 > "$1.npy"
  output=$("$tool" pool "$1.npy" --levels 1 -o out.npy)
  expect_equal "$1: the report" "${output%%, *}" "out.npy: $1 (1"
  expect_equal "$1: the type" "$(head -c 128 out.npy | tail -c +11 | cut -c 1-16)" \
    "{'descr': '$2',"
  expect_equal "$1: the maximum" "$(tail -c +129 out.npy | od -An -v -t x1 | xargs)" "$4"
}

# Two negative numbers, a small and a large positive one; as integers -128, -1, 1 and the largest.
pools float32 '<f4' '00 00 00 c0 00 00 80 bf 00 00 80 3f 00 00 00 40' '00 00 00 40'
pools float64 '<f8' '00 00 00 00 00 00 00 c0 00 00 00 00 00 00 f0 bf
                     00 00 00 00 00 00 f0 3f 00 00 00 00 00 00 00 40' '00 00 00 00 00 00 00 40'
pools float16 '<f2' '00 c0 00 bc 00 3c 00 40' '00 40'
pools int8 '|i1' '80 ff 01 7f' '7f'
pools uint8 '|u1' '80 ff 01 7f' 'ff'
pools int16 '<i2' '80 ff ff ff 01 00 ff 7f' 'ff 7f'
pools uint16 '<u2' '80 ff ff ff 01 00 ff 7f' 'ff ff'
pools int32 '<i4' '80 ff ff ff ff ff ff ff 01 00 00 00 ff ff ff 7f' 'ff ff ff 7f'

expect_run 1 'two types' 'spp: int8.npy: int8, but uint8.npy has uint8' \
  "$tool" pool uint8.npy int8.npy --levels 1 -o two.npy
expect_equal 'two types: no output' "$(ls -A | grep two.npy)" ''

# An odd number of header bytes leaves eight-byte elements at an odd address.
npy 1 "{'descr': '<f8', 'fortran_order': False, 'shape': (1, 2, 1), }" > odd.npy
bytes 00 00 00 00 00 00 f0 3f 00 00 00 00 00 00 00 40 >> odd.npy
"$tool" pool odd.npy --levels 1,1x2 -o out.npy > /dev/null
expect_equal 'float64 at an odd place' "$(tail -c +129 out.npy | od -An -v -t x1 | xargs)" \
  '00 00 00 00 00 00 00 40 00 00 00 00 00 00 f0 3f 00 00 00 00 00 00 00 40'
finish
