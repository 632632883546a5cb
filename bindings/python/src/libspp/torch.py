"""PyTorch: spatial pyramid max pooling as a function and a module.

The operators run on the CPU, take tensors in any memory format without a copy, have gradients, and
work under torch.compile and torch.export; pool() under torch.func.grad and torch.func.vmap as well.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from ._description import Bins, Empty, Layout, Levels, Nan, Order, RegionBins, missing, parsed, text

try:
    import torch
    from torch.autograd import forward_ad
except ModuleNotFoundError as error:
    raise missing("libspp.torch", "torch") from error

from . import _torch_regions  # noqa: F401  registers operators
from ._torch_operators import NAMES, PoolArgmax

__all__ = ["SpatialPyramidPooling", "pool", "pool_regions", "roi_pool"]

# The mark of torch.compiler.assume_constant_result: the compiler need not look into it.  That function
# itself would load the compiler, which takes seconds and ends processes that have loaded TensorFlow.
text._dynamo_marked_constant = True  # type: ignore[attr-defined]


def _tensor(given: Any, name: str) -> torch.Tensor:
    if not isinstance(given, torch.Tensor):
        raise TypeError(f"{name} is {type(given)}, not a torch.Tensor")
    return given


def _batch(x: torch.Tensor) -> torch.Tensor:
    _tensor(x, "x")
    if x.dtype not in NAMES or x.dtype == torch.int64:
        names = ", ".join(name for name in NAMES.values() if name != "int64")
        raise TypeError(f"x has the element type {x.dtype}; there are {names}")
    if x.dim() not in (3, 4):
        raise ValueError(f"x has {x.dim()} dimensions; a batch has 4, one map 3")
    # PyTorch itself would go on, with a derivative of 0.
    if not torch.compiler.is_compiling() and forward_ad.unpack_dual(x).tangent is not None:
        raise NotImplementedError(
            "libspp.torch has no forward-mode derivative (jvp, jacfwd): use grad, vjp or jacrev"
        )
    return x if x.dim() == 4 else x.unsqueeze(0)


def pool(
    x: torch.Tensor,
    levels: Levels = (1, 2, 4),
    *,
    bins: Bins = "rounded",
    layout: Layout = "nchw",
    order: Order = "bins_channels",
    nan: Nan = "propagate",
    empty: Empty = "error",
    return_indices: bool = False,
    threads: int | None = None,
    valid_sizes: torch.Tensor | None = None,
) -> Any:
    """Pools feature maps of any size into rows of one fixed length.

    x: (N, C, H, W), or one map (C, H, W), in any memory format; with layout="nhwc" the channels come
        last in the shape too.
    valid_sizes: (N, 2) of int64, for a batch that was padded to one size: the height and width of
        each map.

    The other arguments are those of libspp.pool; bins="adaptive" and order="channels_bins" give
    torch.cat([adaptive_max_pool2d(x, n).flatten(1) for n in levels], 1).

    Returns (N, bins * C), for one map (bins * C,); with return_indices a pair of it and the
    positions.  The gradient flows to where each maximum was found first.
    """
    description = text(levels, bins, layout, order, nan, empty)
    return pool_described(x, description, threads, valid_sizes, return_indices)


def pool_described(
    x: torch.Tensor,
    description: str,
    threads: int | None = None,
    valid_sizes: torch.Tensor | None = None,
    return_indices: bool = False,
) -> Any:
    """pool() with its rules as one word."""
    batch = _batch(x)
    if valid_sizes is not None:
        _tensor(valid_sizes, "valid_sizes")
    if return_indices or (torch.is_grad_enabled() and x.requires_grad):
        rows, indices = PoolArgmax.apply(batch, description, threads, valid_sizes)
    else:
        rows = torch.ops.libspp.pool.default(batch, description, threads, valid_sizes)
    if x.dim() == 3:
        rows = rows.squeeze(0)
    if not return_indices:
        return rows
    return rows, indices if x.dim() == 4 else indices.squeeze(0)


def pool_regions(
    x: torch.Tensor,
    regions: torch.Tensor,
    levels: Levels = (1, 2, 3, 6),
    *,
    bins: RegionBins = "rounded",
    layout: Layout = "nchw",
    order: Order = "bins_channels",
    nan: Nan = "propagate",
    empty: Empty = "error",
    return_indices: bool = False,
    threads: int | None = None,
) -> Any:
    """Pools windows of feature maps, each as if it were a map of its own.

    x: (N, C, H, W), or one map (C, H, W), in any memory format; with layout="nhwc" the channels come
        last in the shape too.
    regions: (R, 5) of int64: image, y, x, height and width of each window.

    The other arguments are those of libspp.pool_regions.  Returns (R, bins * C); with return_indices a
    pair of it and the positions.  The gradient flows to where each maximum was found first.
    """
    batch, regions = _batch(x), _tensor(regions, "regions")
    how = (batch, regions, text(levels, bins, layout, order, nan, empty), threads)
    if not return_indices and not (torch.is_grad_enabled() and x.requires_grad):
        return torch.ops.libspp.pool_regions.default(*how)
    rows, indices = torch.ops.libspp.pool_regions_argmax.default(*how)
    return (rows, indices) if return_indices else rows


def roi_pool(
    x: torch.Tensor,
    boxes: torch.Tensor | Sequence[torch.Tensor],
    output_size: int | tuple[int, int],
    spatial_scale: float = 1.0,
    *,
    nan: Nan = "propagate",
    threads: int | None = None,
) -> torch.Tensor:
    """torchvision.ops.roi_pool.

    x: (N, C, H, W), in any memory format.
    boxes: (R, 5): image, x1, y1, x2 and y2 of each box, in pixels of the image; or a list with the
        boxes (L, 4) of each map.  They may leave the image.
    output_size: n for n x n bins or a pair (rows, columns).
    spatial_scale: cells per pixel.

    Returns (R, C, rows, columns), in memory as x lies.
    """
    _tensor(x, "x")
    if not isinstance(boxes, torch.Tensor):
        # As float64: the boxes' own type need not hold the number of an image.
        parts = [_tensor(part, f"boxes[{k}]").double() for k, part in enumerate(boxes)]
        padded = [torch.nn.functional.pad(part, (1, 0), value=k) for k, part in enumerate(parts)]
        boxes = torch.cat(padded)
    regions = torch.ops.libspp.project_roi_pool.default(boxes, spatial_scale)
    rows, columns = (output_size, output_size) if isinstance(output_size, int) else output_size
    levels = ((rows, columns),)
    channels = x.shape[1]
    if x.is_contiguous():
        grids = pool_regions(
            x, regions, levels, bins="roi", order="channels_bins", nan=nan, threads=threads
        )
        return grids.view(grids.shape[0], channels, rows, columns)
    grids = pool_regions(x, regions, levels, bins="roi", nan=nan, threads=threads)
    return grids.view(grids.shape[0], rows, columns, channels).permute(0, 3, 1, 2)


class SpatialPyramidPooling(torch.nn.Module):
    """pool() as a module: (N, C, H, W), of any H and W, to (N, bins * C)."""

    def __init__(
        self,
        levels: Levels = (1, 2, 4),
        *,
        bins: Bins = "rounded",
        layout: Layout = "nchw",
        order: Order = "bins_channels",
        nan: Nan = "propagate",
        empty: Empty = "error",
        threads: int | None = None,
    ) -> None:
        super().__init__()
        self.description = text(levels, bins, layout, order, nan, empty)
        self.threads = threads

    def output_length(self, channels: int) -> int:
        """Features of the layer behind: bins * channels."""
        return parsed(self.description).output_length(channels)

    def forward(self, x: torch.Tensor, valid_sizes: torch.Tensor | None = None) -> torch.Tensor:
        return pool_described(x, self.description, self.threads, valid_sizes)

    def extra_repr(self) -> str:
        return self.description.replace(";", ", ")
