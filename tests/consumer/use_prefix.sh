#!/bin/sh
# use_prefix.sh PREFIX WORK: builds the two client projects against the library installed in PREFIX,
# in every way that it offers, in the new folder WORK, and checks what they print.
# CC and CXX name other compilers than cc and c++.
set -eu
here=$(cd "$(dirname "$0")" && pwd)
prefix=$1
work=$2
rm -rf "$work"
mkdir -p "$work"

# The cells are 1 to 12 in rows of 4; rounded bins cut 3 rows into 2 + 1 and 4 columns into 2 + 2.
expected="0.1.0: 12 6 8 10 12"

fail() {
  echo "consumer: $*" >&2
  exit 1
}

# check WAY KIND PROGRAM: the output, and that the program needs libspp.so if and only if it should.
check() {
  printed=$("$3") || fail "$1, $2: status $?"
  [ "$printed" = "$expected" ] || fail "$1, $2: printed '$printed', expected '$expected'"
  needed=no
  ! objdump -p "$3" | grep -q 'NEEDED *libspp\.so\.' || needed=yes
  case $2-$needed in
    shared-yes | static-no) echo "ok: $1, $2" ;;
    *) fail "$1, $2: needs libspp.so: $needed" ;;
  esac
}

for language in c cpp; do
  for kind in shared static; do
    build=$work/cmake-$language-$kind
    {
      cmake -S "$here/$language" -B "$build" -G Ninja -DKIND=$kind -Dspp_ROOT="$prefix" &&
        cmake --build "$build"
    } >"$work/log" 2>&1 || {
      cat "$work/log" >&2
      fail "find_package, $language, $kind does not build"
    }
    grep -q "^spp_DIR:PATH=$prefix/" "$build/CMakeCache.txt" ||
      fail "find_package, $language, $kind: found another spp: $(grep ^spp_DIR "$build/CMakeCache.txt")"
    check "find_package, $language" $kind "$build/consumer"
  done
done

folder=$(dirname "$(find "$prefix" -name spp.pc)")
export PKG_CONFIG_PATH="$folder"
[ "$(pkg-config --modversion spp)" = "${expected%%:*}" ] || fail "pkg-config: wrong version"

# with_pkg_config KIND LIBRARIES...
with_pkg_config() {
  kind=$1
  shift
  # shellcheck disable=SC2046  # a list of options
  ${CC:-cc} -std=c11 "$here/c/main.c" $(pkg-config --cflags spp) "$@" -o "$work/pkg-c-$kind"
  # shellcheck disable=SC2046  # a list of options
  ${CXX:-c++} -std=c++17 "$here/cpp/main.cpp" $(pkg-config --cflags spp) "$@" \
    -o "$work/pkg-cpp-$kind"
  for language in c cpp; do
    LD_LIBRARY_PATH="$folder/.." check "pkg-config, $language" "$kind" "$work/pkg-$language-$kind"
  done
}
# shellcheck disable=SC2046  # a list of options
with_pkg_config shared $(pkg-config --libs spp)
# Of the two kinds in one folder a linker prefers the shared one; the name of the file decides.
# shellcheck disable=SC2046  # a list of options
with_pkg_config static $(pkg-config --static --libs spp | sed 's/-lspp\b/-l:libspp.a/')

if [ -x "$prefix/bin/spp" ]; then
  "$prefix/bin/spp" info >"$work/info" || fail "bin/spp info: status $?"
  grep -qF "${expected%%:*}" "$work/info" || fail "bin/spp info does not print its version"
  echo "ok: bin/spp"
fi
