#include "grid_drawing.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <limits>
#include <string_view>

namespace {

constexpr std::string_view letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";

// A character is about twice as high as wide: two of them make one square mark.
constexpr size_t mark_width = 2;

// The drawn positions of one axis: a bin's index, or one of the two marks.  The smaller number wins
// where a position stands for several cells, so gaps and overlaps are never hidden.
constexpr int64_t gap = -2;
constexpr int64_t overlap = -1;
struct Axis {
  std::vector<int64_t> marks;
  int64_t step;  // cells per mark
};

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

Axis scale_axis(const std::vector<Interval> &bins, int64_t length, int64_t most_marks) {
  Axis axis;
  axis.step = divide_up(length, most_marks);
  axis.marks.resize(static_cast<size_t>(divide_up(length, axis.step)),
                    std::numeric_limits<int64_t>::max());
  const std::vector<int64_t> positions = cuts(bins, length);
  for (size_t i = 0; i + 1 < positions.size(); ++i) {
    const int64_t bin = bin_of(bins, positions[i]);
    const int64_t last = (positions[i + 1] - 1) / axis.step;
    for (int64_t place = positions[i] / axis.step; place <= last; ++place) {
      int64_t &mark = axis.marks[static_cast<size_t>(place)];
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

// Where the first bin starts that starts within a mark, as text; "" if none does.
std::string start_label(const std::vector<Interval> &bins, const Axis &axis, size_t mark) {
  for (const Interval &bin : bins) {
    if (!bin.empty() && bin.start / axis.step == static_cast<int64_t>(mark)) {
      return fmt::to_string(bin.start);
    }
  }
  return "";
}

// The numbers of the columns at which bins start, as far as there is room for them.
std::string column_ruler(const std::vector<Interval> &bins, const Axis &axis) {
  std::string ruler;
  for (size_t i = 0; i < axis.marks.size(); ++i) {
    const size_t place = i * mark_width;
    const std::string label = start_label(bins, axis, i);
    const bool free = place == 0 || ruler.size() < place;
    if (label.empty() || !free || place + label.size() > axis.marks.size() * mark_width) continue;
    ruler.resize(place, ' ');
    ruler += label;
  }
  return ruler;
}

}  // namespace

std::string draw_level(const LevelEdges &level, int64_t height, int64_t width,
                       const TerminalSize &terminal) {
  const size_t margin = std::max<size_t>(4, fmt::formatted_size("  {} ", height));
  // Lines of the terminal that the edges above a drawing and the prompt below it take.
  constexpr int64_t lines_around = 4;
  constexpr int64_t least = 8;
  const int64_t room = terminal.columns - static_cast<int64_t>(margin);
  const Axis rows = scale_axis(level.rows, height, std::max(terminal.lines - lines_around, least));
  const Axis columns =
      scale_axis(level.columns, width, std::max(room / int64_t{mark_width}, least));

  std::string text = fmt::format("{:{}}{}\n", "", margin, column_ruler(level.columns, columns));
  for (size_t y = 0; y < rows.marks.size(); ++y) {
    text += fmt::format("{:>{}} ", start_label(level.rows, rows, y), margin - 1);
    for (const int64_t column : columns.marks) {
      text.append(mark_width, mark_at(rows.marks[y], column, level.columns.size()));
    }
    text += '\n';
  }
  if (rows.step > 1 || columns.step > 1) {
    text += fmt::format("{:{}}each mark: {} x {} cells\n", "", margin, rows.step, columns.step);
  }
  return text;
}
