// The extension module libspp._core.
#define LIBSPP_LOADS_NUMPY
#include <nanobind/stl/string.h>
#include <spp.h>

#include "backward.hpp"
#include "calls.hpp"
#include "errors.hpp"
#include "numbers.hpp"
#include "numpy_api.hpp"
#include "pooling.hpp"
#include "projections.hpp"

using namespace nb::literals;

namespace {

constexpr std::int32_t tiers[] = {SPP_TIER_AVX512, SPP_TIER_AVX2, SPP_TIER_NEON, SPP_TIER_PORTABLE};

nb::dict info() {
  nb::dict refusals;
  for (const std::int32_t tier : tiers) {
    const char *refusal = spp_tier_refusal(tier);
    refusals[spp_tier_name(tier)] = refusal == nullptr ? nb::none() : nb::object(nb::str(refusal));
  }
  nb::dict result;
  result["version"] = spp_version();
  result["tiers"] = refusals;
  result["threads"] = spp_thread_count();
  return result;
}

nb::tuple level_pairs(const Pooling &pooling) {
  nb::list pairs;
  for (const spp_level &level : pooling.description().levels) {
    pairs.append(nb::make_tuple(level.rows, level.columns));
  }
  return nb::tuple(pairs);
}

nb::tuple numbers(const Pooling &pooling) {
  const spp_options &options = pooling.options();
  nb::list result;
  for (const std::int32_t number : {options.bin_rule, options.order, options.layout,
                                    options.nan_policy, options.empty_policy}) {
    result.append(number);
  }
  for (const spp_level &level : pooling.description().levels) {
    result.append(level.rows);
    result.append(level.columns);
  }
  return nb::tuple(result);
}

nb::tuple state(const Pooling &pooling) {
  const Description &description = pooling.description();
  return nb::make_tuple(level_pairs(pooling), description.bins, description.layout,
                        description.order, description.nan, description.empty, description.tier);
}

void create(Pooling *pooling, nb::handle levels, nb::handle bins, nb::handle layout,
            nb::handle order, nb::handle nan, nb::handle empty, nb::handle tier) {
  new (pooling) Pooling(
      {read_levels(levels), read_word(bins, "bins", "rounded"), read_word(layout, "layout", "nhwc"),
       read_word(order, "order", "bins_channels"), read_word(nan, "nan", "propagate"),
       read_word(empty, "empty", "error"), read_word(tier, "tier", "auto")});
}

void restore(Pooling &pooling, const nb::tuple &state) {
  if (state.size() != 7) {
    raise_value_error("the state of a Pooling has 7 fields, not " + std::to_string(state.size()));
  }
  create(&pooling, state[0], state[1], state[2], state[3], state[4], state[5], state[6]);
}

nb::str representation(const Pooling &pooling) {
  return nb::str(
             "Pooling({!r}, bins={!r}, layout={!r}, order={!r}, nan={!r}, empty={!r}, tier={!r})")
      .format(*state(pooling));
}

void *load_numpy() {
  import_array();
  return nullptr;
}

}  // namespace

NB_MODULE(_core, module) {
  load_numpy();
  if (PyErr_Occurred() != nullptr) throw nb::python_error();

  // Modules keep Poolings until the process ends, which nanobind would report on stderr.
  nb::set_leak_warnings(false);
  module.doc() = "The compiled part of libspp.";
  module.attr("version") = spp_version();

  nb::class_<Memory>(module, "Memory",
                     "Elements at an address, instead of an array, for this package's own use.\n\n"
                     "Strides count elements.  Whoever makes one keeps the elements alive.")
      .def(nb::init<std::uintptr_t, std::string, const nb::tuple &, const nb::tuple &>(),
           "address"_a, "dtype"_a, "shape"_a, "strides"_a);

  nb::class_<Pooling>(
      module, "Pooling",
      "What to compute: a pyramid and the rules on its values, for any number of calls.\n\n"
      "Immutable, and safe to use from any number of threads at once.  The arguments are those of\n"
      "libspp.pool; tier forces an instruction set ('portable', 'neon', 'avx2', 'avx512').")
      // All take None, so that it is refused in a sentence of this package.
      .def("__init__", &create, "levels"_a.none() = nb::make_tuple(1, 2, 4), nb::kw_only(),
           "bins"_a.none() = "rounded", "layout"_a.none() = "nhwc",
           "order"_a.none() = "bins_channels", "nan"_a.none() = "propagate",
           "empty"_a.none() = "error", "tier"_a.none() = "auto",
           nb::sig("def __init__(self, levels: typing.Sequence[int | tuple[int, int]] = (1, 2, 4), "
                   "*, bins: str = 'rounded', layout: str = 'nhwc', order: str = 'bins_channels', "
                   "nan: str = 'propagate', empty: str = 'error', tier: str = 'auto') -> None"))
      .def(
          "__call__", &pool, "x"_a.none(), nb::kw_only(), "out"_a = nb::none(),
          "return_indices"_a = false, "indices"_a = nb::none(), "threads"_a = nb::none(),
          "valid_sizes"_a = nb::none(),
          nb::sig("def __call__(self, x: typing.Any, *, out: typing.Any = None, "
                  "return_indices: bool = False, indices: typing.Any = None, "
                  "threads: int | None = None, valid_sizes: numpy.typing.ArrayLike | None = None)"
                  " -> typing.Any"),
          "Pools x as libspp.pool does.\n\n"
          "x: (N, H, W, C) for layout 'nhwc', (N, C, H, W) for 'nchw'; one map without N; or a\n"
          "list of maps of different sizes.  Returns (N, bins * C), for one map (bins * C,): out,\n"
          "or a new numpy.ndarray; with return_indices, or if indices is given, a pair of it and\n"
          "the positions.")
      .def("regions", &pool_regions, "x"_a.none(), "regions"_a.none(), nb::kw_only(),
           "out"_a = nb::none(), "return_indices"_a = false, "indices"_a = nb::none(),
           "threads"_a = nb::none(), "valid_sizes"_a = nb::none(),
           nb::sig("def regions(self, x: typing.Any, regions: numpy.typing.ArrayLike, *, "
                   "out: typing.Any = None, return_indices: bool = False, "
                   "indices: typing.Any = None, threads: int | None = None, "
                   "valid_sizes: numpy.typing.ArrayLike | None = None) -> typing.Any"),
           "Pools windows of x as libspp.pool_regions does.\n\n"
           "regions: (R, 5) whole numbers: image, y, x, height and width of each window.  Returns\n"
           "(R, bins * C): out, or a new numpy.ndarray; with return_indices, or if indices is "
           "given,\n"
           "a pair of it and the positions.")
      .def("backward", &pool_backward, "grad"_a.none(), "indices"_a.none(), "shape"_a.none(),
           nb::kw_only(), "regions"_a = nb::none(), "out"_a = nb::none(), "threads"_a = nb::none(),
           "valid_sizes"_a = nb::none(),
           nb::sig("def backward(self, grad: typing.Any, indices: typing.Any, "
                   "shape: typing.Sequence[typing.Any], *, "
                   "regions: numpy.typing.ArrayLike | None = None, out: typing.Any = None, "
                   "threads: int | None = None, valid_sizes: numpy.typing.ArrayLike | None = None)"
                   " -> typing.Any"),
           "The gradient of the maps, as libspp.pool_backward gives it.")
      .def_prop_ro("levels", &level_pairs,
                   nb::sig("def levels(self) -> tuple[tuple[int, int], ...]"),
                   "The levels as pairs (rows, columns).")
      .def_prop_ro(
          "numbers", &numbers, nb::sig("def numbers(self) -> tuple[int, ...]"),
          "The description in the numbers of spp.h: bin rule, order, layout, NaN and empty\n"
          "policy, then rows and columns of each level.")
      .def_prop_ro(
          "layout", [](const Pooling &pooling) { return pooling.description().layout; },
          "'nhwc' or 'nchw'.")
      .def_prop_ro("bins", &Pooling::bin_count, "Number of bins, of all levels together.")
      .def("output_length", &Pooling::output_length, "channels"_a,
           "Numbers in the row of a map: bins * channels.")
      .def(
          "rectangles", &Pooling::rectangles, "height"_a, "width"_a,
          nb::sig(
              "def rectangles(self, height: int, width: int) -> numpy.typing.NDArray[numpy.int64]"),
          "The bins of a map of height x width, (bins, 4): top, left, bottom and right, the last\n"
          "two exclusive.")
      .def("describe", &Pooling::describe, "dtype"_a = "float32",
           nb::sig("def describe(self, dtype: numpy.typing.DTypeLike = 'float32') -> str"),
           "One line that says what runs for elements of a type.")
      .def("__repr__", &representation)
      .def("__getstate__", &state, nb::sig("def __getstate__(self) -> tuple[typing.Any, ...]"))
      .def("__setstate__", &restore,
           nb::sig("def __setstate__(self, state: tuple[typing.Any, ...], /) -> None"));

  module.def(
      "permutation", &permutation, "levels"_a.none(), "channels"_a,
      nb::sig("def permutation(levels: typing.Sequence[int | tuple[int, int]], channels: int) "
              "-> numpy.typing.NDArray[numpy.int64]"),
      "p with row_in_channels_bins == row_in_bins_channels[p], (bins * channels,).\n\n"
      "Moves the weights of a dense layer between the two orders:\n"
      "weights_for_channels_bins = weights_for_bins_channels[p].");
  module.def("project_paper", &project_paper, "boxes"_a.none(), "stride"_a, "height"_a, "width"_a,
             nb::sig("def project_paper(boxes: numpy.typing.ArrayLike, stride: float, height: int, "
                     "width: int) -> numpy.typing.NDArray[numpy.int64]"),
             "libspp.project_paper for boxes (R, 5): image, x1, y1, x2 and y2.");
  module.def("project_roi_pool", &project_roi_pool, "boxes"_a.none(), "spatial_scale"_a,
             nb::sig("def project_roi_pool(boxes: numpy.typing.ArrayLike, spatial_scale: float) "
                     "-> numpy.typing.NDArray[numpy.int64]"),
             "libspp.project_roi_pool for boxes (R, 5): image, x1, y1, x2 and y2.");
  module.def(
      "info", &info, nb::sig("def info() -> dict[str, typing.Any]"),
      "The library that runs: its version, for each tier None or why this machine lacks it,\n"
      "and the number of threads that a call may use.");
}
