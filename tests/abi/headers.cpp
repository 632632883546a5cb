// The C++ headers, and with them the C header, in every version of C++ that they promise.
#include <spp/spp.hpp>
// A second time, for the guards.
#include <spp/spp.hpp>
#include <spp/training.hpp>
#include <spp/types.hpp>

std::int64_t headers_compile();

std::int64_t headers_compile() {
  spp::Options options;
  options.levels = {1, 2, 4};
  return static_cast<std::int64_t>(spp::Pooling(options).describe().size());
}
