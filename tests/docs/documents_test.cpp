// What the documents list exists, and what exists is listed.
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <iterator>
#include <regex>
#include <set>
#include <string>
#include <vector>

namespace {

namespace fs = std::filesystem;
using Names = std::set<std::string>;

const fs::path root = SPP_SOURCE_DIR;

std::string read(const fs::path &file) {
  std::ifstream stream(file);
  EXPECT_TRUE(stream.good()) << file;
  return {std::istreambuf_iterator<char>(stream), {}};
}

// What the pattern's first group matches, all over the text.
Names matches(const std::string &text, const char *pattern) {
  const std::regex regex(pattern);
  Names found;
  for (std::sregex_iterator match(text.begin(), text.end(), regex), end; match != end; ++match) {
    found.insert((*match)[1]);
  }
  return found;
}

Names difference(const Names &all, const Names &known) {
  Names missing;
  for (const std::string &name : all) {
    if (known.count(name) == 0) missing.insert(name);
  }
  return missing;
}

std::vector<fs::path> documents() {
  std::vector<fs::path> files;
  for (const fs::path &folder : {root, root / "docs"}) {
    for (const auto &entry : fs::directory_iterator(folder)) {
      if (entry.path().extension() == ".md") files.push_back(entry.path());
    }
  }
  return files;
}

std::string header() { return read(root / "capi/spp.h"); }

// Enumerators and version macros.
Names header_constants() {
  Names names = matches(header(), "\\b(SPP_[A-Z0-9_]+) = ");
  names.merge(matches(header(), "#define (SPP_VERSION_[A-Z]+) "));
  return names;
}

// The text between two headings.
std::string section(const std::string &text, const std::string &heading) {
  const std::size_t start = text.find("## " + heading + "\n");
  EXPECT_NE(start, std::string::npos) << heading;
  return start == std::string::npos ? "" : text.substr(start, text.find("\n## ", start) - start);
}

TEST(Documents, ConstantsAndSwitchesTheyNameExist) {
  std::string sources = header() + read(root / "CMakeLists.txt") +
                        read(root / "tests/CMakeLists.txt") + read(root / "dev");
  for (const char *folder : {"cmake", "src"}) {
    for (const auto &entry : fs::directory_iterator(root / folder)) {
      if (entry.is_regular_file()) sources += read(entry.path());
    }
  }
  const Names known = matches(sources, "\\b(SPP_[A-Za-z0-9_]+)\\b");
  for (const fs::path &file : documents()) {
    EXPECT_EQ(difference(matches(read(file), "\\b(SPP_[A-Za-z0-9_]+)\\b"), known), Names{}) << file;
  }
}

TEST(Documents, FunctionsAndStructsTheyNameExist) {
  const Names known = matches(header(), "\\b(spp_[a-z0-9_]+)\\b");
  for (const fs::path &file : {root / "README.md", root / "CHANGELOG.md", root / "docs/values.md",
                               root / "docs/migration.md", root / "docs/c-api.md"}) {
    Names names = matches(read(file), "\\b(spp_[a-z0-9_]+)\\b");
    names.erase("spp_param");  // Caffe's
    EXPECT_EQ(difference(names, known), Names{}) << file;
  }
}

TEST(Documents, TheReferenceListsTheExportedFunctions) {
  const std::string functions = section(read(root / "docs/c-api.md"), "Functions");
  const Names exported = matches(read(root / "capi/exports.map"), "\\b(spp_[a-z0-9_]+);");
  EXPECT_FALSE(exported.empty());
  EXPECT_EQ(matches(functions, "\\| `(spp_[a-z0-9_]+)` \\|"), exported);
}

TEST(Documents, TheReferenceListsTheStructs) {
  const std::string structs = section(read(root / "docs/c-api.md"), "Structs");
  const Names declared = matches(header(), "typedef struct (spp_[a-z_]+) ");
  EXPECT_FALSE(declared.empty());
  EXPECT_EQ(matches(structs, "\\| `(spp_[a-z_]+)` \\|"), declared);
}

TEST(Documents, TheReferenceListsTheConstants) {
  const std::string constants = section(read(root / "docs/c-api.md"), "Constants");
  EXPECT_FALSE(header_constants().empty());
  EXPECT_EQ(matches(constants, "`(SPP_[A-Z0-9_]+)`"), header_constants());
}

TEST(Documents, TheStatusesOfTheContractAreThoseOfTheHeader) {
  const std::string limits = section(read(root / "docs/values.md"), "8. Limits and bad input");
  const Names errors = matches(header(), "\\b(SPP_ERROR_[A-Z_]+) = ");
  EXPECT_EQ(matches(limits, "\\| `(SPP_ERROR_[A-Z_]+)` \\|"), errors);
}

TEST(Documents, TheHeaderExplainsEveryFunction) {
  // A declaration follows the end of a comment.
  const Names explained = matches(header(), "\\*/\nSPP_API [a-z0-9_ ]+[ *](spp_[a-z0-9_]+)\\(");
  EXPECT_EQ(explained, matches(read(root / "capi/exports.map"), "\\b(spp_[a-z0-9_]+);"));
}

TEST(Documents, LinksLeadToFiles) {
  for (const fs::path &file : documents()) {
    for (const std::string &link : matches(read(file), "\\]\\(([^):#]+)(?:#[^)]*)?\\)")) {
      EXPECT_TRUE(fs::exists(file.parent_path() / link)) << link << " in " << file;
    }
  }
}

TEST(Documents, PathsOfTheGuideExist) {
  const Names paths = matches(read(root / "CONTRIBUTING.md"),
                              "`((?:src|capi|include|cmake|tests|bench|bindings|docs)/[^` <>*]*)`");
  EXPECT_FALSE(paths.empty());
  for (const std::string &path : paths) EXPECT_TRUE(fs::exists(root / path)) << path;
}

TEST(Documents, TheGuideListsTheLegsOfTheTests) {
  const std::string guide = section(read(root / "CONTRIBUTING.md"), "Continuous integration");
  Names legs = matches(read(root / "dev"), "\n      ([a-z0-9-]+)  +\\S");
  EXPECT_EQ(legs.erase("all") + legs.erase("emulated"), 2U) << "groups of legs";
  EXPECT_EQ(matches(guide, "\n\\| `([a-z0-9-]+)` \\|"), legs);
}

}  // namespace
