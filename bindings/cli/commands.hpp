#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "pooling.hpp"

// What each command of `spp` is given.  run() throws Failure, with one line for the user.

struct PoolCommand {
  std::vector<std::string> files;
  std::string output;
  PoolingChoice choice;

  void run() const;
};

struct BinsCommand {
  int64_t height = 0;
  int64_t width = 0;
  PoolingChoice choice;
  bool json = false;

  void run() const;
};

struct InfoCommand {
  bool json = false;

  void run() const;
};
