// Calls that are large enough to be cut for several threads.  The oracle would take too long for these:
// the bits are those of the same call on one thread of the first tier, whatever the tier, the number
// of threads, the order of the pieces and the strides.

#include <cstring>

#include "fuzz/any.hpp"
#include "support/elements.hpp"
#include "support/paint.hpp"

namespace {

constexpr std::int64_t least_bytes = 512 << 10;  // less is not cut
constexpr std::int64_t most_bytes = 600 << 10;
constexpr std::int64_t most_in_rows = 150000;  // numbers: half a mebibyte of float32, and more
constexpr std::int64_t most_numbers_bytes = 4 * most_bytes;

[[noreturn]] void stop(const char *what, std::int32_t tier) {
  std::fprintf(stderr, "%s, %s: %s\n", spp_tier_name(tier), what, spp_last_error());
  std::abort();
}

std::int64_t size_of(std::int32_t type) { return element_of(type).type.bytes; }

// Numbers of a type, painted once.
char *numbers_of(std::int32_t type) {
  static std::vector<char> painted_numbers[all_elements.size()];
  std::vector<char> &numbers = painted_numbers[type];
  if (!numbers.empty()) return numbers.data();
  numbers.resize(most_numbers_bytes);
  for (std::int64_t k = 0; k < most_numbers_bytes / size_of(type); ++k) {
    const oracle::Value value = painted(element_of(type).type, Paint::numbers, k);
    std::memcpy(&numbers[static_cast<std::size_t>(k * size_of(type))], &value,
                static_cast<std::size_t>(size_of(type)));
  }
  return numbers.data();
}

struct Maps {
  Recipe recipe;
  std::int64_t count, height, width, channels;
  std::vector<std::int64_t> valid_heights, valid_widths;
  std::vector<spp_region> regions;  // empty: each map has a row

  std::int64_t rows() const {
    return regions.empty() ? count : static_cast<std::int64_t>(regions.size());
  }
  std::int64_t row_length() const { return bin_count(recipe.levels) * channels; }
  std::int64_t element_size() const { return size_of(recipe.element_type); }
  std::int64_t index_size() const { return *recipe.index_type == SPP_INDEX_I32 ? 4 : 8; }
};

Maps any_maps(Draw &draw, bool has_gradient) {
  Maps maps = {};
  const Geometry geometry =
      has_gradient && draw.coin() ? nested_geometry(draw, 60) : any_geometry(draw, 60);
  maps.recipe = any_recipe(draw);
  maps.recipe.levels = geometry.levels;
  maps.recipe.empty_policy = draw.within(1, 2);
  const bool has_regions = has_gradient ? draw.one_in(3) : draw.coin();
  if (has_gradient) {
    maps.recipe.element_type = draw.within<std::int32_t>(SPP_F32, SPP_BF16);
    maps.recipe.index_type = draw.within(0, 1);
  } else if (has_regions && draw.coin()) {  // which share work
    maps.recipe.element_type = SPP_F32;
    maps.recipe.order = SPP_ORDER_BINS_CHANNELS;
    maps.recipe.index_type.reset();
  }
  const std::int64_t wanted =
      draw.within(least_bytes, most_bytes) / size_of(maps.recipe.element_type);
  maps.height = geometry.height;
  maps.width = geometry.width;
  switch (draw.within(0, 2)) {
    case 0:  // one map of many channels
      maps.count = 1;
      break;
    case 1:  // maps of few
      maps.channels = draw.within(1, 70);
      maps.count = std::max<std::int64_t>(1, wanted / (maps.height * maps.width * maps.channels));
      break;
    default:  // a tall or wide one
      maps.count = draw.within(1, 3);
      std::int64_t &length = draw.coin() ? maps.height : maps.width;
      const std::int64_t most_length =
          wanted * length / (maps.count * maps.height * maps.width);  // of one channel
      length = std::min<std::int64_t>(length * draw.within(1, 30), most_length);
  }
  const std::int64_t most = std::max<std::int64_t>(1, most_in_rows / bin_count(geometry.levels));
  if (maps.channels == 0)
    maps.channels = std::max<std::int64_t>(1, wanted / (maps.count * maps.height * maps.width));
  maps.channels = std::min(maps.channels, most);
  const std::int64_t most_rows = std::max<std::int64_t>(1, most / maps.channels);
  maps.count = std::min(maps.count, most_rows);
  if (draw.one_in(4)) {
    for (std::int64_t k = 0; k < maps.count; ++k) {
      maps.valid_heights.push_back(draw.within<std::int64_t>(1, maps.height));
      maps.valid_widths.push_back(draw.within<std::int64_t>(1, maps.width));
    }
  }
  if (!has_regions) return maps;
  if (draw.coin()) maps.recipe.bin_rule = SPP_BINS_ROI;
  maps.valid_heights.clear();
  maps.valid_widths.clear();
  for (std::int64_t k = 0; k < std::min<std::int64_t>(most_rows, 600); ++k) {
    spp_region region = {};
    region.image = draw.within<std::int64_t>(0, maps.count - 1);
    region.y = draw.within<std::int64_t>(0, maps.height - 1);
    region.x = draw.within<std::int64_t>(0, maps.width - 1);
    region.height = draw.within<std::int64_t>(1, maps.height - region.y);
    region.width = draw.within<std::int64_t>(1, maps.width - region.x);
    maps.regions.push_back(region);
  }
  return maps;
}

// How the maps lie in memory.
struct Arrangement {
  Strides strides;
  bool is_named;  // by the call's strides, else by the handle's layout
};

Arrangement side_by_side(const Maps &maps) {
  return {dense(SPP_LAYOUT_NHWC, maps.height, maps.width, maps.channels), true};
}

Arrangement any_arrangement(Draw &draw, const Maps &maps) {
  if (draw.coin())
    return {any_strides(draw, {maps.count, maps.height, maps.width, maps.channels}, false), true};
  return {dense(maps.recipe.layout, maps.height, maps.width, maps.channels), false};
}

std::size_t bytes_of(const Maps &maps, const Arrangement &arrangement) {
  const std::int64_t elements =
      extent(maps.count, maps.height, maps.width, maps.channels, arrangement.strides);
  return static_cast<std::size_t>(elements * maps.element_size());
}

// Copies elements that lie side by side to where they lie in the maps, or back.
template <typename Word>
void copy_as(const Maps &maps, const Strides &strides, Word *plain, Word *there, bool back) {
  for (std::int64_t k = 0; k < maps.count; ++k)
    for (std::int64_t y = 0; y < maps.height; ++y)
      for (std::int64_t x = 0; x < maps.width; ++x) {
        Word *pixel = there + k * strides.image + y * strides.row + x * strides.column;
        for (std::int64_t c = 0; c < maps.channels; ++c, pixel += strides.channel, ++plain)
          (back ? *plain : *pixel) = back ? *pixel : *plain;
      }
}

void copy(const Maps &maps, const Strides &strides, void *plain, void *there, bool back) {
  const auto copy_words = [&](auto word) {
    using Word = decltype(word);
    copy_as(maps, strides, static_cast<Word *>(plain), static_cast<Word *>(there), back);
  };
  switch (maps.element_size()) {
    case 1:
      return copy_words(std::uint8_t{});
    case 2:
      return copy_words(std::uint16_t{});
    case 4:
      return copy_words(std::uint32_t{});
    default:
      return copy_words(std::uint64_t{});
  }
}

struct Batch {
  Batch(const Maps &maps, const Arrangement &arrangement, const void *data)
      : strides{arrangement.strides.image, arrangement.strides.row, arrangement.strides.column,
                arrangement.strides.channel},
        described{sizeof described,
                  data,
                  maps.count,
                  maps.height,
                  maps.width,
                  maps.channels,
                  arrangement.is_named ? strides : nullptr,
                  maps.valid_heights.empty() ? nullptr : maps.valid_heights.data(),
                  maps.valid_widths.empty() ? nullptr : maps.valid_widths.data()} {}

  std::int64_t strides[4];
  spp_batch described;
};

// What a call has written.
struct Written {
  std::vector<char> values, positions;
};

Written pool(const Maps &maps, const Arrangement &arrangement, std::int32_t tier,
             const spp_execution &how) {
  std::vector<char> data(bytes_of(maps, arrangement), 0x7f);
  copy(maps, arrangement.strides, numbers_of(maps.recipe.element_type), data.data(), false);
  const Batch batch(maps, arrangement, data.data());
  const std::int64_t count = maps.rows() * maps.row_length();
  Written written;
  written.values.resize(static_cast<std::size_t>(count * maps.element_size()));
  spp_output output = {};
  output.struct_size = sizeof output;
  output.data = written.values.data();
  output.capacity = count;
  spp_argmax argmax = {};
  if (maps.recipe.index_type) {
    written.positions.resize(static_cast<std::size_t>(count * maps.index_size()));
    argmax.struct_size = sizeof argmax;
    argmax.data = written.positions.data();
    argmax.capacity = count;
    argmax.index_type = *maps.recipe.index_type;
  }
  const spp_argmax *const positions = maps.recipe.index_type ? &argmax : nullptr;
  const Pooling pooling(options_of(maps.recipe, tier));
  spp_status status = SPP_OK;
  if (!maps.regions.empty())
    status = spp_pool_regions(pooling, &batch.described, maps.regions.data(), maps.rows(), &output,
                              positions, &how);
  else if (positions != nullptr)
    status = spp_pool_argmax(pooling, &batch.described, &output, positions, &how);
  else
    status = spp_pool(pooling, &batch.described, &output, &how);
  if (status != SPP_OK) stop("pooling failed", tier);
  return written;
}

// The gradient of the maps, side by side, from numbers and these positions.
std::vector<char> backward(const Maps &maps, const Arrangement &arrangement,
                           std::vector<char> &positions, std::int32_t tier,
                           const spp_execution &how) {
  std::vector<char> data(bytes_of(maps, arrangement), 0x7f);
  const Batch batch(maps, arrangement, nullptr);
  const std::int64_t count = maps.rows() * maps.row_length();
  spp_gradient gradient = {};
  gradient.struct_size = sizeof gradient;
  gradient.data = numbers_of(maps.recipe.element_type);
  gradient.capacity = count;
  spp_argmax argmax = {};
  argmax.struct_size = sizeof argmax;
  argmax.data = positions.data();
  argmax.capacity = count;
  argmax.index_type = *maps.recipe.index_type;
  const Pooling pooling(options_of(maps.recipe, tier));
  const spp_status status =
      maps.regions.empty()
          ? spp_backward(pooling, &gradient, &argmax, &batch.described, data.data(), &how)
          : spp_backward_regions(pooling, &gradient, &argmax, &batch.described, maps.regions.data(),
                                 maps.rows(), data.data(), &how);
  if (status != SPP_OK) stop("the gradient failed", tier);
  std::vector<char> gathered(bytes_of(maps, side_by_side(maps)));
  copy(maps, arrangement.strides, gathered.data(), data.data(), true);
  return gathered;
}

// Some positions become those of other bins, which are valid for any map.
void change_positions(Draw &draw, const Maps &maps, std::vector<char> &positions) {
  const auto length = static_cast<std::size_t>(maps.row_length());
  const auto size = static_cast<std::size_t>(maps.index_size());
  for (auto more = draw.coin() ? 1 : draw.within(0, 50); more > 0; --more) {
    const auto row = length * draw.within<std::size_t>(0, positions.size() / size / length - 1);
    const auto from = row + draw.within<std::size_t>(0, length - 1);
    const auto to = row + draw.within<std::size_t>(0, length - 1);
    std::memcpy(&positions[to * size], &positions[from * size], size);
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t *data, std::size_t size) {
  Draw draw(data, size);
  const bool has_gradient = draw.coin();
  const Maps maps = any_maps(draw, has_gradient);
  const Arrangement plain = side_by_side(maps);
  const spp_execution alone = execution_with(1);
  const Written wanted = pool(maps, plain, SPP_TIER_PORTABLE, alone);
  std::vector<char> positions = wanted.positions;
  std::vector<char> wanted_gradient;
  if (has_gradient) {
    change_positions(draw, maps, positions);
    wanted_gradient = backward(maps, plain, positions, SPP_TIER_PORTABLE, alone);
  }
  for (const std::int32_t tier : all_tiers) {
    if (spp_tier_refusal(tier) != nullptr) continue;
    AnyOrder order(draw);
    const Arrangement arrangement = any_arrangement(draw, maps);
    if (has_gradient) {
      if (backward(maps, arrangement, positions, tier, order.execution()) != wanted_gradient)
        stop("another gradient", tier);
      continue;
    }
    const Written found = pool(maps, arrangement, tier, order.execution());
    if (found.values != wanted.values) stop("other values", tier);
    if (found.positions != wanted.positions) stop("other positions", tier);
  }
  return 0;
}
