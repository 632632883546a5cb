#include "grid_drawing.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <limits>
#include <string_view>

namespace {

constexpr std::string_view letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";

// The drawn positions of one axis: a bin's index, or one of the two marks.  The smaller number wins
// where a position stands for several cells, so gaps and overlaps are never hidden.
constexpr int64_t gap = -2;
constexpr int64_t overlap = -1;
using Axis = std::vector<int64_t>;

int64_t divide_up(int64_t number, int64_t divisor) {
  return number / divisor + (number % divisor != 0 ? 1 : 0);
}

// The bin of one cell along an axis, `overlap` or `gap`.
int64_t bin_of(const std::vector<Interval> &bins, int64_t cell) {
  int64_t found = gap;
  for (size_t i = 0; i < bins.size(); ++i) {
    if (cell < bins[i].start || cell >= bins[i].end) continue;
    if (found != gap) return overlap;
    found = static_cast<int64_t>(i);
  }
  return found;
}

// Between two neighbours of these positions all cells belong to the same bins.
std::vector<int64_t> cuts(const std::vector<Interval> &bins, int64_t length) {
  std::vector<int64_t> positions = {0, length};
  for (const Interval &bin : bins) {
    positions.push_back(bin.start);
    positions.push_back(bin.end);
  }
  std::sort(positions.begin(), positions.end());
  positions.erase(std::unique(positions.begin(), positions.end()), positions.end());
  return positions;
}

// One entry per `step` cells of an axis of `length` cells.
Axis scale_axis(const std::vector<Interval> &bins, int64_t length, int64_t step) {
  Axis axis(static_cast<size_t>(divide_up(length, step)), std::numeric_limits<int64_t>::max());
  const std::vector<int64_t> positions = cuts(bins, length);
  for (size_t i = 0; i + 1 < positions.size(); ++i) {
    const int64_t bin = bin_of(bins, positions[i]);
    const int64_t last = (positions[i + 1] - 1) / step;
    for (int64_t place = positions[i] / step; place <= last; ++place) {
      int64_t &mark = axis[static_cast<size_t>(place)];
      mark = std::min(mark, bin);
    }
  }
  return axis;
}

char mark_at(int64_t row_bin, int64_t column_bin, size_t columns) {
  if (row_bin == gap || column_bin == gap) return '.';
  if (row_bin == overlap || column_bin == overlap) return '+';
  const size_t bin = static_cast<size_t>(row_bin) * columns + static_cast<size_t>(column_bin);
  return letters[bin % letters.size()];
}

bool starts_a_bin(const std::vector<Interval> &bins, int64_t first, int64_t step) {
  return std::any_of(bins.begin(), bins.end(), [&](const Interval &bin) {
    return !bin.empty() && bin.start >= first && bin.start < first + step;
  });
}

// The numbers of the columns at which bins start, as far as there is room for them.
std::string column_ruler(const std::vector<Interval> &bins, int64_t count, int64_t step,
                         size_t mark_width) {
  std::string ruler;
  for (int64_t i = 0; i < count; ++i) {
    const size_t place = static_cast<size_t>(i) * mark_width;
    if (!starts_a_bin(bins, i * step, step) || (place != 0 && ruler.size() >= place)) continue;
    ruler.resize(place, ' ');
    ruler += fmt::to_string(i * step);
  }
  return ruler;
}

}  // namespace

std::string draw_level(const LevelEdges &level, int64_t height, int64_t width,
                       const TerminalSize &terminal) {
  // A character is about twice as high as wide: two of them make one square mark.
  constexpr int64_t mark_width = 2;
  const std::string margin(std::max<size_t>(4, fmt::formatted_size("{} ", height) + 1), ' ');
  const int64_t margin_width = static_cast<int64_t>(margin.size());
  const int64_t most_columns = std::max<int64_t>((terminal.columns - margin_width) / mark_width, 8);
  constexpr int64_t lines_around = 4;
  const int64_t most_lines = std::max<int64_t>(terminal.lines - lines_around, 8);
  const int64_t step = std::max(divide_up(width, most_columns), divide_up(height, most_lines));

  const Axis rows = scale_axis(level.rows, height, step);
  const Axis columns = scale_axis(level.columns, width, step);
  std::string text =
      margin + column_ruler(level.columns, static_cast<int64_t>(columns.size()), step, mark_width) +
      '\n';
  for (size_t y = 0; y < rows.size(); ++y) {
    const int64_t row = static_cast<int64_t>(y) * step;
    const std::string label = starts_a_bin(level.rows, row, step) ? fmt::to_string(row) : "";
    text += fmt::format("{:>{}} ", label, margin.size() - 1);
    for (const int64_t column : columns) {
      text.append(mark_width, mark_at(rows[y], column, level.columns.size()));
    }
    text += '\n';
  }
  if (step > 1) text += fmt::format("{}each mark is {} x {} cells\n", margin, step, step);
  return text;
}
