// How a call is cut into pieces, seen from inside the library: a map that two pieces pool twice, or a
// piece without maps, changes no bit of the result.

#include "partition.hpp"

#include <gtest/gtest.h>

#include <cstdint>
#include <optional>
#include <vector>

#include "support/pooling.hpp"

namespace {

struct Size {
  std::int64_t height, width;
};

// Nothing reads the maps of these tests.
const void *const somewhere = reinterpret_cast<const void *>(std::uintptr_t{4096});

class Partition : public testing::Test {
 protected:
  static constexpr std::int64_t element_size = 4;

  const spp::Images &maps(const std::vector<Size> &sizes, std::int64_t channels) {
    maps_.clear();
    std::vector<Size> described = sizes;
    described.push_back({1000, 1000});  // lies behind the list and counts for nothing
    for (const Size &size : described) {
      spp_map map = {};
      map.struct_size = sizeof map;
      map.data = somewhere;
      map.height = size.height;
      map.width = size.width;
      maps_.push_back(map);
    }
    images_ = {};
    const auto count = static_cast<std::int64_t>(sizes.size());
    const spp_pooling *const pooling = *pooling_;
    EXPECT_EQ(spp::Images::from_list(*pooling, maps_.data(), count, channels, images_), SPP_OK)
        << spp_last_error();
    return images_;
  }

  static std::vector<spp::Piece> pieces(const spp::Images &images, std::int64_t threads) {
    std::int64_t counted_splits = 0;
    std::int64_t splits = 0;
    const std::int64_t count =
        spp::cut_pieces(images, element_size, threads, nullptr, counted_splits);
    std::vector<spp::Piece> pieces(static_cast<std::size_t>(count));
    EXPECT_EQ(spp::cut_pieces(images, element_size, threads, pieces.data(), splits), count);
    EXPECT_EQ(splits, counted_splits);
    return pieces;
  }

  // Every map is in one piece, or in all parts that it is split into, and they are in order.
  static void expect_each_map_once(const spp::Images &images, std::int64_t threads) {
    std::int64_t next = 0;
    std::int64_t part = 0;
    std::int64_t split = 0;
    for (const spp::Piece &piece : pieces(images, threads)) {
      ASSERT_EQ(piece.first_image, next);
      ASSERT_EQ(piece.part, part);
      ASSERT_LT(piece.part, piece.parts);
      if (piece.parts == 1) {
        ASSERT_GT(piece.last_image, next);
        next = piece.last_image;
        continue;
      }
      ASSERT_EQ(piece.last_image, next + 1);
      ASSERT_EQ(piece.split, split);
      part = (part + 1) % piece.parts;
      next += part == 0;
      split += part == 0;
    }
    EXPECT_EQ(part, 0);
    EXPECT_EQ(next, images.count());
  }

  void SetUp() override {
    const std::vector<spp_level> levels = square({1, 2, 4});
    const spp_options options = options_for(levels);
    pooling_.emplace(options);
  }

  std::optional<Pooling> pooling_;
  std::vector<spp_map> maps_;
  spp::Images images_;
};

TEST_F(Partition, HasEachMapOnce) {
  const Size small = {4, 4}, middle = {13, 13},
             large = {200, 100};  // of 256 channels: 16 to 5000 pages
  for (const std::vector<Size> &sizes :
       {std::vector<Size>(300, small), std::vector<Size>(37, middle), std::vector<Size>(3, large),
        std::vector<Size>{large, small, small, large, large, middle, large, small},
        std::vector<Size>{small, large, middle}}) {
    for (const std::int64_t threads : {1, 2, 4, 7, 256})
      expect_each_map_once(maps(sizes, 256), threads);
  }
}

// "1: all on the calling thread", below 512 KiB and on one thread.
TEST_F(Partition, SmallWorkIsOnePiece) {
  const std::vector<Size> two = {{16, 16}, {16, 16}};
  EXPECT_EQ(pieces(maps(two, 255), 4).size(), 1U);
  EXPECT_EQ(pieces(maps(two, 256), 4).size(), 2U);  // 256 KiB each
  EXPECT_EQ(pieces(maps(two, 256), 1).size(), 1U);
  EXPECT_EQ(pieces(maps({{1000, 1000}}, 256), 1).size(), 1U);
}

// No piece is smaller than 256 KiB, but for the last.
TEST_F(Partition, PiecesAreNotTooSmall) {
  const std::vector<spp::Piece> found = pieces(maps(std::vector<Size>(7, {16, 8}), 256), 64);
  ASSERT_EQ(found.size(), 4U);
  EXPECT_EQ(found[0].last_image, 2);
  EXPECT_EQ(found[1].last_image, 4);
  EXPECT_EQ(found[2].last_image, 6);
  EXPECT_EQ(found[3].last_image, 7);
}

// A map that is just two pieces' worth is split, one that is less is not.
TEST_F(Partition, MapsOfTwoPiecesAreSplit) {
  const std::vector<spp::Piece> parts = pieces(maps({{32, 16}}, 256), 64);
  ASSERT_EQ(parts.size(), 2U);
  EXPECT_EQ(parts[0].parts, 2);
  const std::vector<spp::Piece> whole = pieces(maps({{31, 16}, {16, 16}}, 256), 64);
  ASSERT_EQ(whole.size(), 2U);
  EXPECT_EQ(whole[0].parts, 1);
}

// Rows before channels before columns, if there are enough of them; else what there is most of.
TEST_F(Partition, AxisOfAMap) {
  const auto split = [](std::int64_t height, std::int64_t width, std::int64_t channels,
                        std::int64_t threads, std::int64_t channel_stride = 1) {
    spp::Image image = {};
    image.height = height;
    image.width = width;
    image.channel_stride = channel_stride;
    const std::int64_t bytes = spp::image_bytes(image, channels, element_size);
    return spp::split_image(image, channels, element_size, bytes, threads);
  };
  const auto expect = [](const spp::Split &found, spp::SplitAxis axis, std::int64_t parts) {
    EXPECT_EQ(found.axis, axis);
    EXPECT_EQ(found.parts, parts);
  };
  using spp::SplitAxis;
  constexpr std::int64_t page = 1024;  // elements of 4 KiB
  // Four pieces a thread are wanted; with two threads eight.
  expect(split(8, 8, 8 * page, 2), SplitAxis::rows, 8);
  expect(split(7, 8, 8 * page, 2), SplitAxis::rows, 7);  // 1.75 MiB: seven of 256 KiB
  expect(split(6, 100, 8 * page, 2), SplitAxis::channels, 8);
  expect(split(6, 100, 7 * page, 2), SplitAxis::columns, 8);
  // Too few of each: what there is most of.
  expect(split(20, 20, 19 * page, 16), SplitAxis::rows, 20);
  expect(split(20, 19, 20 * page, 16), SplitAxis::rows, 20);
  expect(split(19, 20, 20 * page, 16), SplitAxis::channels, 20);
  expect(split(19, 21, 20 * page, 16), SplitAxis::columns, 21);
  // Planes by lines of 64 bytes, if each thread has one.
  expect(split(100, 100, 16 * 4, 4, 10000), SplitAxis::channels, 4);
  expect(split(100, 100, 16 * 3, 4, 10000), SplitAxis::rows, 7);
}

}  // namespace
