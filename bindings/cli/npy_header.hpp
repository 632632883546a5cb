#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

// The header of NumPy's .npy format, versions 1 to 3 (numpy.lib.format): magic string, version,
// length, and a Python dictionary such as
//   {'descr': '<f4', 'fortran_order': False, 'shape': (13, 13, 256), }
struct NpyHeader {
  std::string element_type;  // "<f4"
  bool fortran_order = false;
  std::vector<int64_t> shape;
  size_t data_offset = 0;  // bytes from the start of the file to the first element
};

// Throws Failure with the problem alone; the caller knows the file's name.
NpyHeader parse_npy_header(std::string_view file);

// The start of a .npy file, version 1, of a matrix in C order; `descr` as in NpyHeader::element_type.
std::string npy_matrix_header(std::string_view descr, int64_t rows, int64_t columns);
