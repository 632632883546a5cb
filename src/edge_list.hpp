// The edges that the bins of several levels have on one axis.
#pragma once

#include <cstdint>
#include <utility>

#include "arena.hpp"
#include "grid.hpp"

namespace spp {

// Distinct edges of an axis, in order, and with them the cells between neighbours.  What is added
// is in order itself, so adding is a merge, and finding is a walk.
class EdgeList {
 public:
  void reserve(std::int64_t most, Arena &arena) {
    edges_ = arena.take<std::int64_t>(most);
    merged_ = arena.take<std::int64_t>(most);
  }
  void add(const Span *spans, std::int64_t count) {
    merge(count, [spans](std::int64_t i) { return spans[i].first; });
    merge(count, [spans](std::int64_t i) { return spans[i].last; });
  }
  void add_cuts(Span axis, std::int64_t parts) {
    merge(parts + 1, [=](std::int64_t k) {
      return axis.first + part_start(axis.last - axis.first, parts, k);
    });
  }
  std::int64_t cells() const { return count_ - 1; }
  Span *cell_spans(Arena &arena) const {
    Span *spans = arena.take<Span>(cells());
    for (std::int64_t i = 0; i < cells(); ++i) spans[i] = {edges_[i], edges_[i + 1]};
    return spans;
  }
  // The spans as indices of cells; all their edges are in the list.
  Span *in_cells(const Span *spans, std::int64_t count, Arena &arena) const {
    Span *result = arena.take<Span>(count);
    std::int64_t first = 0;
    std::int64_t last = 0;
    for (std::int64_t i = 0; i < count; ++i) {
      while (edges_[first] < spans[i].first) ++first;
      while (edges_[last] < spans[i].last) ++last;
      result[i] = {first, last};
    }
    return result;
  }

 private:
  template <class Value>
  void merge(std::int64_t count, Value value) {
    std::int64_t n = 0;
    std::int64_t i = 0;
    for (std::int64_t k = 0; k < count; ++k) {
      const std::int64_t edge = value(k);
      for (; i < count_ && edges_[i] <= edge; ++i) merged_[n++] = edges_[i];
      if (n == 0 || merged_[n - 1] != edge) merged_[n++] = edge;
    }
    for (; i < count_; ++i) merged_[n++] = edges_[i];
    std::swap(edges_, merged_);
    count_ = n;
  }

  std::int64_t *edges_ = nullptr;
  std::int64_t *merged_ = nullptr;
  std::int64_t count_ = 0;
};

}  // namespace spp
