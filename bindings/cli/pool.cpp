// `spp pool`: all headers are checked before any work, then the maps are pooled in bounded pieces,
// so that memory does not grow with the number of files.
#include <fmt/format.h>
#include <fmt/ranges.h>
#include <spp.h>

#include <filesystem>
#include <string_view>
#include <utility>

#include "commands.hpp"
#include "failure.hpp"
#include "npy_array.hpp"
#include "npy_writer.hpp"
#include "terminal.hpp"

namespace {

// The maps of one file; three axes are one map, a fourth in front of them is their number.
struct MapShape {
  int64_t count;
  int64_t height;
  int64_t width;
  int64_t channels;

  int64_t elements() const { return height * width * channels; }  // of one map
  bool operator==(const MapShape &other) const {
    return count == other.count && height == other.height && width == other.width &&
           channels == other.channels;
  }
};

struct InputFile {
  std::string path;
  MapShape shape;
  const NpyType *type;
};

MapShape map_shape(const std::string &path, const NpyArray &array, int32_t layout) {
  const std::vector<int64_t> &sides = array.shape();
  const size_t rank = sides.size();
  if (rank != 3 && rank != 4) {
    const char *axes = layout == SPP_LAYOUT_NCHW ? "C, H, W" : "H, W, C";
    throw Failure(fmt::format("{}: shape ({}); ({}) or (N, {}) is needed", path,
                              fmt::join(sides, ", "), axes, axes));
  }
  const int64_t count = rank == 4 ? sides[0] : 1;
  const int64_t first = sides[rank - 3], second = sides[rank - 2], third = sides[rank - 1];
  const MapShape shape = layout == SPP_LAYOUT_NCHW ? MapShape{count, second, third, first}
                                                   : MapShape{count, first, second, third};
  if (shape.height == 0 || shape.width == 0 || shape.channels == 0) {
    throw Failure(fmt::format("{}: shape ({}) has a side of 0", path, fmt::join(sides, ", ")));
  }
  return shape;
}

void require_other_file(const std::string &input, const std::string &output) {
  std::error_code error;
  if (std::filesystem::equivalent(input, output, error)) {
    throw Failure(fmt::format("{}: is also an input", output));
  }
}

std::vector<InputFile> inspect(const PoolCommand &command) {
  std::vector<InputFile> inputs;
  ProgressBar progress("checking", static_cast<int64_t>(command.files.size()));
  for (const std::string &path : command.files) {
    const NpyArray array(path);
    const MapShape shape = map_shape(path, array, command.choice.layout);
    require_other_file(path, command.output);
    if (!inputs.empty() && &array.type() != inputs.front().type) {
      throw Failure(fmt::format("{}: {}, but {} has {}", path, array.type().name,
                                inputs.front().path, inputs.front().type->name));
    }
    if (!inputs.empty() && shape.channels != inputs.front().shape.channels) {
      throw Failure(fmt::format("{}: {} channels, but {} has {}", path, shape.channels,
                                inputs.front().path, inputs.front().shape.channels));
    }
    inputs.push_back({path, shape, &array.type()});
    progress.advance(1);
  }
  return inputs;
}

int64_t total_maps(const std::vector<InputFile> &inputs) {
  int64_t total = 0;
  for (const InputFile &input : inputs) {
    if (__builtin_add_overflow(total, input.shape.count, &total)) {
      throw Failure(fmt::format("{}: too many maps", input.path));
    }
  }
  return total;
}

// Maps that are pooled by one call, and the rows that they become.
class Piece {
 public:
  Piece(const spp_pooling *pooling, int64_t channels, size_t element_bytes)
      : pooling_(pooling), channels_(channels), element_bytes_(element_bytes) {
    require(spp_pooling_output_length(pooling, channels, &row_length_));
  }

  int64_t row_length() const { return row_length_; }
  int64_t size() const { return static_cast<int64_t>(maps_.size()); }

  // 4 million numbers: much work for one call, little memory, and a progress bar that moves.  The
  // limit on maps bounds the mappings that are open at the same time.
  bool full() const {
    constexpr int64_t most_elements = int64_t{1} << 22;
    constexpr int64_t most_maps = 1024;
    return elements_ >= most_elements || size() >= most_maps;
  }

  void add(const std::string &path, int64_t index, const MapShape &shape, const void *data) {
    spp_map map = {};
    map.struct_size = sizeof map;
    map.data = data;
    map.height = shape.height;
    map.width = shape.width;
    maps_.push_back(map);
    names_.push_back(shape.count == 1 ? path : fmt::format("{}, map {}", path, index));
    elements_ += shape.elements() + row_length_;
  }

  // Pools the maps, passes their rows on and forgets them.
  void flush(NpyWriter &writer) {
    const size_t bytes = maps_.size() * static_cast<size_t>(row_length_) * element_bytes_;
    rows_.resize((bytes + sizeof(uint64_t) - 1) / sizeof(uint64_t));
    if (pool(maps_.data(), size()) != SPP_OK) explain();
    writer.write(rows_.data(), size() * row_length_);
    maps_.clear();
    names_.clear();
    elements_ = 0;
  }

 private:
  spp_status pool(const spp_map *maps, int64_t count) {
    spp_output output = {};
    output.struct_size = sizeof output;
    output.data = rows_.data();
    output.capacity = count * row_length_;
    return spp_pool_ragged(pooling_, maps, count, channels_, &output, nullptr);
  }

  // The library's sentence speaks of a map's index in the call; here the map has a name.
  [[noreturn]] void explain() {
    const std::string sentence = spp_last_error();
    for (size_t i = 0; i < maps_.size(); ++i) {
      const spp_status status = pool(&maps_[i], 1);
      if (status == SPP_OK) continue;
      const std::string_view index_alone = "map 0 is ";
      std::string_view problem = spp_last_error();
      if (problem.substr(0, index_alone.size()) == index_alone) {
        problem.remove_prefix(index_alone.size());
      }
      const char *cure =
          status == SPP_ERROR_EMPTY_BIN ? " (--empty lowest or zero fills them)" : "";
      throw Failure(fmt::format("{}: {}{}", names_[i], problem, cure));
    }
    throw Failure(sentence);
  }

  const spp_pooling *pooling_;
  int64_t channels_;
  size_t element_bytes_;
  int64_t row_length_ = 0;
  int64_t elements_ = 0;
  std::vector<spp_map> maps_;
  std::vector<std::string> names_;
  std::vector<uint64_t> rows_;  // bytes, aligned for every type
};

void pool_files(const std::vector<InputFile> &inputs, int32_t layout, Piece &piece,
                NpyWriter &writer) {
  ProgressBar progress("pooling", total_maps(inputs));
  std::vector<NpyArray> open_files;  // those that the piece points into
  for (const InputFile &input : inputs) {
    open_files.emplace_back(input.path);
    const NpyArray &array = open_files.back();
    if (!(map_shape(input.path, array, layout) == input.shape) || &array.type() != input.type) {
      throw Failure(fmt::format("{}: changed while it was read", input.path));
    }
    for (int64_t index = 0; index < input.shape.count; ++index) {
      piece.add(input.path, index, input.shape,
                open_files.back().at(index * input.shape.elements()));
      if (!piece.full()) continue;
      const int64_t pooled = piece.size();
      piece.flush(writer);
      progress.advance(pooled);
      open_files.erase(open_files.begin(), open_files.end() - 1);
    }
  }
  piece.flush(writer);
}

}  // namespace

void PoolCommand::run() const {
  const std::vector<InputFile> inputs = inspect(*this);
  const NpyType &type = *inputs.front().type;
  PoolingChoice typed = choice;
  typed.element_type = type.element_type;
  const Pooling pooling = make_pooling(typed);
  const int64_t rows = total_maps(inputs);
  Piece piece(pooling.get(), inputs.front().shape.channels, type.bytes);
  NpyWriter writer(output, type, rows, piece.row_length());
  pool_files(inputs, choice.layout, piece, writer);
  writer.commit();
  fmt::print("{}: {} ({}, {}), {}\n", output, type.name, rows, piece.row_length(),
             spp_pooling_describe(pooling.get()));
}
