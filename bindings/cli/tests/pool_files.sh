# `spp pool`: the files that it reads and writes.
. "$(dirname "$0")/common.sh"

map '2, 2, 1' 1 2 3 4 > a.npy
map '2, 2, 2, 1' 1 2 3 4 5 2 0.5 -1 > batch.npy
npy 2 "{'descr': '<f4', 'fortran_order': False, 'shape': (1, 2, 1), }" 3 7 > version2.npy
npy 3 '{"shape":(1,2,1),"fortran_order":False,"descr":"<f4"}' 3 7 > version3.npy
# Lengths of the dictionary that leave the data at four different remainders of 4.
for pad in '' ' ' '  ' '   '; do
  npy 1 "{'descr': '<f4', 'fortran_order': False, 'shape': (1, 2, 1), }$pad" 3 7 \
    > "offset${#pad}.npy"
done

output=$("$tool" pool a.npy batch.npy --levels 1,2 -o out.npy)
expect_equal 'the report names file and shape' "${output%%, f32*}" 'out.npy: float32 (3, 5)'
expect_values 'a batch gives a row per map' out.npy '4 1 2 3 4  4 1 2 3 4  5 5 2 0.5 -1'
dictionary=$(head -c 128 out.npy | tail -c +11)
expect_equal 'dictionary of the output' "$dictionary" \
  "$(printf "%-117s" "{'descr': '<f4', 'fortran_order': False, 'shape': (3, 5), }")"
expect_equal 'prefix of the output' "$(head -c 10 out.npy | od -An -t x1 | xargs)" \
  '93 4e 55 4d 50 59 01 00 76 00'

for file in version2 version3 offset0 offset1 offset2 offset3; do
  "$tool" pool $file.npy --levels 1,1x2 -o out.npy > /dev/null
  expect_values "$file" out.npy '7 3 7'
done

# More maps than one call takes.
files= expected=
for i in $(seq 1050); do files="$files a.npy" expected="$expected 4"; done
"$tool" pool $files version2.npy --levels 1 -o out.npy > /dev/null
expect_equal 'many files: size' "$(wc -c < out.npy)" $((128 + 1051 * 4))
expect_equal 'many files: all but the last' \
  "$(tail -c +129 out.npy | head -c 4200 | od -An -v -w4 -t x4 | sort | uniq -c | xargs)" \
  '1050 40800000'
expect_equal 'many files: the last' "$(tail -c 4 out.npy | od -An -t x4 | xargs)" 40e00000

map '0, 2, 2, 3' > none.npy
"$tool" pool none.npy --levels 1,2 -o empty.npy > /dev/null
expect_equal 'no maps: exit status' $? 0
expect_equal 'no maps: only a header' "$(wc -c < empty.npy)" 128

# The name of a file appears when the file is complete, and an old one stays until then.
echo old > target.npy
ln -s target.npy link.npy
"$tool" pool a.npy --levels 1 -o link.npy > /dev/null
expect_values 'through a link' target.npy 4
expect_equal 'the link stays' "$(readlink link.npy)" target.npy
echo old > full.npy
# Writing stops at 512 bytes, as on a full disk.
output=$( (ulimit -f 1; trap '' XFSZ; "$tool" pool batch.npy --levels 12 --empty zero -o full.npy) 2>&1)
expect_equal 'full disk: exit status' $? 1
expect_equal 'full disk: message' "$output" 'spp: full.npy: File too large'
expect_equal 'full disk: the old file' "$(cat full.npy)" old
expect_equal 'no temporary file is left' "$(ls -A | grep tmp)" ''
finish
