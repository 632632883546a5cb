// The gradient, one pinned thread: the call's time over that of writing its result once.
#include <benchmark/benchmark.h>
#include <fmt/format.h>

#include <algorithm>
#include <cstring>
#include <memory>
#include <stdexcept>
#include <vector>

#include "register.hpp"
#include "roof.hpp"
#include "timing.hpp"

namespace spp_bench {
namespace {

void require(spp_status status) {
  if (status != SPP_OK) throw std::runtime_error(spp_last_error());
}

struct Free {
  void operator()(float *p) const { std::free(p); }
};

// The gradients of a batch of floats, with the winners of random maps.
class Backward {
 public:
  Backward(const Shape &shape, const Pyramid &pyramid, std::int32_t tier, std::int32_t index_type)
      : shape_(shape), row_(pyramid.bins() * shape.channels), index_type_(index_type) {
    spp_options options{};
    options.struct_size = sizeof options;
    options.levels = pyramid.sides.data();
    options.level_count = static_cast<std::int64_t>(pyramid.sides.size());
    options.bin_rule = pyramid.bin_rule;
    options.tier = tier;
    spp_pooling *pooling = nullptr;
    require(spp_pooling_create(&options, &pooling));
    pooling_.reset(pooling);
    find_winners(pyramid.bins());
    for (std::size_t k = 0; k < narrow_.size(); ++k)
      gradients_.push_back(static_cast<float>(random(k) % 1000 + 1) / 3.0F);
    constexpr std::size_t page = 4096;
    const std::size_t bytes = static_cast<std::size_t>(shape.input_size()) * sizeof(float);
    result_.reset(static_cast<float *>(std::aligned_alloc(page, (bytes + page - 1) / page * page)));
    if (result_ == nullptr) throw std::bad_alloc();
  }

  float *result() const { return result_.get(); }

  void run() const {
    spp_gradient gradient{};
    gradient.struct_size = sizeof gradient;
    gradient.data = gradients_.data();
    gradient.capacity = shape_.count * row_;
    spp_argmax argmax{};
    argmax.struct_size = sizeof argmax;
    argmax.data = index_type_ == SPP_INDEX_I32
                      ? const_cast<std::int32_t *>(narrow_.data())
                      : static_cast<void *>(const_cast<std::int64_t *>(wide_.data()));
    argmax.capacity = shape_.count * row_;
    argmax.index_type = index_type_;
    spp_batch maps{};
    maps.struct_size = sizeof maps;
    maps.count = shape_.count;
    maps.height = shape_.height;
    maps.width = shape_.width;
    maps.channels = shape_.channels;
    spp_execution execution{};
    execution.struct_size = sizeof execution;
    execution.thread_limit = 1;
    require(spp_backward(pooling_.get(), &gradient, &argmax, &maps, result_.get(), &execution));
  }

  // Throws unless the call gives what zeros and additions in order give.
  void check() const {
    const std::int64_t cells = shape_.height * shape_.width;
    std::vector<float> map(static_cast<std::size_t>(cells * shape_.channels));
    run();
    for (std::int64_t image = 0; image < shape_.count; ++image) {
      std::fill(map.begin(), map.end(), 0.0F);
      for (std::int64_t k = 0; k < row_; ++k) {
        const auto place = static_cast<std::size_t>(image * row_ + k);
        map[static_cast<std::size_t>(narrow_[place] * shape_.channels + k % shape_.channels)] +=
            gradients_[place];
      }
      if (std::memcmp(map.data(), result_.get() + image * cells * shape_.channels,
                      map.size() * sizeof(float)) != 0)
        throw std::runtime_error("the gradient differs from that of additions in order");
    }
  }

 private:
  struct Destroy {
    void operator()(spp_pooling *pooling) const { spp_pooling_destroy(pooling); }
  };

  static std::uint64_t random(std::uint64_t value) {
    value = (value ^ (value >> 31)) * 0x9e3779b97f4a7c15U;
    value = (value ^ (value >> 29)) * 0xbf58476d1ce4e5b9U;
    return value ^ (value >> 32);
  }

  // Of a few maps; the others repeat them.
  void find_winners(std::int64_t bins) {
    constexpr std::int64_t different = 4;
    std::vector<spp_rectangle> rectangles(static_cast<std::size_t>(bins));
    require(spp_pooling_rectangles(pooling_.get(), shape_.height, shape_.width, rectangles.data(),
                                   bins));
    for (std::int64_t image = 0; image < shape_.count; ++image)
      for (std::int64_t k = 0; k < row_; ++k)
        narrow_.push_back(image < different
                              ? winner(rectangles[static_cast<std::size_t>(k / shape_.channels)],
                                       image * shape_.channels + k % shape_.channels)
                              : narrow_[static_cast<std::size_t>(image % different * row_ + k)]);
    wide_.assign(narrow_.begin(), narrow_.end());
  }

  std::int32_t winner(const spp_rectangle &bin, std::int64_t channel) const {
    std::int64_t best = -1;
    std::uint64_t best_value = 0;
    for (std::int64_t y = bin.top; y < bin.bottom; ++y) {
      for (std::int64_t x = bin.left; x < bin.right; ++x) {
        const std::int64_t position = y * shape_.width + x;
        const std::uint64_t value =
            random(static_cast<std::uint64_t>(channel * 1000003 + position));
        if (best >= 0 && value <= best_value) continue;
        best = position;
        best_value = value;
      }
    }
    return static_cast<std::int32_t>(best);
  }

  Shape shape_;
  std::int64_t row_;
  std::int32_t index_type_;
  std::unique_ptr<spp_pooling, Destroy> pooling_;
  std::vector<std::int32_t> narrow_;
  std::vector<std::int64_t> wide_;
  std::vector<float> gradients_;
  std::unique_ptr<float[], Free> result_;
};

void measure(benchmark::State &state, const BackwardCase &entry, const Settings &settings) {
  run_on({settings.cpu});
  const Shape &shape = entry.row->shape;
  const Backward call(shape, pyramids().front(), entry.tier, entry.index_type);
  call.check();
  std::vector<Contender> contenders = write_loops(call.result(), shape.input_size());
  contenders.push_back(timed_warm([&] { call.run(); }));
  take_turns(contenders, least_rounds, settings.seconds());

  std::vector<double> writes;
  for (std::size_t i = 0; i + 1 < contenders.size(); ++i) writes.push_back(contenders[i].fastest());
  const double write_ns = *std::min_element(writes.begin(), writes.end());
  const double bytes = 4.0 * static_cast<double>(shape.input_size());
  const double call_ns = contenders.back().fastest();
  state.SetIterationTime(call_ns * 1e-9);
  state.counters["ratio_write"] = call_ns / write_ns;
  state.counters["call_GBps"] = bytes / call_ns;
  state.counters["write_GBps"] = bytes / write_ns;
}

}  // namespace

std::vector<BackwardCase> register_backward(const Settings &settings) {
  std::vector<BackwardCase> cases;
  for (const BackwardRow &row : backward_rows()) {
    for (const std::int32_t tier : tiers_of(settings)) {
      for (const std::int32_t index_type : {SPP_INDEX_I32, SPP_INDEX_I64}) {
        const char *const index = index_type == SPP_INDEX_I32 ? "int32" : "int64";
        cases.push_back(
            {&row, tier, index_type,
             fmt::format("backward/{}/{}/{}", row.shape.name(), index, spp_tier_name(tier))});
        const BackwardCase entry = cases.back();
        register_case(entry.name,
                      [=](benchmark::State &state) { measure(state, entry, settings); });
      }
    }
  }
  return cases;
}

}  // namespace spp_bench
