# The demo accepts the recorded answers, and finds one flipped bit.
. "$(dirname "$0")/common.sh"
maps=$2

output=$("$tool" "$maps")
expect_equal 'exit status' $? 0
expect_equal 'rows that are equal' "$(echo "$output" | grep -c ' yes\( \|$\)')" 15
expect_equal 'the last line' "$(echo "$output" | tail -n 1 | cut -c -6)" 'Shown:'
expect_equal 'lines of at most 80 columns' "$(echo "$output" | grep -c '.\{81\}')" 0

# flip FILE: the lowest bit of the last number of the file.
flip() {
  size=$(wc -c < "$1")
  byte=$(tail -c 4 "$1" | od -An -N1 -t u1 | xargs)
  bytes "$(printf %02x $((byte ^ 1)))" | dd of="$1" bs=1 seek=$((size - 4)) conv=notrunc 2> /dev/null
}

cp -r "$maps" copy
chmod -R u+w copy
flip copy/keras/ppocrv4det_china_416x640_hswish_13x20x384__1_2_4.npy
output=$("$tool" copy)
expect_equal 'a wrong answer: exit status' $? 1
expect_equal 'a wrong answer: one row' "$(echo "$output" | grep -c ' NO\( \|$\)')" 1
expect_equal 'a wrong answer: the last line' "$(echo "$output" | tail -n 1 | cut -c -7)" 'FAILED:'

flip copy/rois/answers.npy
output=$("$tool" copy)
expect_equal 'a wrong region: one more row' "$(echo "$output" | grep -c ' NO\( \|$\)')" 2

rm copy/effnetlite0_china_427x640_stride8_53x80x40.npy
expect_run 1 'a missing map' \
  'spp-demo: copy/effnetlite0_china_427x640_stride8_53x80x40.npy: No such file or directory' \
  "$tool" copy
finish
