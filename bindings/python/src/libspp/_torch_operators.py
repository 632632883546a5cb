"""The operators torch.ops.libspp.pool, pool_argmax and pool_backward.

pool is for inference and has no gradient; pool_argmax gives the positions too, and its gradient is
pool_backward, whose own gradient gathers.
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

library = torch.library.Library("libspp", "DEF")
_HOW = "str description, int? threads, Tensor? valid_sizes"
library.define(f"pool(Tensor x, {_HOW}) -> Tensor")
library.define(f"pool_argmax(Tensor x, {_HOW}) -> (Tensor, Tensor)")
library.define(
    "pool_backward(Tensor grad, Tensor indices, SymInt[] shape, bool channels_last, "
    f"{_HOW}) -> Tensor"
)


def memory(tensor: torch.Tensor) -> _core.Memory:
    return _core.Memory(
        tensor.data_ptr(), NAMES[tensor.dtype], tuple(tensor.shape), tensor.stride()
    )


def _numpy(valid_sizes: Sizes) -> Any:
    return None if valid_sizes is None else valid_sizes.numpy()


def channel_axis(pooling: _core.Pooling) -> int:
    return 1 if pooling.layout == "nchw" else 3


def _new_rows(x: torch.Tensor, description: str) -> torch.Tensor:
    pooling = parsed(description)
    return x.new_empty((x.shape[0], pooling.bins * x.shape[channel_axis(pooling)]))


def is_channels_last(x: torch.Tensor) -> bool:
    """Whether the channels of a cell lie side by side in x, as they shall in its gradient."""
    return not x.is_contiguous() and x.is_contiguous(memory_format=torch.channels_last)


# ------------------------------------------------------------------------------------------- pool


def _pool(
    x: torch.Tensor, description: str, threads: int | None, valid_sizes: Sizes
) -> torch.Tensor:
    rows = _new_rows(x, description)
    parsed(description)(
        memory(x), out=memory(rows), threads=threads, valid_sizes=_numpy(valid_sizes)
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
        memory(x),
        out=memory(rows),
        indices=memory(indices),
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
    ctx.shape, ctx.channels_last = list(x.shape), is_channels_last(x)


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
    x_grad = new_gradient(grad, indices, shape, channels_last, description, threads, valid_sizes)
    # The gradient of a sum has strides of 0, and vmap repeats positions.
    grad, indices = grad.contiguous(), indices.contiguous()
    parsed(description).backward(
        *(memory(grad), memory(indices), tuple(shape)),
        out=memory(x_grad),
        threads=threads,
        valid_sizes=_numpy(valid_sizes),
    )
    return x_grad


def new_gradient(
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
    (indices,) = ctx.saved_tensors
    return gathered(grad, indices, torch.arange(len(indices)), ctx.description), *[None] * 6


def gathered(
    grad: torch.Tensor, indices: torch.Tensor, images: torch.Tensor, description: str
) -> torch.Tensor:
    """What each number of the rows has: that of the element where its maximum was.

    images: the map of each row.
    """
    pooling = parsed(description)
    cells = grad.movedim(channel_axis(pooling), 3)
    channels = cells.shape[3]
    channel = torch.arange(indices.shape[1]) % channels
    if "channels_bins" in description:
        channel = channel[torch.from_numpy(_core.permutation(pooling.levels, channels))]
    cell = images[:, None] * (cells.shape[1] * cells.shape[2]) + indices.clamp(min=0)
    rows = cells.flatten()[cell * channels + channel]
    return rows.where(indices >= 0, 0)


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


def register(
    name: str,
    kernel: Callable[..., Any],
    fake: Callable[..., Any],
    gradient: Callable[..., Any] | None = None,
    setup: Callable[..., Any] | None = None,
) -> None:
    library.impl(name, kernel, "CPU")
    torch.library.register_fake(f"libspp::{name}", fake, lib=library)
    if gradient is not None:
        torch.library.register_autograd(
            f"libspp::{name}", gradient, setup_context=setup, lib=library
        )


register("pool", _pool, _pool_fake)
register("pool_argmax", _argmax, _argmax_fake, _argmax_backward, _argmax_setup)
register("pool_backward", _backward, new_gradient, _backward_backward, _backward_setup)
for _name in ("pool", "pool_argmax", "pool_backward"):
    _rule = _over_maps(getattr(torch.ops.libspp, _name))
    torch.library.register_vmap(f"libspp::{_name}", _rule, lib=library)
