# The one table of compiler flags per tier.  A tier is src/tiers/<name>.cpp; the run-time choice
# between them is src/dispatch.cpp, and which tiers a processor family has is decided here.
if(CMAKE_SYSTEM_PROCESSOR MATCHES "^(x86_64|AMD64|amd64)$")
  set(tiers avx512 avx2 portable)
elseif(CMAKE_SYSTEM_PROCESSOR MATCHES "^(aarch64|arm64)$")
  set(tiers neon portable)
else()
  set(tiers portable)
endif()
set(SPP_TIERS "${tiers}" CACHE STRING "Tiers to build; portable is always one of them")

# Tier code throws nothing; without exceptions it also emits no shared helper symbols.
set(common -fno-exceptions)
if(CMAKE_CXX_FLAGS MATCHES "-fsanitize=")
  # The kernel is made to be inlined whole.  With a check at every pointer it takes minutes to
  # compile; its accesses are still checked by AddressSanitizer, and by guard pages in the tests.
  list(APPEND common -O1 -fno-sanitize=null,alignment,pointer-overflow,object-size)
  # Nor are its branches counted for the fuzzer, which would take as long again; those of the checks
  # and the geometry, which decide what the kernel does, are.
  if(CMAKE_CXX_FLAGS MATCHES "fuzzer-no-link")
    list(APPEND common -fno-sanitize=fuzzer-no-link)
  endif()
endif()
set(SPP_TIER_FLAGS_avx512 ${common}
  -mavx512f -mavx512cd -mavx512bw -mavx512dq -mavx512vl -mavx2 -mfma)
if(CMAKE_CXX_COMPILER_ID STREQUAL "GNU")
  # GCC 12 warns about the deliberately undefined operand inside its own AVX-512 headers.
  list(APPEND SPP_TIER_FLAGS_avx512 -Wno-uninitialized -Wno-maybe-uninitialized)
endif()
set(SPP_TIER_FLAGS_avx2 ${common} -mavx2)
set(SPP_TIER_FLAGS_neon ${common})
set(SPP_TIER_FLAGS_portable ${common})
