// A call cut for several threads, whose pieces run one after another in any order: what the order
// could change shows, and shows again when the input runs a second time.
#ifndef SPP_TESTS_FUZZ_EXECUTOR_HPP
#define SPP_TESTS_FUZZ_EXECUTOR_HPP

#include <cstdint>
#include <numeric>
#include <vector>

#include "fuzz/draw.hpp"
#include "spp.h"
#include "support/execution.hpp"

class AnyOrder {
 public:
  explicit AnyOrder(Draw &draw)
      : threads_(draw.within<std::int32_t>(2, draw.coin() ? 4 : 40)),
        state_(draw.any<std::uint32_t>()) {}

  // Valid as long as this object, which keeps where it is.
  spp_execution execution() { return execution_with(threads_, run, this); }

 private:
  static std::int32_t run(void *context, spp_task task, void *task_context, std::int64_t count) {
    auto &own = *static_cast<AnyOrder *>(context);
    std::vector<std::int64_t> indices(static_cast<std::size_t>(count));
    std::iota(indices.begin(), indices.end(), 0);
    for (std::size_t left = indices.size(); left > 0; --left) {
      own.state_ = own.state_ * 1664525U + 1013904223U;
      const std::size_t k = (own.state_ >> 8) % left;
      task(task_context, indices[k]);
      indices[k] = indices[left - 1];
    }
    return 0;
  }

  std::int32_t threads_;
  std::uint32_t state_;
};

#endif
