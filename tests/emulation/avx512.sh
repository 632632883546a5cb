#!/bin/sh
# avx512.sh BUILD: runs a native build's sample of tests on the AVX-512 tier, in a machine that the
# emulator Bochs provides: a Skylake-X with AVX-512 F, CD, BW, DQ and VL, under Debian's own kernel.
set -eu
here=$(cd "$(dirname "$0")" && pwd)
tests=$(cd "$1/tests" && pwd)
seconds=${SPP_EMULATION_SECONDS:-900}

work=$(mktemp -d)
emulator=
cleanup() {
  [ -z "$emulator" ] || kill "$emulator" 2>/dev/null || true
  rm -rf "$work"
}
trap cleanup EXIT
trap 'exit 130' INT TERM

fail() {
  echo "avx512: $*" >&2
  exit 1
}

# ------------------------------------------------------------------ a kernel, unpacked, not installed
kernel=$here/../../build/emulated-kernel
if [ ! -f "$kernel" ]; then
  package=$(apt-cache depends linux-image-cloud-amd64 linux-image-virtual 2>/dev/null |
    sed -n 's/^ *Depends: \(linux-image-[0-9].*\)/\1/p' | head -n 1)
  [ -n "$package" ] || fail "no package with a small kernel; run apt-get update"
  echo "== fetching $package"
  (cd "$work" && apt-get -o APT::Sandbox::User=root -o Acquire::Retries=3 -qq download "$package")
  dpkg-deb --extract "$work/$package"_*.deb "$work/kernel"
  mkdir -p "$(dirname "$kernel")"
  cp "$work"/kernel/boot/vmlinuz-* "$kernel"
fi

# --------------------------------------------------------------------------- its files and programs
root=$work/root
mkdir -p "$root"
cc -O2 -static -s "$here/init.c" -o "$root/init"

# add PROGRAM [ARGUMENT]...: the program with the shared libraries that it loads.
add() {
  name=/$(basename "$1")
  cp "$1" "$root$name"
  for library in $(ldd "$1" | grep -o '/[^ ]*\.so[^ ]*'); do
    mkdir -p "$root$(dirname "$library")"
    cp -L "$library" "$root$library"
  done
  shift
  {
    printf %s "$name"
    [ $# = 0 ] || printf '\t%s' "$@"
    echo
  } >>"$root/programs"
}
add "$tests/emulation/spp_chosen_tier" avx512
add "$tests/spp_tests" --gtest_brief=1 "--gtest_filter=*Sample*avx512*"

image=$work/image
mkdir -p "$image/isolinux"
(cd "$root" && find . | cpio --quiet -o -H newc) >"$image/initrd"
cp "$kernel" "$image/kernel"
cp /usr/lib/ISOLINUX/isolinux.bin /usr/lib/syslinux/modules/bios/ldlinux.c32 "$image/isolinux/"
# noxsaves, clearcpuid=xsavec: Bochs 2.7 reports a size for the compact form of XSAVE that the kernel
# takes for an inconsistency, upon which it would turn AVX off.  The rest shortens the start.
cat >"$image/isolinux/isolinux.cfg" <<CONFIG
default spp
label spp
 kernel /kernel
 initrd /initrd
 append console=ttyS0,115200 quiet noxsaves clearcpuid=xsavec nosmp nokaslr mitigations=off init_on_alloc=0 lpj=1000000 tsc=reliable no_timer_check cryptomgr.notests random.trust_cpu=on panic=-1 8250.nr_uarts=1
CONFIG
xorriso -as mkisofs -quiet -o "$work/boot.iso" -b isolinux/isolinux.bin -c isolinux/boot.cat \
  -no-emul-boot -boot-load-size 4 -boot-info-table "$image" 2>"$work/xorriso.log" ||
  { cat "$work/xorriso.log" >&2; fail "no boot image"; }

# -------------------------------------------------------------------------------------- the machine
cat >"$work/bochsrc" <<CONFIG
config_interface: textconfig
display_library: term
plugin_ctrl: unmapped=1, biosdev=1, serial=1, speaker=0, parallel=0, gameport=0, iodebug=0, extfpuirq=0
cpu: model=corei7_skylake_x, count=1, ips=200000000, reset_on_triple_fault=0, ignore_bad_msrs=1
memory: guest=512, host=512
romimage: file=/usr/share/bochs/BIOS-bochs-latest, options=fastboot
vgaromimage: file=/usr/share/vgabios/vgabios.bin
pci: enabled=1, chipset=i440fx
clock: sync=none, time0=1700000000
ata0: enabled=1, ioaddr1=0x1f0, ioaddr2=0x3f0, irq=14
ata0-master: type=cdrom, path=$work/boot.iso, status=inserted
boot: cdrom
com1: enabled=1, mode=file, dev=$work/serial
log: $work/bochs.log
panic: action=fatal
error: action=report
info: action=ignore
debug: action=ignore
mouse: enabled=0
CONFIG
echo c >"$work/debugger"  # Debian's Bochs starts in its debugger: continue

echo "== x86-64 with AVX-512 under Bochs"
: >"$work/serial"
# The display "term" wants a terminal, which script provides.  timeout runs script itself, so that the
# emulator goes with it.
TERM=vt100 timeout -k 5 "$seconds" script -qec "bochs -q -f $work/bochsrc -rc $work/debugger" \
  /dev/null </dev/null >"$work/terminal" 2>&1 &
emulator=$!
wait "$emulator" || true  # the emulator's own status is never 0: the serial port has the verdict
emulator=

tr -d '\r' <"$work/serial" >"$work/output"
cat "$work/output"
grep -q '^emulated: end$' "$work/output" || {
  [ -f "$work/bochs.log" ] || { cat "$work/terminal" >&2; fail "the emulator did not start"; }
  tail -n 5 "$work/bochs.log" >&2
  fail "the machine did not finish; it has $seconds s"
}
good=$(grep -c '^emulated: status 0,' "$work/output") || true
[ "$good" = 2 ] || fail "$good of 2 programs succeeded"
grep -q 'PASSED.* [1-9][0-9]* test' "$work/output" || fail "no test ran"
