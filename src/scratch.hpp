// Working memory that outlives a call, so that steady-state calls allocate nothing.
#pragma once

#include <array>
#include <atomic>
#include <cstddef>

namespace spp {

// A few blocks kept for the next calls.  Any number of threads may take and give back.
class ScratchCache {
 public:
  ScratchCache() = default;
  ScratchCache(const ScratchCache &) = delete;
  ScratchCache &operator=(const ScratchCache &) = delete;
  ~ScratchCache();

  // A block, 64-byte aligned; nullptr if memory is short.
  class Block {
   public:
    Block() = default;
    Block(Block &&other) noexcept;
    Block &operator=(Block &&other) noexcept;
    ~Block();
    char *data() const;
    explicit operator bool() const { return header_ != nullptr; }

   private:
    friend class ScratchCache;
    struct Header;
    ScratchCache *cache_ = nullptr;
    Header *header_ = nullptr;
  };

  Block take(std::size_t bytes);

 private:
  // More calls at once than this on one handle allocate.
  static constexpr std::size_t slots = 16;
  std::array<std::atomic<Block::Header *>, slots> kept_{};
};

}  // namespace spp
