// Memory that runs out: each call is repeated with its first, second, third ... allocation failing,
// until one needs no more.  Every time it either gives the right bits or says SPP_ERROR_OUT_OF_MEMORY
// and has written nothing.  Alone in its program because it replaces malloc and its relatives; mmap,
// from which oneTBB's own allocator takes its memory; and pthread_create.  glibc lets a program do that.

#include <dlfcn.h>
#include <pthread.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <atomic>
#include <cerrno>
#include <cstdint>
#include <cstdio>
#include <functional>
#include <string>

#include "faults/workload.hpp"

extern "C" {
void *__libc_malloc(std::size_t size);
void *__libc_calloc(std::size_t count, std::size_t size);
void *__libc_realloc(void *memory, std::size_t size);
void *__libc_memalign(std::size_t alignment, std::size_t size);
void __libc_free(void *memory);
}

namespace {

// How many allocations succeed before one fails, of any thread of the process; negative: all do.
// With `for_good`, all that follow fail too.
std::atomic<std::int64_t> left{-1};
std::atomic<bool> for_good{false};
std::atomic<std::int64_t> failed{0};

bool fails() {
  if (left.load() < 0) return false;
  const std::int64_t before = left.fetch_sub(1);
  if (before == 0) {
    if (for_good) left = 0;
    ++failed;
    errno = ENOMEM;
    return true;
  }
  return false;
}

}  // namespace

extern "C" {
void *malloc(std::size_t size) { return fails() ? nullptr : __libc_malloc(size); }
void *calloc(std::size_t count, std::size_t size) {
  return fails() ? nullptr : __libc_calloc(count, size);
}
void *realloc(void *memory, std::size_t size) {
  return fails() ? nullptr : __libc_realloc(memory, size);
}
void *memalign(std::size_t alignment, std::size_t size) {
  return fails() ? nullptr : __libc_memalign(alignment, size);
}
void *aligned_alloc(std::size_t alignment, std::size_t size) { return memalign(alignment, size); }
int posix_memalign(void **memory, std::size_t alignment, std::size_t size) {
  *memory = memalign(alignment, size);
  return *memory == nullptr ? ENOMEM : 0;
}
void free(void *memory) { __libc_free(memory); }
void *mmap(void *address, std::size_t length, int protection, int flags, int file, off_t offset) {
  if (fails()) return MAP_FAILED;
  return reinterpret_cast<void *>(
      syscall(SYS_mmap, address, length, protection, flags, file, offset));
}
// oneTBB looks for libraries when it starts.  In glibc 2.36 a dlopen() that succeeds after one without
// memory follows a pointer that is none, so that memory suffices while it runs.
void *dlopen(const char *file, int mode) {
  static const auto original = reinterpret_cast<decltype(&dlopen)>(dlsym(RTLD_NEXT, "dlopen"));
  const std::int64_t kept = left.exchange(-1);
  void *const library = original(file, mode);
  left = kept;
  return library;
}
int pthread_create(pthread_t *thread, const pthread_attr_t *attributes, void *(*start)(void *),
                   void *argument) {
  static const auto original =
      reinterpret_cast<decltype(&pthread_create)>(dlsym(RTLD_NEXT, "pthread_create"));
  return fails() ? EAGAIN : original(thread, attributes, start, argument);
}
}

namespace {

int wrong = 0;
std::int64_t tried = 0;
std::int64_t refused = 0;

// What the call returned while the allocation after `successes` others failed.
struct Attempt {
  spp_status status;
  bool any_failed;
};

Attempt attempt(std::int64_t successes, bool and_all_others,
                const std::function<spp_status()> &call) {
  failed = 0;
  for_good = and_all_others;
  left = successes;
  const spp_status status = call();
  left = -1;
  ++tried;
  return {status, failed != 0};
}

void report(const std::string &what, std::int64_t successes, const char *problem) {
  ++wrong;
  std::printf("%s, after %lld allocations: %s (%s)\n", what.c_str(),
              static_cast<long long>(successes), problem, spp_last_error());
}

// Until nothing fails any more.
void create_without_memory(bool for_good_too) {
  const spp_options options = Workload::instance().options();
  for (std::int64_t successes = 0;; ++successes) {
    spp_pooling *pooling = nullptr;
    const Attempt result =
        attempt(successes, for_good_too, [&] { return spp_pooling_create(&options, &pooling); });
    spp_pooling_destroy(pooling);
    if (!result.any_failed) {
      if (result.status != SPP_OK) report("create", successes, "failed with enough memory");
      return;
    }
    if (result.status != SPP_ERROR_OUT_OF_MEMORY) report("create", successes, "another status");
    if ((pooling != nullptr) != (result.status == SPP_OK)) report("create", successes, "a handle");
  }
}

// One call on a new handle, which has kept no memory yet; whether any allocation failed.
bool call_without_memory(Kind kind, const char *how, const spp_execution &execution,
                         std::int64_t successes, bool for_good_too) {
  const Workload &workload = Workload::instance();
  const spp_options options = workload.options();
  const std::string what = std::string(name_of(kind)) + ", " + how;
  spp_pooling *pooling = nullptr;
  if (spp_pooling_create(&options, &pooling) != SPP_OK) report(what, successes, "no handle");
  Results results = workload.untouched(kind);
  const Attempt result = attempt(successes, for_good_too, [&] {
    return workload.call(linked_library, pooling, kind, &execution, results);
  });
  if (result.status == SPP_OK) {
    if (!(results == workload.expected(kind))) report(what, successes, "other bits");
  } else if (result.status != SPP_ERROR_OUT_OF_MEMORY || !result.any_failed) {
    report(what, successes, "another status");
  } else {
    ++refused;
    if (!(results == workload.untouched(kind))) report(what, successes, "something was written");
  }
  // Memory is back, and so must be the results.
  const std::string after = workload.run(linked_library, pooling, kind, &execution);
  if (!after.empty()) report(what, successes, after.c_str());
  spp_pooling_destroy(pooling);
  return result.any_failed;
}

void until_all_succeed(Kind kind, const char *how, const spp_execution &execution,
                       bool for_good_too) {
  std::int64_t successes = 0;
  while (call_without_memory(kind, how, execution, successes, for_good_too)) ++successes;
}

// The same with the first call of a process, in which oneTBB starts: each in a process of its own.
void first_calls(bool for_good_too) {
  enum { done = 0, more = 1, bad = 2 };
  for (const Kind kind : all_kinds) {
    int result = more;
    for (std::int64_t successes = 0; result == more; ++successes, ++tried) {
      std::fflush(stdout);
      const pid_t child = fork();
      if (child == 0) {
        alarm(60);
        wrong = 0;
        const bool any_failed =
            call_without_memory(kind, "first call", execution_with(0), successes, for_good_too);
        std::fflush(stdout);
        _exit(wrong != 0 ? bad : any_failed ? more : done);
      }
      int status = 0;
      waitpid(child, &status, 0);
      result = WIFEXITED(status) ? WEXITSTATUS(status) : bad;
      if (result == bad) report(name_of(kind), successes, "the process did not end well");
    }
  }
}

}  // namespace

int main() {
  Workload::instance();  // before memory runs out
  first_calls(false);
  first_calls(true);
  for (const bool for_good_too : {false, true}) {
    create_without_memory(for_good_too);
    for (const Kind kind : all_kinds) {
      until_all_succeed(kind, "oneTBB", execution_with(0), for_good_too);
      until_all_succeed(kind, "one thread", execution_with(1), for_good_too);
      until_all_succeed(kind, "executor", execution_with(3, in_order), for_good_too);
    }
  }
  std::printf("%lld calls with a failing allocation, %lld refused, %d wrong\n",
              static_cast<long long>(tried), static_cast<long long>(refused), wrong);
  return wrong == 0 && refused > 0 ? 0 : 1;
}
