// spp-demo: pools recorded feature maps of real networks through the C ABI, compares every bit with
// the recorded answers of the Keras layer and of torchvision, and shows the speed beside that of a plain
// read.
// usage: spp-demo [FOLDER OF THE MAPS].  Exit status 0 only if everything is equal.
#include <fmt/format.h>
#include <spp.h>

#include <algorithm>
#include <array>
#include <chrono>
#include <cstdio>
#include <cstring>
#include <exception>

#include "failure.hpp"
#include "maps.hpp"
#include "plain_pooling.hpp"
#include "plain_read.hpp"
#include "pooling.hpp"
#include "regions.hpp"

namespace {

struct Speed {
  double pooling;  // GB of input per second
  double reading;
};

int64_t row_length(const spp_pooling *pooling, int64_t channels) {
  int64_t length = 0;
  require(spp_pooling_output_length(pooling, channels, &length));
  return length;
}

// One call for windows of one channel count and of any sizes; `vectors` gets a row for each.
class RaggedCall {
 public:
  RaggedCall(const spp_pooling *pooling, const std::vector<Window> &windows)
      : pooling_(pooling), channels_(windows.front().channels) {
    strides_.reserve(windows.size());
    for (const Window &window : windows) {
      strides_.push_back({window.row_stride, window.channels, 1});
      maps_.push_back(
          {sizeof(spp_map), window.data, window.height, window.width, strides_.back().data()});
    }
    vectors_.resize(windows.size() * static_cast<size_t>(row_length(pooling, channels_)));
    output_ = {sizeof output_, vectors_.data(), static_cast<int64_t>(vectors_.size()), 0};
    report_.struct_size = sizeof report_;
    execution_.struct_size = sizeof execution_;
    execution_.report = &report_;
  }
  RaggedCall(const RaggedCall &) = delete;
  RaggedCall &operator=(const RaggedCall &) = delete;

  void run() {
    require(spp_pool_ragged(pooling_, maps_.data(), static_cast<int64_t>(maps_.size()), channels_,
                            &output_, &execution_));
  }
  const std::vector<float> &vectors() const { return vectors_; }
  int64_t tasks() const { return report_.tasks; }

 private:
  const spp_pooling *pooling_;
  int64_t channels_;
  std::vector<std::array<int64_t, 3>> strides_;
  std::vector<spp_map> maps_;
  std::vector<float> vectors_;
  spp_output output_ = {};
  spp_report report_ = {};
  spp_execution execution_ = {};
};

template <typename Work>
double seconds(const Work &work) {
  const auto start = std::chrono::steady_clock::now();
  work();
  return std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
}

// The least of many repetitions, pooling and reading in turn, so that both meet the same machine.
Speed measure(const spp_pooling *pooling, const Window &window) {
  constexpr int repetitions = 1000;
  RaggedCall call(pooling, {window});
  double pooling_seconds = 1e9;
  double reading_seconds = 1e9;
  volatile uint32_t result = 0;
  for (int i = 0; i < repetitions; ++i) {
    pooling_seconds = std::min(pooling_seconds, seconds([&] { call.run(); }));
    reading_seconds = std::min(reading_seconds, seconds([&] { result = plain_read(window); }));
  }
  const double gigabytes = static_cast<double>(window.bytes()) * 1e-9;
  return {gigabytes / pooling_seconds, gigabytes / reading_seconds};
}

class Table {
 public:
  explicit Table(const char *reference) {
    fmt::print("  {:<25}{:>10}{:>8}{:>7}{:>9}{:>8}{:>7}\n", "map", "shape", "vector", "tasks",
               reference, "GB/s", "read");
  }

  void row(const std::string &name, const Window &window, int64_t length, int64_t tasks, bool equal,
           const Speed &speed) {
    fmt::print("  {:<25}{:>10}{:>8}{:>7}{:>9}{:>8.1f}{:>7.1f}\n", name, window.shape(), length,
               tasks, equal ? "yes" : "NO", speed.pooling, speed.reading);
    all_equal_ = all_equal_ && equal;
  }

  bool all_equal() const { return all_equal_; }

 private:
  bool all_equal_ = true;
};

bool same_bits(const float *left, const float *right, int64_t count) {
  return std::memcmp(left, right, static_cast<size_t>(count) * sizeof(float)) == 0;
}

Pooling make(const std::string &levels) {
  PoolingChoice choice;
  choice.levels = parse_levels(levels);
  return make_pooling(choice);
}

bool whole_maps(const std::string &folder, const std::vector<RealMap> &maps,
                const std::string &levels) {
  const Pooling pooling = make(levels);
  fmt::print("\nLevels {} ({} bins)\n", levels, spp_pooling_bin_count(pooling.get()));
  Table table("= Keras");
  std::string key = levels;
  std::replace(key.begin(), key.end(), ',', '_');
  for (const RealMap &map : maps) {
    const Window window = map.whole();
    RaggedCall call(pooling.get(), {window});
    call.run();
    const int64_t length = row_length(pooling.get(), window.channels);
    const NpyArray answer = load_keras_answer(folder, map, key);
    const bool equal =
        answer.size() == length && same_bits(call.vectors().data(), answer.floats(), length);
    table.row(map.name, window, length, call.tasks(), equal, measure(pooling.get(), window));
  }
  return table.all_equal();
}

bool windows_of_one_map(const RealMap &map, const std::string &levels) {
  const Pooling pooling = make(levels);
  fmt::print("\nLevels {}, windows of one map in one call (by strides, without a copy)\n", levels);
  const Window whole = map.whole();
  struct Cut {
    const char *name;
    Window window;
  };
  const std::vector<Cut> cuts = {{"the bottleneck map", whole},
                                 {"its upper left part", whole.at(0, 0, 9, 12)},
                                 {"a strip of its middle", whole.at(5, 0, 4, 20)},
                                 {"its lower right corner", whole.at(6, 13, 7, 7)}};
  std::vector<Window> windows;
  for (const Cut &cut : cuts) windows.push_back(cut.window);
  RaggedCall call(pooling.get(), windows);
  call.run();

  Table table("= plain");
  const int64_t length = row_length(pooling.get(), whole.channels);
  const float *row = call.vectors().data();
  for (const Cut &cut : cuts) {
    const std::vector<float> expected = plain_pooling(cut.window, parse_levels(levels));
    const bool equal = same_bits(row, expected.data(), length);
    table.row(cut.name, cut.window, length, call.tasks(), equal,
              measure(pooling.get(), cut.window));
    row += length;
  }
  return table.all_equal();
}

int run(const std::string &folder) {
  const std::vector<RealMap> maps = load_maps(folder);
  const int32_t tier = spp_pooling_tier(make("1").get());
  fmt::print("libspp {}, tier {}, up to {} threads\n", spp_version(), spp_tier_name(tier),
             spp_thread_count());
  fmt::print("Feature maps that real networks made of a photograph; f32, HWC, rounded bins\n");
  bool equal = whole_maps(folder, maps, "1,2,4");
  equal = whole_maps(folder, maps, "1,2,3,6") && equal;
  equal = windows_of_one_map(maps[1], "1,2,4") && equal;
  equal = regions_of_one_map(folder, maps[1]) && equal;
  fmt::print(R"(
  = Keras  every bit is that of the recorded answer of the Keras layer
  = plain  every bit is that of plain nested loops
  = torch  every bit is that of the recorded answer of torchvision's roi_pool
  x1,y1    corners of the box in pixels of the photograph
  y,x      first cell and size of its window, both rounded ends included: it may
           leave the map, as 14 x 21 does 13 x 20, and its bins are cut to it
  tasks    pieces that the call was cut into; 1: all on the calling thread
  GB/s     bytes of the map pooled per second, this map alone; read: the same
           bytes read once by a plain loop on one thread; both the best of 1000

)");
  if (!equal) {
    fmt::print("FAILED: where the table says NO, the vector differs.\n");
    return 1;
  }
  fmt::print("Shown: maps of any size became vectors of bins x channels, every bit right.\n");
  return 0;
}

}  // namespace

int main(int argc, char **argv) {
  try {
    return run(argc > 1 ? argv[1] : SPP_DEMO_MAPS);
  } catch (const std::exception &error) {
    std::fprintf(stderr, "spp-demo: %s\n", error.what());
    return 1;
  }
}
