# `spp pool`: every bad input gives one line that names file and problem, and no output.
. "$(dirname "$0")/common.sh"

# fails WHAT MESSAGE FILES AND OPTIONS...
fails() {
  what=$1 message=$2
  shift 2
  expect_run 1 "$what" "spp: $message" "$tool" pool "$@" --levels 1,2 -o out.npy
  expect_equal "$what: no output" "$(ls -A | grep out.npy)" ''
}

map '2, 2, 1' 1 2 3 4 > good.npy
map '1, 2, 2, 2' 1 2 3 4 1 2 3 4 > two_channels.npy
header="{'descr': '<f4', 'fortran_order': False, 'shape': (2, 2, 1), }"

fails 'a missing file' 'absent.npy: No such file or directory' good.npy absent.npy
fails 'a folder' '.: Is a directory' .
: > empty.npy
fails 'an empty file' 'empty.npy: the file is empty' empty.npy
mkfifo pipe.npy
fails 'a pipe' 'pipe.npy: not a regular file' pipe.npy
echo 'this is no array' > text.npy
fails 'a text' 'text.npy: not a .npy file' text.npy
printf '\223NUMPY' > magic.npy
fails 'a magic string alone' 'magic.npy: truncated .npy header' magic.npy
head -c 40 good.npy > header.npy
fails 'half a header' 'header.npy: truncated .npy header' header.npy
npy 4 "$header" 1 2 3 4 > version4.npy
fails 'a future version' 'version4.npy: .npy version 4; this program reads versions 1 to 3' \
  version4.npy
head -c -1 good.npy > short.npy
fails 'a missing byte' 'short.npy: truncated: shape (2, 2, 1) needs 4 elements, the file has 3' \
  short.npy
known="float32 ('<f4'), float64 ('<f8'), float16 ('<f2'), int8 ('|i1'), uint8 ('|u1'), int16 ('<i2'),"
known="$known uint16 ('<u2'), int32 ('<i4')"
npy 1 "{'descr': '<c8', 'fortran_order': False, 'shape': (1, 2, 1), }" 1 2 3 4 > complex.npy
fails 'complex numbers' "complex.npy: element type '<c8'; one of $known is needed" complex.npy
npy 1 "{'descr': '>f4', 'fortran_order': False, 'shape': (2, 2, 1), }" 1 2 3 4 > big.npy
fails 'big endian' "big.npy: element type '>f4'; one of $known is needed" big.npy
npy 1 "{'descr': [('a', '<f4')], 'fortran_order': False, 'shape': (2, 2, 1), }" 1 2 3 4 > record.npy
fails 'records' 'record.npy: records with named fields; numbers are needed' record.npy
npy 1 "{'descr': '<f4', 'fortran_order': True, 'shape': (2, 2, 1), }" 1 2 3 4 > fortran.npy
fails 'Fortran order' 'fortran.npy: Fortran order; C order is needed' fortran.npy
map '4,' 1 2 3 4 > vector.npy
fails 'a vector' 'vector.npy: shape (4); (H, W, C) or (N, H, W, C) is needed' vector.npy
map '1, 1, 2, 2, 1' 1 2 3 4 > five.npy
fails 'five axes' 'five.npy: shape (1, 1, 2, 2, 1); (H, W, C) or (N, H, W, C) is needed' five.npy
map '2, 0, 1' > flat.npy
fails 'a side of 0' 'flat.npy: shape (2, 0, 1) has a side of 0' flat.npy
map '4294967296, 4294967296, 1' > huge.npy
fails 'an overflow' 'huge.npy: shape (4294967296, 4294967296, 1) is too large' huge.npy
map '2, -2, 1' 1 2 3 4 > negative.npy
fails 'a negative side' 'negative.npy: damaged .npy header: bad shape' negative.npy
npy 1 "{'descr': '<f4', 'shape': (2, 2, 1), }" 1 2 3 4 > incomplete.npy
fails 'a key too few' \
  "incomplete.npy: damaged .npy header: 'descr', 'fortran_order' or 'shape' is missing" incomplete.npy
npy 1 "{'descr': '<f4' 'shape': (2, 2, 1), }" 1 2 3 4 > comma.npy
fails 'a comma too few' "comma.npy: damaged .npy header: no ',' where expected" comma.npy
fails 'different channels' 'two_channels.npy: 2 channels, but good.npy has 1' good.npy \
  two_channels.npy

# The library's own sentences come after the name of the file.
map '1, 2, 2, 1' 1 2 3 4 > one.npy
map '2, 1, 2, 1' 1 2 3 4 > thin.npy
empty='1 x 2 cells: level 1 (2 x 2) has 2 empty bins, and the empty policy is SPP_EMPTY_ERROR'
fails 'empty bins' "thin.npy, map 0: $empty (--empty lowest or zero fills them)" one.npy thin.npy

fails_on_output() {
  expect_run 1 "$1" "spp: $2" "$tool" pool good.npy --levels 1 -o "$3"
}
cp good.npy before.npy
fails_on_output 'output is an input' 'good.npy: is also an input' good.npy
expect_equal 'the input is untouched' "$(cmp good.npy before.npy)" ''
fails_on_output 'output is a folder' '.: Is a directory' .
fails_on_output 'output is a device' '/dev/null: not a regular file' /dev/null
fails_on_output 'no such folder' 'absent/out.npy: No such file or directory' absent/out.npy

# usage WHAT MESSAGE ARGUMENTS...: a wrong command line.
usage() {
  what=$1 message=$2
  shift 2
  expect_run 2 "$what" "spp: $message (spp pool --help says more)" "$tool" "$@"
}
expect_run 2 'no command' 'spp: A subcommand is required (spp --help says more)' "$tool"
usage 'no files' 'files is required' pool --levels 1 -o out.npy
usage 'no levels' '--levels is required' pool good.npy -o out.npy
usage 'no output' '--output is required' pool good.npy --levels 1
for levels in a 1, ,1 1x 1x2x3 1.5 '1 2' 99999999999; do
  bad=$levels
  case $levels in 1, | ,1) bad= ;; esac
  usage "levels '$levels'" "--levels: '$bad' is not a level; n or RxS is, as in 1,2,4 or 1,2x3" \
    pool good.npy --levels "$levels" -o out.npy
done
usage 'an unknown rule' "--bins: 'floor' is not one of rounded, adaptive" \
  pool good.npy --levels 1 --bins floor -o out.npy
for threads in -1 2147483648 99999999999 0x10 1.5 +2 two; do
  usage "threads '$threads'" \
    "--threads: '$threads' is not a whole number from 0 to 2147483647" \
    pool good.npy --levels 1 -o out.npy --threads "$threads"
done
usage 'an unknown option' 'The following argument was not expected: --fast' \
  pool good.npy --levels 1 -o out.npy --fast
expect_equal 'nothing was written' "$(ls -A | grep out.npy)" ''
finish
