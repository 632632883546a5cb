// The regions that are measured, and what is asked of their calls.
#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "buffers.hpp"
#include "cases.hpp"

namespace spp_bench {

// Where the windows lie.
enum class Windows {
  P,     // proposals: sides log-uniform from 1.5 to 37.5 cells, cut to the map
  U,     // sides uniform from 3 cells to the whole map
  boxes  // as P, in pixels and not cut: regions of roi_pool
};

const char *windows_name(Windows windows);

// The same ones in every run.
std::vector<spp_region> some_regions(Windows windows, std::int64_t count);

// The map of all of them.
constexpr Shape region_map{1, 38, 50, 512};

// One call; its limits are those of its time over that of writing its output once.
struct RegionRow {
  Windows windows;
  std::int64_t count;
  Pyramid pyramid;
  std::optional<double> goal = {};
  std::optional<AtMost> at_most = {};
  Pages pages = Pages::large;  // of map and output

  std::string name() const;  // "P/2000/6,3,2,1/adaptive", "P/2000/6,3,2,1/adaptive/usual_pages"
};

// Each for large pages, and then for usual ones.
const std::vector<RegionRow> &region_rows();

// So few that nothing is shared: compared with reading each by itself.
const std::vector<RegionRow> &few_region_rows();
constexpr double at_most_apart = 1.05;  // "no slower", and what two equal calls differ by

const std::vector<RegionRow> &two_thread_region_rows();
constexpr double goal_region_share = 0.95;
constexpr double least_region_share = 0.80;

}  // namespace spp_bench
