/*
 * The C header as a client of the first version, 0.1, was compiled with, without its comments.  Frozen:
 * never changed with the library, which must go on serving such a client.
 */
#ifndef SPP_H
#define SPP_H

#include <stddef.h>
#include <stdint.h>

#define SPP_VERSION_MAJOR 0
#define SPP_VERSION_MINOR 1
#define SPP_VERSION_PATCH 0

#define SPP_API

#ifdef __cplusplus
extern "C" {
#endif

typedef int32_t spp_status;
enum {
  SPP_OK = 0,
  SPP_ERROR_INVALID_ARGUMENT = 1,
  SPP_ERROR_UNSUPPORTED = 2,
  SPP_ERROR_OUT_OF_MEMORY = 3,
  SPP_ERROR_EMPTY_BIN = 4,
  SPP_ERROR_OUTPUT_TOO_SMALL = 5,
  SPP_ERROR_OVERFLOW = 6,
  SPP_ERROR_TIER = 7,
  SPP_ERROR_EXECUTOR = 8,
  SPP_ERROR_INTERNAL = 9
};

SPP_API const char *spp_status_name(spp_status status);

SPP_API const char *spp_last_error(void);

typedef struct spp_level {
  int32_t rows;
  int32_t columns;
} spp_level;

enum { SPP_MAX_LEVELS = 64, SPP_MAX_SIDE = 4096, SPP_MAX_BINS = 1 << 24 };

enum { SPP_BINS_ROUNDED = 0, SPP_BINS_ADAPTIVE = 1 };

enum { SPP_ORDER_BINS_CHANNELS = 0, SPP_ORDER_CHANNELS_BINS = 1 };

enum { SPP_F32 = 0 };

enum { SPP_LAYOUT_NHWC = 0 };

enum { SPP_NAN_PROPAGATE = 0, SPP_NAN_IGNORE = 1 };

enum { SPP_EMPTY_ERROR = 0, SPP_EMPTY_LOWEST = 1, SPP_EMPTY_ZERO = 2 };

enum {
  SPP_TIER_AUTO = 0,
  SPP_TIER_PORTABLE = 1,
  SPP_TIER_NEON = 2,
  SPP_TIER_AVX2 = 3,
  SPP_TIER_AVX512 = 4
};

typedef struct spp_options {
  size_t struct_size;
  const spp_level *levels;
  int64_t level_count;
  int32_t bin_rule;
  int32_t order;
  int32_t element_type;
  int32_t layout;
  int32_t nan_policy;
  int32_t empty_policy;
  int32_t tier;
  int32_t thread_limit;
} spp_options;

typedef struct spp_pooling spp_pooling;

SPP_API spp_status spp_pooling_create(const spp_options *options, spp_pooling **pooling);

SPP_API void spp_pooling_destroy(spp_pooling *pooling);

SPP_API int64_t spp_pooling_bin_count(const spp_pooling *pooling);

SPP_API spp_status spp_pooling_output_length(const spp_pooling *pooling, int64_t channels,
                                             int64_t *length);

typedef struct spp_rectangle {
  int64_t top;
  int64_t left;
  int64_t bottom;
  int64_t right;
} spp_rectangle;

SPP_API spp_status spp_pooling_rectangles(const spp_pooling *pooling, int64_t height, int64_t width,
                                          spp_rectangle *rectangles, int64_t capacity);

SPP_API spp_status spp_pooling_permutation(const spp_pooling *pooling, int64_t channels,
                                           int64_t *permutation, int64_t capacity);

SPP_API const char *spp_pooling_describe(const spp_pooling *pooling);

SPP_API int32_t spp_pooling_tier(const spp_pooling *pooling);

typedef struct spp_batch {
  size_t struct_size;
  const void *data;
  int64_t count;
  int64_t height;
  int64_t width;
  int64_t channels;
  const int64_t *strides;
  const int64_t *valid_heights;
  const int64_t *valid_widths;
} spp_batch;

typedef struct spp_map {
  size_t struct_size;
  const void *data;
  int64_t height;
  int64_t width;
  const int64_t *strides;
} spp_map;

typedef struct spp_output {
  size_t struct_size;
  void *data;
  int64_t capacity;
  int64_t row_stride;
} spp_output;

typedef void (*spp_task)(void *task_context, int64_t index);

typedef int32_t (*spp_executor)(void *executor_context, spp_task task, void *task_context,
                                int64_t count);

typedef struct spp_report {
  size_t struct_size;
  int32_t tier;
  int32_t reserved;
  int64_t tasks;
} spp_report;

typedef struct spp_execution {
  size_t struct_size;
  int32_t thread_limit;
  int32_t reserved;
  spp_executor executor;
  void *executor_context;
  spp_report *report;
} spp_execution;

SPP_API spp_status spp_pool(const spp_pooling *pooling, const spp_batch *maps,
                            const spp_output *output, const spp_execution *execution);

SPP_API spp_status spp_pool_ragged(const spp_pooling *pooling, const spp_map *maps, int64_t count,
                                   int64_t channels, const spp_output *output,
                                   const spp_execution *execution);

SPP_API const char *spp_version(void);

SPP_API const char *spp_tier_name(int32_t tier);

SPP_API const char *spp_tier_refusal(int32_t tier);

SPP_API int32_t spp_thread_count(void);

#ifdef __cplusplus
}
#endif

#endif
