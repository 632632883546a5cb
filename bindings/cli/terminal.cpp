#include "terminal.hpp"

#include <fmt/format.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include <algorithm>
#include <cstdio>
#include <string>

namespace {

TerminalSize size_of(int descriptor) {
  winsize size = {};
  if (ioctl(descriptor, TIOCGWINSZ, &size) != 0 || size.ws_col == 0 || size.ws_row == 0) {
    return {80, 24};
  }
  return {size.ws_col, size.ws_row};
}

}  // namespace

TerminalSize terminal_size() { return size_of(STDOUT_FILENO); }

ProgressBar::ProgressBar(const char *what, int64_t total)
    : what_(what), total_(total), visible_(isatty(STDERR_FILENO) != 0 && total > 0) {
  draw();
}

ProgressBar::~ProgressBar() {
  // "Erase the line" of every terminal that knows ANSI sequences.
  if (visible_) fmt::print(stderr, "\r\x1b[K");
}

void ProgressBar::advance(int64_t steps) {
  done_ += steps;
  draw();
}

void ProgressBar::draw() {
  if (!visible_) return;
  const double share = static_cast<double>(done_) / static_cast<double>(total_);
  const auto tenths = static_cast<int64_t>(share * 1000);
  if (tenths == drawn_) return;
  drawn_ = tenths;

  const std::string figures = fmt::format(" {}/{}", done_, total_);
  const std::string label = fmt::format("\r{} ", what_);
  // Two for the brackets; one column stays free, or some terminals would wrap.
  const int64_t taken = static_cast<int64_t>(figures.size() + label.size()) - 1 + 2 + 1;
  const int64_t width = std::clamp<int64_t>(size_of(STDERR_FILENO).columns - taken, 0, 50);
  const auto filled = static_cast<size_t>(share * static_cast<double>(width));
  const std::string bar =
      std::string(filled, '#') + std::string(static_cast<size_t>(width) - filled, ' ');
  fmt::print(stderr, "{}[{}]{}", label, bar, figures);
  std::fflush(stderr);
}
