"""PyTorch: spatial pyramid max pooling as a function and a module.

The operator ``torch.ops.libspp.pool`` runs on the CPU, takes tensors in any memory format without a
copy, and works under torch.compile, torch.export and torch.func.vmap.
"""

from __future__ import annotations

from typing import Any

from . import _core
from ._description import Bins, Empty, Layout, Levels, Nan, Order, missing, parsed
from ._description import text as _text

try:
    import torch
except ModuleNotFoundError as error:
    raise missing("libspp.torch", "torch") from error

__all__ = ["SpatialPyramidPooling", "pool"]

_NAMES = {
    torch.float32: "float32",
    torch.float64: "float64",
    torch.float16: "float16",
    torch.bfloat16: "bfloat16",
    torch.int8: "int8",
    torch.uint8: "uint8",
    torch.int16: "int16",
    torch.uint16: "uint16",
    torch.int32: "int32",
}

# The compiler need not look into it.
text = torch.compiler.assume_constant_result(_text)

_library = torch.library.Library("libspp", "DEF")
_library.define("pool(Tensor x, str description, int? threads, Tensor? valid_sizes) -> Tensor")


def _memory(tensor: torch.Tensor) -> _core.Memory:
    return _core.Memory(
        tensor.data_ptr(), _NAMES[tensor.dtype], tuple(tensor.shape), tensor.stride()
    )


def _new_rows(x: torch.Tensor, pooling: _core.Pooling) -> torch.Tensor:
    channels = x.shape[1 if pooling.layout == "nchw" else 3]
    return x.new_empty((x.shape[0], pooling.bins * channels))


def _pool(
    x: torch.Tensor, description: str, threads: int | None, valid_sizes: torch.Tensor | None
) -> torch.Tensor:
    pooling = parsed(description)
    rows = _new_rows(x, pooling)
    sizes = None if valid_sizes is None else valid_sizes.numpy()
    pooling(_memory(x), out=_memory(rows), threads=threads, valid_sizes=sizes)
    return rows


def _pool_fake(
    x: torch.Tensor, description: str, threads: int | None, valid_sizes: torch.Tensor | None
) -> torch.Tensor:
    return _new_rows(x, parsed(description))


def _merged(info: Any, tensor: torch.Tensor | None, dim: int | None) -> torch.Tensor | None:
    """The batch of vmap and the batch of maps as one."""
    if tensor is None:
        return None
    if dim is None:
        tensor = tensor.expand(info.batch_size, *tensor.shape)
    else:
        tensor = tensor.movedim(dim, 0)
    return tensor.flatten(0, 1)


def _pool_vmap(
    info: Any,
    in_dims: tuple[int | None, ...],
    x: torch.Tensor,
    description: str,
    threads: int | None,
    valid_sizes: torch.Tensor | None,
) -> tuple[torch.Tensor, int]:
    maps = _merged(info, x, in_dims[0])
    sizes = _merged(info, valid_sizes, in_dims[3])
    rows = torch.ops.libspp.pool(maps, description, threads, sizes)
    return rows.unflatten(0, (info.batch_size, -1)), 0


_library.impl("pool", _pool, "CPU")
torch.library.register_fake("libspp::pool", _pool_fake, lib=_library)
torch.library.register_vmap("libspp::pool", _pool_vmap, lib=_library)


def _batch(x: torch.Tensor) -> torch.Tensor:
    if x.dtype not in _NAMES:
        raise TypeError(f"x has the element type {x.dtype}; there are {', '.join(_NAMES.values())}")
    if x.dim() not in (3, 4):
        raise ValueError(f"x has {x.dim()} dimensions; a batch has 4, one map 3")
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
    threads: int | None = None,
    valid_sizes: torch.Tensor | None = None,
) -> torch.Tensor:
    """Pools feature maps of any size into rows of one fixed length.

    x: (N, C, H, W), or one map (C, H, W), in any memory format; with layout="nhwc" the channels come
        last in the shape too.
    valid_sizes: (N, 2) of int64, for a batch that was padded to one size: the height and width of
        each map.

    The other arguments are those of libspp.pool; bins="adaptive" and order="channels_bins" give
    torch.cat([adaptive_max_pool2d(x, n).flatten(1) for n in levels], 1).

    Returns (N, bins * C), for one map (bins * C,).
    """
    return pool_described(x, text(levels, bins, layout, order, nan, empty), threads, valid_sizes)


def pool_described(
    x: torch.Tensor,
    description: str,
    threads: int | None = None,
    valid_sizes: torch.Tensor | None = None,
) -> torch.Tensor:
    """pool() with its rules as one word."""
    rows = torch.ops.libspp.pool.default(_batch(x), description, threads, valid_sizes)
    return rows if x.dim() == 4 else rows.squeeze(0)


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
