"""libspp.keras on the backend that KERAS_BACKEND names."""

import os
import subprocess
import sys

import numpy as np
import oracle
import pytest
from recordings import keras_cases, keras_maps

keras = pytest.importorskip("keras")

import libspp
from libspp.keras import SpatialPyramidPooling

BACKEND = keras.backend.backend()


def pooled(x, *arguments, **keywords):
    return keras.ops.convert_to_numpy(SpatialPyramidPooling(*arguments, **keywords)(x))


@pytest.mark.parametrize("case", keras_cases(), ids=lambda case: case.name)
def test_equals_the_original_layer(case):
    oracle.assert_same_bits(pooled(case.x, case.levels, data_format="channels_last"), case.y)
    planes = case.x.transpose(0, 3, 1, 2).copy()
    oracle.assert_same_bits(pooled(planes, case.levels, data_format="channels_first"), case.y)


@pytest.mark.parametrize("case", keras_maps(), ids=lambda case: case.name)
def test_real_feature_maps(case):
    oracle.assert_same_bits(pooled(case.x, case.levels), case.y)


def classifier():
    return keras.Sequential(
        [
            keras.Input((None, None, 3)),
            keras.layers.Conv2D(8, 3, activation="relu"),
            SpatialPyramidPooling([1, 2, 4]),
            keras.layers.Dense(4),
        ]
    )


def test_dense_layers_follow_inputs_of_any_size():
    model = classifier()
    assert model.layers[1].output.shape == (None, 21 * 8)
    for height, width in [(30, 20), (9, 17)]:
        assert model.predict(np.ones((2, height, width, 3)), verbose=0).shape == (2, 4)


def test_training_through_the_layer():
    """Learns to tell whether the bright spot is in the upper or the lower half."""
    random = np.random.default_rng(0)
    keras.utils.set_random_seed(1)
    model = keras.Sequential(
        [
            keras.Input((None, None, 1)),
            keras.layers.Conv2D(4, 3, padding="same", activation="relu"),
            SpatialPyramidPooling([1, 2]),
            keras.layers.Dense(2, activation="softmax"),
        ]
    )
    model.compile(
        keras.optimizers.Adam(0.02), "sparse_categorical_crossentropy", metrics=["accuracy"]
    )
    first = np.array(model.layers[0].get_weights()[0])
    for height, width in [(12, 10), (8, 14), (16, 9)]:
        x = random.random((64, height, width, 1), np.float32) * 0.2
        y = random.integers(0, 2, 64)
        for image, half in zip(x, y, strict=True):
            row = random.integers(0, height // 2 - 1) + half * (height // 2 + 1)
            image[row, random.integers(0, width)] = 1
        model.fit(x, y, epochs=20, batch_size=16, verbose=0)
    assert model.evaluate(x, y, verbose=0)[1] > 0.95
    assert not np.array_equal(first, model.layers[0].get_weights()[0])  # the gradient went through


def test_save_and_load(tmp_path):
    model = classifier()
    model.save(tmp_path / "model.keras")
    again = keras.models.load_model(tmp_path / "model.keras")
    x = np.random.default_rng(0).random((2, 19, 23, 3), np.float32)
    np.testing.assert_array_equal(again.predict(x, verbose=0), model.predict(x, verbose=0))


def test_configuration():
    layer = SpatialPyramidPooling([1, (2, 3)], data_format="channels_first", name="spp")
    config = layer.get_config()
    assert config["pool_list"] == [1, (2, 3)]
    assert config["data_format"] == "channels_first"
    again = SpatialPyramidPooling.from_config(config)
    assert again.get_config() == config
    assert again.compute_output_shape((None, 10, None, None)) == (None, 70)
    assert SpatialPyramidPooling([1]).data_format == keras.config.image_data_format()


def test_types_pass_through():
    for name in ("float16", "bfloat16", "int32", "uint8"):
        x = keras.ops.convert_to_tensor(np.arange(2 * 5 * 5 * 3).reshape(2, 5, 5, 3) % 100)
        layer = SpatialPyramidPooling([1, 2], dtype=name)
        y = layer(keras.ops.cast(x, name))
        assert keras.backend.standardize_dtype(y.dtype) == name
        assert layer.compute_output_spec(keras.KerasTensor((2, 5, 5, 3), name)).dtype == name


def test_refusals():
    with pytest.raises(ValueError, match="data_format is 'nhwc'"):
        SpatialPyramidPooling([1], data_format="nhwc")
    with pytest.raises(ValueError, match="0 x 0 bins"):
        SpatialPyramidPooling([0])
    with pytest.raises(TypeError, match=r"^levels is 4, not a sequence such as \(1, 2, 4\)"):
        SpatialPyramidPooling(4)
    with pytest.raises(ValueError, match="number of channels has to be known"):
        SpatialPyramidPooling([1])(keras.Input((4, 4, None)))
    with pytest.raises(ValueError, match="ndim=4"):
        SpatialPyramidPooling([1])(np.ones((4, 4, 3)))


@pytest.mark.skipif(BACKEND != "tensorflow", reason="about TensorFlow")
class TestTensorFlow:
    x = oracle.painted((2, 9, 11, 6), np.float32)
    expected = oracle.pool(x, (1, 2, 4))

    def test_the_operators_are_compiled(self):
        from libspp import _tensorflow

        assert _tensorflow.operators() is not None

    def test_under_tf_function(self):
        import tensorflow as tf

        layer = SpatialPyramidPooling([1, 2, 4])
        fixed = tf.function(lambda x: layer(x))
        oracle.assert_same_bits(fixed(self.x).numpy(), self.expected)
        free = tf.function(
            lambda x: layer(x), input_signature=[tf.TensorSpec((None, None, None, 6))]
        )
        assert free.get_concrete_function().output_shapes.as_list() == [None, 126]
        oracle.assert_same_bits(free(self.x).numpy(), self.expected)

    def test_gradient(self):
        import tensorflow as tf

        layer = SpatialPyramidPooling([1, 2, 4])
        x = np.random.default_rng(6).integers(-20, 20, (2, 9, 11, 6)).astype(np.float32)
        weights = np.random.default_rng(5).integers(-8, 8, (2, 126)).astype(np.float32) / 8
        _, indices = libspp.pool(x, return_indices=True)
        expected = libspp.pool_backward(weights, indices, x.shape)

        def gradient(x):
            with tf.GradientTape() as tape:
                tape.watch(x)
                loss = tf.reduce_sum(layer(x) * weights)
            return tape.gradient(loss, x)

        oracle.assert_same_bits(gradient(tf.constant(x)).numpy(), expected)
        free = tf.function(gradient, input_signature=[tf.TensorSpec((None, None, None, 6))])
        oracle.assert_same_bits(free(x).numpy(), expected)

    def test_operators_refuse_what_the_layer_never_passes(self):
        import tensorflow as tf

        from libspp import _tensorflow

        library, rules = _tensorflow.operators(), list(libspp.Pooling().numbers)
        for operator in (library.libspp_pool, library.libspp_pool_argmax):
            for shape in ((), (9,), (2, 9, 11), (2, 9, 11, 6, 1)):
                with pytest.raises(tf.errors.InvalidArgumentError, match=f"x has {len(shape)} dim"):
                    operator(x=tf.zeros(shape), description=rules)
            for description in ([], rules[:3], rules[:6]):
                with pytest.raises(tf.errors.InvalidArgumentError, match="description has"):
                    operator(x=self.x, description=description)
            with pytest.raises(tf.errors.InvalidArgumentError, match="overflow"):
                operator(x=tf.zeros((2**20, 0, 1, 2**30)), description=[*rules[:5], 4096, 4096])
        with pytest.raises(tf.errors.InvalidArgumentError, match="description has 0 numbers"):
            library.libspp_pool_backward(
                grad=self.expected,
                indices=np.zeros((2, 126), int),
                shape=[2, 9, 11, 6],
                description=[],
            )

    def test_xla_is_refused_in_a_sentence(self):
        import tensorflow as tf

        layer = SpatialPyramidPooling([1, 2, 4])
        assert layer.supports_jit is False
        compiled = tf.function(lambda x: layer(x), jit_compile=True)
        with pytest.raises(tf.errors.UnimplementedError, match="libspp: XLA cannot.*jit_compile"):
            compiled(self.x)

    def test_saved_model(self, tmp_path):
        import tensorflow as tf

        layer = SpatialPyramidPooling([1, 2, 4])
        module = tf.Module()
        module.pool = tf.function(
            lambda x: layer(x), input_signature=[tf.TensorSpec((None, None, None, 6))]
        )
        tf.saved_model.save(module, str(tmp_path))
        again = tf.saved_model.load(str(tmp_path))
        oracle.assert_same_bits(again.pool(self.x).numpy(), self.expected)

    def test_without_a_compiler(self, tmp_path):
        program = f"""
import sys
sys.path.insert(0, {os.path.dirname(__file__)!r})
import numpy as np, oracle, tensorflow as tf
from libspp import _tensorflow
from libspp.keras import SpatialPyramidPooling
assert _tensorflow.operators() is None
layer = SpatialPyramidPooling([1, 2, 4])
x = oracle.painted((2, 9, 11, 6), np.float32)
expected = oracle.pool(x, (1, 2, 4))
oracle.assert_same_bits(layer(x).numpy(), expected)
free = tf.function(lambda x: layer(x), input_signature=[tf.TensorSpec((None, None, None, 6))])
assert free.get_concrete_function().output_shapes.as_list() == [None, 126]
oracle.assert_same_bits(free(x).numpy(), expected)
x = tf.constant(np.random.default_rng(6).integers(-20, 20, (2, 9, 11, 6)).astype(np.float32))
@tf.function
def gradient(x):
    with tf.GradientTape() as tape:
        tape.watch(x)
        loss = tf.reduce_sum(layer(x))
    return tape.gradient(loss, x)
assert tf.reduce_sum(gradient(x)) == 2 * 126
assert tf.reduce_max(gradient(x)) == 3
"""
        environment = {**os.environ, "CXX": "/nowhere/c++", "XDG_CACHE_HOME": str(tmp_path)}
        subprocess.run([sys.executable, "-c", program], check=True, env=environment)


def test_the_layer_is_the_library():
    x = oracle.painted((2, 9, 11, 6), np.float32)
    oracle.assert_same_bits(pooled(x, [1, 3]), libspp.pool(x, (1, 3)))
