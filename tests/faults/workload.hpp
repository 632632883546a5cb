// Every kind of call, large enough to be cut into pieces for threads, with what it must give.  Made
// once and then only read, so that any number of threads can make the calls at the same time.
#ifndef SPP_TESTS_FAULTS_WORKLOAD_HPP
#define SPP_TESTS_FAULTS_WORKLOAD_HPP

#include <cstdint>
#include <iterator>
#include <string>
#include <vector>

#include "spp.h"
#include "support/execution.hpp"

// The functions of one copy of the library.
struct Library {
  decltype(&spp_pooling_create) create;
  decltype(&spp_pooling_destroy) destroy;
  decltype(&spp_pool) pool;
  decltype(&spp_pool_ragged) pool_ragged;
  decltype(&spp_pool_argmax) pool_argmax;
  decltype(&spp_pool_regions) pool_regions;
  decltype(&spp_backward) backward;
  decltype(&spp_backward_regions) backward_regions;
  decltype(&spp_last_error) last_error;
};
extern const Library linked_library;  // the one that the program is linked with

enum class Kind { dense, ragged, positions, backward, regions, region_positions, region_backward };
constexpr Kind all_kinds[] = {Kind::dense,          Kind::ragged,  Kind::positions,
                              Kind::backward,       Kind::regions, Kind::region_positions,
                              Kind::region_backward};
const char *name_of(Kind kind);

// Where one call writes.
struct Results {
  std::vector<std::uint32_t> values;    // output rows, or the maps' gradients
  std::vector<std::int64_t> positions;  // empty if the kind has none
  bool operator==(const Results &other) const {
    return values == other.values && positions == other.positions;
  }
};

class Workload {
 public:
  // The one of this program, made when first asked for.
  static const Workload &instance();

  spp_options options() const;

  // What a call of this kind must leave behind, by the oracle.
  const Results &expected(Kind kind) const { return expected_[static_cast<int>(kind)]; }
  // Results of the same sizes that no call gives.
  Results untouched(Kind kind) const;

  // Allocates nothing of its own.
  spp_status call(const Library &library, const spp_pooling *pooling, Kind kind,
                  const spp_execution *execution, Results &results) const;

  // Makes the call; "" if it gave what it must, else what went wrong.
  std::string run(const Library &library, const spp_pooling *pooling, Kind kind,
                  const spp_execution *execution = nullptr) const;
  std::string run_all(const Library &library, const spp_pooling *pooling,
                      const spp_execution *execution = nullptr) const;

 private:
  Workload();
  void expect_rows();
  void expect_regions();
  void expect_gradients(Kind forward, Kind backward);

  std::vector<std::uint32_t> maps_;
  std::vector<std::uint32_t> gradients_;  // of the rows, as many as there are regions
  std::vector<spp_region> regions_;
  Results expected_[std::size(all_kinds)];
};

#endif
