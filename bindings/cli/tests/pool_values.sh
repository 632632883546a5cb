# `spp pool`: numbers that were worked out by hand from docs/values.md.
. "$(dirname "$0")/common.sh"

map '2, 2, 1' 1 2 3 4 > small.npy
map '3, 2, 1' 5 -1 0.5 7 -0 2 > tall.npy # rows (5, -1) (0.5, 7) (-0, 2)
map '2, 2, 2' 1 10 2 20 3 30 4 40 > two_channels.npy
map '2, 2, 2' 1 2 3 3 10 20 30 40 > planes.npy
map '1, 2, 1' 2 nan > with_nan.npy
map '1, 1, 1' 3 > cell.npy

# values WHAT EXPECTED ARGUMENTS...
values() {
  what=$1 expected=$2
  shift 2
  "$tool" pool "$@" -o out.npy > /dev/null
  expect_equal "$what: exit status" $? 0
  expect_values "$what" out.npy "$expected"
  rm -f out.npy
}

# Three rows in two bins: rounded [0,2) [2,3), adaptive [0,2) [1,3).  A zero comes out as +0.
values 'maps of different sizes' '4 1 2 3 4  7 5 7 0 2' small.npy tall.npy --levels 1,2
values 'order of the files' '7 5 7 0 2  4 1 2 3 4' tall.npy small.npy --levels 1,2
values 'adaptive bins' '7 5 7 0.5 7' tall.npy --levels 1,2 --bins adaptive
values 'order of the levels' '1 2 3 4 4' small.npy --levels 2,1
values 'a rectangular level' '2 4' small.npy --levels 2x1
values 'bins_channels' '4 40 1 10 2 20 3 30 4 40' two_channels.npy --levels 1,2
values 'channels_bins' '4 40 1 2 3 4 10 20 30 40' two_channels.npy --levels 1,2 \
  --order channels_bins
values 'planes' '3 40 1 2 3 3 10 20 30 40' planes.npy --levels 1,2 --layout nchw \
  --order channels_bins
values 'NaN ignored' '2' with_nan.npy --levels 1 --nan ignore
values 'threads at most' '4' small.npy --levels 1 --threads 2147483647
values 'threads and tier' '4' small.npy --levels 1 --threads 1 --tier portable
# One cell in 1 x 3 bins of rounded edges: rint(1/3) = 0, rint(2/3) = 1: [0,0) [0,1) [1,1).
values 'empty bins zero' '0 3 0' cell.npy --levels 1x3 --empty zero

"$tool" pool with_nan.npy --levels 1 -o nan.npy > /dev/null
expect_equal 'NaN is canonical' "$(tail -c 4 nan.npy | od -An -t x4 | xargs)" 7fc00000
"$tool" pool cell.npy --levels 1x3 --empty lowest -o low.npy > /dev/null
expect_equal 'empty bins lowest' "$(tail -c 12 low.npy | od -An -t x4 | xargs)" \
  'ff800000 40400000 ff800000'
finish
