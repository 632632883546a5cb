#include "partition.hpp"

#include <algorithm>

namespace spp {
namespace {

// Pieces per thread: enough to even out threads that come late, few enough to cost nothing.
constexpr std::int64_t pieces_per_thread = 4;

std::int64_t piece_bytes(std::int64_t bytes, std::int64_t threads) {
  return std::max(serial_bytes / 2, bytes / (pieces_per_thread * threads));
}

}  // namespace

std::int64_t most_parts(std::int64_t threads) { return pieces_per_thread * threads; }

// Where a part is a run of addresses: planes by channels, in whole cache lines of the output; pixels by
// rows.  Channels where there are too few rows, in pieces of a page; else columns.
Split split_image(const Image &image, std::int64_t channels, std::int64_t element_size,
                  std::int64_t bytes, std::int64_t threads) {
  const std::int64_t own = image_bytes(image, channels, element_size);
  const std::int64_t target = piece_bytes(bytes, threads);
  // Two targets at least, so that a map is not split where the maps beside it are work enough.
  if (threads == 1 || own < 2 * target) return {SplitAxis::rows, 1};
  const std::int64_t parts = std::min(own / target, most_parts(threads));
  const std::int64_t lines = (channels * element_size + 63) / 64;
  if (image.planes(channels) && lines >= threads)
    return {SplitAxis::channels, std::min(parts, lines)};
  const std::int64_t by_channels = channels * element_size / 4096;
  if (image.height >= parts) return {SplitAxis::rows, parts};
  if (by_channels >= parts) return {SplitAxis::channels, parts};
  if (image.width >= parts) return {SplitAxis::columns, parts};
  if (image.height >= image.width && image.height >= by_channels)
    return {SplitAxis::rows, image.height};
  if (by_channels >= image.width) return {SplitAxis::channels, by_channels};
  return {SplitAxis::columns, image.width};
}

std::int64_t cut_pieces(const Images &images, std::int64_t element_size, std::int64_t threads,
                        Piece *pieces, std::int64_t &splits) {
  std::int64_t bytes = 0;
  for (std::int64_t k = 0; k < images.count(); ++k)
    bytes += image_bytes(images[k], images.channels(), element_size);
  splits = 0;
  std::int64_t count = 0;
  const auto add = [&](const Piece &piece) {
    if (pieces != nullptr) pieces[count] = piece;
    ++count;
  };
  if (threads == 1 || bytes < serial_bytes) {
    add({0, images.count(), 0, 1, 0});
    return count;
  }
  const std::int64_t target = piece_bytes(bytes, threads);
  std::int64_t first = 0;
  std::int64_t gathered = 0;
  for (std::int64_t k = 0; k < images.count(); ++k) {
    const Image image = images[k];
    const Split split = split_image(image, images.channels(), element_size, bytes, threads);
    if (split.parts > 1) {
      if (first < k) add({first, k, 0, 1, 0});
      for (std::int64_t part = 0; part < split.parts; ++part)
        add({k, k + 1, part, split.parts, splits});
      ++splits;
      first = k + 1;
      gathered = 0;
      continue;
    }
    gathered += image_bytes(image, images.channels(), element_size);
    if (gathered >= target) {
      add({first, k + 1, 0, 1, 0});
      first = k + 1;
      gathered = 0;
    }
  }
  if (first < images.count()) add({first, images.count(), 0, 1, 0});
  return count;
}

}  // namespace spp
