#include "support/maps.hpp"

#include <cstring>

Strides dense(std::int32_t layout, std::int64_t height, std::int64_t width, std::int64_t channels) {
  const std::int64_t size = height * width * channels;
  if (layout == SPP_LAYOUT_NCHW) return {size, width, 1, height * width};
  return {size, width * channels, channels, 1};
}

std::int64_t extent(std::int64_t count, std::int64_t height, std::int64_t width,
                    std::int64_t channels, const Strides &strides) {
  return 1 + (count - 1) * strides.image + (height - 1) * strides.row +
         (width - 1) * strides.column + (channels - 1) * strides.channel;
}

oracle::Value poison(const Recipe &recipe) {
  const oracle::Type type = type_of(recipe);
  if (type.kind != oracle::Kind::floating)
    return oracle::lowest(type) ^ (2 * oracle::sign_bit(type) - 1);  // the highest
  return recipe.nan_policy == SPP_NAN_PROPAGATE ? oracle::canonical_nan(type)
                                                : oracle::infinity(type);
}

void paint_map(const oracle::Map &map, Paint paint, std::int64_t first, char *data) {
  for (std::int64_t y = 0; y < map.height; ++y) {
    for (std::int64_t x = 0; x < map.width; ++x) {
      char *pixel = data + (y * map.row + x * map.column) * map.type.bytes;
      const std::int64_t position = first + (y * map.width + x) * map.channels;
      for (std::int64_t c = 0; c < map.channels; ++c) {
        const oracle::Value value = painted(map.type, paint, position + c);
        std::memcpy(pixel + c * map.channel * map.type.bytes, &value,
                    static_cast<std::size_t>(map.type.bytes));
      }
    }
  }
}
