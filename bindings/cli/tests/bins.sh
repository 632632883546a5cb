# `spp bins`: edges from docs/values.md, section 1, and the drawings of them.
. "$(dirname "$0")/common.sh"

expect_run 0 'adaptive bins share cells' \
"level 0: 1 x 2 bins, adaptive, on 2 x 5 cells
  rows      [0,2)
  columns   [0,3) [2,5)
  + cells in several bins

    0   2
  0 AAAA++BBBB
    AAAA++BBBB" \
  "$tool" bins --height 2 --width 5 --levels 1x2 --bins adaptive

expect_run 0 'rounded bins tile; one is empty' \
"level 0: 1 x 1 bins, rounded, on 3 x 5 cells
  rows      [0,3)
  columns   [0,5)

    0
  0 AAAAAAAAAA
    AAAAAAAAAA
    AAAAAAAAAA

level 1: 4 x 2 bins, rounded, on 3 x 5 cells
  rows      [0,1) [1,2) [2,2) empty [2,3)
  columns   [0,2) [2,5)
  2 of 8 bins empty

    0   2
  0 AAAABBBBBB
  1 CCCCDDDDDD
  2 GGGGHHHHHH" \
  "$tool" bins --height 3 --width 5 --levels 1,4x2

# Twelve rounded bins on seven cells: one ends at 3, the next starts at 4.
expect_run 0 'a gap of rounded bins' '. cells in no bin' \
  sh -c "'$tool' bins --height 1 --width 7 --levels 1x12 | sed -n 's/^  \(\..*\)/\1/p'"

expect_run 0 'a large map is scaled to 80 x 24' \
"level 0: 2 x 1 bins, rounded, on 200 x 190 cells
  rows      [0,100) [100,200)
  columns   [0,190)

      0
    0 AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA" \
  sh -c "'$tool' bins --height 200 --width 190 --levels 2x1 | head -n 6"
expect_run 0 'the scale is said' '      each mark: 10 x 6 cells' \
  sh -c "'$tool' bins --height 200 --width 190 --levels 2x1 | tail -n 1"
expect_run 0 'scaling hides no overlap' 1 \
  sh -c "'$tool' bins --height 201 --width 1 --levels 2x1 --bins adaptive | grep -c '^ *[0-9]* ++'"

expect_run 0 'JSON' \
'{"height":3,"width":13,"bins":"adaptive","levels":[{"rows":[[0,3]],"columns":[[0,4],[3,7],[6,10],[9,13]],"empty_bins":0}]}' \
  "$tool" bins --height 3 --width 13 --levels 1x4 --bins adaptive --json
expect_run 0 'JSON with an empty bin' \
'{"height":3,"width":1,"bins":"rounded","levels":[{"rows":[[0,1],[1,2],[2,2],[2,3]],"columns":[[0,1]],"empty_bins":1}]}' \
  "$tool" bins --height 3 --width 1 --levels 4x1 --json

# refused WHAT ARGUMENTS...: the library refuses; its sentence is one line.
refused() {
  what=$1
  shift
  output=$("$tool" bins "$@" 2>&1)
  expect_equal "$what: exit status" $? 1
  expect_equal "$what: one line from spp" "$(echo "$output" | sed 's/^spp: .*/line/')" line
}
refused 'a level of 0' --height 5 --width 5 --levels 1,0
refused 'a level of 4097' --height 5 --width 5 --levels 4097
expect_run 2 'no width' 'spp: --width is required (spp bins --help says more)' \
  "$tool" bins --height 3 --levels 1

# Sizes are decimal and whole; what is too large is refused, not made smaller.
most=9223372036854775807
expect_run 0 'a leading zero' 10 \
  sh -c "'$tool' bins --height 010 --width 1 --levels 1 --json | sed 's/.*\"height\":\([0-9]*\).*/\1/'"
expect_run 0 'the largest size' $most \
  sh -c "'$tool' bins --height $most --width 1 --levels 1 --json | sed 's/.*\"height\":\([0-9]*\).*/\1/'"
for size in 0 -1 9223372036854775808 100000000000000000000 0x10 1e3 5.0 '5 ' ' 5' +5 five; do
  for side in height width; do
    other=width
    [ $side = height ] || other=height
    expect_run 2 "--$side '$size'" \
      "spp: --$side: '$size' is not a whole number from 1 to $most (spp bins --help says more)" \
      "$tool" bins "--$side=$size" --$other 5 --levels 1
  done
done
finish
