// What is measured, and what is asked of it.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "spp.h"

namespace spp_bench {

// How the elements of the maps lie.
enum class Arrangement {
  nhwc,
  nchw,
  padded_rows,   // NHWC, a few pixels behind each row
  half_channels  // NHWC, half of the channels of an array
};

struct Shape {
  std::int64_t count, height, width, channels;
  Arrangement arrangement = Arrangement::nhwc;

  std::string name() const;  // "1x13x13x256", "1x13x13x256-nchw"
  std::int64_t input_size() const { return count * height * width * channels; }
  std::array<std::int64_t, 4> strides() const;  // image, row, column, channel
  std::int64_t extent() const;                  // elements from the first to the last one
};

// What the library calls one; a float's bytes hold 4 / bytes elements.
struct ElementType {
  std::int32_t id;
  const char *name;
  std::int64_t bytes;

  // A shape of this type that has as many bytes as one of float.
  Shape of_same_bytes(Shape floats) const;
};

const std::vector<ElementType> &element_types();  // float first

struct Pyramid {
  std::string levels;  // "1,2,4"
  std::vector<spp_level> sides;
  std::int32_t bin_rule;

  std::string rule() const;  // "rounded", "adaptive" or "roi"
  std::int64_t bins() const;
};

// Limits of kernel time / roof time.
struct AtMost {
  double avx512, avx2;
};

struct Row {
  Shape shape;
  double goal;    // for the first pyramid
  AtMost first;   // for the first pyramid
  AtMost others;  // for the other pyramids; zeros: not measured with them
};

const std::vector<Row> &rows();

// The shapes (of float) at which element types are compared, at the same bytes per pixel.
const std::vector<Shape> &type_shapes();
const std::vector<Pyramid> &pyramids();

// The smallest map: what a whole call costs, in nanoseconds and not as a ratio.
struct Call {
  Shape shape;
  double goal_ns, at_most_ns;
};
const Call &smallest_call();

// Maps and batches of 1 MiB or more.
const std::vector<Shape> &two_thread_shapes();
constexpr double least_speedup_share = 0.85;

// An input that is aligned to 16 bytes only may cost this much more, in roof times.
constexpr double offset_allowance = 0.15;

// Whether speed is promised for a tier.
bool has_limits(std::int32_t tier);

// The limit of a tier; none for tiers without a promise of speed.
std::optional<double> at_most(const Row &row, const Pyramid &pyramid, std::int32_t tier);
std::optional<double> goal(const Row &row, const Pyramid &pyramid, std::int32_t tier);

// The 16-bit floating-point types have limits of their own; the others may cost `type_allowance` more
// than float does in the same run.
std::optional<AtMost> own_limits(const ElementType &type);
constexpr double type_allowance = 0.15;
std::optional<double> type_goal(const ElementType &type, std::int32_t tier);

// Gradients of float: limits of the call's time / that of writing the result once.
struct BackwardRow {
  Shape shape;
  double goal;
  double at_most;
};
const std::vector<BackwardRow> &backward_rows();

// The tiers that this machine can run, best first.
std::vector<std::int32_t> available_tiers();

}  // namespace spp_bench
