// spp-demo: pools recorded feature maps of real networks through the C ABI, compares every bit with
// the recorded answers of the Keras layer, and shows the speed beside that of a plain read.
// usage: spp-demo [FOLDER OF THE MAPS].  Exit status 0 only if everything is equal.
#include <fmt/format.h>
#include <spp.h>

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <cstring>
#include <exception>

#include "failure.hpp"
#include "maps.hpp"
#include "plain_pooling.hpp"
#include "plain_read.hpp"
#include "pooling.hpp"

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

// Pools windows of one channel count, of any sizes, in one call; `vectors` has a row for each.
spp_report pool(const spp_pooling *pooling, const std::vector<Window> &windows,
                std::vector<float> &vectors) {
  std::vector<spp_map> maps;
  std::vector<int64_t> strides;
  strides.reserve(windows.size() * 3);
  for (const Window &window : windows) {
    const int64_t *first = strides.data() + strides.size();
    strides.insert(strides.end(), {window.row_stride, window.channels, 1});
    maps.push_back({sizeof(spp_map), window.data, window.height, window.width, first});
  }
  spp_output output = {};
  output.struct_size = sizeof output;
  output.data = vectors.data();
  output.capacity = static_cast<int64_t>(vectors.size());
  spp_report report = {};
  report.struct_size = sizeof report;
  spp_execution execution = {};
  execution.struct_size = sizeof execution;
  execution.report = &report;
  require(spp_pool_ragged(pooling, maps.data(), static_cast<int64_t>(maps.size()),
                          windows.front().channels, &output, &execution));
  return report;
}

template <typename Work>
double seconds(const Work &work) {
  const auto start = std::chrono::steady_clock::now();
  work();
  return std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
}

// The least of many repetitions, pooling and reading in turn, so that both meet the same machine.
Speed measure(const spp_pooling *pooling, const Window &window) {
  std::vector<float> vector(static_cast<size_t>(row_length(pooling, window.channels)));
  constexpr int repetitions = 1000;
  double pooling_seconds = 1e9;
  double reading_seconds = 1e9;
  volatile uint32_t result = 0;
  for (int i = 0; i < repetitions; ++i) {
    pooling_seconds = std::min(pooling_seconds, seconds([&] { pool(pooling, {window}, vector); }));
    reading_seconds = std::min(reading_seconds, seconds([&] { result = plain_read(window); }));
  }
  const double gigabytes = static_cast<double>(window.bytes()) * 1e-9;
  return {gigabytes / pooling_seconds, gigabytes / reading_seconds};
}

class Table {
 public:
  explicit Table(const char *reference) {
    fmt::print("  {:<31}{:>10}{:>8}{:>7}{:>9}  {}\n", "map", "shape", "vector", "tasks", reference,
               "pooling / read");
  }

  void row(const std::string &name, const Window &window, int64_t length, int64_t tasks, bool equal,
           const Speed &speed) {
    fmt::print("  {:<31}{:>10}{:>8}{:>7}{:>9}  {:5.1f} / {:.1f} GB/s\n", name, window.shape(),
               length, tasks, equal ? "yes" : "NO", speed.pooling, speed.reading);
    all_equal_ = all_equal_ && equal;
  }

  bool all_equal() const { return all_equal_; }

 private:
  bool all_equal_ = true;
};

bool same_bits(const float *left, const float *right, int64_t count) {
  return std::memcmp(left, right, static_cast<size_t>(count) * sizeof(float)) == 0;
}

Pooling make(const std::vector<spp_level> &levels) {
  PoolingChoice choice;
  choice.levels = levels;
  return make_pooling(choice);
}

bool whole_maps(const std::string &folder, const std::vector<RealMap> &maps,
                const std::string &levels) {
  const Pooling pooling = make(parse_levels(levels));
  fmt::print("\nLevels {}: {} bins\n", levels, spp_pooling_bin_count(pooling.get()));
  Table table("= Keras");
  std::string key = levels;
  std::replace(key.begin(), key.end(), ',', '_');
  for (const RealMap &map : maps) {
    const Window window = map.whole();
    const int64_t length = row_length(pooling.get(), window.channels);
    std::vector<float> vector(static_cast<size_t>(length));
    const spp_report report = pool(pooling.get(), {window}, vector);
    const NpyArray answer = load_keras_answer(folder, map, key);
    const bool equal = answer.size() == length && same_bits(vector.data(), answer.data(), length);
    table.row(map.name, window, length, report.tasks, equal, measure(pooling.get(), window));
  }
  return table.all_equal();
}

bool windows_of_one_map(const RealMap &map, const std::string &levels) {
  const Pooling pooling = make(parse_levels(levels));
  fmt::print("\nLevels {}, one call for windows of different sizes of one map (strides, no copy)\n",
             levels);
  const Window whole = map.whole();
  struct Cut {
    const char *name;
    Window window;
  };
  const std::vector<Cut> cuts = {{"all of the bottleneck map", whole},
                                 {"its upper left part", whole.at(0, 0, 9, 12)},
                                 {"a strip of its middle", whole.at(5, 0, 4, 20)},
                                 {"its lower right corner", whole.at(6, 13, 7, 7)}};
  std::vector<Window> windows;
  for (const Cut &cut : cuts) windows.push_back(cut.window);
  const int64_t length = row_length(pooling.get(), whole.channels);
  std::vector<float> vectors(static_cast<size_t>(length) * windows.size());
  const spp_report report = pool(pooling.get(), windows, vectors);

  Table table("= plain");
  const float *row = vectors.data();
  for (const Cut &cut : cuts) {
    const std::vector<float> expected = plain_pooling(cut.window, parse_levels(levels));
    const bool equal = same_bits(row, expected.data(), length);
    table.row(cut.name, cut.window, length, report.tasks, equal,
              measure(pooling.get(), cut.window));
    row += length;
  }
  return table.all_equal();
}

int run(const std::string &folder) {
  const std::vector<RealMap> maps = load_maps(folder);
  const Pooling pooling = make({{1, 1}});
  fmt::print("libspp {}, tier {}, up to {} threads; feature maps of a photograph, float32 HWC\n",
             spp_version(), spp_tier_name(spp_pooling_tier(pooling.get())), spp_thread_count());
  bool equal = whole_maps(folder, maps, "1,2,4");
  equal = whole_maps(folder, maps, "1,2,3,6") && equal;
  equal = windows_of_one_map(maps[1], "1,2,4") && equal;
  fmt::print(
      "\n= Keras: every bit equals the recorded answer of the Keras layer.  = plain: ... that of\n"
      "nested loops.  tasks: pieces that the call was cut into; 1 runs on the calling thread.\n"
      "read: the input's bytes read once by one thread.  Both: the best of 1000 in turn, in "
      "cache.\n\n");
  if (!equal) {
    fmt::print("FAILED: a vector differs, see NO above.\n");
    return 1;
  }
  fmt::print(
      "Shown: maps of any size became vectors of one length per model, bit for bit right.\n");
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
