// Tables in Markdown, and what stands in their cells.
#pragma once

#include <optional>
#include <string>
#include <vector>

namespace spp_bench {

using Cells = std::vector<std::string>;

// The first line is the head.
void print_table(const std::vector<Cells> &table);

// "-" for none.
std::string ratio(std::optional<double> value);
std::string whole(std::optional<double> value);
std::string gigabytes(double value);

// The verdict's sentence; counts what is above a limit.
std::string verdict(double value, std::optional<double> goal, std::optional<double> at_most,
                    double offset_cost, int &missed);

}  // namespace spp_bench
