#include "npy_header.hpp"

#include <fmt/format.h>

#include <charconv>

#include "failure.hpp"

namespace {

constexpr std::string_view magic = "\x93NUMPY";

// Reads the few forms of Python literals that a header consists of.
class Dictionary {
 public:
  explicit Dictionary(std::string_view text) : rest_(text) {}

  bool take(std::string_view token) {
    skip_spaces();
    if (rest_.substr(0, token.size()) != token) return false;
    rest_.remove_prefix(token.size());
    return true;
  }

  void expect(std::string_view token) {
    if (!take(token))
      throw Failure(fmt::format("damaged .npy header: no '{}' where expected", token));
  }

  std::string quoted() {
    const std::string_view quote = take("\"") ? "\"" : "'";
    if (quote == "'") expect(quote);
    const size_t length = rest_.find(quote);
    if (length == std::string_view::npos) throw Failure("damaged .npy header: open quote");
    std::string text(rest_.substr(0, length));
    rest_.remove_prefix(length + 1);
    return text;
  }

  bool boolean() {
    if (take("True")) return true;
    expect("False");
    return false;
  }

  std::vector<int64_t> tuple() {
    std::vector<int64_t> numbers;
    expect("(");
    while (!take(")")) {
      numbers.push_back(size());
      if (take(")")) break;
      expect(",");
    }
    return numbers;
  }

 private:
  void skip_spaces() {
    const size_t spaces = rest_.find_first_not_of(" \n");
    rest_.remove_prefix(spaces == std::string_view::npos ? rest_.size() : spaces);
  }

  int64_t size() {
    skip_spaces();
    int64_t number = 0;
    const auto [end, error] = std::from_chars(rest_.data(), rest_.data() + rest_.size(), number);
    if (error != std::errc() || number < 0) throw Failure("damaged .npy header: bad shape");
    rest_.remove_prefix(static_cast<size_t>(end - rest_.data()));
    return number;
  }

  std::string_view rest_;
};

NpyHeader parse_dictionary(std::string_view text) {
  NpyHeader header;
  bool has_type = false, has_order = false, has_shape = false;
  Dictionary dictionary(text);
  dictionary.expect("{");
  while (!dictionary.take("}")) {
    const std::string key = dictionary.quoted();
    dictionary.expect(":");
    if (key == "descr") {
      if (dictionary.take("[")) throw Failure("records with named fields; numbers are needed");
      header.element_type = dictionary.quoted();
      has_type = true;
    } else if (key == "fortran_order") {
      header.fortran_order = dictionary.boolean();
      has_order = true;
    } else if (key == "shape") {
      header.shape = dictionary.tuple();
      has_shape = true;
    } else {
      throw Failure(fmt::format("damaged .npy header: unknown key '{}'", key));
    }
    if (dictionary.take("}")) break;
    dictionary.expect(",");
  }
  if (!has_type || !has_order || !has_shape) {
    throw Failure("damaged .npy header: 'descr', 'fortran_order' or 'shape' is missing");
  }
  return header;
}

// The `bytes` bytes from `offset` on as a little endian number.
size_t little_endian(std::string_view file, size_t offset, size_t bytes) {
  size_t number = 0;
  for (size_t i = bytes; i-- > 0;) {
    number = number << 8 | static_cast<unsigned char>(file[offset + i]);
  }
  return number;
}

}  // namespace

NpyHeader parse_npy_header(std::string_view file) {
  if (file.substr(0, magic.size()) != magic) throw Failure("not a .npy file");
  const size_t version_offset = magic.size();
  const size_t length_offset = version_offset + 2;
  constexpr size_t longest_prefix = 12;
  if (file.size() < longest_prefix) throw Failure("truncated .npy header");

  const int version = static_cast<unsigned char>(file[version_offset]);
  if (version < 1 || version > 3) {
    throw Failure(fmt::format(".npy version {}; this program reads versions 1 to 3", version));
  }
  const size_t length_bytes = version == 1 ? 2 : 4;
  const size_t length = little_endian(file, length_offset, length_bytes);
  const size_t text_offset = length_offset + length_bytes;
  if (length > file.size() - text_offset) throw Failure("truncated .npy header");

  NpyHeader header = parse_dictionary(file.substr(text_offset, length));
  header.data_offset = text_offset + length;
  return header;
}

std::string npy_matrix_header(std::string_view descr, int64_t rows, int64_t columns) {
  // 128 bytes hold any two sizes and keep the data aligned to 64 bytes, as NumPy does.
  constexpr size_t header_bytes = 128;
  constexpr size_t prefix_bytes = 10;
  const std::string dictionary = fmt::format(
      "{{'descr': '{}', 'fortran_order': False, 'shape': ({}, {}), }}", descr, rows, columns);
  std::string header(magic);
  header += {'\x01', '\x00', static_cast<char>(header_bytes - prefix_bytes), '\x00'};
  header += dictionary;
  header.resize(header_bytes - 1, ' ');
  header += '\n';
  return header;
}
