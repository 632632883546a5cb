#include "support/scenario.hpp"

#include <algorithm>
#include <array>
#include <cstring>
#include <sstream>

#include "support/pooling.hpp"

namespace {

using oracle::Value;

// Not among the painted values, and no result either, but for 8 bits, which have no such value.
constexpr Value untouched = 0xa5a5a5a5a5a5a5a5U;

oracle::Type type_of(const Recipe &recipe) { return element_of(recipe.element_type).type; }

// What lies around the input would change every result that it slipped into.
Value poison(const Recipe &recipe) {
  const oracle::Type type = type_of(recipe);
  if (type.kind != oracle::Kind::floating) {
    return oracle::lowest(type) ^ (2 * oracle::sign_bit(type) - 1);  // the highest
  }
  return recipe.nan_policy == SPP_NAN_PROPAGATE ? oracle::canonical_nan(type)
                                                : oracle::infinity(type);
}

std::vector<oracle::Level> levels_of(const Recipe &recipe) {
  std::vector<oracle::Level> levels;
  for (const spp_level &level : recipe.levels) levels.push_back({level.rows, level.columns});
  return levels;
}

oracle::Rules rules_of(const Recipe &recipe) {
  return {recipe.bin_rule == SPP_BINS_ADAPTIVE, recipe.order == SPP_ORDER_CHANNELS_BINS,
          recipe.nan_policy == SPP_NAN_IGNORE,
          recipe.empty_policy == SPP_EMPTY_ZERO ? 0 : oracle::lowest(type_of(recipe))};
}

std::vector<Value> expected_values(const oracle::Map &map, const Recipe &recipe) {
  return oracle::pool(map, levels_of(recipe), rules_of(recipe));
}

constexpr std::int64_t untouched_position = -7;

constexpr std::int64_t buffer_bytes = std::int64_t{1} << 26;

GuardedBuffer &input_buffer() {
  static GuardedBuffer buffer(buffer_bytes);
  return buffer;
}

// The positions that a call should write, between elements that it should leave alone.
class ExpectedPositions {
 public:
  void add(const oracle::Map &map, const Recipe &recipe, std::size_t gap) {
    if (!positions_.empty()) positions_.resize(positions_.size() + gap, untouched_position);
    const std::vector<std::int64_t> row = oracle::argmax(map, levels_of(recipe), rules_of(recipe));
    positions_.insert(positions_.end(), row.begin(), row.end());
  }

  // Exactly large enough.
  const spp_argmax *place(const Recipe &recipe, Placement placement, std::int64_t row_stride) {
    if (!recipe.index_type) return nullptr;
    argmax_.struct_size = sizeof argmax_;
    argmax_.capacity = static_cast<std::int64_t>(positions_.size());
    argmax_.row_stride = row_stride;
    argmax_.index_type = *recipe.index_type;
    bytes_ = argmax_.index_type == SPP_INDEX_I32 ? 4 : 8;
    argmax_.data = buffer().place(argmax_.capacity, bytes_, placement,
                                  static_cast<std::uint64_t>(untouched_position));
    return &argmax_;
  }

  testing::AssertionResult hold(bool refused) const {
    if (argmax_.data == nullptr) return testing::AssertionSuccess();
    if (!buffer().margins_hold()) {
      return testing::AssertionFailure() << "wrote outside of the positions";
    }
    for (std::size_t k = 0; k < positions_.size(); ++k) {
      const std::int64_t wanted = refused ? untouched_position : positions_[k];
      const std::int64_t found = bytes_ == 4 ? static_cast<const std::int32_t *>(argmax_.data)[k]
                                             : static_cast<const std::int64_t *>(argmax_.data)[k];
      if (found != wanted) {
        return testing::AssertionFailure()
               << "position " << k << " is " << found << " instead of " << wanted;
      }
    }
    return testing::AssertionSuccess();
  }

 private:
  static GuardedBuffer &buffer() {
    static GuardedBuffer memory(buffer_bytes);
    return memory;
  }

  std::vector<std::int64_t> positions_;
  spp_argmax argmax_ = {};
  int bytes_ = 8;
};

// The rows that a call should write, between elements that it should leave alone.
class ExpectedOutput {
 public:
  ExpectedOutput(const Recipe &recipe, std::int64_t channels, std::int64_t gap)
      : type_(type_of(recipe)) {
    std::int64_t bins = 0;
    for (const spp_level &level : recipe.levels) bins += level.rows * level.columns;
    length_ = bins * channels;
    stride_ = length_ + gap;
  }

  void add(const oracle::Map &map, const Recipe &recipe) {
    if (!elements_.empty()) elements_.resize(elements_.size() + gap(), untouched);
    const std::vector<Value> row = expected_values(map, recipe);
    elements_.insert(elements_.end(), row.begin(), row.end());
    if (recipe.index_type) positions_.add(map, recipe, gap());
    empty_ |= empty_bins(recipe, map.height, map.width) != 0;
  }

  // Calls with an output that is exactly large enough, and compares.
  template <typename Call>
  testing::AssertionResult compare(std::int32_t tier, const Recipe &recipe, Placement placement,
                                   const spp_execution *execution, Call &&call) {
    static GuardedBuffer buffer(buffer_bytes);
    const auto size = static_cast<std::int64_t>(elements_.size());
    char *written = buffer.place(size, type_.bytes, placement, untouched);
    spp_output output = {};
    output.struct_size = sizeof output;
    output.data = written;
    output.capacity = size;
    output.row_stride = gap() == 0 ? 0 : stride_;
    spp_report report = {};
    report.struct_size = sizeof report;
    spp_execution own = {};
    own.struct_size = sizeof own;
    if (execution != nullptr) own = *execution;
    if (own.report == nullptr) own.report = &report;

    const Pooling pooling(options_of(recipe, tier));
    const spp_argmax *argmax = positions_.place(recipe, placement, output.row_stride);
    const spp_status status = call(pooling, &output, argmax, &own);

    const bool refused = empty_ && recipe.empty_policy == SPP_EMPTY_ERROR;
    if (refused) std::fill(elements_.begin(), elements_.end(), untouched);
    const spp_status wanted = refused ? SPP_ERROR_EMPTY_BIN : SPP_OK;
    if (status != wanted) {
      return testing::AssertionFailure() << spp_status_name(status) << " instead of "
                                         << spp_status_name(wanted) << ": " << spp_last_error();
    }
    if (!refused && own.report->tier != tier) {
      return testing::AssertionFailure() << "ran on " << spp_tier_name(own.report->tier);
    }
    if (!buffer.margins_hold()) {
      return testing::AssertionFailure() << "wrote outside of the output";
    }
    const testing::AssertionResult values = same(written);
    return values ? positions_.hold(refused) : values;
  }

 private:
  std::size_t gap() const { return static_cast<std::size_t>(stride_ - length_); }

  testing::AssertionResult same(const char *written) const {
    const Value all_bits = 2 * oracle::sign_bit(type_) - 1;
    for (std::size_t k = 0; k < elements_.size(); ++k) {
      const auto index = static_cast<std::int64_t>(k);
      const Value found = oracle::value_at(written, type_, index);
      const Value wanted = elements_[k] & all_bits;
      if (found != wanted) {
        return testing::AssertionFailure()
               << "row " << index / stride_ << ", element " << index % stride_ << " of " << length_
               << std::hex << ": 0x" << found << " instead of 0x" << wanted;
      }
    }
    return testing::AssertionSuccess();
  }

  oracle::Type type_;
  std::int64_t length_;
  std::int64_t stride_;
  std::vector<Value> elements_;
  ExpectedPositions positions_;
  bool empty_ = false;
};

Strides dense(const Recipe &recipe, std::int64_t height, std::int64_t width,
              std::int64_t channels) {
  const std::int64_t size = height * width * channels;
  if (recipe.layout == SPP_LAYOUT_NCHW) return {size, width, 1, height * width};
  return {size, width * channels, channels, 1};
}

// Elements from the first to the last described one.
std::int64_t extent(std::int64_t count, std::int64_t height, std::int64_t width,
                    std::int64_t channels, const Strides &strides) {
  return 1 + (count - 1) * strides.image + (height - 1) * strides.row +
         (width - 1) * strides.column + (channels - 1) * strides.channel;
}

// Elements from the first to the last one in an island: along the axes that do not lead to another.
std::int64_t island_extent(const Scenario &scenario, const Strides &strides) {
  const std::int64_t page = Islands::page_bytes() / type_of(scenario.recipe).bytes;
  const auto size = [page](std::int64_t elements, std::int64_t stride) {
    return stride < page ? elements : 1;
  };
  return extent(1, size(scenario.height, strides.row), size(scenario.width, strides.column),
                size(scenario.channels, strides.channel), strides);
}

void paint_map(char *data, const oracle::Map &map, Paint paint, std::int64_t first) {
  for (std::int64_t y = 0; y < map.height; ++y) {
    for (std::int64_t x = 0; x < map.width; ++x) {
      char *pixel = data + (y * map.row + x * map.column) * map.type.bytes;
      const std::int64_t position = first + (y * map.width + x) * map.channels;
      for (std::int64_t c = 0; c < map.channels; ++c) {
        const Value value = painted(map.type, paint, position + c);
        std::memcpy(pixel + c * map.channel * map.type.bytes, &value,
                    static_cast<std::size_t>(map.type.bytes));
      }
    }
  }
}

std::int64_t valid(const std::vector<std::int64_t> &sizes, std::int64_t image, std::int64_t full) {
  return sizes.empty() ? full : sizes[static_cast<std::size_t>(image)];
}

}  // namespace

std::vector<std::uint32_t> expected_row(const oracle::Map &map, const Recipe &recipe) {
  const std::vector<Value> values = expected_values(map, recipe);
  return std::vector<std::uint32_t>(values.begin(), values.end());
}

std::int64_t empty_bins(const Recipe &recipe, std::int64_t height, std::int64_t width) {
  std::int64_t empty = 0;
  for (const spp_level &level : recipe.levels) {
    empty += oracle::empty_bins(recipe.bin_rule == SPP_BINS_ADAPTIVE, height, width,
                                {level.rows, level.columns});
  }
  return empty;
}

spp_options options_of(const Recipe &recipe, std::int32_t tier) {
  spp_options options = options_for(recipe.levels);
  options.bin_rule = recipe.bin_rule;
  options.order = recipe.order;
  options.nan_policy = recipe.nan_policy;
  options.empty_policy = recipe.empty_policy;
  options.element_type = recipe.element_type;
  options.layout = recipe.layout;
  options.tier = tier;
  return options;
}

testing::AssertionResult agrees(std::int32_t tier, const Scenario &scenario,
                                const spp_execution *execution) {
  const Strides strides = scenario.strides.value_or(
      dense(scenario.recipe, scenario.height, scenario.width, scenario.channels));
  const oracle::Type type = type_of(scenario.recipe);
  char *data =
      scenario.islands != nullptr
          ? scenario.islands->first_page()
          : input_buffer().place(
                extent(scenario.count, scenario.height, scenario.width, scenario.channels, strides),
                type.bytes, scenario.input_placement, poison(scenario.recipe));
  if (scenario.islands != nullptr && scenario.input_placement == Placement::flush_end) {
    data += Islands::page_bytes() - island_extent(scenario, strides) * type.bytes;
  }

  std::vector<oracle::Map> maps;
  for (std::int64_t k = 0; k < scenario.count; ++k) {
    char *image = data + k * strides.image * type.bytes;
    maps.push_back({image, valid(scenario.valid_heights, k, scenario.height),
                    valid(scenario.valid_widths, k, scenario.width), scenario.channels, strides.row,
                    strides.column, strides.channel, type, scenario.width});
    paint_map(image, maps.back(), scenario.paint,
              k * scenario.height * scenario.width * scenario.channels);
  }
  // Only now, since a stride of 0 paints the same elements again.
  ExpectedOutput expected(scenario.recipe, scenario.channels, scenario.output_gap);
  for (const oracle::Map &map : maps) expected.add(map, scenario.recipe);

  const std::array<std::int64_t, 4> element_strides = {strides.image, strides.row, strides.column,
                                                       strides.channel};
  spp_batch batch = {};
  batch.struct_size = sizeof batch;
  batch.data = data;
  batch.count = scenario.count;
  batch.height = scenario.height;
  batch.width = scenario.width;
  batch.channels = scenario.channels;
  batch.strides = scenario.strides ? element_strides.data() : nullptr;
  batch.valid_heights = scenario.valid_heights.empty() ? nullptr : scenario.valid_heights.data();
  batch.valid_widths = scenario.valid_widths.empty() ? nullptr : scenario.valid_widths.data();
  const auto call = [&batch](const spp_pooling *pooling, const spp_output *output,
                             const spp_argmax *argmax, const spp_execution *how) {
    if (argmax != nullptr) return spp_pool_argmax(pooling, &batch, output, argmax, how);
    return spp_pool(pooling, &batch, output, how);
  };
  testing::AssertionResult result =
      expected.compare(tier, scenario.recipe, scenario.output_placement, execution, call);
  if (!result) result << "\nin " << describe(scenario);
  return result;
}

testing::AssertionResult agrees(std::int32_t tier, const RaggedScenario &scenario,
                                const spp_execution *execution) {
  constexpr std::size_t buffers = 5;
  static std::array<GuardedBuffer, buffers> inputs = {
      GuardedBuffer(buffer_bytes), GuardedBuffer(buffer_bytes), GuardedBuffer(buffer_bytes),
      GuardedBuffer(buffer_bytes), GuardedBuffer(buffer_bytes)};
  if (scenario.maps.size() > buffers) return testing::AssertionFailure() << "too many maps";
  const oracle::Type type = type_of(scenario.recipe);

  ExpectedOutput expected(scenario.recipe, scenario.channels, scenario.output_gap);
  std::vector<std::array<std::int64_t, 3>> strides(scenario.maps.size());
  std::vector<spp_map> maps(scenario.maps.size());
  for (std::size_t k = 0; k < maps.size(); ++k) {
    const RaggedMap &map = scenario.maps[k];
    const Strides own =
        map.strides.value_or(dense(scenario.recipe, map.height, map.width, scenario.channels));
    char *data = inputs[k].place(extent(1, map.height, map.width, scenario.channels, own),
                                 type.bytes, scenario.input_placement, poison(scenario.recipe));
    const oracle::Map view = {data,    map.height, map.width,   scenario.channels,
                              own.row, own.column, own.channel, type};
    paint_map(data, view, scenario.paint, static_cast<std::int64_t>(k) * 100003);
    expected.add(view, scenario.recipe);
    strides[k] = {own.row, own.column, own.channel};
    maps[k] = {sizeof(spp_map), data, map.height, map.width,
               map.strides ? strides[k].data() : nullptr};
  }
  const auto call = [&](const spp_pooling *pooling, const spp_output *output,
                        const spp_argmax *argmax, const spp_execution *how) {
    const auto count = static_cast<std::int64_t>(maps.size());
    if (argmax != nullptr) {
      return spp_pool_ragged_argmax(pooling, maps.data(), count, scenario.channels, output, argmax,
                                    how);
    }
    return spp_pool_ragged(pooling, maps.data(), count, scenario.channels, output, how);
  };
  testing::AssertionResult result =
      expected.compare(tier, scenario.recipe, scenario.output_placement, execution, call);
  if (!result) {
    result << "\nin " << describe(scenario.recipe) << ", ragged, " << scenario.channels
           << " channels, " << paint_name(scenario.paint);
    for (const RaggedMap &map : scenario.maps) result << ' ' << map.height << 'x' << map.width;
  }
  return result;
}

std::string describe(const Recipe &recipe) {
  std::ostringstream text;
  text << element_of(recipe.element_type).name << ' ';
  for (const spp_level &level : recipe.levels) text << level.rows << 'x' << level.columns << ' ';
  text << (recipe.layout == SPP_LAYOUT_NCHW ? "NCHW " : "NHWC ")
       << (recipe.bin_rule == SPP_BINS_ADAPTIVE ? "adaptive" : "rounded") << ", order "
       << recipe.order << ", NaN policy " << recipe.nan_policy << ", empty policy "
       << recipe.empty_policy;
  return text.str();
}

std::string describe(const Scenario &scenario) {
  std::ostringstream text;
  text << describe(scenario.recipe) << "; " << scenario.count << 'x' << scenario.height << 'x'
       << scenario.width << 'x' << scenario.channels << ' ' << paint_name(scenario.paint);
  if (scenario.strides) {
    text << ", strides " << scenario.strides->image << ' ' << scenario.strides->row << ' '
         << scenario.strides->column << ' ' << scenario.strides->channel;
  }
  text << ", placements " << static_cast<int>(scenario.input_placement) << ' '
       << static_cast<int>(scenario.output_placement) << ", output gap " << scenario.output_gap;
  return text.str();
}
