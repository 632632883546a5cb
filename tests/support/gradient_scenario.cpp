#include "support/gradient_scenario.hpp"

#include <array>
#include <cstring>
#include <sstream>

#include "gradient_oracle.hpp"
#include "support/positions.hpp"

namespace {

using oracle::Value;

constexpr std::size_t most_maps = 6;

struct Size {
  std::int64_t height, width;
};

Size valid_size(const GradientMap &map) {
  return {map.valid_height != 0 ? map.valid_height : map.height,
          map.valid_width != 0 ? map.valid_width : map.width};
}

Strides strides_of(const GradientScenario &scenario, const GradientMap &map) {
  return map.strides.value_or(
      dense(scenario.recipe.layout, map.height, map.width, scenario.channels));
}

// An array of a call's maps: what it should be, and where it is.
struct Array {
  std::vector<Value> wanted;
  GuardedBuffer *buffer;
  char *data;
};

class Checker {
 public:
  explicit Checker(const GradientScenario &scenario)
      : scenario_(scenario),
        type_(type_of(scenario.recipe)),
        index_bytes_(scenario.index_type == SPP_INDEX_I32 ? 4 : 8),
        length_(bin_count(scenario.recipe.levels) * scenario.channels) {}

  testing::AssertionResult run(std::int32_t tier, const spp_execution *execution) {
    place_rows();
    place_maps();
    for (std::size_t k = 0; k < scenario_.maps.size(); ++k) fill_map(k);
    const spp_status status = call(tier, execution);
    if (status != SPP_OK)
      return testing::AssertionFailure() << spp_status_name(status) << ": " << spp_last_error();
    for (std::size_t k = 0; k < arrays_.size(); ++k) {
      if (!arrays_[k].buffer->margins_hold())
        return testing::AssertionFailure() << "wrote outside of array " << k;
      const testing::AssertionResult result = same(arrays_[k]);
      if (!result) return testing::AssertionFailure() << "array " << k << ", " << result.message();
    }
    return testing::AssertionSuccess();
  }

 private:
  std::size_t row_count() const {
    return scenario_.by_regions ? scenario_.regions.size() : scenario_.maps.size();
  }
  std::size_t map_of(std::size_t row) const {
    return scenario_.by_regions ? static_cast<std::size_t>(scenario_.regions[row].image) : row;
  }

  std::int64_t rows_size(std::int64_t gap) const {
    const auto count = static_cast<std::int64_t>(row_count());
    return count == 0 ? 0 : count * (length_ + gap) - gap;
  }

  // Around the rows lies what would be refused or would show.
  void place_rows() {
    static GuardedBuffer gradients(guarded_bytes);
    static GuardedBuffer positions(guarded_bytes);
    const std::int64_t gradient_size = rows_size(scenario_.gradient_gap);
    gradients_ = gradients.place(gradient_size, type_.bytes, scenario_.placement, untouched);
    fill(gradients_, gradient_size, type_.bytes, oracle::canonical_nan(type_));
    const std::int64_t position_size = rows_size(scenario_.argmax_gap);
    positions_ = positions.place(position_size, index_bytes_, scenario_.placement, untouched);
    fill(positions_, position_size, index_bytes_, 0x7e7e7e7e7e7e7e7eU);
  }

  void place_maps() {
    static std::array<GuardedBuffer, most_maps> buffers = {
        GuardedBuffer(guarded_bytes), GuardedBuffer(guarded_bytes), GuardedBuffer(guarded_bytes),
        GuardedBuffer(guarded_bytes), GuardedBuffer(guarded_bytes), GuardedBuffer(guarded_bytes)};
    const auto placement =
        static_cast<Placement>((static_cast<int>(scenario_.placement) + 1) % placement_count);
    const std::size_t count = scenario_.ragged ? scenario_.maps.size() : 1;
    for (std::size_t k = 0; k < count; ++k) {
      const GradientMap &map = scenario_.maps[k];
      const auto images = scenario_.ragged ? 1 : static_cast<std::int64_t>(scenario_.maps.size());
      const std::int64_t size =
          extent(images, map.height, map.width, scenario_.channels, strides_of(scenario_, map));
      char *data = buffers[k].place(size, type_.bytes, placement, untouched);
      fill(data, size, type_.bytes, untouched);
      arrays_.push_back(
          {std::vector<Value>(static_cast<std::size_t>(size), untouched), &buffers[k], data});
    }
  }

  static void fill(char *data, std::int64_t count, int bytes, Value value) {
    for (std::int64_t k = 0; k < count; ++k)
      std::memcpy(data + k * bytes, &value, static_cast<std::size_t>(bytes));
  }

  oracle::GradientRow fill_row(std::size_t k) {
    const GradientMap &map = scenario_.maps[map_of(k)];
    const Size valid = valid_size(map);
    oracle::GradientRow filled;
    const PositionsMap cells = {valid.height, valid.width, map.width, scenario_.channels};
    filled.positions = positions_of(scenario_.recipe, scenario_.origin, cells, 31 * k + 7);
    edit_positions(scenario_.edits, k, cells, filled.positions);
    const auto row = static_cast<std::int64_t>(k);
    for (std::int64_t i = 0; i < length_; ++i) {
      filled.gradients.push_back(painted(type_, scenario_.paint, i + row * 100003));
      const auto place = static_cast<std::size_t>(i);
      std::memcpy(gradients_ + (row * (length_ + scenario_.gradient_gap) + i) * type_.bytes,
                  &filled.gradients[place], static_cast<std::size_t>(type_.bytes));
      std::memcpy(positions_ + (row * (length_ + scenario_.argmax_gap) + i) * index_bytes_,
                  &filled.positions[place], static_cast<std::size_t>(index_bytes_));
    }
    return filled;
  }

  // The rows of map k, and what the call should make of them.
  void fill_map(std::size_t k) {
    const GradientMap &map = scenario_.maps[k];
    std::vector<oracle::GradientRow> rows;
    for (std::size_t row = 0; row < row_count(); ++row)
      if (map_of(row) == k) rows.push_back(fill_row(row));
    const std::vector<Value> result = oracle::gradient(
        type_, levels_of(scenario_.recipe), scenario_.recipe.order == SPP_ORDER_CHANNELS_BINS,
        map.height * map.width, scenario_.channels, rows);
    const Strides strides = strides_of(scenario_, map);
    Array &array = arrays_[scenario_.ragged ? k : 0];
    const std::int64_t first = scenario_.ragged ? 0 : static_cast<std::int64_t>(k) * strides.image;
    std::size_t next = 0;
    for (std::int64_t y = 0; y < map.height; ++y)
      for (std::int64_t x = 0; x < map.width; ++x)
        for (std::int64_t c = 0; c < scenario_.channels; ++c)
          array.wanted[static_cast<std::size_t>(first + y * strides.row + x * strides.column +
                                                c * strides.channel)] = result[next++];
  }

  spp_status call(std::int32_t tier, const spp_execution *execution) {
    spp_gradient gradient = {};
    gradient.struct_size = sizeof gradient;
    gradient.data = gradients_;
    gradient.capacity = rows_size(scenario_.gradient_gap);
    gradient.row_stride = scenario_.gradient_gap == 0 ? 0 : length_ + scenario_.gradient_gap;
    spp_argmax argmax = {};
    argmax.struct_size = sizeof argmax;
    argmax.data = positions_;
    argmax.capacity = rows_size(scenario_.argmax_gap);
    argmax.row_stride = scenario_.argmax_gap == 0 ? 0 : length_ + scenario_.argmax_gap;
    argmax.index_type = scenario_.index_type;
    const Pooling pooling(options_of(scenario_.recipe, tier));
    return scenario_.ragged ? call_ragged(pooling, gradient, argmax, execution)
                            : call_batch(pooling, gradient, argmax, execution);
  }

  spp_status call_batch(const spp_pooling *pooling, const spp_gradient &gradient,
                        const spp_argmax &argmax, const spp_execution *execution) {
    const GradientMap &map = scenario_.maps[0];
    const Strides own = strides_of(scenario_, map);
    const std::array<std::int64_t, 4> strides = {own.image, own.row, own.column, own.channel};
    std::vector<std::int64_t> heights;
    std::vector<std::int64_t> widths;
    for (const GradientMap &each : scenario_.maps) {
      heights.push_back(valid_size(each).height);
      widths.push_back(valid_size(each).width);
    }
    spp_batch batch = {};
    batch.struct_size = sizeof batch;
    batch.count = static_cast<std::int64_t>(scenario_.maps.size());
    batch.height = map.height;
    batch.width = map.width;
    batch.channels = scenario_.channels;
    batch.strides = map.strides ? strides.data() : nullptr;
    batch.valid_heights = map.valid_height != 0 ? heights.data() : nullptr;
    batch.valid_widths = map.valid_width != 0 ? widths.data() : nullptr;
    return around([&] {
      if (scenario_.by_regions)
        return spp_backward_regions(pooling, &gradient, &argmax, &batch, scenario_.regions.data(),
                                    static_cast<std::int64_t>(scenario_.regions.size()),
                                    arrays_[0].data, execution);
      return spp_backward(pooling, &gradient, &argmax, &batch, arrays_[0].data, execution);
    });
  }

  spp_status call_ragged(const spp_pooling *pooling, const spp_gradient &gradient,
                         const spp_argmax &argmax, const spp_execution *execution) {
    std::vector<std::array<std::int64_t, 3>> strides(scenario_.maps.size());
    std::vector<spp_map> maps;
    std::vector<void *> places;
    for (std::size_t k = 0; k < scenario_.maps.size(); ++k) {
      const GradientMap &map = scenario_.maps[k];
      const Strides own = strides_of(scenario_, map);
      strides[k] = {own.row, own.column, own.channel};
      maps.push_back({sizeof(spp_map), nullptr, map.height, map.width,
                      map.strides ? strides[k].data() : nullptr});
      places.push_back(arrays_[k].data);
    }
    const auto count = static_cast<std::int64_t>(maps.size());
    return around([&] {
      if (scenario_.by_regions)
        return spp_backward_regions_ragged(pooling, &gradient, &argmax, maps.data(), count,
                                           scenario_.channels, scenario_.regions.data(),
                                           static_cast<std::int64_t>(scenario_.regions.size()),
                                           places.data(), execution);
      return spp_backward_ragged(pooling, &gradient, &argmax, maps.data(), count,
                                 scenario_.channels, places.data(), execution);
    });
  }

  spp_status around(const std::function<spp_status()> &call) const {
    return scenario_.around ? scenario_.around(call) : call();
  }

  testing::AssertionResult same(const Array &array) const {
    const Value all_bits = 2 * oracle::sign_bit(type_) - 1;
    for (std::size_t k = 0; k < array.wanted.size(); ++k) {
      const Value found = oracle::value_at(array.data, type_, static_cast<std::int64_t>(k));
      const Value wanted = array.wanted[k] & all_bits;
      if (found == wanted) continue;
      std::ostringstream text;
      text << "element " << k << std::hex << ": 0x" << found << " instead of 0x" << wanted;
      return testing::AssertionFailure() << text.str();
    }
    return testing::AssertionSuccess();
  }

  const GradientScenario &scenario_;
  oracle::Type type_;
  int index_bytes_;
  std::int64_t length_;
  char *gradients_ = nullptr;
  char *positions_ = nullptr;
  std::vector<Array> arrays_;
};

std::string describe(const GradientScenario &scenario) {
  std::ostringstream text;
  text << describe(scenario.recipe) << (scenario.ragged ? ", ragged " : ", batch ");
  for (const GradientMap &map : scenario.maps) {
    text << map.height << 'x' << map.width;
    if (map.strides)
      text << " (" << map.strides->image << ' ' << map.strides->row << ' ' << map.strides->column
           << ' ' << map.strides->channel << ')';
    if (map.valid_height != 0 || map.valid_width != 0)
      text << " of which " << map.valid_height << 'x' << map.valid_width;
    text << ' ';
  }
  text << scenario.channels << " channels, index type " << scenario.index_type << ", origin "
       << static_cast<int>(scenario.origin) << ", " << paint_name(scenario.paint) << ", placement "
       << static_cast<int>(scenario.placement) << ", gaps " << scenario.gradient_gap << ' '
       << scenario.argmax_gap;
  if (scenario.by_regions) text << ", " << scenario.regions.size() << " regions";
  if (!scenario.edits.empty()) text << ", " << scenario.edits.size() << " positions changed";
  return text.str();
}

}  // namespace

testing::AssertionResult agrees(std::int32_t tier, const GradientScenario &scenario,
                                const spp_execution *execution) {
  if (scenario.maps.size() > most_maps && scenario.ragged)
    return testing::AssertionFailure() << "too many maps";
  testing::AssertionResult result = Checker(scenario).run(tier, execution);
  if (!result) result << "\nin " << describe(scenario);
  return result;
}
