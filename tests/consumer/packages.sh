#!/bin/sh
# packages.sh FOLDER: uses the packages that `./dev package` left there.  The archive is unpacked and
# used; so are the .deb files, and their names, dependencies and control files are checked.
set -eu
here=$(cd "$(dirname "$0")" && pwd)
folder=$(cd "$1" && pwd)
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT

fail() {
  echo "packages: $*" >&2
  exit 1
}

cd "$folder"
sha256sum --check --quiet ./*.sha256

mkdir "$scratch/archive"
tar -xzf spp-*.tar.gz -C "$scratch/archive" --strip-components 1
sh "$here/use_prefix.sh" "$scratch/archive" "$scratch/use-archive"

for package in libspp0 libspp-dev spp-tools; do
  file=$(echo ${package}_*.deb)
  dpkg-deb --info "$file" >"$scratch/info" || fail "$file cannot be read"
  dpkg-deb --extract "$file" "$scratch/unpacked"
  for document in copyright changelog.gz; do
    [ -s "$scratch/unpacked/usr/share/doc/$package/$document" ] || fail "$file has no $document"
  done
done
depends() { dpkg-deb --field "$1"_*.deb Depends; }
depends libspp0 | grep -q 'libtbb12 (>=' || fail "libspp0 does not depend on libtbb12"
depends libspp-dev | grep -q 'libspp0 (= .*libtbb-dev' || fail "libspp-dev: wrong dependencies"
depends spp-tools | grep -q 'libspp0 (>=' || fail "spp-tools does not depend on libspp0"
dpkg-deb --info libspp0_*.deb triggers | grep -q 'ldconfig' || fail "libspp0 does not run ldconfig"
echo "ok: control files"

# What installing adds: the loader's list of libraries.
libraries=$(dirname "$(find "$scratch/unpacked/usr" -name libspp.so.0)")
LD_LIBRARY_PATH="$libraries" sh "$here/use_prefix.sh" "$scratch/unpacked/usr" "$scratch/use-unpacked"
