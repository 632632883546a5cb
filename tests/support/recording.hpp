// The files of tests/data: sequences of 32-bit words.
#ifndef SPP_TESTS_SUPPORT_RECORDING_HPP
#define SPP_TESTS_SUPPORT_RECORDING_HPP

#include <gtest/gtest.h>

#include <cstdint>
#include <fstream>
#include <string>
#include <vector>

class Recording {
 public:
  explicit Recording(const std::string &name)
      : file_(std::string(SPP_TEST_DATA) + "/" + name, std::ios::binary) {
    EXPECT_TRUE(file_.is_open()) << name;
  }

  bool more() { return file_.peek() != std::ifstream::traits_type::eof(); }

  std::int32_t integer() { return static_cast<std::int32_t>(words(1).front()); }

  std::vector<std::uint32_t> words(std::size_t count) {
    std::vector<std::uint32_t> result(count);
    file_.read(reinterpret_cast<char *>(result.data()),
               static_cast<std::streamsize>(count * sizeof(std::uint32_t)));
    EXPECT_TRUE(file_.good());
    return result;
  }

 private:
  std::ifstream file_;
};

#endif
