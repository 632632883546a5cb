#include "calls.hpp"

#include <optional>

#include "errors.hpp"
#include "maps.hpp"
#include "numbers.hpp"
#include "regions.hpp"
#include "rows.hpp"

namespace {

// Where the results of a call go.
class Results {
 public:
  Results(nb::handle out, nb::handle indices, bool return_indices, const ElementType &type,
          const RowShape &shape)
      : rows_(out, "out", write_elements, type, shape), output_(rows_.output()) {
    if (!return_indices && indices.is_none()) return;
    positions_.emplace(indices, "indices", write_positions, *index_types.begin, shape);
    argmax_ = positions_->argmax();
  }

  const spp_output *output() const { return &output_; }
  const spp_argmax *argmax() const { return positions_ ? &argmax_ : nullptr; }

  nb::object returned() {
    if (!positions_) return std::move(rows_.array);
    return nb::make_tuple(rows_.array, positions_->array);
  }

 private:
  Rows rows_;
  spp_output output_;
  std::optional<Rows> positions_;
  spp_argmax argmax_ = {};
};

void refuse_valid_sizes_of_a_list(nb::handle valid_sizes) {
  if (valid_sizes.is_none()) return;
  raise_value_error("valid_sizes is for batches (4 dimensions); x is a list");
}

}  // namespace

nb::object pool(const Pooling &pooling, nb::handle x, nb::handle out, bool return_indices,
                nb::handle indices, nb::handle threads, nb::handle valid_sizes) {
  const spp_execution execution = execution_with(threads);
  const std::int32_t layout = pooling.options().layout;
  spp_status status;
  if (!is_list(x)) {
    const Batch batch(x, "x", read_elements, layout, valid_sizes);
    const spp_pooling *handle = pooling.handle(*batch.array.type);
    const std::int64_t length = pooling.output_length(batch.maps.channels);
    Results results(out, indices, return_indices, *batch.array.type,
                    {batch.single, batch.maps.count, length});
    {
      const nb::gil_scoped_release unlocked;
      status = results.argmax() == nullptr
                   ? spp_pool(handle, &batch.maps, results.output(), &execution)
                   : spp_pool_argmax(handle, &batch.maps, results.output(), results.argmax(),
                                     &execution);
    }
    check(status);
    return results.returned();
  }
  refuse_valid_sizes_of_a_list(valid_sizes);
  const MapList list(x, "x", read_elements, layout);
  const spp_pooling *handle = pooling.handle(list.type());
  const auto count = static_cast<std::int64_t>(list.maps.size());
  Results results(out, indices, return_indices, list.type(),
                  {false, count, pooling.output_length(list.channels)});
  {
    const nb::gil_scoped_release unlocked;
    status = results.argmax() == nullptr
                 ? spp_pool_ragged(handle, list.maps.data(), count, list.channels, results.output(),
                                   &execution)
                 : spp_pool_ragged_argmax(handle, list.maps.data(), count, list.channels,
                                          results.output(), results.argmax(), &execution);
  }
  check(status);
  return results.returned();
}

nb::object pool_regions(const Pooling &pooling, nb::handle x, nb::handle regions, nb::handle out,
                        bool return_indices, nb::handle indices, nb::handle threads,
                        nb::handle valid_sizes) {
  const spp_execution execution = execution_with(threads);
  const std::int32_t layout = pooling.options().layout;
  const Regions windows(regions);
  spp_status status;
  if (!is_list(x)) {
    const Batch batch(x, "x", read_elements, layout, valid_sizes);
    const spp_pooling *handle = pooling.handle(*batch.array.type);
    Results results(out, indices, return_indices, *batch.array.type,
                    {false, windows.count(), pooling.output_length(batch.maps.channels)});
    {
      const nb::gil_scoped_release unlocked;
      status = spp_pool_regions(handle, &batch.maps, windows.data(), windows.count(),
                                results.output(), results.argmax(), &execution);
    }
    check(status);
    return results.returned();
  }
  refuse_valid_sizes_of_a_list(valid_sizes);
  const MapList list(x, "x", read_elements, layout);
  const spp_pooling *handle = pooling.handle(list.type());
  Results results(out, indices, return_indices, list.type(),
                  {false, windows.count(), pooling.output_length(list.channels)});
  {
    const nb::gil_scoped_release unlocked;
    status = spp_pool_regions_ragged(
        handle, list.maps.data(), static_cast<std::int64_t>(list.maps.size()), list.channels,
        windows.data(), windows.count(), results.output(), results.argmax(), &execution);
  }
  check(status);
  return results.returned();
}
