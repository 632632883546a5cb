"""The operators torch.ops.libspp.project_roi_pool, pool_regions and, with a gradient, pool_regions_argmax.

The gradient is pool_regions_backward, whose own gradient gathers.
"""

from __future__ import annotations

from typing import Any

import torch

from . import _core
from ._description import parsed
from ._torch_operators import (
    channel_axis,
    gathered,
    is_channels_last,
    library,
    memory,
    new_gradient,
    register,
)

_HOW = "str description, int? threads"
library.define("project_roi_pool(Tensor boxes, float spatial_scale) -> Tensor")
library.define(f"pool_regions(Tensor x, Tensor regions, {_HOW}) -> Tensor")
library.define(f"pool_regions_argmax(Tensor x, Tensor regions, {_HOW}) -> (Tensor, Tensor)")
library.define(
    "pool_regions_backward(Tensor grad, Tensor indices, Tensor regions, SymInt[] shape, "
    f"bool channels_last, {_HOW}) -> Tensor"
)


def _project(boxes: torch.Tensor, spatial_scale: float) -> torch.Tensor:
    return torch.from_numpy(_core.project_roi_pool(boxes.detach().double().numpy(), spatial_scale))


def _project_fake(boxes: torch.Tensor, spatial_scale: float) -> torch.Tensor:
    return boxes.new_empty((boxes.shape[0], 5), dtype=torch.int64)


# ----------------------------------------------------------------------------------- pool_regions


def _pool(
    x: torch.Tensor, regions: torch.Tensor, description: str, threads: int | None
) -> torch.Tensor:
    rows = _pool_fake(x, regions, description, threads)
    parsed(description).regions(memory(x), regions.numpy(), out=memory(rows), threads=threads)
    return rows


def _pool_fake(
    x: torch.Tensor, regions: torch.Tensor, description: str, threads: int | None
) -> torch.Tensor:
    pooling = parsed(description)
    return x.new_empty((regions.shape[0], pooling.bins * x.shape[channel_axis(pooling)]))


# ---------------------------------------------------------------------------- pool_regions_argmax


def _argmax(
    x: torch.Tensor, regions: torch.Tensor, description: str, threads: int | None
) -> tuple[torch.Tensor, torch.Tensor]:
    rows, indices = _argmax_fake(x, regions, description, threads)
    parsed(description).regions(
        *(memory(x), regions.numpy()),
        out=memory(rows),
        indices=memory(indices),
        threads=threads,
    )
    return rows, indices


def _argmax_fake(
    x: torch.Tensor, regions: torch.Tensor, description: str, threads: int | None
) -> tuple[torch.Tensor, torch.Tensor]:
    rows = _pool_fake(x, regions, description, threads)
    return rows, torch.empty_like(rows, dtype=torch.int64)


def _argmax_setup(ctx: Any, inputs: tuple[Any, ...], output: tuple[torch.Tensor, ...]) -> None:
    x, regions, ctx.description, ctx.threads = inputs
    ctx.mark_non_differentiable(output[1])
    ctx.save_for_backward(output[1], regions)
    ctx.shape, ctx.channels_last = list(x.shape), is_channels_last(x)


def _argmax_backward(ctx: Any, grad: torch.Tensor, _: Any) -> tuple[torch.Tensor | None, ...]:
    x_grad = torch.ops.libspp.pool_regions_backward(
        *(grad, *ctx.saved_tensors),
        *(ctx.shape, ctx.channels_last, ctx.description, ctx.threads),
    )
    return x_grad, None, None, None


# -------------------------------------------------------------------------- pool_regions_backward


def _backward(
    grad: torch.Tensor,
    indices: torch.Tensor,
    regions: torch.Tensor,
    shape: list[int],
    channels_last: bool,
    description: str,
    threads: int | None,
) -> torch.Tensor:
    x_grad = _backward_fake(grad, indices, regions, shape, channels_last, description, threads)
    grad = grad.contiguous()  # that of a sum has strides of 0
    parsed(description).backward(
        *(memory(grad), memory(indices), tuple(shape)),
        regions=regions.numpy(),
        out=memory(x_grad),
        threads=threads,
    )
    return x_grad


def _backward_fake(
    grad: torch.Tensor,
    indices: torch.Tensor,
    regions: torch.Tensor,
    shape: list[int],
    channels_last: bool,
    description: str,
    threads: int | None,
) -> torch.Tensor:
    return new_gradient(grad, indices, shape, channels_last, description, threads, None)


def _backward_setup(ctx: Any, inputs: tuple[Any, ...], output: torch.Tensor) -> None:
    ctx.description = inputs[5]
    ctx.save_for_backward(inputs[1], inputs[2])


def _backward_backward(ctx: Any, grad: torch.Tensor) -> tuple[torch.Tensor | None, ...]:
    indices, regions = ctx.saved_tensors
    return gathered(grad, indices, regions[:, 0], ctx.description), *[None] * 6


register("project_roi_pool", _project, _project_fake)
register("pool_regions", _pool, _pool_fake)
register("pool_regions_argmax", _argmax, _argmax_fake, _argmax_backward, _argmax_setup)
register("pool_regions_backward", _backward, _backward_fake, _backward_backward, _backward_setup)
