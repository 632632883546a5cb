#include "scratch.hpp"

#include <new>
#include <utility>

namespace spp {

struct alignas(64) ScratchCache::Block::Header {
  std::size_t bytes;
};

namespace {

constexpr std::align_val_t alignment{64};

}  // namespace

ScratchCache::~ScratchCache() {
  for (auto &slot : kept_) ::operator delete(slot.load(std::memory_order_acquire), alignment);
}

// The first kept block is taken if it is large enough, else it is replaced by one that is.
ScratchCache::Block ScratchCache::take(std::size_t bytes) {
  Block block;
  block.cache_ = this;
  for (auto &slot : kept_) {
    if (slot.load(std::memory_order_relaxed) == nullptr) continue;
    block.header_ = slot.exchange(nullptr, std::memory_order_acq_rel);
    if (block.header_ != nullptr) break;
  }
  if (block.header_ != nullptr && block.header_->bytes >= bytes) return block;
  ::operator delete(std::exchange(block.header_, nullptr), alignment);
  void *memory = ::operator new(sizeof(Block::Header) + bytes, alignment, std::nothrow);
  if (memory != nullptr) block.header_ = new (memory) Block::Header{bytes};
  return block;
}

ScratchCache::Block::Block(Block &&other) noexcept
    : cache_(other.cache_), header_(std::exchange(other.header_, nullptr)) {}

ScratchCache::Block &ScratchCache::Block::operator=(Block &&other) noexcept {
  std::swap(cache_, other.cache_);
  std::swap(header_, other.header_);
  return *this;
}

ScratchCache::Block::~Block() {
  if (header_ == nullptr) return;
  for (auto &slot : cache_->kept_) {
    Header *expected = nullptr;
    if (slot.compare_exchange_strong(expected, header_, std::memory_order_acq_rel)) return;
  }
  ::operator delete(header_, alignment);
}

char *ScratchCache::Block::data() const { return reinterpret_cast<char *>(header_ + 1); }

}  // namespace spp
