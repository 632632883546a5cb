#include "register.hpp"

#include <exception>

namespace spp_bench {

void register_case(const std::string &name,
                   const std::function<void(benchmark::State &)> &measure) {
  benchmark::RegisterBenchmark(name.c_str(),
                               [measure](benchmark::State &state) {
                                 for (auto _ : state) {
                                   try {
                                     measure(state);
                                   } catch (const std::exception &error) {
                                     state.SkipWithError(error.what());
                                     break;
                                   }
                                 }
                               })
      ->Iterations(1)
      ->UseManualTime();
}

}  // namespace spp_bench
