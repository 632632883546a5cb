#include "support/rows.hpp"

#include "support/maps.hpp"
#include "support/pooling.hpp"

namespace {

using oracle::Value;

constexpr std::int64_t untouched_position = -7;

GuardedBuffer &value_buffer() {
  static GuardedBuffer buffer(guarded_bytes);
  return buffer;
}

GuardedBuffer &position_buffer() {
  static GuardedBuffer buffer(guarded_bytes);
  return buffer;
}

template <typename T>
void append(std::vector<T> &all, const std::vector<T> &row, std::int64_t gap, T between) {
  if (!all.empty()) all.resize(all.size() + static_cast<std::size_t>(gap), between);
  all.insert(all.end(), row.begin(), row.end());
}

}  // namespace

ExpectedRows::ExpectedRows(const Recipe &recipe, std::int64_t channels, std::int64_t gap)
    : recipe_(recipe),
      type_(type_of(recipe)),
      length_(bin_count(recipe.levels) * channels),
      stride_(length_ + gap) {}

void ExpectedRows::add(const std::vector<Value> &values,
                       const std::vector<std::int64_t> &positions) {
  append(values_, values, stride_ - length_, untouched);
  if (recipe_.index_type) append(positions_, positions, stride_ - length_, untouched_position);
}

testing::AssertionResult ExpectedRows::compare(std::int32_t tier, Placement placement,
                                               const spp_execution *execution, spp_status wanted,
                                               const Call &call) const {
  const auto size = static_cast<std::int64_t>(values_.size());
  char *const written = value_buffer().place(size, type_.bytes, placement, untouched);
  spp_output output = {};
  output.struct_size = sizeof output;
  output.data = written;
  output.capacity = size;
  output.row_stride = stride_ == length_ ? 0 : stride_;
  spp_argmax argmax = {};
  const void *const positions = place_positions(placement, output.row_stride, argmax);
  spp_report report = {};
  report.struct_size = sizeof report;
  spp_execution own = {};
  own.struct_size = sizeof own;
  if (execution != nullptr) own = *execution;
  if (own.report == nullptr) own.report = &report;

  const Pooling pooling(options_of(recipe_, tier));
  const spp_status status = call(pooling, &output, positions != nullptr ? &argmax : nullptr, &own);

  if (status != wanted)
    return testing::AssertionFailure() << spp_status_name(status) << " instead of "
                                       << spp_status_name(wanted) << ": " << spp_last_error();
  if (wanted == SPP_OK && own.report->tier != tier)
    return testing::AssertionFailure() << "ran on " << spp_tier_name(own.report->tier);
  if (!value_buffer().margins_hold())
    return testing::AssertionFailure() << "wrote outside of the output";
  if (positions != nullptr && !position_buffer().margins_hold())
    return testing::AssertionFailure() << "wrote outside of the positions";
  const testing::AssertionResult values = same_values(written, wanted != SPP_OK);
  return values ? same_positions(positions, wanted != SPP_OK) : values;
}

// Null where there are none.
const void *ExpectedRows::place_positions(Placement placement, std::int64_t row_stride,
                                          spp_argmax &argmax) const {
  if (!recipe_.index_type) return nullptr;
  argmax.struct_size = sizeof argmax;
  argmax.capacity = static_cast<std::int64_t>(positions_.size());
  argmax.row_stride = row_stride;
  argmax.index_type = *recipe_.index_type;
  argmax.data = position_buffer().place(argmax.capacity, argmax.index_type == SPP_INDEX_I32 ? 4 : 8,
                                        placement, static_cast<std::uint64_t>(untouched_position));
  return argmax.data;
}

testing::AssertionResult ExpectedRows::same_values(const char *written, bool refused) const {
  const Value all_bits = 2 * oracle::sign_bit(type_) - 1;
  for (std::size_t k = 0; k < values_.size(); ++k) {
    const Value found = oracle::value_at(written, type_, static_cast<std::int64_t>(k));
    const Value wanted = (refused ? untouched : values_[k]) & all_bits;
    if (found != wanted)
      return differs("value", k) << std::hex << ": 0x" << found << " instead of 0x" << wanted;
  }
  return testing::AssertionSuccess();
}

testing::AssertionResult ExpectedRows::same_positions(const void *written, bool refused) const {
  for (std::size_t k = 0; k < positions_.size(); ++k) {
    const std::int64_t wanted = refused ? untouched_position : positions_[k];
    const std::int64_t found = *recipe_.index_type == SPP_INDEX_I32
                                   ? static_cast<const std::int32_t *>(written)[k]
                                   : static_cast<const std::int64_t *>(written)[k];
    if (found != wanted) return differs("position", k) << ": " << found << " instead of " << wanted;
  }
  return testing::AssertionSuccess();
}

testing::AssertionResult ExpectedRows::differs(const char *what, std::size_t k) const {
  const auto stride = static_cast<std::size_t>(stride_);
  return testing::AssertionFailure()
         << what << " of row " << k / stride << ", element " << k % stride << " of " << length_;
}
