"""libspp.torch against PyTorch's own pooling, and in what PyTorch builds around an operator."""

import numpy as np
import oracle
import pytest
from recordings import keras_cases, torch_cases

import libspp

torch = pytest.importorskip("torch")

from libspp.torch import SpatialPyramidPooling, pool, pool_regions, roi_pool

LEVELS = (1, 2, 4)
TYPES = {dtype.name: getattr(torch, dtype.name) for dtype in oracle.TYPES}


def peer(x, levels=LEVELS):
    """What a PyTorch user writes today."""
    parts = [torch.nn.functional.adaptive_max_pool2d(x, level).flatten(1) for level in levels]
    return torch.cat(parts, 1)


def tensor(shape=(2, 6, 9, 11), seed=0):
    return torch.randn(shape, generator=torch.Generator().manual_seed(seed))


@pytest.mark.parametrize("memory_format", [torch.contiguous_format, torch.channels_last], ids=str)
def test_equals_adaptive_max_pooling(memory_format):
    x = tensor().to(memory_format=memory_format)
    y = pool(x, (1, (2, 3), 4), bins="adaptive", order="channels_bins")
    assert torch.equal(y, peer(x, (1, (2, 3), 4)))


@pytest.mark.parametrize("case", torch_cases(), ids=lambda case: case.name)
def test_recordings_of_pytorch(case):
    y = pool(torch.from_numpy(case.x), case.levels, bins="adaptive", order="channels_bins")
    np.testing.assert_array_equal(y.numpy(), case.y)


@pytest.mark.parametrize("case", keras_cases(), ids=lambda case: case.name)
def test_recordings_of_the_keras_layer(case):
    y = pool(torch.from_numpy(case.x.copy()), case.levels, layout="nhwc", empty="lowest")
    oracle.assert_same_bits(y.numpy(), case.y)


@pytest.mark.parametrize("dtype", oracle.TYPES, ids=str)
def test_every_type(dtype):
    x = oracle.painted((2, 9, 8, 5), dtype)
    bits = np.dtype(f"i{dtype.itemsize}")  # torch.from_numpy knows no bfloat16
    y = pool(torch.from_numpy(x.view(bits)).view(TYPES[dtype.name]), LEVELS, layout="nhwc")
    assert y.dtype == TYPES[dtype.name]
    oracle.assert_same_bits(
        y.view(getattr(torch, bits.name)).numpy().view(dtype),
        oracle.pool(x, LEVELS),
    )


def test_one_map_and_valid_sizes():
    x = tensor()
    assert torch.equal(pool(x[0]), pool(x)[0])
    sizes = torch.tensor([[9, 11], [4, 5]])
    y = pool(x, valid_sizes=sizes)
    assert torch.equal(y[0], pool(x[0]))
    assert torch.equal(y[1], pool(x[1, :, :4, :5]))


def test_slices_need_no_copy():
    x = tensor((3, 8, 20, 22))[1:, ::2, 2:15:2, 4:13]
    assert torch.equal(pool(x), pool(x.contiguous()))


def test_the_module_goes_into_a_network():
    spp = SpatialPyramidPooling((1, 2, 4), nan="ignore")
    net = torch.nn.Sequential(
        torch.nn.Conv2d(3, 8, 3), spp, torch.nn.Linear(spp.output_length(8), 4)
    )
    with torch.no_grad():
        for height, width in [(20, 30), (17, 9), (6, 6)]:
            assert net(torch.ones(2, 3, height, width)).shape == (2, 4)
    assert "1x1,2x2,4x4, rounded, nchw, bins_channels, ignore" in repr(net)
    net.load_state_dict(net.state_dict())


@pytest.mark.parametrize("valid_sizes", [None, torch.tensor([[9, 11], [4, 5]])])
@pytest.mark.parametrize("channels_last", [False, True])
def test_opcheck(channels_last, valid_sizes):
    how = ("1x1,2x2,4x4;rounded;nchw;bins_channels;propagate;error", None, valid_sizes)
    x = tensor()
    if channels_last:
        x = x.to(memory_format=torch.channels_last)
    operators = torch.ops.libspp
    torch.library.opcheck(operators.pool.default, (x, *how))
    rows, indices = operators.pool_argmax(x, *how)
    torch.library.opcheck(operators.pool_argmax.default, (x.requires_grad_(), *how))
    arguments = (rows.requires_grad_(), indices, list(x.shape), channels_last, *how)
    torch.library.opcheck(operators.pool_backward.default, arguments)


@pytest.mark.slow
def test_compile():
    compiled = torch.compile(lambda x: pool(2 * x, LEVELS) + 1, fullgraph=True, dynamic=True)
    for shape in [(2, 6, 9, 11), (1, 6, 13, 5)]:
        x = tensor(shape)
        assert torch.equal(compiled(x), pool(2 * x, LEVELS) + 1)


def test_export_with_any_height_and_width():
    height, width = torch.export.Dim("height", min=4), torch.export.Dim("width", min=4)
    program = torch.export.export(
        SpatialPyramidPooling(), (tensor(),), dynamic_shapes=({2: height, 3: width},)
    )
    x = tensor((2, 6, 17, 5))
    assert torch.equal(program.module()(x), pool(x))
    assert "libspp.pool" in str(program.graph)


def gradient(function, x, weights):
    x = x.detach().clone(memory_format=torch.preserve_format).requires_grad_()
    (function(x) * weights).sum().backward()
    return x.grad


@pytest.mark.parametrize("memory_format", [torch.contiguous_format, torch.channels_last], ids=str)
@pytest.mark.parametrize("training", [False, True])
def test_gradient_equals_that_of_adaptive_max_pooling(memory_format, training):
    x = tensor().to(memory_format=memory_format)
    weights = tensor((2, 126), seed=1).round(decimals=1)
    weights = (weights * 8).round() / 8  # sums of few of these are exact in any order

    def ours(x):
        return pool(x, bins="adaptive", order="channels_bins")

    grad = gradient(ours, x, weights)
    assert torch.equal(grad, gradient(peer, x, weights))
    assert grad.is_contiguous(memory_format=memory_format)


@pytest.mark.parametrize("case", torch_cases(), ids=lambda case: case.name)
def test_recorded_gradients_of_pytorch(case):
    if np.isnan(case.x).any():
        pytest.skip("of several NaNs in a bin PyTorch takes the last")

    def ours(x):
        return pool(x, case.levels, bins="adaptive", order="channels_bins")

    grad = gradient(ours, torch.from_numpy(case.x.copy()), torch.from_numpy(case.gradient.copy()))
    torch.testing.assert_close(grad, torch.from_numpy(case.x_gradient.copy()), rtol=1e-5, atol=1e-6)


def test_indices_are_those_of_adaptive_max_pooling():
    x = tensor()
    rows, indices = pool(x, (3,), bins="adaptive", order="channels_bins", return_indices=True)
    expected = torch.nn.functional.adaptive_max_pool2d(x, 3, return_indices=True)
    assert torch.equal(rows, expected[0].flatten(1))
    assert torch.equal(indices, expected[1].flatten(1))
    assert torch.equal(
        pool(x[0], (3,), bins="adaptive", order="channels_bins", return_indices=True)[1], indices[0]
    )


@pytest.mark.parametrize("order", ["bins_channels", "channels_bins"])
@pytest.mark.parametrize("layout", ["nchw", "nhwc"])
def test_first_and_second_derivatives(order, layout):
    generator = torch.Generator().manual_seed(0)
    values = torch.randperm(2 * 5 * 6 * 4, generator=generator).double()
    x = values.reshape(2, 5, 6, 4).requires_grad_()

    def function(x):
        return pool(x, (1, 2), order=order, layout=layout)

    assert torch.autograd.gradcheck(function, x)
    assert torch.autograd.gradgradcheck(lambda x: function(x) ** 2 / 100, x)


def test_gradient_of_valid_sizes_and_bins_without_cells():
    x = tensor((2, 3, 6, 7)).requires_grad_()
    sizes = torch.tensor([[6, 7], [2, 3]])
    rows = pool(x, (4,), empty="zero", valid_sizes=sizes)
    rows.sum().backward()
    # One for each bin that has cells.
    occupied = [
        [r for r in libspp.Pooling([4]).rectangles(*s) if r[0] < r[2] and r[1] < r[3]]
        for s in sizes.tolist()
    ]
    assert x.grad.sum((1, 2, 3)).tolist() == [3.0 * len(bins) for bins in occupied]
    assert (x.grad[1, :, 2:] == 0).all() and (x.grad[1, :, :, 3:] == 0).all()


def test_gradient_of_no_maps():
    x = torch.zeros(0, 3, 8, 8, requires_grad=True)
    pool(x).sum().backward()
    assert x.grad.shape == (0, 3, 8, 8)


@pytest.mark.slow
def test_gradient_under_compile():
    x = tensor()
    weights = tensor((2, 126), seed=1)
    compiled = torch.compile(lambda x: pool(x, LEVELS), fullgraph=True)
    assert torch.equal(gradient(compiled, x, weights), gradient(pool, x, weights))


def test_function_transforms():
    x, weights = tensor(), tensor((2, 126), seed=1)
    expected = gradient(pool, x, weights)
    assert torch.equal(torch.func.grad(lambda x: (pool(x) * weights).sum())(x), expected)

    def one(x, weights):
        return (pool(x) * weights).sum()

    for in_dims in ((0, 0), (0, None)):
        each = torch.func.vmap(torch.func.grad(one), in_dims)
        first = (weights, weights[0])[in_dims[1] is None]
        wanted = gradient(pool, x, first.expand(2, 126))
        assert torch.equal(each(x, first), wanted)
    x = x[:1, :2]
    jacobian = torch.func.jacrev(lambda x: pool(x, (2,)))(x)[0]
    rows = [gradient(lambda x: pool(x, (2,)), x, one_row) for one_row in torch.eye(8)]
    assert torch.equal(jacobian, torch.stack(rows))
    second = torch.func.grad(lambda x: (torch.func.grad(lambda x: pool(x).pow(3).sum())(x)).sum())
    first = torch.func.grad(lambda x: (3 * pool(x).pow(2)).sum())
    torch.testing.assert_close(second(x), first(x))


def test_forward_derivatives_are_refused():
    x = tensor()
    with pytest.raises(NotImplementedError, match="libspp.torch has no forward-mode derivative"):
        torch.func.jvp(pool, (x,), (x,))
    with pytest.raises(NotImplementedError, match="libspp.torch has no forward-mode derivative"):
        torch.func.jacfwd(pool)(x)
    with torch.autograd.forward_ad.dual_level():
        dual = torch.autograd.forward_ad.make_dual(x, x)
        regions = torch.zeros((1, 5), dtype=torch.int64)
        for call in (pool, lambda x: pool_regions(x, regions), lambda x: roi_pool(x, regions, 2)):
            with pytest.raises(NotImplementedError, match="use grad, vjp or jacrev"):
                call(dual)
    with pytest.raises(NotImplementedError):
        torch.func.hessian(lambda x: pool(x).sum())(x)


def test_vmap():
    x = tensor((3, 2, 6, 9, 11))
    expected = torch.stack([pool(part) for part in x])
    assert torch.equal(torch.func.vmap(pool)(x), expected)
    assert torch.equal(torch.func.vmap(pool, in_dims=2)(x.movedim(0, 2)), expected)


def test_refusals():
    with pytest.raises(TypeError, match="complex64"):
        pool(torch.zeros((1, 2, 4, 4), dtype=torch.complex64))
    for x in (np.zeros((1, 2, 4, 4), np.float32), [tensor()], None):
        with pytest.raises(TypeError, match=r"x is <class '.*'>, not a torch.Tensor"):
            pool(x)
    with pytest.raises(TypeError, match="valid_sizes is <class 'list'>, not a torch.Tensor"):
        pool(tensor(), valid_sizes=[(9, 11)] * 2)
    with pytest.raises(ValueError, match="x has 2 dimensions"):
        pool(torch.zeros((4, 4)))
    with pytest.raises(ValueError, match="4 empty bins"):
        pool(torch.zeros((1, 2, 3, 9)))
    with pytest.raises(ValueError, match="bins is 'round'"):
        SpatialPyramidPooling(bins="round")
    with pytest.raises(TypeError, match="x requires a gradient: use libspp.torch"):
        libspp.pool(tensor().requires_grad_())


def test_the_numpy_interface_takes_tensors():
    x = tensor().to(torch.bfloat16)
    y = libspp.pool(x, layout="nchw")
    assert y.dtype.name == "bfloat16"
    expected = pool(x).view(torch.int16).numpy()
    np.testing.assert_array_equal(y.view(np.int16), expected)
    out = torch.empty((2, 126), dtype=torch.bfloat16)
    assert libspp.pool(x, layout="nchw", out=out) is out
    assert torch.equal(out, pool(x))
