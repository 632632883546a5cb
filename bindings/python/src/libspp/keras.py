"""Keras 3: the layer SpatialPyramidPooling, on the backends TensorFlow, JAX and PyTorch."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from ._description import described, hashable, missing, text

try:
    import keras
except ModuleNotFoundError as error:
    raise missing("libspp.keras", "keras") from error

__all__ = ["SpatialPyramidPooling"]


def _pool(x: Any, description: str) -> Any:
    backend = keras.backend.backend()
    if backend == "tensorflow":
        from . import _tensorflow

        return _tensorflow.pool(x, description)
    if backend == "torch":
        from . import torch

        return torch.pool_described(x, description)
    if backend == "jax":
        from . import jax

        return jax.pool_described(x, description)
    raise RuntimeError(
        f"libspp.keras has no way into the backend {backend!r}; there are tensorflow, jax and torch"
    )


@keras.saving.register_keras_serializable(package="libspp")
class SpatialPyramidPooling(keras.layers.Layer):
    """Feature maps of any size to vectors of one length, as the layer of keras-spp does.

    pool_list: the levels, n for n x n bins; [1, 2, 4] makes 21 bins.
    data_format: "channels_last" or "channels_first"; None for that of keras.config.

    Input (batch, rows, columns, channels), or (batch, channels, rows, columns); rows and columns may
    be None.  Output (batch, channels * bins).  Bins without cells, of maps smaller than a level, give
    the lowest number of the type.
    """

    def __init__(
        self,
        pool_list: Sequence[int | tuple[int, int]],
        data_format: str | None = None,
        **kwargs: Any,
    ) -> None:
        super().__init__(**kwargs)
        if data_format is None:
            data_format = keras.config.image_data_format()
        if data_format not in ("channels_last", "channels_first"):
            raise ValueError(
                f"data_format is {data_format!r}; there are 'channels_last', 'channels_first'"
            )
        self.data_format = data_format
        self.input_spec = keras.layers.InputSpec(ndim=4)
        if keras.backend.backend() == "tensorflow":
            self.supports_jit = False  # XLA takes no operators from outside
        layout = "nhwc" if data_format == "channels_last" else "nchw"
        rules = ("rounded", layout, "bins_channels", "propagate", "lowest")
        levels = hashable(pool_list)
        self._bins = described(levels, *rules).bins  # refuses what is wrong with them
        self._description = text(levels, *rules)
        self.pool_list = [n if isinstance(n, int) else (n[0], n[1]) for n in levels]

    def build(self, input_shape: tuple[int | None, ...]) -> None:
        if input_shape[self._channel_axis] is None:
            raise ValueError(
                f"{self.name}: the number of channels has to be known; the input is {input_shape}"
            )
        self.built = True

    @property
    def _channel_axis(self) -> int:
        return 3 if self.data_format == "channels_last" else 1

    def call(self, inputs: Any) -> Any:
        return _pool(inputs, self._description)

    def compute_output_shape(
        self, input_shape: tuple[int | None, ...]
    ) -> tuple[int | None, int | None]:
        channels = input_shape[self._channel_axis]
        return input_shape[0], None if channels is None else channels * self._bins

    def compute_output_spec(self, inputs: Any) -> keras.KerasTensor:
        return keras.KerasTensor(self.compute_output_shape(inputs.shape), dtype=inputs.dtype)

    def get_config(self) -> dict[str, Any]:
        return {
            **super().get_config(),
            "pool_list": self.pool_list,
            "data_format": self.data_format,
        }
