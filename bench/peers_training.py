#!/usr/bin/env python3
"""Forward with positions and backward, beside PyTorch in the better of its two layouts, one thread each.

    python3 bench/peers_training.py build/release/libspp.so

Pyramid [1,2,4], adaptive bins.  Outputs, positions and gradients are compared before they are timed.
Outputs of the library are reused; PyTorch's come from its own allocator.
"""
import ctypes
import importlib
import sys

from peers import ADAPTIVE, I32, I64, LEVELS, BINS, POINTER, Batch, Options, Output, fastest, sized

SHAPES = [(1, 38, 50, 512), (32, 13, 13, 256), (64, 56, 56, 256)]
INDEX_I32 = 1
Argmax = sized("Argmax", ("data", POINTER), ("capacity", I64), ("row_stride", I64),
               ("index_type", I32), ("reserved", I32))
Gradient = sized("Gradient", ("data", POINTER), ("capacity", I64), ("row_stride", I64))


class Library:
    """Forward and backward of one batch, through the C ABI."""

    def __init__(self, path, np, maps):
        self.spp = ctypes.CDLL(path)
        self.spp.spp_last_error.restype = ctypes.c_char_p
        sides = (I32 * (2 * len(LEVELS)))(*(n for level in LEVELS for n in (level, level)))
        options = Options(levels=ctypes.cast(sides, POINTER), level_count=len(LEVELS),
                          bin_rule=ADAPTIVE, thread_limit=1)
        self.pooling = POINTER()
        self.check(self.spp.spp_pooling_create(ctypes.byref(options), ctypes.byref(self.pooling)))
        count, height, width, channels = maps.shape
        self.rows = np.empty((count, BINS * channels), np.float32)
        self.positions = np.empty(self.rows.shape, np.int32)
        self.gradient = np.random.default_rng(2).standard_normal(self.rows.shape, np.float32)
        self.maps = maps
        self.map_gradient = np.empty_like(maps)
        self.batch = Batch(data=maps.ctypes.data, count=count, height=height, width=width,
                           channels=channels)
        self.output = Output(data=self.rows.ctypes.data, capacity=self.rows.size)
        self.argmax = Argmax(data=self.positions.ctypes.data, capacity=self.positions.size,
                             index_type=INDEX_I32)
        self.rows_gradient = Gradient(data=self.gradient.ctypes.data, capacity=self.gradient.size)

    def check(self, status):
        if status != 0:
            sys.exit(self.spp.spp_last_error().decode())

    def __call__(self):
        batch, argmax = ctypes.byref(self.batch), ctypes.byref(self.argmax)
        self.check(self.spp.spp_pool_argmax(self.pooling, batch, ctypes.byref(self.output), argmax,
                                            None))
        self.check(self.spp.spp_backward(self.pooling, ctypes.byref(self.rows_gradient), argmax,
                                         batch, POINTER(self.map_gradient.ctypes.data), None))


def torch_call(torch, maps, gradient, memory_format):
    """The same work, and what it gives: rows and the gradient, in the library's order."""
    planes = torch.from_numpy(maps).permute(0, 3, 1, 2).contiguous(memory_format=memory_format)
    planes.requires_grad_()
    count, channels = planes.shape[:2]
    levels = []
    first = 0
    for n in LEVELS:
        last = first + n * n * channels
        part = torch.from_numpy(gradient[:, first:last].reshape(count, n, n, channels))
        levels.append(part.permute(0, 3, 1, 2).contiguous(memory_format=memory_format))
        first = last

    def call():
        planes.grad = None
        pooled = [torch.nn.functional.adaptive_max_pool2d(planes, n, return_indices=True)[0]
                  for n in LEVELS]
        torch.autograd.backward(pooled, levels)
        return pooled

    def answer():
        pooled = call()
        rows = [level.detach().permute(0, 2, 3, 1).reshape(count, -1) for level in pooled]
        return torch.cat(rows, 1).numpy(), planes.grad.permute(0, 2, 3, 1).contiguous().numpy()

    return call, answer


def main():
    if len(sys.argv) != 2:
        sys.exit(__doc__)
    np = importlib.import_module("numpy")
    torch = importlib.import_module("torch")
    torch.set_num_threads(1)
    print(f"PyTorch {torch.__version__}\n\n| shape (NHWC) | ms here | contiguous | channels_last |")
    print("|---|---|---|---|")
    for shape in SHAPES:
        maps = np.random.default_rng(1).standard_normal(shape, np.float32)
        here = Library(sys.argv[1], np, maps)
        here()
        cells = []
        for memory_format in (torch.contiguous_format, torch.channels_last):
            call, answer = torch_call(torch, maps, here.gradient, memory_format)
            rows, gradient = answer()
            # Sums of several bins are added in another order there.
            if (rows != here.rows).any() or not np.allclose(gradient, here.map_gradient, atol=1e-5):
                sys.exit(f"PyTorch gives other numbers at {shape}")
            cells.append(fastest(call))
        own = fastest(here)
        size = "x".join(map(str, shape))
        print(f"| {size} | {own * 1e3:.2f} | " + " | ".join(f"{t / own:.1f} x" for t in cells) + " |")


if __name__ == "__main__":
    main()
