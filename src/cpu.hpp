// What this processor and this system can run.
#pragma once

#include <cstdint>

namespace spp {

// Made-up values of these are what the tests of the refusals use.
struct CpuFeatures {
  bool avx2 = false;
  bool avx512f = false;
  bool avx512cd = false;
  bool avx512bw = false;
  bool avx512dq = false;
  bool avx512vl = false;
  bool neon = false;
  bool osxsave = false;    // the system uses XSAVE, so xcr0 can be read
  std::uint64_t xcr0 = 0;  // register state that the system saves
};

CpuFeatures detect_cpu();

// nullptr if the tier can run, else a static sentence that says why not.  The CPU's feature bits are
// not enough: where the system does not save the wide registers, using them ends the process.
const char *refuse_portable(const CpuFeatures &cpu);
const char *refuse_neon(const CpuFeatures &cpu);
const char *refuse_avx2(const CpuFeatures &cpu);
const char *refuse_avx512(const CpuFeatures &cpu);

}  // namespace spp
