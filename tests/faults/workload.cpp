#include "faults/workload.hpp"

#include <cstring>

#include "oracle.hpp"
#include "region_oracle.hpp"
#include "support/paint.hpp"

namespace {

// 1.1 MB of input and 1.2 MB of rows of regions: well above what one thread keeps for itself.
constexpr std::int64_t count = 5;
constexpr std::int64_t height = 29;
constexpr std::int64_t width = 30;
constexpr std::int64_t channels = 64;
constexpr std::int64_t map_size = height * width * channels;
constexpr spp_level levels[] = {{1, 1}, {2, 2}, {4, 4}};
constexpr std::int64_t length = 21 * channels;
constexpr std::int64_t region_count = 220;

const std::vector<oracle::Level> oracle_levels = {{1, 1}, {2, 2}, {4, 4}};
constexpr oracle::Rules rules = {
    false, false, false, oracle::sign_bit(oracle::float32) | oracle::infinity(oracle::float32)};

std::vector<std::uint32_t> narrowed(const std::vector<oracle::Value> &values) {
  return {values.begin(), values.end()};
}

template <typename T>
void append(std::vector<T> &all, const std::vector<T> &row) {
  all.insert(all.end(), row.begin(), row.end());
}

oracle::Map map_at(const std::vector<std::uint32_t> &maps, std::int64_t k) {
  return {maps.data() + k * map_size, height, width, channels, width * channels, channels, 1};
}

// Small whole numbers, of which sums are exact in any order.
std::uint32_t gradient_at(std::int64_t k) {
  const auto number = static_cast<float>(k % 17 - 8);
  std::uint32_t bits = 0;
  std::memcpy(&bits, &number, sizeof bits);
  return bits;
}

float number_of(std::uint32_t bits) {
  float number = 0;
  std::memcpy(&number, &bits, sizeof number);
  return number;
}

}  // namespace

const Library linked_library = {spp_pooling_create, spp_pooling_destroy,  spp_pool,
                                spp_pool_ragged,    spp_pool_argmax,      spp_pool_regions,
                                spp_backward,       spp_backward_regions, spp_last_error};

const char *name_of(Kind kind) {
  constexpr const char *names[] = {"dense",   "ragged",           "positions",      "backward",
                                   "regions", "region positions", "region backward"};
  return names[static_cast<int>(kind)];
}

const Workload &Workload::instance() {
  static const Workload workload;
  return workload;
}

Workload::Workload() : maps_(count * map_size), gradients_(region_count * length) {
  for (std::size_t k = 0; k < maps_.size(); ++k)
    maps_[k] = painted(Paint::few_nans, static_cast<std::int64_t>(k));
  for (std::size_t k = 0; k < gradients_.size(); ++k)
    gradients_[k] = gradient_at(static_cast<std::int64_t>(k));
  std::uint32_t seed = 1;
  const auto below = [&seed](std::int64_t limit) {
    seed = seed * 1664525U + 1013904223U;
    return static_cast<std::int64_t>(seed >> 8) % limit;
  };
  for (std::int64_t k = 0; k < region_count; ++k) {
    const std::int64_t y = below(height - 4);
    const std::int64_t x = below(width - 4);
    // At least 4 x 4 cells, so that no bin is empty.
    regions_.push_back({k % 2, y, x, 4 + below(height - y - 3), 4 + below(width - x - 3)});
  }
  expect_rows();
  expect_regions();
  expect_gradients(Kind::positions, Kind::backward);
  expect_gradients(Kind::region_positions, Kind::region_backward);
}

void Workload::expect_rows() {
  Results &rows = expected_[static_cast<int>(Kind::positions)];
  for (std::int64_t k = 0; k < count; ++k) {
    append(rows.values, narrowed(oracle::pool(map_at(maps_, k), oracle_levels, rules)));
    append(rows.positions, oracle::argmax(map_at(maps_, k), oracle_levels, rules));
  }
  expected_[static_cast<int>(Kind::dense)].values = rows.values;
  expected_[static_cast<int>(Kind::ragged)].values = rows.values;
}

void Workload::expect_gradients(Kind forward, Kind backward) {
  const Results &rows = expected_[static_cast<int>(forward)];
  std::vector<float> sums(maps_.size());
  for (std::size_t k = 0; k < rows.positions.size(); ++k) {
    const std::size_t row = k / length;
    const std::int64_t map =
        forward == Kind::positions ? static_cast<std::int64_t>(row) : regions_[row].image;
    const std::int64_t place =
        map * map_size + rows.positions[k] * channels + static_cast<std::int64_t>(k) % channels;
    sums[static_cast<std::size_t>(place)] += number_of(gradients_[k]);
  }
  std::vector<std::uint32_t> &values = expected_[static_cast<int>(backward)].values;
  values.resize(sums.size());
  std::memcpy(values.data(), sums.data(), sums.size() * sizeof(float));
}

void Workload::expect_regions() {
  Results &rows = expected_[static_cast<int>(Kind::region_positions)];
  for (const spp_region &region : regions_) {
    const oracle::Map map = map_at(maps_, region.image);
    const oracle::Window window = {region.y, region.x, region.height, region.width};
    append(rows.values,
           narrowed(oracle::region_row<oracle::Value>(map, window, oracle::RegionRule::rounded,
                                                      oracle_levels, rules, oracle::maxima)));
    append(rows.positions,
           oracle::region_row<std::int64_t>(map, window, oracle::RegionRule::rounded, oracle_levels,
                                            rules, oracle::positions));
  }
  expected_[static_cast<int>(Kind::regions)].values = rows.values;
}

spp_options Workload::options() const {
  spp_options options = {};
  options.struct_size = sizeof options;
  options.levels = levels;
  options.level_count = 3;
  return options;
}

Results Workload::untouched(Kind kind) const {
  Results results = expected(kind);
  for (std::uint32_t &value : results.values) value = 0xa5a5a5a5U;
  for (std::int64_t &position : results.positions) position = -7;
  return results;
}

spp_status Workload::call(const Library &library, const spp_pooling *pooling, Kind kind,
                          const spp_execution *execution, Results &results) const {
  spp_batch batch = {};
  batch.struct_size = sizeof batch;
  batch.data = maps_.data();
  batch.count = count;
  batch.height = height;
  batch.width = width;
  batch.channels = channels;
  const spp_output output = {sizeof output, results.values.data(),
                             static_cast<std::int64_t>(results.values.size()), 0};
  spp_argmax argmax = {};
  argmax.struct_size = sizeof argmax;
  argmax.data = results.positions.data();
  argmax.capacity = static_cast<std::int64_t>(results.positions.size());
  switch (kind) {
    case Kind::dense:
      return library.pool(pooling, &batch, &output, execution);
    case Kind::ragged: {
      spp_map maps[count];
      for (std::int64_t k = 0; k < count; ++k)
        maps[k] = {sizeof(spp_map), maps_.data() + k * map_size, height, width, nullptr};
      return library.pool_ragged(pooling, maps, count, channels, &output, execution);
    }
    case Kind::positions:
      return library.pool_argmax(pooling, &batch, &output, &argmax, execution);
    case Kind::backward:
    case Kind::region_backward: {
      const bool by_regions = kind == Kind::region_backward;
      // Read by this call; the field is not const because other calls write them.
      const std::vector<std::int64_t> &positions =
          expected(by_regions ? Kind::region_positions : Kind::positions).positions;
      argmax.data = const_cast<std::int64_t *>(positions.data());
      argmax.capacity = static_cast<std::int64_t>(positions.size());
      const spp_gradient gradient = {sizeof gradient, gradients_.data(),
                                     static_cast<std::int64_t>(gradients_.size()), 0};
      void *const written = results.values.data();
      if (by_regions)
        return library.backward_regions(pooling, &gradient, &argmax, &batch, regions_.data(),
                                        region_count, written, execution);
      return library.backward(pooling, &gradient, &argmax, &batch, written, execution);
    }
    default:
      return library.pool_regions(pooling, &batch, regions_.data(), region_count, &output,
                                  kind == Kind::regions ? nullptr : &argmax, execution);
  }
}

std::string Workload::run(const Library &library, const spp_pooling *pooling, Kind kind,
                          const spp_execution *execution) const {
  Results results = untouched(kind);
  const spp_status status = call(library, pooling, kind, execution, results);
  if (status != SPP_OK) return std::string(name_of(kind)) + ": " + library.last_error();
  return results == expected(kind) ? "" : std::string(name_of(kind)) + ": other bits";
}

std::string Workload::run_all(const Library &library, const spp_pooling *pooling,
                              const spp_execution *execution) const {
  std::string wrong;
  for (const Kind kind : all_kinds) wrong += run(library, pooling, kind, execution);
  return wrong;
}
