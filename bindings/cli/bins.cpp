// `spp bins`: where the bins of a pyramid lie on a map, for people and for programs.
#include <fmt/format.h>
#include <spp.h>

#include <algorithm>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "commands.hpp"
#include "grid_drawing.hpp"
#include "terminal.hpp"

namespace {

std::vector<LevelEdges> level_edges(const BinsCommand &command) {
  const Pooling pooling = make_pooling(command.choice);
  std::vector<spp_rectangle> rectangles(static_cast<size_t>(spp_pooling_bin_count(pooling.get())));
  require(spp_pooling_rectangles(pooling.get(), command.height, command.width, rectangles.data(),
                                 static_cast<int64_t>(rectangles.size())));
  std::vector<LevelEdges> levels;
  const spp_rectangle *first = rectangles.data();
  for (const spp_level &level : command.choice.levels) {
    LevelEdges edges;
    for (int32_t y = 0; y < level.rows; ++y) {
      const spp_rectangle &bin = first[int64_t{y} * level.columns];
      edges.rows.push_back({bin.top, bin.bottom});
    }
    for (int32_t x = 0; x < level.columns; ++x) {
      edges.columns.push_back({first[x].left, first[x].right});
    }
    levels.push_back(edges);
    first += int64_t{level.rows} * level.columns;
  }
  return levels;
}

int64_t full_bins(const std::vector<Interval> &bins) {
  int64_t count = 0;
  for (const Interval &bin : bins) count += bin.empty() ? 0 : 1;
  return count;
}

int64_t empty_bins(const LevelEdges &level) {
  const auto all = static_cast<int64_t>(level.rows.size() * level.columns.size());
  return all - full_bins(level.rows) * full_bins(level.columns);
}

bool any_overlap(const std::vector<Interval> &bins) {
  int64_t reached = 0;
  for (const Interval &bin : bins) {
    if (!bin.empty() && bin.start < reached) return true;
    reached = std::max(reached, bin.end);
  }
  return false;
}

bool any_gap(const std::vector<Interval> &bins, int64_t length) {
  int64_t reached = 0;
  for (const Interval &bin : bins) {
    if (bin.start > reached) return true;
    reached = std::max(reached, bin.end);
  }
  return reached < length;
}

// "rows     [0,4) [3,7) ..." in lines that fit the terminal.
std::string edges_text(const char *axis, const std::vector<Interval> &bins, int64_t columns) {
  constexpr size_t indent = 12;
  std::string text;
  std::string line = fmt::format("  {:<{}}", axis, indent - 2);
  for (const Interval &bin : bins) {
    const std::string edge =
        fmt::format("[{},{}){}", bin.start, bin.end, bin.empty() ? " empty" : "");
    if (line.size() > indent && line.size() + edge.size() + 1 > static_cast<size_t>(columns)) {
      text += line + '\n';
      line.assign(indent, ' ');
    }
    if (line.size() > indent) line += ' ';
    line += edge;
  }
  return text + line + '\n';
}

std::string legend(const LevelEdges &level, int64_t height, int64_t width) {
  std::string text;
  if (any_overlap(level.rows) || any_overlap(level.columns)) text += "  + cells in several bins\n";
  if (any_gap(level.rows, height) || any_gap(level.columns, width)) text += "  . cells in no bin\n";
  const int64_t empty = empty_bins(level);
  if (empty > 0) {
    text += fmt::format("  {} of {} bins empty\n", empty, level.rows.size() * level.columns.size());
  }
  return text;
}

void print_text(const BinsCommand &command, const std::vector<LevelEdges> &levels) {
  const TerminalSize terminal = terminal_size();
  for (size_t i = 0; i < levels.size(); ++i) {
    const LevelEdges &level = levels[i];
    fmt::print("{}level {}: {} x {} bins, {}, on {} x {} cells\n", i == 0 ? "" : "\n", i,
               level.rows.size(), level.columns.size(), bin_rules[command.choice.bin_rule].name,
               command.height, command.width);
    fmt::print("{}", edges_text("rows", level.rows, terminal.columns));
    fmt::print("{}", edges_text("columns", level.columns, terminal.columns));
    fmt::print("{}", legend(level, command.height, command.width));
    fmt::print("\n{}", draw_level(level, command.height, command.width, terminal));
  }
}

nlohmann::json edges_json(const std::vector<Interval> &bins) {
  nlohmann::json edges = nlohmann::json::array();
  for (const Interval &bin : bins) edges.push_back({bin.start, bin.end});
  return edges;
}

void print_json(const BinsCommand &command, const std::vector<LevelEdges> &levels) {
  nlohmann::ordered_json json;
  json["height"] = command.height;
  json["width"] = command.width;
  json["bins"] = bin_rules[command.choice.bin_rule].name;
  for (const LevelEdges &level : levels) {
    json["levels"].push_back({{"rows", edges_json(level.rows)},
                              {"columns", edges_json(level.columns)},
                              {"empty_bins", empty_bins(level)}});
  }
  fmt::print("{}\n", json.dump());
}

}  // namespace

void BinsCommand::run() const {
  const std::vector<LevelEdges> levels = level_edges(*this);
  if (json) {
    print_json(*this, levels);
  } else {
    print_text(*this, levels);
  }
}
