// The bin edges that the documents print are those of the library.
#include <gtest/gtest.h>
#include <spp.h>

#include <algorithm>
#include <cstdint>
#include <fstream>
#include <regex>
#include <string>
#include <vector>

namespace {

struct Edges {
  std::int64_t start;
  std::int64_t end;
};

bool operator==(const Edges &a, const Edges &b) { return a.start == b.start && a.end == b.end; }

std::ostream &operator<<(std::ostream &stream, const Edges &edges) {
  return stream << '[' << edges.start << ',' << edges.end << ')';
}

// "[0,2) [2,5)"
std::vector<Edges> printed(const std::string &text) {
  const std::regex pair(R"(\[(\d+),(\d+)\))");
  std::vector<Edges> edges;
  for (std::sregex_iterator match(text.begin(), text.end(), pair), end; match != end; ++match) {
    edges.push_back({std::stoll((*match)[1]), std::stoll((*match)[2])});
  }
  return edges;
}

// One column of bins down a map of `length` rows.
std::vector<Edges> computed(std::int32_t rule, std::int64_t length, std::int32_t bins) {
  const spp_level level = {bins, 1};
  spp_options options = {};
  options.struct_size = sizeof options;
  options.levels = &level;
  options.level_count = 1;
  options.bin_rule = rule;
  spp_pooling *pooling = nullptr;
  EXPECT_EQ(spp_pooling_create(&options, &pooling), SPP_OK) << spp_last_error();
  std::vector<spp_rectangle> rectangles(static_cast<std::size_t>(bins));
  EXPECT_EQ(spp_pooling_rectangles(pooling, length, 1, rectangles.data(), bins), SPP_OK);
  spp_pooling_destroy(pooling);
  std::vector<Edges> edges;
  for (const spp_rectangle &bin : rectangles) edges.push_back({bin.top, bin.bottom});
  return edges;
}

// The windows of Caffe's SPP layer, as docs/migration.md writes them.
std::vector<Edges> caffe(std::int64_t length, std::int64_t bins) {
  const std::int64_t kernel = (length + bins - 1) / bins;
  const std::int64_t pad = (kernel * bins - length + 1) / 2;
  std::vector<Edges> edges;
  for (std::int64_t i = 0; i < bins; ++i) {
    edges.push_back(
        {std::max<std::int64_t>(i * kernel - pad, 0), std::min((i + 1) * kernel - pad, length)});
  }
  return edges;
}

// Calls check(match) for every line of the document that is a row of the table.
template <typename Check>
void for_each_row(const char *document, const char *row, const Check &check) {
  std::ifstream stream(std::string(SPP_SOURCE_DIR) + "/docs/" + document);
  const std::regex regex(row);
  int rows = 0;
  for (std::string line; std::getline(stream, line);) {
    std::smatch match;
    if (!std::regex_match(line, match, regex)) continue;
    SCOPED_TRACE(line);
    check(match);
    ++rows;
  }
  EXPECT_GE(rows, 4) << "the table of " << document << " was not found";
}

TEST(BinTables, TheContractsExamples) {
  for_each_row("values.md", R"(\| (rounded|adaptive) \| (\d+) \| (\d+) \| ([^|]+) \|.*)",
               [](const std::smatch &row) {
                 const std::int32_t rule =
                     row[1] == "rounded" ? SPP_BINS_ROUNDED : SPP_BINS_ADAPTIVE;
                 EXPECT_EQ(printed(row[4]), computed(rule, std::stoll(row[2]), std::stoi(row[3])));
               });
}

TEST(BinTables, ComparisonWithCaffe) {
  for_each_row("migration.md", R"(\| (\d+) \| (\d+) \| ([^|]+) \| ([^|]+) \| ([^|]+) \|)",
               [](const std::smatch &row) {
                 const std::int64_t length = std::stoll(row[1]);
                 const std::int32_t bins = std::stoi(row[2]);
                 EXPECT_EQ(printed(row[3]), caffe(length, bins));
                 EXPECT_EQ(printed(row[4]), computed(SPP_BINS_ROUNDED, length, bins));
                 EXPECT_EQ(printed(row[5]), computed(SPP_BINS_ADAPTIVE, length, bins));
               });
}

}  // namespace
