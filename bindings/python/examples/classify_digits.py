"""Trains the classic model on images of mixed sizes: two blocks of convolutions, a pyramid, a softmax.

    python classify_digits.py

The images are scikit-learn's handwritten digits, each enlarged to a height and a width of its own.
Every batch has one size, and the model, without cropping or warping, takes all of them.  Ends with an
error if held-out images are classified worse than THRESHOLD says.

    pip install keras tensorflow scikit-learn
"""

from __future__ import annotations

import keras
import numpy as np
from sklearn.datasets import load_digits

from libspp.keras import SpatialPyramidPooling

THRESHOLD = 0.95
SIZES = [(12, 12), (12, 16), (16, 12), (16, 20), (20, 16), (20, 20)]
EPOCHS = 8


def enlarged(images: np.ndarray, height: int, width: int) -> np.ndarray:
    """Nearest neighbours, (N, 8, 8) to (N, height, width, 1)."""
    rows = np.arange(height) * images.shape[1] // height
    columns = np.arange(width) * images.shape[2] // width
    return images[:, rows][:, :, columns, None]


def model() -> keras.Model:
    network = keras.Sequential([keras.Input((None, None, 1))])
    for filters in (16, 32):
        network.add(keras.layers.Conv2D(filters, 3, padding="same", activation="relu"))
        network.add(keras.layers.Conv2D(filters, 3, padding="same", activation="relu"))
    network.add(SpatialPyramidPooling([1, 2, 4]))
    network.add(keras.layers.Dense(10, activation="softmax"))
    network.compile(
        keras.optimizers.SGD(0.02, momentum=0.9),
        "sparse_categorical_crossentropy",
        metrics=["accuracy"],
    )
    return network


def main() -> None:
    keras.utils.set_random_seed(0)
    random = np.random.default_rng(0)
    images, labels = load_digits(return_X_y=True)
    images = (images.reshape(-1, 8, 8) / 16).astype(np.float32)
    order = random.permutation(len(images))
    held_out, training = order[:297], order[297:]

    network = model()
    for epoch in range(EPOCHS):
        batches = np.array_split(random.permutation(training), len(training) // 25)
        losses = []
        for k, batch in enumerate(batches):
            x = enlarged(images[batch], *SIZES[(k + epoch) % len(SIZES)])
            losses.append(network.train_on_batch(x, labels[batch])[0])
        print(f"epoch {epoch + 1}: loss {np.mean(losses):.3f}")

    right = 0
    for k, part in enumerate(np.array_split(held_out, len(SIZES))):
        x = enlarged(images[part], *SIZES[k])
        right += int((network.predict_on_batch(x).argmax(1) == labels[part]).sum())
    accuracy = right / len(held_out)
    print(f"held-out accuracy {accuracy:.3f}, at least {THRESHOLD}")
    if accuracy < THRESHOLD:
        raise SystemExit(1)


if __name__ == "__main__":
    main()
