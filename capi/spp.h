/*
 * libspp: spatial pyramid max pooling of CNN feature maps on the CPU.  The C ABI.
 *
 * A pyramid such as 1x1, 2x2, 4x4 cuts a map of height x width x channels into 1 + 4 + 16 = 21 bins.
 * Each bin gives its maximum per channel, so a map of any height and width becomes a row of
 * 21 * channels numbers (He et al., "Spatial pyramid pooling in deep convolutional networks for
 * visual recognition", 2014).  The rules on values (bin edges, NaN, zeros, empty bins) are in
 * docs/values.md; every tier, thread count and layout gives the same bits.
 *
 * How this interface is made:
 *
 *   - One opaque handle, spp_pooling, says what to compute.  It is immutable: any number of threads
 *     may use it at the same time.  A call brings the maps and the output; sizes belong to the call.
 *   - A struct that the caller fills begins with struct_size = sizeof(the struct).  Zero is the
 *     default of every other field, so `{.struct_size = sizeof(spp_options)}` is complete but for
 *     what has no default.  Bytes beyond the fields that the library knows must be zero: an older
 *     library refuses what it does not know, a newer one takes the shorter struct.
 *   - Enums are constants for int32_t fields; their values never change.
 *   - Sizes, counts and strides are int64_t.  Strides count elements, not bytes.
 *   - Every function that can fail returns an spp_status.  On failure nothing has been written to the
 *     output (but see SPP_ERROR_EXECUTOR), and spp_last_error() has a sentence that names the
 *     argument and its value.
 *   - The library owns nothing of the caller's: no pointer that a call receives is kept after it
 *     returns.  The only object to release is the handle.
 *   - No call aborts, prints or lets a C++ exception out.
 *
 * The smallest program:
 *
 *     spp_level levels[] = {{1, 1}, {2, 2}, {4, 4}};
 *     spp_options options = {.struct_size = sizeof options};
 *     options.levels = levels;
 *     options.level_count = 3;
 *     spp_pooling *pooling = NULL;
 *     if (spp_pooling_create(&options, &pooling) != SPP_OK) puts(spp_last_error());
 *
 *     spp_batch maps = {.struct_size = sizeof maps};
 *     maps.data = features;                       // float[1][13][20][256]
 *     maps.count = 1; maps.height = 13; maps.width = 20; maps.channels = 256;
 *     spp_output output = {.struct_size = sizeof output};
 *     output.data = vector;                       // float[21 * 256]
 *     output.capacity = 21 * 256;
 *     if (spp_pool(pooling, &maps, &output, NULL) != SPP_OK) puts(spp_last_error());
 *     spp_pooling_destroy(pooling);
 */
#ifndef SPP_H
#define SPP_H

#include <stddef.h>
#include <stdint.h>

#define SPP_VERSION_MAJOR 0
#define SPP_VERSION_MINOR 1
#define SPP_VERSION_PATCH 0

/* SPP_STATIC_DEFINE: set by the build system of whoever links the static library. */
#if defined(SPP_STATIC_DEFINE)
#define SPP_API
#elif defined(_WIN32)
#if defined(spp_EXPORTS)
#define SPP_API __declspec(dllexport)
#else
#define SPP_API __declspec(dllimport)
#endif
#else
#define SPP_API __attribute__((visibility("default")))
#endif

#ifdef __cplusplus
extern "C" {
#endif

/* ------------------------------------------------------------------------------------ statuses */

/* What a call returns: SPP_OK (0) or the kind of failure. */
typedef int32_t spp_status;
enum {
  SPP_OK = 0,
  SPP_ERROR_INVALID_ARGUMENT = 1, /* a NULL, a size, an unknown enum value, an overlap ... */
  SPP_ERROR_UNSUPPORTED = 2,      /* well formed, but not in this version of the library */
  SPP_ERROR_OUT_OF_MEMORY = 3,    /* working memory could not be had; nothing was written */
  SPP_ERROR_EMPTY_BIN = 4,        /* a bin without cells, and the policy is SPP_EMPTY_ERROR */
  SPP_ERROR_OUTPUT_TOO_SMALL = 5, /* the caller's buffer holds fewer elements than are needed */
  SPP_ERROR_OVERFLOW = 6,         /* a product of sizes or strides does not fit 64 bits */
  SPP_ERROR_TIER = 7,             /* an unknown or unavailable tier was asked for */
  SPP_ERROR_EXECUTOR = 8,         /* the caller's executor failed, or did not run every task exactly
                                     once: the content of the output rows is unspecified */
  SPP_ERROR_INTERNAL = 9          /* a fault of the library; please report it */
};

/* The constant's name, "SPP_OK" ...; "unknown status" for other values.  A static string. */
SPP_API const char *spp_status_name(spp_status status);

/*
 * The sentence of this thread's latest failed call, "" before any.  It belongs to the calling thread
 * and stays valid until that thread's next failing call; calls that succeed leave it as it is.
 */
SPP_API const char *spp_last_error(void);

/* ------------------------------------------------------------------------------- what to compute */

/* One level of the pyramid: rows x columns bins.  Both from 1 to SPP_MAX_SIDE. */
typedef struct spp_level {
  int32_t rows;
  int32_t columns;
} spp_level;

/* Limits of a pyramid: levels, bins along one side of a level, bins in all. */
enum { SPP_MAX_LEVELS = 64, SPP_MAX_SIDE = 4096, SPP_MAX_BINS = 1 << 24 };

/* Where bin i of n lies along an axis of length L (docs/values.md, section 1). */
enum {
  SPP_BINS_ROUNDED = 0, /* [rint(i * l), rint(i * l + l)), l = L / n, all in float32: the rule of the
                           Keras layer SpatialPyramidPooling (keras-spp).  Bins may be empty. */
  SPP_BINS_ADAPTIVE = 1, /* [floor(i * L / n), ceil((i + 1) * L / n)): SPP-net paper, appendix A, and
                            PyTorch's AdaptiveMaxPool2d.  Never empty; neighbours may share cells. */
  SPP_BINS_ROI = 2 /* regions only: [floor(i * l), ceil((i + 1) * l)), l = L / n, all in float32, cut
                      to the map: torchvision.ops.roi_pool, ONNX MaxRoiPool.  Windows may leave the
                      map; an empty bin is +0, whatever the empty policy. */
};

/* The order of the numbers in an output row (docs/values.md, section 5). */
enum {
  SPP_ORDER_BINS_CHANNELS = 0, /* level, bin row, bin column, channel: the Keras layer */
  SPP_ORDER_CHANNELS_BINS = 1  /* level, channel, bin row, bin column: Caffe's SPP layer, and
                                  torch.cat([adaptive_max_pool2d(x, n).flatten(1) ...], 1) */
};

/*
 * The type of input and output elements (docs/values.md, section 2).  An output has the type of its
 * input.  SPP_F16 is IEEE 754 binary16, SPP_BF16 the upper half of a float32; both are 16-bit words.
 */
enum {
  SPP_F32 = 0,
  SPP_F64 = 1,
  SPP_F16 = 2,
  SPP_BF16 = 3,
  SPP_I8 = 4,
  SPP_U8 = 5,
  SPP_I16 = 6,
  SPP_I32 = 7,
  SPP_U16 = 8
};

/* What an array without gaps is; the strides of other arrays say where their elements are. */
enum {
  SPP_LAYOUT_NHWC = 0, /* the channels of a cell lie side by side, then those of the next column */
  SPP_LAYOUT_NCHW = 1  /* each channel is a plane of height x width */
};

/*
 * What a NaN does to its bin (docs/values.md, section 2).  A result is the quiet NaN without sign and
 * payload: 0x7fc00000 in SPP_F32.  Integers have no NaN, and either policy is the same for them.
 */
enum {
  SPP_NAN_PROPAGATE = 0, /* one NaN makes the channel's maximum NaN */
  SPP_NAN_IGNORE = 1     /* NaNs are skipped; a bin of nothing else is NaN */
};

/* What a bin without cells gives under SPP_BINS_ROUNDED. */
enum {
  SPP_EMPTY_ERROR = 0,  /* SPP_ERROR_EMPTY_BIN, and nothing is written */
  SPP_EMPTY_LOWEST = 1, /* -inf, what the Keras layer gives; for integers the type's minimum */
  SPP_EMPTY_ZERO = 2    /* +0 */
};

/*
 * Instruction sets.  SPP_TIER_AUTO takes the one that the environment variable SPP_TIER names
 * ("portable", "neon", "avx2", "avx512"; unset or empty: the best that the CPU and the system
 * support).  An explicit value here wins over the variable.
 */
enum {
  SPP_TIER_AUTO = 0,
  SPP_TIER_PORTABLE = 1,
  SPP_TIER_NEON = 2,
  SPP_TIER_AVX2 = 3,
  SPP_TIER_AVX512 = 4
};

/* What to compute: the description of an spp_pooling. */
typedef struct spp_options {
  size_t struct_size;      /* sizeof(spp_options) */
  const spp_level *levels; /* level_count levels, in the order of the output row */
  int64_t level_count;     /* 1 to SPP_MAX_LEVELS */
  int32_t bin_rule;        /* SPP_BINS_* */
  int32_t order;           /* SPP_ORDER_* */
  int32_t element_type;    /* SPP_F32, SPP_F64 ... SPP_U16 */
  int32_t layout;          /* SPP_LAYOUT_* */
  int32_t nan_policy;      /* SPP_NAN_* */
  int32_t empty_policy;    /* SPP_EMPTY_* */
  int32_t tier;            /* SPP_TIER_* */
  int32_t thread_limit;    /* threads of one call at most; 0: as many as the arena has */
} spp_options;

/* The handle.  Immutable; safe to use from any number of threads at once. */
typedef struct spp_pooling spp_pooling;

/*
 * Makes a handle and stores it in *pooling (NULL on failure).  Options are copied.  Reads the
 * environment variable SPP_TIER if options->tier is SPP_TIER_AUTO.
 */
SPP_API spp_status spp_pooling_create(const spp_options *options, spp_pooling **pooling);

/* Releases a handle that no call is using any more.  NULL is allowed. */
SPP_API void spp_pooling_destroy(spp_pooling *pooling);

/* ---------------------------------------------------------------------------------------- queries */

/* Number of bins, the sum of rows * columns over the levels; 0 for NULL. */
SPP_API int64_t spp_pooling_bin_count(const spp_pooling *pooling);

/* Elements of one output row: bins * channels (channels >= 1). */
SPP_API spp_status spp_pooling_output_length(const spp_pooling *pooling, int64_t channels,
                                             int64_t *length);

/* The cells [top, bottom) x [left, right) of a map; empty if top == bottom or left == right. */
typedef struct spp_rectangle {
  int64_t top;
  int64_t left;
  int64_t bottom;
  int64_t right;
} spp_rectangle;

/*
 * The rectangles of all bins for a map of height x width (both >= 1), in the order level, bin row,
 * bin column.  `rectangles` has room for `capacity` of them, at least spp_pooling_bin_count().
 * Empty bins are no error here, whatever the empty policy.  SPP_BINS_ROI: of the window that is the
 * whole map, whose sides are at most 2^32.
 */
SPP_API spp_status spp_pooling_rectangles(const spp_pooling *pooling, int64_t height, int64_t width,
                                          spp_rectangle *rectangles, int64_t capacity);

/*
 * The permutation between the two orders of an output row: for each position k of a row in
 * SPP_ORDER_CHANNELS_BINS, permutation[k] is the position of the same number in a row in
 * SPP_ORDER_BINS_CHANNELS.  So channels_bins[k] = bins_channels[permutation[k]], and the rows of a
 * dense layer's weights move the same way.  Does not depend on the handle's own order.
 * `permutation` has room for `capacity` elements, at least the output length.
 */
SPP_API spp_status spp_pooling_permutation(const spp_pooling *pooling, int64_t channels,
                                           int64_t *permutation, int64_t capacity);

/*
 * One line that says what will run, for logs: "f32 NHWC, levels 1x1 2x2 4x4 (21 bins), rounded bins,
 * order bins_channels, NaN propagate, empty error, tier avx2, threads unlimited".  Owned by the
 * handle.  "" for NULL.
 */
SPP_API const char *spp_pooling_describe(const spp_pooling *pooling);

/* The tier that the handle runs on, SPP_TIER_*; SPP_TIER_AUTO for NULL. */
SPP_API int32_t spp_pooling_tier(const spp_pooling *pooling);

/* -------------------------------------------------------------------------------------------- maps */

/*
 * A dense batch: `count` maps of height x width x channels in one array.
 *
 * strides: NULL for an array without gaps, else four element strides in the order image, row,
 * column, channel, whatever the layout.  None may be negative; 0 repeats the same elements.  Any
 * strides give the right result; where neither the channel's nor the column's is 1, slower.  `data`
 * must be aligned to its element.
 *
 * valid_heights, valid_widths: NULL, or `count` sizes each, for batches that are padded to one size:
 * of image k only the top left valid_heights[k] x valid_widths[k] cells are pooled (1 <= valid <=
 * height or width).  Either may be NULL alone.
 *
 * Nothing but the described elements is read.
 */
typedef struct spp_batch {
  size_t struct_size;           /* sizeof(spp_batch) */
  const void *data;             /* may be NULL if nothing is read */
  int64_t count;                /* maps; 0 is allowed and writes nothing */
  int64_t height;               /* rows of every map, >= 1 */
  int64_t width;                /* columns of every map, >= 1 */
  int64_t channels;             /* >= 1 */
  const int64_t *strides;       /* NULL, or {image, row, column, channel} */
  const int64_t *valid_heights; /* NULL, or int64_t[count] */
  const int64_t *valid_widths;  /* NULL, or int64_t[count] */
} spp_batch;

/*
 * One map of a ragged batch: maps of different sizes in different places, with the same number of
 * channels.  strides as above, without the image: {row, column, channel}.
 */
typedef struct spp_map {
  size_t struct_size;     /* sizeof(spp_map), the same in every map of an array */
  const void *data;
  int64_t height;         /* >= 1 */
  int64_t width;          /* >= 1 */
  const int64_t *strides; /* NULL, or {row, column, channel} */
} spp_map;

/*
 * Where the rows go: one per map, in their order.  `capacity` is the number of elements that may be
 * written from `data` on: at least (rows - 1) * stride + output length.  A stride larger than the
 * output length leaves the elements between the rows untouched.  The output must not overlap the
 * input.
 */
typedef struct spp_output {
  size_t struct_size; /* sizeof(spp_output) */
  void *data;         /* aligned to its element; may be NULL if there are no maps */
  int64_t capacity;   /* elements */
  int64_t row_stride; /* elements from row to row; 0: the output length */
} spp_output;

/*
 * A region: a window of one map of the call, in cells, pooled as if it were a map of its own.  It lies
 * within the map (of a padded batch: within what is valid), but under SPP_BINS_ROI, where it may leave
 * it on any side: there height and width are from 1 to 2^32, y and x from -2^32 to 2^32.  A plain array
 * element: its layout never changes.
 */
typedef struct spp_region {
  int64_t image;  /* index of the map */
  int64_t y;      /* first row */
  int64_t x;      /* first column */
  int64_t height; /* rows, >= 1 */
  int64_t width;  /* columns, >= 1 */
} spp_region;

/* The type of positions in an spp_argmax. */
enum {
  SPP_INDEX_I64 = 0, /* int64_t */
  SPP_INDEX_I32 = 1  /* int32_t; refused for maps of more than 2^31 cells */
};

/*
 * Where the maxima were found (docs/values.md, section 3): one position for every number of the
 * output rows, in the same order.  A position is y * width + x in its map, width being that of the
 * map (of a padded batch: spp_batch.width), or -1 where no cell gave the number.  Written by the
 * forward calls, read by the backward ones.  `capacity` and `row_stride` count positions and are as
 * in spp_output.  The positions must overlap neither the input nor the output.
 */
typedef struct spp_argmax {
  size_t struct_size; /* sizeof(spp_argmax) */
  void *data;         /* int64_t or int32_t, aligned; may be NULL if there are no maps */
  int64_t capacity;   /* positions */
  int64_t row_stride; /* positions from row to row; 0: the output length */
  int32_t index_type; /* SPP_INDEX_* */
  int32_t reserved;   /* 0 */
} spp_argmax;

/*
 * The gradient of the output rows, which is read: rows of the handle's element type, one per map or
 * region, in the handle's order.  `capacity` is the number of elements that may be read from `data`
 * on, at least (rows - 1) * stride + output length.
 */
typedef struct spp_gradient {
  size_t struct_size; /* sizeof(spp_gradient) */
  const void *data;   /* aligned to its element; may be NULL if there are no maps */
  int64_t capacity;   /* elements */
  int64_t row_stride; /* elements from row to row; 0: the output length */
} spp_gradient;

/* ------------------------------------------------------------------------------------------ threads */

/* One piece of a call's work.  Pieces are independent and may run at the same time. */
typedef void (*spp_task)(void *task_context, int64_t index);

/*
 * The caller's thread pool: runs task(task_context, i) exactly once for every i in [0, count), on any
 * threads in any order, and returns only when all have ended.  Returns 0, or another number if it
 * failed.  The serial one:
 *
 *     int32_t serial(void *context, spp_task task, void *task_context, int64_t count) {
 *       (void)context;
 *       for (int64_t i = 0; i < count; ++i) task(task_context, i);
 *       return 0;
 *     }
 */
typedef int32_t (*spp_executor)(void *executor_context, spp_task task, void *task_context,
                                int64_t count);

/* What a call did; filled on success. */
typedef struct spp_report {
  size_t struct_size; /* sizeof(spp_report) */
  int32_t tier;       /* SPP_TIER_* of the code that ran; SPP_TIER_AUTO if there were no maps */
  int32_t reserved;   /* 0 */
  int64_t tasks;      /* pieces that the work was cut into; 1: all on the calling thread */
} spp_report;

/* How to run one call.  NULL instead of this struct means all defaults. */
typedef struct spp_execution {
  size_t struct_size;     /* sizeof(spp_execution) */
  int32_t thread_limit;   /* threads at most; 0: the handle's limit.  1: all on the calling thread */
  int32_t reserved;       /* 0 */
  spp_executor executor;  /* NULL: oneTBB, in the calling thread's arena */
  void *executor_context; /* passed to executor */
  spp_report *report;     /* NULL, or where to say what was done */
} spp_execution;

/* --------------------------------------------------------------------------------------------- calls */

/* Pools every map of a dense batch into one output row. */
SPP_API spp_status spp_pool(const spp_pooling *pooling, const spp_batch *maps,
                            const spp_output *output, const spp_execution *execution);

/* Pools `count` maps of different sizes, all with `channels` channels, into one output row each. */
SPP_API spp_status spp_pool_ragged(const spp_pooling *pooling, const spp_map *maps, int64_t count,
                                   int64_t channels, const spp_output *output,
                                   const spp_execution *execution);

/*
 * The same with the place of each maximum, for training.  The numbers are those of spp_pool, bit for
 * bit.  Any element type; of equal maxima the first in the order of rows and columns is found, and
 * with SPP_NAN_PROPAGATE the first NaN.
 */
SPP_API spp_status spp_pool_argmax(const spp_pooling *pooling, const spp_batch *maps,
                                   const spp_output *output, const spp_argmax *argmax,
                                   const spp_execution *execution);
/* The same for maps of different sizes, as in spp_pool_ragged. */
SPP_API spp_status spp_pool_ragged_argmax(const spp_pooling *pooling, const spp_map *maps,
                                          int64_t count, int64_t channels,
                                          const spp_output *output, const spp_argmax *argmax,
                                          const spp_execution *execution);

/*
 * Pools `count` regions of the maps of a dense batch into one output row each, in their order
 * (docs/values.md, section 7).  Every bin rule, element type and layout; SPP_BINS_ROI is for calls with
 * regions only.  All regions are checked before anything is written; an error names the index of the
 * region and its values.  argmax: NULL, or where the positions go, which are those in the whole map.
 * count 0 succeeds and writes nothing; the data of the maps may then be NULL.
 *
 * Many regions on one map share work: float32 in the order SPP_ORDER_BINS_CHANNELS without argmax is
 * read from tables of maxima that are made once per map.
 */
SPP_API spp_status spp_pool_regions(const spp_pooling *pooling, const spp_batch *maps,
                                    const spp_region *regions, int64_t count,
                                    const spp_output *output, const spp_argmax *argmax,
                                    const spp_execution *execution);

/* The same for `map_count` maps of different sizes, all with `channels` channels. */
SPP_API spp_status spp_pool_regions_ragged(const spp_pooling *pooling, const spp_map *maps,
                                           int64_t map_count, int64_t channels,
                                           const spp_region *regions, int64_t count,
                                           const spp_output *output, const spp_argmax *argmax,
                                           const spp_execution *execution);

/*
 * Pools every map of a tensor that another library made.  `tensor` is a DLTensor * of DLPack
 * (<dlpack/dlpack.h>, 0.5 or newer), so that this header needs no other; it is read during the call
 * only, and stays the caller's.  It has 4 dimensions in the order of the handle's layout, or 3 for a
 * single map; any strides that are not negative (NULL: an array without gaps); the handle's element
 * type, with one lane; and memory of the CPU.  The output rows are as in spp_pool.
 */
SPP_API spp_status spp_pool_dlpack(const spp_pooling *pooling, const void *tensor,
                                   const spp_output *output, const spp_execution *execution);

/*
 * The gradient of the maps from that of the output rows (docs/values.md, section 4): what each number
 * of `gradient` has is added to the element that `argmax` names, and all other elements become +0.
 *
 * `maps` describes the maps as in the forward call; its `data` is not read and may be NULL, and its
 * strides say how the elements lie from `map_gradients` on.  Every described element is written,
 * those outside of the valid sizes with +0; what lies between the elements is left alone.  No two
 * elements may share an address, as with a stride of 0, and `map_gradients` must overlap neither
 * `gradient` nor `argmax`.
 *
 * The positions need not come from this library, nor lie in the bins: any position of the map's valid
 * part will do, any number of times, and -1 is skipped.  They are all checked before anything is
 * written; one of another value is SPP_ERROR_INVALID_ARGUMENT.  The empty and NaN policies play no
 * part.  Integer element types have no gradient: SPP_ERROR_UNSUPPORTED.
 *
 * An executor is called twice or three times, first for the check; after SPP_ERROR_EXECUTOR the content
 * of the maps' gradients is unspecified.
 */
SPP_API spp_status spp_backward(const spp_pooling *pooling, const spp_gradient *gradient,
                                const spp_argmax *argmax, const spp_batch *maps,
                                void *map_gradients, const spp_execution *execution);

/* The same for `count` maps of different sizes: map k's gradient goes to map_gradients[k]. */
SPP_API spp_status spp_backward_ragged(const spp_pooling *pooling, const spp_gradient *gradient,
                                       const spp_argmax *argmax, const spp_map *maps, int64_t count,
                                       int64_t channels, void *const *map_gradients,
                                       const spp_execution *execution);

/*
 * The same for regions: the gradient of the maps from that of the `count` rows that spp_pool_regions
 * gave for these regions.  A row goes to its region's map, whatever the window; rows are added in
 * their order.  Maps without regions are filled with +0, with `count` 0 all of them.
 */
SPP_API spp_status spp_backward_regions(const spp_pooling *pooling, const spp_gradient *gradient,
                                        const spp_argmax *argmax, const spp_batch *maps,
                                        const spp_region *regions, int64_t count,
                                        void *map_gradients, const spp_execution *execution);

/* The same for `map_count` maps of different sizes: map k's gradient goes to map_gradients[k]. */
SPP_API spp_status spp_backward_regions_ragged(const spp_pooling *pooling,
                                               const spp_gradient *gradient,
                                               const spp_argmax *argmax, const spp_map *maps,
                                               int64_t map_count, int64_t channels,
                                               const spp_region *regions, int64_t count,
                                               void *const *map_gradients,
                                               const spp_execution *execution);

/* ------------------------------------------------------------------------------- boxes to regions */

/*
 * Projects boxes from the image onto its map.  boxes: float[count][4], each x1, y1, x2, y2 in pixels
 * of the image.  images: NULL for map 0, else the index of each box's map, which becomes
 * region.image.  regions: room for `count` of them, overlapping neither boxes nor images; nothing is
 * written unless all boxes are fine.
 * Every step is rounded to float32.  A coordinate, or one divided or multiplied, that is not finite
 * or whose size exceeds 2^30 is an error that names the index of the box.
 *
 * The projection of the SPP-net paper, appendix A, for a network of that stride (pixels from cell to
 * cell, > 0).  Per axis: first = floor(x1 / stride) + 1, last = ceil(x2 / stride) - 1, both moved into
 * the map's `width` (`height`) cells; if last < first, both become floor((first + last) / 2).
 */
SPP_API spp_status spp_project_paper(const float *boxes, const int64_t *images, int64_t count,
                                     float stride, int64_t height, int64_t width,
                                     spp_region *regions);

/*
 * The projection of Fast R-CNN, torchvision.ops.roi_pool and ONNX MaxRoiPool, for SPP_BINS_ROI.  Per
 * axis: first = round(x1 * spatial_scale), last = round(x2 * spatial_scale), halves away from zero;
 * max(last - first + 1, 1) cells from `first` on, whether in the map or not.  spatial_scale > 0: cells
 * per pixel.
 */
SPP_API spp_status spp_project_roi_pool(const float *boxes, const int64_t *images, int64_t count,
                                        float spatial_scale, spp_region *regions);

/* --------------------------------------------------------------------------------------- the library */

/* The version of the library that is running, "0.1.0".  A static string. */
SPP_API const char *spp_version(void);

/* "portable", "neon", "avx2", "avx512", "auto"; NULL for other values.  A static string. */
SPP_API const char *spp_tier_name(int32_t tier);

/*
 * NULL if this machine can run the tier, else a static sentence that says why not ("the CPU does not
 * have AVX2").  SPP_TIER_AUTO asks whether SPP_TIER or the default can be had.
 */
SPP_API const char *spp_tier_refusal(int32_t tier);

/* Threads that a call may use from the calling thread: the concurrency of its oneTBB arena.  1 in a
 * child of fork() whose parent has pooled or asked: there calls work alone. */
SPP_API int32_t spp_thread_count(void);

#ifdef __cplusplus
}
#endif

#endif
