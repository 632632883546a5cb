#!/bin/sh
# unpack_archive.sh BUILD PLACE: makes the .tar.gz of a build folder and unpacks it in PLACE/moved.
set -eu
build=$1
place=$2
rm -rf "$place"
mkdir -p "$place/moved"
cd "$build"
cpack -G TGZ -B "$place"
tar -xzf "$place"/spp-*.tar.gz -C "$place/moved" --strip-components 1
[ -f "$place/moved/LICENSE" ]
