#!/bin/sh
# arm64_root.sh FOLDER: unpacks the arm64 packages that the cross build links into FOLDER.  They come
# from the machine's own apt sources through a private apt state, so the system's packages, its
# architectures and its package lists stay as they are.  Debian's mirrors carry arm64; Ubuntu's main
# mirror does not.
set -eu
root=$1
[ ! -f "$root/complete" ] || exit 0

state=$(mktemp -d)
trap 'rm -rf "$state"' EXIT
mkdir -p "$state/lists/partial" "$state/archives/partial" "$state/debs"
: >"$state/status"
# _apt, the user that apt would drop to, cannot write here.
cat >"$state/apt.conf" <<CONF
APT::Architecture "arm64";
APT::Architectures { "arm64"; };
APT::Sandbox::User "root";
Acquire::Languages "none";
Acquire::Retries "3";
Dir::State "$state";
Dir::State::status "$state/status";
Dir::Cache "$state";
CONF
export APT_CONFIG="$state/apt.conf"

echo "== fetching arm64 packages"
# A source without arm64 packages is no failure; a package that then cannot be had is.
apt-get -qq update </dev/null || true
# The CMake package of libtbb-dev wants every TBB library; their packages have versions in their names.
tbb=$(apt-cache depends --recurse --no-suggests --no-conflicts --no-breaks --no-replaces libtbb-dev |
  grep -o '^libtbb[a-z0-9-]*' | sort -u)
packages="$tbb libgtest-dev libgmock-dev libxsimd-dev libdlpack-dev"
# shellcheck disable=SC2086  # a list of names
(cd "$state/debs" && apt-get -qq download $packages </dev/null)

rm -rf "$root"
mkdir -p "$root"
for package in "$state"/debs/*.deb; do
  dpkg-deb --extract "$package" "$root"
done
touch "$root/complete"
