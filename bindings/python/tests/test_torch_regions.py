"""Regions and boxes in PyTorch."""

import numpy as np
import oracle
import pytest
from recordings import roi_cases

import libspp

torch = pytest.importorskip("torch")

from libspp.torch import pool, pool_regions, roi_pool

LEVELS = (1, 2, 4)


def tensor(shape=(2, 6, 9, 11), seed=0):
    return torch.randn(shape, generator=torch.Generator().manual_seed(seed))


def gradient(function, x, weights):
    x = x.detach().clone(memory_format=torch.preserve_format).requires_grad_()
    (function(x) * weights).sum().backward()
    return x.grad


@pytest.mark.parametrize("memory_format", [torch.contiguous_format, torch.channels_last], ids=str)
@pytest.mark.parametrize("case", roi_cases(), ids=lambda case: case.name)
def test_recordings_of_torchvision(case, memory_format):
    x = torch.from_numpy(case.x).to(memory_format=memory_format)
    boxes = torch.from_numpy(case.boxes)
    y = roi_pool(x, boxes, case.side, case.scale)
    np.testing.assert_array_equal(y.numpy(), case.y)
    parts = [boxes[boxes[:, 0] == image, 1:] for image in range(len(x))]
    order = torch.argsort(boxes[:, 0], stable=True)
    y = roi_pool(x, parts, (case.side, case.side), case.scale)
    np.testing.assert_array_equal(y.numpy(), case.y[order.numpy()])


def test_boxes_of_other_types():
    x, boxes = tensor(), torch.tensor([[0.0, 1, 2, 8, 9], [1, 0, 0, 3, 3]])
    for given in (boxes.half(), boxes.bfloat16(), boxes.int(), boxes.clone().requires_grad_()):
        assert torch.equal(roi_pool(x, given, 2), roi_pool(x, boxes, 2))


@pytest.mark.parametrize("dtype", [torch.float16, torch.uint8, torch.bool])
def test_more_maps_than_the_type_of_the_boxes_can_number(dtype):
    x = torch.arange(2100.0).reshape(2100, 1, 1, 1)
    grids = roi_pool(x, [torch.zeros(1, 4, dtype=dtype)] * 2100, 1)
    assert torch.equal(grids, x)


def test_no_regions():
    x = tensor().requires_grad_()
    pool_regions(x, torch.zeros(0, 5, dtype=torch.int64)).sum().backward()
    assert torch.equal(x.grad, torch.zeros(2, 6, 9, 11))


def test_refusals():
    x, regions = tensor(), [(0, 0, 0, 9, 11)]
    with pytest.raises(TypeError, match="regions is <class 'list'>, not a torch.Tensor"):
        pool_regions(x, regions)
    with pytest.raises(TypeError, match="x is <class 'numpy.ndarray'>, not a torch.Tensor"):
        pool_regions(x.numpy(), torch.tensor(regions))
    with pytest.raises(TypeError, match="x is <class 'numpy.ndarray'>, not a torch.Tensor"):
        roi_pool(x.numpy(), torch.zeros(1, 5), 2)
    with pytest.raises(TypeError, match=r"boxes\[1\] is <class 'list'>, not a torch.Tensor"):
        roi_pool(x, [torch.zeros(1, 4), [(0, 0, 1, 1)]], 2)


def test_no_boxes():
    for x in (tensor(), tensor().contiguous(memory_format=torch.channels_last)):
        assert roi_pool(x, torch.empty(0, 5), (2, 3)).shape == (0, 6, 2, 3)


def test_grids_lie_in_memory_as_the_maps():
    x, boxes = tensor(), torch.tensor([[0.0, 1, 2, 8, 9], [1, 0, 0, 3, 3]])
    assert roi_pool(x, boxes, 2).is_contiguous()
    x = x.contiguous(memory_format=torch.channels_last)
    assert roi_pool(x, boxes, 2).is_contiguous(memory_format=torch.channels_last)


def test_regions_equal_those_of_numpy():
    x = tensor()
    regions = torch.tensor([[0, 1, 2, 7, 8], [1, 0, 0, 9, 11]])
    expected = libspp.pool_regions(x.numpy(), regions.numpy(), LEVELS, layout="nchw")
    oracle.assert_same_bits(pool_regions(x, regions, LEVELS).numpy(), expected)
    assert torch.equal(pool_regions(x[0], regions[:1], LEVELS)[0], pool(x[0, :, 1:8, 2:10]))
    with pytest.raises(ValueError, match=r"regions\[0\].image is 2"):
        pool_regions(x, regions + 2)


@pytest.mark.parametrize("memory_format", [torch.contiguous_format, torch.channels_last], ids=str)
def test_gradient_of_regions(memory_format):
    x = tensor().to(memory_format=memory_format)
    regions = torch.tensor([[1, 1, 2, 7, 8], [0, 0, 0, 9, 11], [1, 0, 0, 4, 4]])
    weights = tensor((3, 126), seed=1)

    def windows(x):  # each pooled as a map of its own
        return torch.cat([pool(x[i : i + 1, :, y : y + h, z : z + w]) for i, y, z, h, w in regions])

    def together(x):
        return pool_regions(x, regions, LEVELS)

    actual = gradient(together, x, weights)
    torch.testing.assert_close(actual, gradient(windows, x, weights))
    assert actual.is_contiguous(memory_format=memory_format)
    _, indices = pool_regions(x, regions, LEVELS, return_indices=True)
    expected = libspp.pool_backward(
        *(weights.numpy(), indices.numpy(), x.shape, LEVELS), layout="nchw", regions=regions.numpy()
    )
    oracle.assert_same_bits(actual.contiguous().numpy(), expected)


def test_gradient_of_grids_is_checked():
    x = torch.randn(2, 3, 6, 5, dtype=torch.float64, requires_grad=True)
    boxes = torch.tensor([[0.0, 1, 2, 8, 9], [1, 0, 0, 3, 3], [1, 0, 1, 2, 4]])
    torch.autograd.gradcheck(lambda x: roi_pool(x, boxes, 2), x)
    torch.autograd.gradgradcheck(lambda x: roi_pool(x, boxes, 2), x)


def test_operators_of_regions_are_well_formed():
    boxes = torch.tensor([[0.0, 1, 2, 8, 9], [1, 0, 0, 3, 3]])
    torch.library.opcheck(torch.ops.libspp.project_roi_pool.default, (boxes, 0.5))
    regions = torch.ops.libspp.project_roi_pool(boxes, 0.5)
    how = ("2x2;roi;nchw;bins_channels;propagate;zero", None)
    operators = torch.ops.libspp
    torch.library.opcheck(operators.pool_regions.default, (tensor(), regions, *how))
    x = tensor().requires_grad_()
    torch.library.opcheck(operators.pool_regions_argmax.default, (x, regions, *how))
    rows, indices = (part.detach() for part in operators.pool_regions_argmax(x, regions, *how))
    arguments = (rows.requires_grad_(), indices, regions, list(x.shape), False, *how)
    torch.library.opcheck(operators.pool_regions_backward.default, arguments)


@pytest.mark.slow
def test_regions_under_compile():
    boxes = torch.tensor([[0.0, 1, 2, 8, 9], [1, 0, 0, 3, 3]])
    compiled = torch.compile(lambda x, boxes: roi_pool(2 * x, boxes, 3), fullgraph=True)
    for x in (tensor(), tensor().contiguous(memory_format=torch.channels_last)):
        assert torch.equal(compiled(x, boxes), roi_pool(2 * x, boxes, 3))
