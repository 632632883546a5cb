#pragma once

#include <cstdint>

struct TerminalSize {
  int64_t columns;
  int64_t lines;
};

// The size of the terminal that standard output goes to; 80 x 24 if it goes elsewhere.
TerminalSize terminal_size();

// A bar on standard error, drawn only if that is a terminal, and wiped when it goes out of scope.
class ProgressBar {
 public:
  ProgressBar(const char *what, int64_t total);
  ProgressBar(const ProgressBar &) = delete;
  ProgressBar &operator=(const ProgressBar &) = delete;
  ~ProgressBar();

  void advance(int64_t steps);

 private:
  void draw();

  const char *what_;
  int64_t total_;
  int64_t done_ = 0;
  int64_t drawn_ = -1;  // tenths of a percent that the bar shows now
  bool visible_;
};
