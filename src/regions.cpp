#include "regions.hpp"

#include <algorithm>
#include <atomic>
#include <new>

#include "cache_lines.hpp"
#include "dispatch.hpp"
#include "element.hpp"
#include "environment.hpp"
#include "partition.hpp"
#include "region_cost.hpp"
#include "region_plan.hpp"
#include "rows_by_map.hpp"
#include "status.hpp"

namespace spp {
namespace {

using Direction = AxisPlanner::Direction;

// Larger maps are no longer read from caches, packed or not.
constexpr std::int64_t most_map_cells = 32 << 10;
constexpr std::int64_t most_region_bins = 1024;

// From here on output is written past the caches: in pieces of a block it would be slow to bring there.
constexpr std::int64_t stream_output_bytes = std::int64_t{4} << 20;
// Output of this size would not stay in caches if the regions were pooled one by one, either.
constexpr std::int64_t large_output_bytes = std::int64_t{16} << 20;
// From here on blocks are wide.
constexpr std::int64_t wide_output_bytes = std::int64_t{64} << 20;

// Output of less than this stays on the calling thread.
constexpr std::int64_t serial_output_bytes = std::int64_t{512} << 10;
constexpr std::int64_t items_per_thread = 4;

// One map and its regions.
struct MapWork {
  RegionMap map;
  std::int64_t height;
  std::int64_t width;
  std::int64_t first;  // of the windows
  std::int64_t last;
  std::int32_t table_side;  // 1: no tables
};

class SharedRegions {
 public:
  SharedRegions(const Pooling &pooling, const Images &images, const Output &output,
                const Execution &execution)
      : pooling_(pooling), images_(images), output_(output) {
    for (std::int64_t k = 0; k < images.count(); ++k) {
      const Image map = images.map(images.region(k).image);
      most_height_ = std::max(most_height_, map.height);
      most_width_ = std::max(most_width_, map.width);
      most_cells_ = std::max(most_cells_, map.height * map.width);
    }
    const std::int64_t bytes = images.count() * pooling.bins * images.channels() * 4;
    depth_ = bytes > wide_output_bytes ? wide_depth : narrow_depth;
    blocks_ = (images.channels() + depth_ - 1) / depth_;
    if (bytes >= serial_output_bytes)
      lanes_ = std::min<std::int64_t>(available_threads(execution), most_threads);
    is_large_ = bytes > large_output_bytes;
    stream_ = bytes > stream_output_bytes && images.channels() % line_floats == 0 &&
              output.rows.row_stride % line_floats == 0;
    // Blocks begin where lines of the output do.
    const auto past_line = static_cast<std::int64_t>(
        reinterpret_cast<std::uintptr_t>(output.rows.data) / sizeof(float) % line_floats);
    if (stream_) first_channel_ = (line_floats - past_line) % line_floats;
  }

  static bool can_share(const Pooling &pooling, const Images &images, const Output &output) {
    if (pooling.element->id != SPP_F32 || pooling.order != SPP_ORDER_BINS_CHANNELS ||
        output.position_size != 0 || pooling.finest_side > most_region_columns ||
        pooling.bins > most_region_bins)
      return false;
    for (std::int64_t k = 0; k < images.count(); ++k) {
      const Image map = images.map(images.region(k).image);
      if (map.height > most_map_cells / map.width) return false;
    }
    return true;
  }

  std::int64_t bytes() const { return plan_bytes() + lanes_ * slot_bytes() + line_bytes; }

  // Makes the plan; false: each region on its own is cheaper.
  bool plan(char *memory) {
    Arena arena(memory, static_cast<std::size_t>(plan_bytes()));
    slots_ = memory + round_up(plan_bytes(), line_bytes);
    levels_ = arena.take<RegionLevel>(static_cast<std::int64_t>(pooling_.levels.size()));
    lay_levels();
    windows_ = arena.take<RegionWindow>(images_.count());
    maps_ = arena.take<MapWork>(images_.map_count());
    AxisPlanner rows(pooling_, Direction::rows, images_.count(), most_height_, arena);
    AxisPlanner columns(pooling_, Direction::columns, images_.count(), most_width_, arena);
    sort_by_map(RowsByMap(images_, arena.take<std::int64_t>(RowsByMap::words(images_))));
    RegionCost cost(levels_, static_cast<std::int64_t>(pooling_.levels.size()), pooling_.bins,
                    images_.channels(), is_large_);
    for (std::int64_t m = 0; m < map_count_; ++m) plan_map(maps_[m], rows, columns, cost);
    return cost.is_less_shared();
  }

  std::int64_t lanes() {
    chunks_ = lanes_ == 1
                  ? 1
                  : (items_per_thread * lanes_ + map_count_ * blocks_ - 1) / (map_count_ * blocks_);
    lanes_ = std::min(lanes_, map_count_ * blocks_ * chunks_);
    return lanes_;
  }

  static void run_lane(void *context, std::int64_t lane) {
    const DefaultFloatEnvironment environment;
    static_cast<SharedRegions *>(context)->run(lane);
  }

 private:
  std::int64_t plan_bytes() const {
    return static_cast<std::int64_t>(pooling_.levels.size() * sizeof(RegionLevel)) +
           images_.count() * static_cast<std::int64_t>(sizeof(RegionWindow)) +
           images_.map_count() * static_cast<std::int64_t>(sizeof(MapWork)) +
           RowsByMap::bytes(images_) +
           AxisPlanner::bytes(pooling_, Direction::rows, images_.count(), most_height_) +
           AxisPlanner::bytes(pooling_, Direction::columns, images_.count(), most_width_);
  }
  // A lane's block with its tables, and the bins of a region twice.
  std::int64_t slot_bytes() const {
    return (4 * most_cells_ + 2 * pooling_.bins) * depth_ *
           static_cast<std::int64_t>(sizeof(float));
  }

  void lay_levels() {
    std::int32_t row = 0;
    std::int32_t column = 0;
    for (std::size_t k = 0; k < pooling_.levels.size(); ++k) {
      const Level &level = pooling_.levels[static_cast<std::size_t>(pooling_.finest_first[k])];
      const std::int32_t source = pooling_.nestings[k].source;
      levels_[k] = {level.rows, level.columns, row, column, level.first_bin, source, 0, 0, false};
      row += level.rows;
      column += level.columns;
      if (source < 0) continue;
      levels_[source].is_source = true;
      levels_[k].merged_rows = levels_[source].rows / level.rows;
      levels_[k].merged_columns = levels_[source].columns / level.columns;
    }
    is_six_ = pooling_.levels.size() == 4;
    for (std::size_t k = 0; is_six_ && k < 4; ++k) {
      constexpr std::int32_t sides[] = {6, 3, 2, 1};
      is_six_ = levels_[k].rows == sides[k] && levels_[k].columns == sides[k];
    }
  }

  // Windows of one map side by side, in their order.
  void sort_by_map(const RowsByMap &rows) {
    std::int64_t next = 0;
    for (std::int64_t m = 0; m < images_.map_count(); ++m) {
      const std::int64_t first = next;
      for (std::int64_t k = 0; k < rows.count(m); ++k) windows_[next++].row = rows.begin(m)[k];
      if (first == next) continue;
      const Image image = images_.map(m);
      maps_[map_count_++] = {{reinterpret_cast<const float *>(image.data), image.row_stride,
                              image.column_stride, image.channel_stride},
                             image.height,
                             image.width,
                             first,
                             next,
                             1};
    }
  }

  // Lays the windows of a map out, and adds what they cost to `cost`.
  void plan_map(MapWork &work, AxisPlanner &rows, AxisPlanner &columns, RegionCost &cost) {
    rows.begin_map(work.height);
    columns.begin_map(work.width);
    for (std::int64_t i = work.first; i < work.last; ++i) {
      RegionWindow &window = windows_[i];
      const Image image = images_[window.row];
      std::int64_t top = 0;
      std::int64_t left = 0;
      const AxisPlan &vertical = rows.plan(image.rows(), top);
      const AxisPlan &horizontal = columns.plan(image.columns(), left);
      window.rows = vertical.covers;
      window.columns = horizontal.covers;
      window.first_cell = top * work.width + left;
      window.merged = vertical.nests & horizontal.nests;
      cost.add(vertical, horizontal, window.merged);
    }
    // Side by side, so that a cache keeps the rows that they share.
    std::sort(
        windows_ + work.first, windows_ + work.last,
        [](const RegionWindow &a, const RegionWindow &b) { return a.first_cell < b.first_cell; });
    work.table_side = cost.finish_map(work.height * work.width);
    const auto cell = static_cast<std::int32_t>(depth_);
    const auto row = static_cast<std::int32_t>(work.width) * cell;
    const std::int32_t block = static_cast<std::int32_t>(work.height) * row;
    columns.finish_map({cell, block, work.table_side});
    rows.finish_map({row, 2 * block, work.table_side});
  }

  // Items go map by map, block by block; a lane keeps a block as long as its items are of it.
  void run(std::int64_t lane) {
    float *const slot = reinterpret_cast<float *>(slots_ + lane * slot_bytes());
    const RegionKernels &kernels = *pooling_.tier->region_kernels;
    RegionBlock block{};
    block.levels = levels_;
    block.level_count = static_cast<std::int64_t>(pooling_.levels.size());
    block.is_six = is_six_;
    block.cells = slot;
    block.depth = depth_;
    block.results = slot + 4 * most_cells_ * depth_;
    block.part = block.results + pooling_.bins * depth_;
    block.bins = pooling_.bins;
    block.empty_zero = pooling_.empty_policy == SPP_EMPTY_ZERO || pooling_.bin_rule == SPP_BINS_ROI;
    block.row_stride = output_.rows.row_stride;
    block.bin_stride = images_.channels();
    block.stream = stream_;
    std::int64_t packed = -1;
    const std::int64_t items = map_count_ * blocks_ * chunks_;
    for (std::int64_t item = next_++; item < items; item = next_++) {
      const std::int64_t wanted = item / chunks_;
      const MapWork &work = maps_[wanted / blocks_];
      if (wanted != packed) pack(kernels, work, wanted % blocks_, block);
      packed = wanted;
      const std::int64_t chunk = item % chunks_;
      const std::int64_t count = work.last - work.first;
      kernels.pool(block, windows_ + work.first + part_start(count, chunks_, chunk),
                   windows_ + work.first + part_start(count, chunks_, chunk + 1));
    }
  }

  void pack(const RegionKernels &kernels, const MapWork &work, std::int64_t index,
            RegionBlock &block) const {
    const std::int64_t channel = first_channel_ + index * depth_;
    block.height = work.height;
    block.width = work.width;
    block.channels = std::min(depth_, images_.channels() - index * depth_);
    block.before_end = std::min(block.channels, images_.channels() - channel);
    block.output = reinterpret_cast<float *>(output_.rows.written()) + channel;
    RegionMap map = work.map;
    map.data += channel * map.channel_stride;
    kernels.pack(map, pooling_.nan_policy == SPP_NAN_IGNORE, block);
    block.table_side = work.table_side;
    if (work.table_side > 1) kernels.make_tables(block);
  }

  const Pooling &pooling_;
  const Images &images_;
  const Output &output_;
  std::int64_t most_height_ = 1;
  std::int64_t most_width_ = 1;
  std::int64_t most_cells_ = 1;
  std::int64_t depth_ = narrow_depth;
  std::int64_t blocks_ = 1;
  std::int64_t lanes_ = 1;
  std::int64_t chunks_ = 1;
  bool is_large_ = false;
  bool stream_ = false;
  std::int64_t first_channel_ = 0;  // of the first block
  bool is_six_ = false;
  RegionLevel *levels_ = nullptr;
  RegionWindow *windows_ = nullptr;
  MapWork *maps_ = nullptr;
  std::int64_t map_count_ = 0;  // with regions
  char *slots_ = nullptr;
  std::atomic<std::int64_t> next_{0};
};

}  // namespace

spp_status pool_shared_regions(const Pooling &pooling, const Images &images, const Output &output,
                               const Execution &execution, bool &done, std::int32_t &tier,
                               std::int64_t &tasks) {
  done = false;
  if (!SharedRegions::can_share(pooling, images, output)) return SPP_OK;
  SharedRegions work(pooling, images, output, execution);
  const ScratchCache::Block block = pooling.scratch.take(static_cast<std::size_t>(work.bytes()));
  if (!block)
    return fail(SPP_ERROR_OUT_OF_MEMORY, "out of memory: %lld bytes of scratch",
                static_cast<long long>(work.bytes()));
  if (!work.plan(block.data())) return SPP_OK;
  const std::int64_t lanes = work.lanes();
  if (lanes == 1)
    SharedRegions::run_lane(&work, 0);
  else
    SPP_RETURN_IF_FAILED(run_tasks(execution, lanes, SharedRegions::run_lane, &work));
  done = true;
  tier = pooling.tier->region_kernels->tier;
  tasks = lanes;
  return SPP_OK;
}

}  // namespace spp
