// Two levels of a map of 3 x 4 cells with one channel: a client in C++17.
#include <iostream>
#include <spp/spp.hpp>
#include <vector>

int main() {
  const std::vector<float> map = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12};
  spp::Options options;
  options.levels = {1, 2};
  const spp::Pooling pooling(options);
  std::cout << spp_version() << ':';
  for (const float maximum : pooling.pool(spp::Batch{map.data(), 1, 3, 4, 1})) {
    std::cout << ' ' << maximum;
  }
  std::cout << '\n';
}
