#include "table.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "cases.hpp"

namespace spp_bench {

void print_table(const std::vector<Cells> &table) {
  std::vector<std::size_t> widths(table.front().size());
  for (const Cells &cells : table) {
    for (std::size_t i = 0; i < cells.size(); ++i) widths[i] = std::max(widths[i], cells[i].size());
  }
  const auto print = [&](const Cells &cells) {
    for (std::size_t i = 0; i < cells.size(); ++i) fmt::print("| {:<{}} ", cells[i], widths[i]);
    fmt::print("|\n");
  };
  print(table.front());
  for (const std::size_t width : widths) fmt::print("|{:-<{}}", "", width + 2);
  fmt::print("|\n");
  std::for_each(table.begin() + 1, table.end(), print);
  fmt::print("\n");
}

std::string ratio(std::optional<double> value) {
  return value ? fmt::format("{:.2f}", *value) : "-";
}

std::string whole(std::optional<double> value) {
  return value ? fmt::format("{:.0f}", *value) : "-";
}

std::string gigabytes(double value) { return fmt::format("{:.1f}", value); }

std::string verdict(double value, std::optional<double> goal, std::optional<double> at_most,
                    double offset_cost, int &missed) {
  std::string words;
  if (at_most && value > *at_most) {
    words = "MISSED";
  } else if (goal && value <= *goal) {
    words = "goal";
  } else if (at_most) {
    words = "within";
  }
  if (at_most && offset_cost > offset_allowance) words += ", OFFSET";
  if (words.find_first_of("MO") != std::string::npos) ++missed;
  return words;
}

}  // namespace spp_bench
