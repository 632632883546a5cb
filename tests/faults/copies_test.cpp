// Several copies of the library in one process, and copies that come and go.

#include <dlfcn.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <future>
#include <string>
#include <thread>
#include <vector>

#include "faults/workload.hpp"
#include "support/pooling.hpp"

namespace {

const Workload &workload() { return Workload::instance(); }

// A copy of the shared library's file: the loader takes it for another library.
class CopiedFile {
 public:
  CopiedFile() {
    const int file = mkstemp(path_);
    EXPECT_GE(file, 0);
    close(file);
    std::ifstream from(SPP_SHARED_LIBRARY, std::ios::binary);
    std::ofstream to(path_, std::ios::binary);
    to << from.rdbuf();
    EXPECT_TRUE(from && to);
  }
  ~CopiedFile() { unlink(path_); }
  CopiedFile(const CopiedFile &) = delete;
  CopiedFile &operator=(const CopiedFile &) = delete;
  const char *path() const { return path_; }

 private:
  char path_[32] = "/tmp/spp_copy_XXXXXX";
};

class Loaded {
 public:
  explicit Loaded(const CopiedFile &file) : handle_(dlopen(file.path(), RTLD_NOW | RTLD_LOCAL)) {
    EXPECT_NE(handle_, nullptr) << dlerror();
  }
  ~Loaded() { EXPECT_EQ(dlclose(handle_), 0); }
  Loaded(const Loaded &) = delete;
  Loaded &operator=(const Loaded &) = delete;

  Library library() const {
    Library result = {};
    find("spp_pooling_create", result.create);
    find("spp_pooling_destroy", result.destroy);
    find("spp_pool", result.pool);
    find("spp_pool_ragged", result.pool_ragged);
    find("spp_pool_argmax", result.pool_argmax);
    find("spp_pool_regions", result.pool_regions);
    find("spp_backward", result.backward);
    find("spp_last_error", result.last_error);
    return result;
  }

 private:
  template <typename Function>
  void find(const char *name, Function &function) const {
    function = reinterpret_cast<Function>(dlsym(handle_, name));
    EXPECT_NE(function, nullptr) << name;
  }
  void *handle_;
};

std::string pool_with(const Library &library) {
  const spp_options options = workload().options();
  spp_pooling *pooling = nullptr;
  if (library.create(&options, &pooling) != SPP_OK) return library.last_error();
  const std::string wrong = workload().run_all(library, pooling);
  library.destroy(pooling);
  return wrong;
}

TEST(Copies, TwoBesideTheLinkedOne) {
  const CopiedFile file_a, file_b;
  const Loaded loaded_a(file_a), loaded_b(file_b);
  const Library libraries[] = {linked_library, loaded_a.library(), loaded_b.library()};
  ASSERT_NE(libraries[0].pool, libraries[1].pool);
  ASSERT_NE(libraries[1].pool, libraries[2].pool);
  std::vector<std::string> wrong(3);
  std::vector<std::thread> threads;
  for (std::size_t k = 0; k < 3; ++k)
    threads.emplace_back([&, k] {
      for (int round = 0; round < 4; ++round) wrong[k] += pool_with(libraries[k]);
    });
  for (std::thread &thread : threads) thread.join();
  for (const std::string &text : wrong) EXPECT_EQ(text, "");

  // Each has its own last sentence.
  spp_pooling *none = nullptr;
  EXPECT_EQ(libraries[1].create(nullptr, &none), SPP_ERROR_INVALID_ARGUMENT);
  EXPECT_STREQ(libraries[1].last_error(), "options is NULL");
  EXPECT_STREQ(libraries[2].last_error(), "");
}

// It stays loaded for the sake of oneTBB's threads, and so a plug-in that comes and goes finds the
// same copy again.
TEST(Copies, ComeAndGo) {
  const CopiedFile file;
  decltype(&spp_pool) first = nullptr;
  for (int round = 0; round < 25; ++round) {
    const Loaded loaded(file);
    ASSERT_EQ(pool_with(loaded.library()), "") << round;
    if (round == 0) first = loaded.library().pool;
    ASSERT_EQ(loaded.library().pool, first) << round;
  }
}

// A thread that used a copy ends after it is gone.
TEST(Copies, ThreadsOutliveThem) {
  const CopiedFile file;
  for (int round = 0; round < 5; ++round) {
    std::promise<std::string> result;
    std::promise<void> closed;
    std::thread thread;
    {
      const Loaded loaded(file);
      const Library library = loaded.library();
      thread = std::thread([&result, &closed, library] {
        spp_pooling *none = nullptr;
        library.create(nullptr, &none);
        result.set_value(pool_with(library));
        closed.get_future().wait();
      });
      EXPECT_EQ(result.get_future().get(), "");
    }
    closed.set_value();
    thread.join();
  }
}

}  // namespace
