// Which levels are merged from others and which read the map, seen from inside the library: a level
// that reads although it could be merged gets the same bits, later.

#include <gtest/gtest.h>

#include <cstdint>
#include <cstring>
#include <optional>
#include <vector>

#include "grid.hpp"
#include "region_plan.hpp"
#include "support/guarded.hpp"
#include "support/pooling.hpp"

namespace {

using Spans = std::vector<spp::Span>;

// Which fine spans each coarse one is the union of; nothing if one is not.  What is `behind` the fine
// ones, and an empty span behind the coarse ones, counts for nothing.
std::optional<Spans> sources(Spans coarse, Spans fine, const Spans &behind = {}) {
  const auto coarse_count = static_cast<std::int32_t>(coarse.size());
  const auto fine_count = static_cast<std::int32_t>(fine.size());
  Spans found(coarse.size());
  coarse.push_back({0, 0});
  fine.insert(fine.end(), behind.begin(), behind.end());
  if (!spp::derive_spans(coarse.data(), coarse_count, fine.data(), fine_count, found.data()))
    return std::nullopt;
  return found;
}

TEST(Merges, OfSpansSideBySide) {
  const Spans fine = {{0, 3}, {3, 6}, {6, 10}, {10, 13}};
  EXPECT_EQ(sources({{0, 6}, {6, 13}}, fine), (Spans{{0, 2}, {2, 4}}));
  EXPECT_EQ(sources({{0, 13}}, fine), (Spans{{0, 4}}));
  EXPECT_EQ(sources({{3, 10}}, fine), (Spans{{1, 3}}));
  EXPECT_EQ(sources(fine, fine), (Spans{{0, 1}, {1, 2}, {2, 3}, {3, 4}}));
}

TEST(Merges, OfSpansThatOverlap) {
  const Spans fine = {{0, 2}, {1, 3}, {3, 5}};
  EXPECT_EQ(sources({{0, 3}, {3, 5}}, fine), (Spans{{0, 2}, {2, 3}}));
  EXPECT_EQ(sources({{0, 5}, {1, 5}}, fine), (Spans{{0, 3}, {1, 3}}));
  EXPECT_EQ(sources({{0, 2}, {1, 3}}, fine), (Spans{{0, 1}, {1, 2}}));
}

// Of several with one start the longest that fits.
TEST(Merges, OfSpansWithOneStart) {
  const Spans fine = {{0, 1}, {0, 2}, {2, 3}, {2, 4}, {2, 6}};
  EXPECT_EQ(sources({{0, 2}, {2, 4}}, fine), (Spans{{1, 2}, {3, 4}}));
  EXPECT_EQ(sources({{0, 1}, {2, 6}}, fine), (Spans{{0, 1}, {4, 5}}));
  EXPECT_EQ(sources({{0, 1}, {0, 4}}, fine), (Spans{{0, 1}, {1, 4}}));
}

TEST(Merges, OfOtherSpansAreNone) {
  const Spans fine = {{0, 3}, {3, 6}, {8, 10}};
  EXPECT_EQ(sources({{0, 4}}, fine), std::nullopt);    // ends within one
  EXPECT_EQ(sources({{1, 3}}, fine), std::nullopt);    // begins within one
  EXPECT_EQ(sources({{0, 10}}, fine), std::nullopt);   // a gap
  EXPECT_EQ(sources({{3, 3}}, fine), std::nullopt);    // empty
  EXPECT_EQ(sources({{8, 11}}, fine), std::nullopt);   // ends behind the last
  EXPECT_EQ(sources({{11, 12}}, fine), std::nullopt);  // begins behind the last
  EXPECT_EQ(sources({{0, 3}, {7, 8}}, fine), std::nullopt);
}

TEST(Merges, LookAtNothingBehindTheSpans) {
  const Spans fine = {{0, 3}, {3, 6}, {8, 10}};
  EXPECT_EQ(sources({{11, 12}}, fine, {{0, 1}, {11, 12}}), std::nullopt);
  EXPECT_EQ(sources({{8, 11}}, fine, {{10, 11}}), std::nullopt);
  EXPECT_EQ(sources({{8, 10}}, fine, {{8, 9}}), (Spans{{2, 3}}));
}

// The passes of pyramids on maps of some sizes: how many read the map, and how many cells it is cut
// into.
class Passes {
 public:
  Passes(const std::vector<spp_level> &levels, std::int64_t height, std::int64_t width,
         std::int32_t bin_rule, spp::Cuts cuts = {}, std::int64_t cells_of_room = 0) {
    spp_options options = options_for(levels);
    options.bin_rule = bin_rule;
    const Pooling handle(options);
    const spp_pooling &pooling = *static_cast<const spp_pooling *>(handle);
    // What has not been written yet is nothing, or larger than what comes behind it, so that a search
    // for it would run into the page that cannot be touched.
    const auto words = static_cast<std::int64_t>(spp::grid_bytes(pooling, cuts) / 8);
    GuardedBuffer guarded(8 * words);
    for (const bool nothing : {true, false}) {
      char *const memory = guarded.place(words, 8, Placement::flush_end, 0);
      for (std::int64_t k = 0; k < words; ++k) {
        const std::int64_t word = nothing ? 0 : INT64_MAX - k;
        std::memcpy(memory + 8 * k, &word, sizeof word);
      }
      spp::Arena arena(memory, static_cast<std::size_t>(8 * words));
      const spp::Grid grid =
          spp::make_grid(pooling, spp::whole_axis(height), spp::whole_axis(width), cuts,
                         {cells_of_room, 1}, arena);
      std::int32_t read = 0;
      for (std::int32_t k = 0; k < grid.pass_count; ++k)
        read += grid.passes[k].source == spp::Place::map;
      if (!nothing) {
        EXPECT_EQ(grid.cells, cells);
        EXPECT_EQ(grid.pass_count, count);
        EXPECT_EQ(read, reading);
      }
      cells = grid.cells;
      count = grid.pass_count;
      reading = read;
    }
  }

  std::int64_t cells = 0;
  std::int32_t count = 0;
  std::int32_t reading = 0;
};

TEST(Merges, OfLevelsWhoseSidesDivide) {
  for (const std::int64_t side : {4, 7, 13, 56}) {
    const Passes passes(square({1, 2, 4}), side, side + 1, SPP_BINS_ADAPTIVE);
    EXPECT_EQ(passes.reading, 1);
    EXPECT_EQ(passes.count, 3);
    EXPECT_EQ(passes.cells, 0);
  }
}

// Where edges happen to agree: any bins are unions of bins of one cell.
TEST(Merges, OfLevelsWhoseEdgesAgree) {
  const auto reading = [](const std::vector<spp_level> &levels, std::int64_t height,
                          std::int64_t width) {
    return Passes(levels, height, width, SPP_BINS_ADAPTIVE).reading;
  };
  EXPECT_EQ(reading({{4, 4}, {3, 3}}, 4, 4), 1);
  EXPECT_EQ(reading({{4, 4}, {3, 2}}, 4, 4), 1);
  EXPECT_EQ(reading({{4, 4}, {3, 3}}, 4, 7), 2);  // the columns' do not
  EXPECT_EQ(reading({{4, 4}, {3, 3}}, 7, 4), 2);
  EXPECT_EQ(reading({{4, 6}, {4, 5}}, 9, 6), 1);  // one side in common
  EXPECT_EQ(reading({{6, 4}, {5, 4}}, 6, 9), 1);
  EXPECT_EQ(reading({{7, 7}, {4, 4}, {3, 3}}, 7, 7), 1);
  EXPECT_EQ(reading(square({4, 2}), 3, 3), 1);  // more bins than cells, none of them empty
}

// Twelve rounded bins of 31 cells leave one out, since 5 * 2.583 + 2.583 is less than 6 * 2.583 in
// float32: the sixth ends at 15, the seventh begins at 16.  So three bins are no unions of them.
TEST(Merges, OfColumnsAreNotThoseOfRows) {
  EXPECT_EQ(Passes({{12, 12}, {12, 3}}, 31, 31, SPP_BINS_ROUNDED).reading, 2);
  EXPECT_EQ(Passes({{12, 12}, {3, 12}}, 31, 31, SPP_BINS_ROUNDED).reading, 2);
  EXPECT_EQ(Passes({{6, 12}, {3, 3}}, 31, 31, SPP_BINS_ROUNDED).reading, 2);
  EXPECT_EQ(Passes({{12, 6}, {3, 3}}, 31, 31, SPP_BINS_ROUNDED).reading, 2);
}

// A level alone reads its bins, though they overlap by a cell and cells would be read once.
TEST(Merges, OfOneLevelAreNone) {
  EXPECT_EQ(Passes(square({3}), 100, 100, SPP_BINS_ADAPTIVE, {}, 1000).cells, 0);
}

// [1, 2, 3, 4] on 13 x 13: 4 and 3 read, and have the edges 0, 3, 4, 6, 9, 10, 13.
TEST(Merges, OfCells) {
  const Passes cells(square({1, 2, 3, 4}), 13, 13, SPP_BINS_ROUNDED, {}, 36);
  EXPECT_EQ(cells.reading, 1);
  EXPECT_EQ(cells.count, 5);
  EXPECT_EQ(cells.cells, 36);
  const Passes without_room(square({1, 2, 3, 4}), 13, 13, SPP_BINS_ROUNDED, {}, 35);
  EXPECT_EQ(without_room.reading, 2);
  EXPECT_EQ(without_room.count, 4);
  EXPECT_EQ(without_room.cells, 0);
}

// Cells for the threads that share a map.
TEST(Merges, OfParts) {
  const auto cells = [](std::int32_t bins, spp::Cuts cuts) {
    return Passes(square({bins}), 10, 10, SPP_BINS_ADAPTIVE, cuts).cells;
  };
  EXPECT_EQ(cells(1, {5, 1}), 5);
  EXPECT_EQ(cells(1, {1, 5}), 5);
  EXPECT_EQ(cells(2, {2, 1}), 4);
  EXPECT_EQ(cells(2, {4, 1}), 8);  // at 2, 5 and 7
  EXPECT_EQ(cells(1, {1, 1}), 0);
}

// One axis of a window that is a whole map.
class WindowAxis {
 public:
  WindowAxis(std::initializer_list<std::int32_t> sides, std::int64_t size,
             spp::CoverForm form = {1, 0, 1})
      : levels_(square(sides)), handle_(options_for(levels_)) {
    const spp_pooling &pooling = *static_cast<const spp_pooling *>(handle_);
    const auto direction = spp::AxisPlanner::Direction::rows;
    memory_.resize(
        static_cast<std::size_t>(spp::AxisPlanner::bytes(pooling, direction, 1, size) / 8 + 1));
    spp::Arena arena(memory_.data(), memory_.size() * 8);
    spp::AxisPlanner planner(pooling, direction, 1, size, arena);
    planner.begin_map(size);
    std::int64_t origin = 0;
    plan_ = &planner.plan(spp::whole_axis(size), origin);
    planner.finish_map(form);
  }
  // Which of the levels, finest first, are merged from another.
  std::uint64_t merged() const { return plan_->nests; }
  // How many loads each bin of a level takes, from its first bin; 0: any number.
  std::int32_t loads(int first_bin) const { return plan_->covers[first_bin].most; }

 private:
  const std::vector<spp_level> levels_;
  const Pooling handle_;
  std::vector<std::uint64_t> memory_;
  const spp::AxisPlan *plan_;
};

TEST(Merges, OfBinsOfAWindow) {
  EXPECT_EQ(WindowAxis({1, 2, 4}, 12).merged(), 0b110U);
  EXPECT_EQ(WindowAxis({4, 2, 1}, 13).merged(), 0b110U);
  EXPECT_EQ(WindowAxis({6, 3, 2, 1}, 24).merged(), 0b1110U);
  EXPECT_EQ(WindowAxis({3, 2}, 12).merged(), 0U);
  EXPECT_EQ(WindowAxis({12, 3}, 31).merged(), 0U);  // see above
  EXPECT_EQ(WindowAxis({4, 2}, 3).merged(), 0U);    // a bin of the finer level is empty
}

// 4, 2 and 1 bins of 12 cells, from tables of three cells and of four.
TEST(Merges, LoadsOfBins) {
  const WindowAxis threes({4, 2, 1}, 12, {1, 100, 3});
  EXPECT_EQ(threes.loads(0), 1);
  EXPECT_EQ(threes.loads(4), 2);
  EXPECT_EQ(threes.loads(6), 0);  // four
  const WindowAxis fours({4, 2, 1}, 12, {1, 100, 4});
  EXPECT_EQ(fours.loads(0), 3);  // of single cells
  EXPECT_EQ(fours.loads(4), 2);
  EXPECT_EQ(fours.loads(6), 3);
}

}  // namespace
