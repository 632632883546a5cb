# Cross build for aarch64 with Debian's compiler; tests run under qemu-user.  The environment variable
# SPP_ARM64_ROOT names the folder that arm64_root.sh filled.
set(CMAKE_SYSTEM_NAME Linux)
set(CMAKE_SYSTEM_PROCESSOR aarch64)
set(CMAKE_C_COMPILER aarch64-linux-gnu-gcc)
set(CMAKE_CXX_COMPILER aarch64-linux-gnu-g++)

set(SPP_ARM64_ROOT "$ENV{SPP_ARM64_ROOT}" CACHE PATH "Folder with the arm64 packages")
set(libraries ${SPP_ARM64_ROOT}/usr/lib/aarch64-linux-gnu)
set(CMAKE_FIND_ROOT_PATH ${SPP_ARM64_ROOT} /usr/aarch64-linux-gnu)
set(CMAKE_FIND_ROOT_PATH_MODE_PROGRAM NEVER)
set(CMAKE_FIND_ROOT_PATH_MODE_LIBRARY ONLY)
set(CMAKE_FIND_ROOT_PATH_MODE_INCLUDE ONLY)
set(CMAKE_FIND_ROOT_PATH_MODE_PACKAGE ONLY)
set(CMAKE_EXE_LINKER_FLAGS_INIT -Wl,-rpath-link,${libraries})

# A Cortex-A53: NEON and nothing newer, so that an instruction beyond the baseline is fatal.
set(CMAKE_CROSSCOMPILING_EMULATOR
  qemu-aarch64-static -cpu cortex-a53 -L /usr/aarch64-linux-gnu
  -E LD_LIBRARY_PATH=${libraries}:/usr/aarch64-linux-gnu/lib)
