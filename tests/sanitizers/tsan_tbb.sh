#!/bin/sh
# tsan_tbb.sh FOLDER: builds oneTBB under ThreadSanitizer into FOLDER, with clang and clang++ of the
# environment variables CC and CXX.
#
# ThreadSanitizer must see every lock and every atomic.  The distribution's oneTBB is compiled without
# it: whatever it hands from thread to thread then looks like a race, and suppressions wide enough for
# that would hide real ones.  So oneTBB is built once more, from the distribution's source package,
# which comes through a private apt state: the system's package lists stay as they are.
set -eu
folder=$1
[ ! -f "$folder/complete" ] || exit 0

state=$(mktemp -d)
trap 'rm -rf "$state"' EXIT
mkdir -p "$state/lists/partial" "$state/archives/partial" "$state/sources" "$state/tbb"
for file in /etc/apt/sources.list /etc/apt/sources.list.d/*.list /etc/apt/sources.list.d/*.sources; do
  [ ! -f "$file" ] || sed -e 's/^deb /deb-src /' -e 's/^Types:.*/Types: deb-src/' \
    "$file" >"$state/sources/$(basename "$file")"
done
cat >"$state/apt.conf" <<CONF
APT::Sandbox::User "root";
Acquire::Languages "none";
Acquire::Retries "3";
Dir::Etc::sourcelist "/dev/null";
Dir::Etc::sourceparts "$state/sources";
Dir::State::lists "$state/lists";
Dir::Cache "$state";
CONF
export APT_CONFIG="$state/apt.conf"

echo "== fetching the sources of oneTBB"
apt-get -qq update </dev/null || true
(cd "$state" && apt-get -qq source --download-only onetbb </dev/null)
tar -xf "$state"/onetbb_*.orig.tar.* -C "$state/tbb" --strip-components 1

echo "== building oneTBB under ThreadSanitizer"
rm -rf "$folder"
# Warnings are its authors' business.
cmake -S "$state/tbb" -B "$state/build" -G Ninja -DCMAKE_BUILD_TYPE=RelWithDebInfo \
  -DCMAKE_INSTALL_PREFIX="$(realpath -m "$folder")" -DCMAKE_CXX_FLAGS=-w -DTBB_SANITIZE=thread -DTBB_TEST=OFF \
  -DTBB_STRICT=OFF -DTBBMALLOC_BUILD=OFF >"$state/log" 2>&1 &&
  cmake --build "$state/build" -j "${SPP_JOBS:-$(nproc)}" >>"$state/log" 2>&1 &&
  cmake --install "$state/build" >>"$state/log" 2>&1 || { tail -n 30 "$state/log" >&2; exit 1; }
touch "$folder/complete"
