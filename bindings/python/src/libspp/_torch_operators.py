"""The operators torch.ops.libspp.pool, pool_argmax, pool_backward, pool_regions and project_roi_pool.

pool is for inference and has no gradient; pool_argmax gives the positions too, and its gradient is
pool_backward, whose own gradient gathers.  The operators of regions have none.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import torch

from . import _core
from ._description import parsed

Sizes = torch.Tensor | None

NAMES = {
    torch.float32: "float32",
    torch.float64: "float64",
    torch.float16: "float16",
    torch.bfloat16: "bfloat16",
    torch.int8: "int8",
    torch.uint8: "uint8",
    torch.int16: "int16",
    torch.uint16: "uint16",
    torch.int32: "int32",
    torch.int64: "int64",  # of positions
}

_library = torch.library.Library("libspp", "DEF")
_HOW = "str description, int? threads, Tensor? valid_sizes"
_library.define(f"pool(Tensor x, {_HOW}) -> Tensor")
_library.define(f"pool_argmax(Tensor x, {_HOW}) -> (Tensor, Tensor)")
_library.define(
    "pool_backward(Tensor grad, Tensor indices, SymInt[] shape, bool channels_last, "
    f"{_HOW}) -> Tensor"
)
_library.define("pool_regions(Tensor x, Tensor regions, str description, int? threads) -> Tensor")
_library.define("project_roi_pool(Tensor boxes, float spatial_scale) -> Tensor")


def _memory(tensor: torch.Tensor) -> _core.Memory:
    return _core.Memory(
        tensor.data_ptr(), NAMES[tensor.dtype], tuple(tensor.shape), tensor.stride()
    )


def _numpy(valid_sizes: Sizes) -> Any:
    return None if valid_sizes is None else valid_sizes.numpy()


def _channel_axis(pooling: _core.Pooling) -> int:
    return 1 if pooling.layout == "nchw" else 3


def _new_rows(x: torch.Tensor, description: str) -> torch.Tensor:
    pooling = parsed(description)
    return x.new_empty((x.shape[0], pooling.bins * x.shape[_channel_axis(pooling)]))


# ------------------------------------------------------------------------------------------- pool


def _pool(
    x: torch.Tensor, description: str, threads: int | None, valid_sizes: Sizes
) -> torch.Tensor:
    rows = _new_rows(x, description)
    parsed(description)(
        _memory(x), out=_memory(rows), threads=threads, valid_sizes=_numpy(valid_sizes)
    )
    return rows


def _pool_fake(
    x: torch.Tensor, description: str, threads: int | None, valid_sizes: Sizes
) -> torch.Tensor:
    return _new_rows(x, description)


# ------------------------------------------------------------------------------------ pool_argmax


def _argmax(
    x: torch.Tensor, description: str, threads: int | None, valid_sizes: Sizes
) -> tuple[torch.Tensor, torch.Tensor]:
    rows, indices = _argmax_fake(x, description, threads, valid_sizes)
    parsed(description)(
        _memory(x),
        out=_memory(rows),
        indices=_memory(indices),
        threads=threads,
        valid_sizes=_numpy(valid_sizes),
    )
    return rows, indices


def _argmax_fake(
    x: torch.Tensor, description: str, threads: int | None, valid_sizes: Sizes
) -> tuple[torch.Tensor, torch.Tensor]:
    rows = _new_rows(x, description)
    return rows, torch.empty_like(rows, dtype=torch.int64)


def _argmax_setup(ctx: Any, inputs: tuple[Any, ...], output: tuple[torch.Tensor, ...]) -> None:
    x, ctx.description, ctx.threads, valid_sizes = inputs
    ctx.mark_non_differentiable(output[1])
    ctx.save_for_backward(output[1], valid_sizes)
    ctx.shape = list(x.shape)
    # The gradient lies in memory as the maps do.
    ctx.channels_last = not x.is_contiguous() and x.is_contiguous(memory_format=torch.channels_last)


def _argmax_backward(ctx: Any, grad: torch.Tensor, _: Any) -> tuple[torch.Tensor | None, ...]:
    indices, valid_sizes = ctx.saved_tensors
    x_grad = PoolBackward.apply(
        *(grad, indices, ctx.shape, ctx.channels_last),
        *(ctx.description, ctx.threads, valid_sizes),
    )
    return x_grad, None, None, None


# ---------------------------------------------------------------------------------- pool_backward


def _backward(
    grad: torch.Tensor,
    indices: torch.Tensor,
    shape: list[int],
    channels_last: bool,
    description: str,
    threads: int | None,
    valid_sizes: Sizes,
) -> torch.Tensor:
    x_grad = _backward_fake(grad, indices, shape, channels_last, description, threads, valid_sizes)
    # The gradient of a sum has strides of 0, and vmap repeats positions.
    grad, indices = grad.contiguous(), indices.contiguous()
    parsed(description).backward(
        *(_memory(grad), _memory(indices), tuple(shape)),
        out=_memory(x_grad),
        threads=threads,
        valid_sizes=_numpy(valid_sizes),
    )
    return x_grad


def _backward_fake(
    grad: torch.Tensor,
    indices: torch.Tensor,
    shape: list[int],
    channels_last: bool,
    description: str,
    threads: int | None,
    valid_sizes: Sizes,
) -> torch.Tensor:
    memory_format = torch.channels_last if channels_last else torch.contiguous_format
    return torch.empty(shape, dtype=grad.dtype, device=grad.device, memory_format=memory_format)


def _backward_setup(ctx: Any, inputs: tuple[Any, ...], output: torch.Tensor) -> None:
    ctx.description = inputs[4]
    ctx.save_for_backward(inputs[1])


def _backward_backward(ctx: Any, grad: torch.Tensor) -> tuple[torch.Tensor | None, ...]:
    """What each number of the rows has: that of the element where its maximum was."""
    (indices,) = ctx.saved_tensors
    pooling = parsed(ctx.description)
    cells = grad.movedim(_channel_axis(pooling), 3).flatten(1, 2)
    channels = cells.shape[2]
    channel = torch.arange(indices.shape[1]) % channels
    if "channels_bins" in ctx.description:
        channel = channel[torch.from_numpy(_core.permutation(pooling.levels, channels))]
    places = indices.clamp(min=0) * channels + channel
    rows = cells.flatten(1).gather(1, places)
    return rows.where(indices >= 0, 0), *[None] * 6


class PoolArgmax(torch.autograd.Function):
    """pool_argmax for torch.func.grad, which takes no operator whose gradient is registered."""

    generate_vmap_rule = True

    @staticmethod
    def forward(
        x: torch.Tensor, description: str, threads: int | None, valid_sizes: Sizes
    ) -> tuple[torch.Tensor, torch.Tensor]:
        return torch.ops.libspp.pool_argmax.default(x, description, threads, valid_sizes)

    setup_context = staticmethod(_argmax_setup)
    backward = staticmethod(_argmax_backward)


class PoolBackward(torch.autograd.Function):
    """pool_backward, likewise."""

    generate_vmap_rule = True

    @staticmethod
    def forward(grad: torch.Tensor, indices: torch.Tensor, *how: Any) -> torch.Tensor:
        return torch.ops.libspp.pool_backward.default(grad, indices, *how)

    setup_context = staticmethod(_backward_setup)
    backward = staticmethod(_backward_backward)


# ---------------------------------------------------------------------------------------- regions


def _regions(
    x: torch.Tensor, regions: torch.Tensor, description: str, threads: int | None
) -> torch.Tensor:
    rows = _regions_fake(x, regions, description, threads)
    parsed(description).regions(_memory(x), regions.numpy(), out=_memory(rows), threads=threads)
    return rows


def _regions_fake(
    x: torch.Tensor, regions: torch.Tensor, description: str, threads: int | None
) -> torch.Tensor:
    pooling = parsed(description)
    channels = x.shape[_channel_axis(pooling)]
    return x.new_empty((regions.shape[0], pooling.bins * channels))


def _project(boxes: torch.Tensor, spatial_scale: float) -> torch.Tensor:
    return torch.from_numpy(_core.project_roi_pool(boxes.numpy(), spatial_scale))


def _project_fake(boxes: torch.Tensor, spatial_scale: float) -> torch.Tensor:
    return boxes.new_empty((boxes.shape[0], 5), dtype=torch.int64)


# ------------------------------------------------------------------------------------------- vmap


def _merged(tensor: torch.Tensor, dim: int | None, size: int) -> torch.Tensor:
    """The batch of vmap and the batch of maps as one."""
    if dim is None:
        return tensor.expand(size, *tensor.shape).flatten(0, 1)
    return tensor.movedim(dim, 0).flatten(0, 1)


def _over_maps(operator: Callable[..., Any]) -> Callable[..., Any]:
    """The rule for vmap: one call for all maps."""

    def rule(info: Any, in_dims: tuple[int | None, ...], *arguments: Any) -> tuple[Any, Any]:
        merged = [
            _merged(argument, dim, info.batch_size)
            if isinstance(argument, torch.Tensor)
            else argument
            for argument, dim in zip(arguments, in_dims, strict=True)
        ]
        if operator is torch.ops.libspp.pool_backward:
            shape = merged[2]
            merged[2] = [shape[0] * info.batch_size, *shape[1:]]
        result = operator(*merged)
        if isinstance(result, torch.Tensor):
            return result.unflatten(0, (info.batch_size, -1)), 0
        return tuple(part.unflatten(0, (info.batch_size, -1)) for part in result), (0, 0)

    return rule


for _name, _kernel, _fake in (
    ("pool", _pool, _pool_fake),
    ("pool_argmax", _argmax, _argmax_fake),
    ("pool_backward", _backward, _backward_fake),
    ("pool_regions", _regions, _regions_fake),
    ("project_roi_pool", _project, _project_fake),
):
    _library.impl(_name, _kernel, "CPU")
    torch.library.register_fake(f"libspp::{_name}", _fake, lib=_library)
for _name in ("pool", "pool_argmax", "pool_backward"):
    torch.library.register_vmap(
        f"libspp::{_name}", _over_maps(getattr(torch.ops.libspp, _name)), lib=_library
    )
for _name, _gradient, _setup in (
    ("pool_argmax", _argmax_backward, _argmax_setup),
    ("pool_backward", _backward_backward, _backward_setup),
):
    torch.library.register_autograd(
        f"libspp::{_name}", _gradient, setup_context=_setup, lib=_library
    )
