#include "maps.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "failure.hpp"

Window Window::at(int64_t top, int64_t left, int64_t window_height, int64_t window_width) const {
  return {data + top * row_stride + left * channels, window_height, window_width, channels,
          row_stride};
}

std::string Window::shape() const { return fmt::format("{}x{}x{}", height, width, channels); }

Window RealMap::whole() const {
  const std::vector<int64_t> &sides = array.shape();
  return {array.floats(), sides[1], sides[2], sides[3], sides[2] * sides[3]};
}

std::vector<RealMap> load_maps(const std::string &folder) {
  struct Known {
    const char *name;
    const char *file;
  };
  constexpr Known known[] = {
      {"EfficientNet, stride 8", "effnetlite0_china_427x640_stride8_53x80x40"},
      {"EfficientNet, bottleneck", "effnetlite0_china_427x640_bottleneck_13x20x320"},
      {"PP-OCRv4, hard swish", "ppocrv4det_china_416x640_hswish_13x20x384"}};
  std::vector<RealMap> maps;
  for (const Known &entry : known) {
    const std::string path = fmt::format("{}/{}.npy", folder, entry.file);
    maps.push_back({entry.name, entry.file, NpyArray(path)});
    const std::vector<int64_t> &sides = maps.back().array.shape();
    if (sides.size() != 4 || sides[0] != 1) {
      throw Failure(fmt::format("{}: shape ({}); one map, (1, H, W, C), is needed", path,
                                fmt::join(sides, ", ")));
    }
  }
  return maps;
}

NpyArray load_keras_answer(const std::string &folder, const RealMap &map,
                           const std::string &levels) {
  return NpyArray(fmt::format("{}/keras/{}__{}.npy", folder, map.file, levels));
}
