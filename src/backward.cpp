#include "backward.hpp"

#include <algorithm>
#include <atomic>
#include <cinttypes>
#include <new>

#include "arguments.hpp"
#include "call.hpp"
#include "dispatch.hpp"
#include "distinct.hpp"
#include "element.hpp"
#include "environment.hpp"
#include "gradient_part.hpp"
#include "gradient_writer.hpp"
#include "ordered_gradient.hpp"
#include "partition.hpp"
#include "positions.hpp"
#include "rows.hpp"
#include "rows_by_map.hpp"
#include "shares.hpp"
#include "status.hpp"

namespace spp {
namespace {

// Of one map that is cut by rows.
struct MissedOfMap {
  std::atomic<std::int64_t> finest{0};
  std::atomic<std::int64_t> coarse{0};
};

struct Backward {
  const Pooling &pooling;
  const Images &images;
  Rows gradients;
  Positions positions;
  std::int64_t bytes;  // of all maps
  std::int64_t scratch_bytes = 0;
  std::int64_t checks = 1;  // pieces of the check of positions
  const Shares *shares = nullptr;
  char *scratch = nullptr;
  RowsByMap rows{};                // of regions
  std::int32_t *narrow = nullptr;  // wide positions copied, if they are not too large
  MissedOfMap *missed = nullptr;   // of each map, if they are cut by rows
  std::atomic<bool> positions_fit{true};

  // Some channels of map k, by piece `index`.
  GradientPart part(std::int64_t index, std::int64_t k, Span channels) const {
    static constexpr std::int64_t own_row = 0;
    const bool is_narrowed = narrow != nullptr;
    const std::int64_t position_stride =
        is_narrowed ? positions.rows.length : positions.rows.row_stride;
    const std::int64_t position_size = positions.wide && !is_narrowed ? 8 : 4;
    const std::int64_t first = images.are_regions() ? 0 : k;
    const char *const all_positions =
        is_narrowed ? reinterpret_cast<const char *>(narrow) : positions.rows.data;
    const Image valid = images.map(k);
    const Image whole = images.whole(k);
    return {pooling,
            gradients.data +
                first * gradients.row_stride * static_cast<std::int64_t>(pooling.element->size),
            all_positions + first * position_stride * position_size,
            position_size == 8,
            {images.are_regions() ? rows.begin(k) : &own_row,
             images.are_regions() ? rows.count(k) : 1, gradients.row_stride, position_stride},
            images.channels(),
            channels.first,
            channels.last,
            whole,
            const_cast<char *>(whole.data),
            valid.height,
            valid.width,
            scratch + index * scratch_bytes,
            scratch_bytes};
  }
};

void check_rows(void *context, std::int64_t index) {
  Backward &call = *static_cast<Backward *>(context);
  const std::int64_t rows = call.images.count();
  if (!positions_are_valid(*call.pooling.tier->gradients, call.images, call.positions,
                           part_start(rows, call.checks, index),
                           part_start(rows, call.checks, index + 1), call.narrow))
    call.positions_fit.store(false, std::memory_order_relaxed);
}

void write_share(void *context, std::int64_t index) {
  const DefaultFloatEnvironment environment;
  Backward &call = *static_cast<Backward *>(context);
  const Share share = (*call.shares)[index];
  GradientWriter writer(call.pooling, call.bytes);
  for (std::int64_t k = share.images.first; k < share.images.last; ++k) {
    const GradientPart part = call.part(index, k, share.channels);
    if (call.images.are_regions()) {
      add_in_order(part);
      continue;
    }
    if (call.missed == nullptr) {
      writer.write(part);
      continue;
    }
    writer.can_split(part);  // makes the plan
    const Missed missed = writer.write_rows(part, share.rows);
    call.missed[k].finest.fetch_add(missed.finest, std::memory_order_relaxed);
    call.missed[k].coarse.fetch_add(missed.coarse, std::memory_order_relaxed);
  }
}

bool has_missed(const MissedOfMap &missed) {
  return missed.finest.load(std::memory_order_relaxed) != 0 ||
         missed.coarse.load(std::memory_order_relaxed) != 0;
}

// Maps that were cut by rows, and whose positions are not those of winners.
void add_share(void *context, std::int64_t index) {
  const DefaultFloatEnvironment environment;
  Backward &call = *static_cast<Backward *>(context);
  const Share share = (*call.shares)[index];
  for (std::int64_t k = share.images.first; k < share.images.last; ++k)
    if (has_missed(call.missed[k])) add_in_order(call.part(index, k, share.channels));
}

spp_status read_gradient(const Pooling &pooling, const Images &images, const spp_gradient *given,
                         Rows &rows) {
  spp_gradient known;
  SPP_RETURN_IF_FAILED(read_struct("gradient", given, known));
  return read_rows(
      pooling, images,
      {"gradient", known.data, known.capacity, known.row_stride, pooling.element->size}, rows);
}

std::int64_t gradient_bytes(const Images &images, std::int64_t element_size) {
  std::int64_t bytes = 0;
  for (std::int64_t k = 0; k < images.map_count(); ++k)
    bytes += image_bytes(images.whole(k), images.channels(), element_size);
  return bytes;
}

// Scratch of one of so many pieces.
std::int64_t scratch_bytes(const Pooling &pooling, const Images &images, std::int64_t pieces) {
  if (!images.are_regions()) return GradientWriter::scratch_bytes(pooling, images.channels());
  std::int64_t most_cells = 0;
  for (std::int64_t k = 0; k < images.map_count(); ++k) {
    const Image whole = images.whole(k);
    most_cells = std::max(most_cells, whole.height * whole.width);
  }
  return ordered_scratch_bytes(pooling, most_cells, pieces);
}

// Whether maps are cut by rows: if there are few, all lie alike and are written in one walk.
bool can_cut_rows(const Backward &call, bool is_wide) {
  if (!call.images.same_size()) return false;
  GradientPart example = call.part(0, 0, {0, call.images.channels()});
  example.wide = is_wide;
  return GradientWriter(call.pooling, call.bytes).can_split(example);
}

spp_status run(const Execution &execution, std::int64_t count, spp_task task, Backward &call) {
  if (count != 1) return run_tasks(execution, count, task, &call);
  task(&call, 0);
  return SPP_OK;
}

}  // namespace

spp_status backward(const Pooling &pooling, const spp_gradient *given_gradient,
                    const spp_argmax *given_argmax, const Images &images,
                    const spp_execution *given_execution) {
  const DefaultFloatEnvironment environment;
  const NumberKind kind = pooling.element->kind;
  if (kind != NumberKind::ieee_float && kind != NumberKind::bfloat)
    return fail(SPP_ERROR_UNSUPPORTED,
                "options->element_type of the handle is %s; integers have no gradient",
                pooling.element->name);
  Execution execution;
  spp_report *report = nullptr;
  SPP_RETURN_IF_FAILED(read_execution(pooling, given_execution, execution, report));
  if (pooling.bin_rule == SPP_BINS_ROI && !images.are_regions())
    return fail(SPP_ERROR_INVALID_ARGUMENT,
                "options->bin_rule is SPP_BINS_ROI, which is for regions only");
  Rows gradients;
  Positions positions{};
  SPP_RETURN_IF_FAILED(read_gradient(pooling, images, given_gradient, gradients));
  std::int64_t index_size = 0;
  SPP_RETURN_IF_FAILED(read_positions(pooling, images, given_argmax, positions.rows, index_size));
  positions.wide = index_size == 8;
  if (images.map_count() == 0) {
    write_report(report, SPP_TIER_AUTO, 0);
    return SPP_OK;
  }
  SPP_RETURN_IF_FAILED(check_distinct(pooling, images));
  SPP_RETURN_IF_FAILED(check_apart(images, "map_gradients of map", "gradient", gradients));
  SPP_RETURN_IF_FAILED(check_apart(images, "map_gradients of map", "argmax", positions.rows));

  const auto element_size = static_cast<std::int64_t>(pooling.element->size);
  const std::int64_t bytes = gradient_bytes(images, element_size);
  const std::int64_t row_bytes = images.count() * gradients.length * element_size;
  const std::int64_t threads = std::max(bytes, row_bytes) < serial_bytes
                                   ? 1
                                   : std::min(available_threads(execution), most_threads);
  Backward call{pooling, images, gradients, positions, bytes};
  // Regions have too many positions for a copy of all.
  const bool narrows =
      positions.wide && !images.are_regions() && images.first_of_wide_positions() < 0;
  const bool by_rows = threads > 1 && images.count() < most_parts(threads) &&
                       can_cut_rows(call, positions.wide && !narrows);
  const Shares shares(images, element_size, threads, by_rows);
  const Shares by_channels(images, element_size, threads, false);
  const std::int64_t pieces = std::max(shares.count(), by_channels.count());
  call.scratch_bytes = scratch_bytes(pooling, images, pieces);
  const std::int64_t pieces_bytes = pieces * call.scratch_bytes;
  const std::int64_t missed_bytes =
      by_rows ? images.map_count() * static_cast<std::int64_t>(sizeof(MissedOfMap)) : 0;
  const std::int64_t narrow_bytes = narrows ? images.count() * positions.rows.length * 4 : 0;
  const std::int64_t bytes_in_all =
      pieces_bytes + missed_bytes + RowsByMap::bytes(images) + narrow_bytes;
  const ScratchCache::Block block = pooling.scratch.take(static_cast<std::size_t>(bytes_in_all));
  if (!block)
    return fail(SPP_ERROR_OUT_OF_MEMORY, "out of memory: %" PRId64 " bytes of scratch",
                bytes_in_all);
  call.scratch = block.data();
  char *behind = block.data() + pieces_bytes;
  if (by_rows) call.missed = reinterpret_cast<MissedOfMap *>(behind);
  for (std::int64_t k = 0; by_rows && k < images.map_count(); ++k)
    new (&call.missed[k]) MissedOfMap;
  behind += missed_bytes;
  call.rows = RowsByMap(images, reinterpret_cast<std::int64_t *>(behind));
  behind += RowsByMap::bytes(images);
  if (narrows) call.narrow = reinterpret_cast<std::int32_t *>(behind);

  call.shares = &shares;
  if (threads > 1) call.checks = std::clamp<std::int64_t>(images.count(), 1, most_parts(threads));
  SPP_RETURN_IF_FAILED(run(execution, call.checks, check_rows, call));
  if (!call.positions_fit) return refuse_positions(images, positions);
  SPP_RETURN_IF_FAILED(run(execution, shares.count(), write_share, call));
  if (by_rows && std::any_of(call.missed, call.missed + images.map_count(), has_missed)) {
    call.shares = &by_channels;
    SPP_RETURN_IF_FAILED(run(execution, by_channels.count(), add_share, call));
  }
  write_report(report, pooling.tier->id, shares.count());
  return SPP_OK;
}

}  // namespace spp
