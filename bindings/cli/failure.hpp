#pragma once

#include <stdexcept>
#include <string>

// What a command cannot do, as one line for the user: "maps/a.npy: No such file or directory".
class Failure : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

// "<path>: <what the system says about errno>".
Failure system_failure(const std::string &path, int error_number);
