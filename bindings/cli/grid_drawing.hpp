#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "terminal.hpp"

// The cells [start, end) of one bin along one axis.
struct Interval {
  int64_t start;
  int64_t end;

  bool empty() const { return start >= end; }
};

// Where the bins of one level lie: every bin is an interval of rows times an interval of columns.
struct LevelEdges {
  std::vector<Interval> rows;
  std::vector<Interval> columns;
};

// Draws a level on a map of height x width as text that fits the terminal: one letter per bin,
// '+' where bins overlap, '.' for cells in no bin.  One character stands for several cells if the
// map is larger than the terminal; the mark of an overlap or a gap wins there.
std::string draw_level(const LevelEdges &level, int64_t height, int64_t width,
                       const TerminalSize &terminal);
