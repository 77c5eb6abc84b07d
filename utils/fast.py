"""What makes a training faster: kernels that Keras does not call by itself, and Day 06's rate and optimizer.

JIT is what `model.compile(jit_compile=…)` is given by the days whose steps are short: on JAX a step is slow without its
compiler; on a CPU TensorFlow's compiler costs more than it saves.
"""

from __future__ import annotations

import math

import numpy as np

from utils.runtime import keras  # through utils.runtime, which sets TensorFlow up before Keras imports it

JIT = keras.backend.backend() == "jax"


@keras.saving.register_keras_serializable(package="course")
class BatchNormalization(keras.layers.BatchNormalization):
    """Keras' batch normalisation, computed on TensorFlow by one fused kernel instead of a dozen small operations.

    Everything else, the arguments and weights included, is Keras' own layer, and so are its numbers: outputs, gradients
    and moving statistics agree to rounding. Where the kernel does not apply (another backend, other than four axes with
    the channels last, float64, a mask, renormalisation, statistics synchronised over devices) Keras' own code runs.

    Source: Ioffe and Szegedy (2015), arXiv:1502.03167; the kernel is `tf.compat.v1.nn.fused_batch_norm`.
    """

    def call(self, inputs, training=None, mask=None):
        """Normalise a batch.

        Args:
            inputs: (batch, height, width, channels) for the fused kernel; any shape for Keras' own code.
            training: True takes the mean and variance of this batch and moves the stored ones towards them;
                False or None takes the stored ones.
            mask: (batch, height, width), False where an input does not count; not fused.

        Returns:
            An array of the same shape.
        """
        if keras.backend.backend() != "tensorflow" or mask is not None or not self._is_plain(inputs):
            return super().call(inputs, training=training, mask=mask)
        return self._fused(inputs, bool(training) and self.trainable)

    def _is_plain(self, inputs):
        channels_last = len(inputs.shape) == 4 and self.axis in (-1, 3)
        known_format = keras.backend.standardize_dtype(inputs.dtype) in ("float32", "bfloat16", "float16")
        return channels_last and known_format and self.scale and self.center and not (self.renorm or self.synchronized)

    def _fused(self, inputs, learns):
        import tensorflow as tf

        stored = {} if learns else {"mean": self.moving_mean.value, "variance": self.moving_variance.value}
        outputs, mean, variance = tf.compat.v1.nn.fused_batch_norm(
            inputs, self.gamma.value, self.beta.value, epsilon=self.epsilon, is_training=learns, **stored
        )
        if learns:
            count = tf.cast(tf.size(inputs) // tf.shape(inputs)[-1], variance.dtype)
            variance *= (count - 1) / count  # the kernel divides by count - 1, Keras by count
            for average, value in [(self.moving_mean, mean), (self.moving_variance, variance)]:
                average.assign(average * self.momentum + value * (1 - self.momentum))
        return outputs


@keras.saving.register_keras_serializable(package="course")
class DepthwiseConv2D(keras.layers.DepthwiseConv2D):
    """Keras' depthwise convolution; with JAX on a processor a sum of shifted maps, each times one weight per channel.

    XLA's own depthwise convolution is slow on processors: 32 maps of 48 x 48 x 64 through a 3 x 3 window take it 257 ms
    on one core, the sum 10 ms; with the gradients 779 and 311 ms (JAX 0.10.2, float32). Arguments, weights and numbers
    (to rounding) are those of Keras' layer. Elsewhere (other backends and devices, channels first, a dilation, a depth
    multiplier, float64) Keras' own code runs.
    """

    def call(self, inputs):
        """Convolve each channel by itself.

        Args:
            inputs: (batch, height, width, channels) for the sum of shifted maps; Keras' code takes channels first, too.

        Returns:
            An array (batch, new height, new width, channels), for a depth multiplier m of m times as many channels.
        """
        return self._shifted(inputs) if _is_jax_on_a_processor() and self._is_plain(inputs) else super().call(inputs)

    def _is_plain(self, inputs):
        known_format = self.compute_dtype in ("float32", "bfloat16", "float16")
        one_each = self.depth_multiplier == 1 and tuple(self.dilation_rate) == (1, 1)
        fits = self.padding == "same" or all(np.greater_equal(inputs.shape[1:3], self.kernel_size))
        return known_format and one_each and self.data_format == "channels_last" and fits

    def _shifted(self, inputs):
        ops, (down, right) = keras.ops, self.strides
        kernel = ops.cast(self.kernel, "float32")  # sums are kept in float32, as convolutions keep them
        maps, reach, widths = ops.cast(inputs, "float32"), [], [(0, 0)]
        for size, window, stride in zip(inputs.shape[1:3], self.kernel_size, self.strides, strict=True):
            missing = max((-(-size // stride) - 1) * stride + window - size, 0) if self.padding == "same" else 0
            widths.append((missing // 2, missing - missing // 2))
            reach.append((size + missing - window) // stride * stride + 1)  # from the first corner to the last one
        maps = ops.pad(maps, [*widths, (0, 0)])
        total = 0.0
        for row in range(self.kernel_size[0]):
            for column in range(self.kernel_size[1]):
                seen = maps[:, row : row + reach[0] : down, column : column + reach[1] : right]
                total = total + seen * kernel[row, column, :, 0]
        if self.use_bias:
            total = total + ops.cast(self.bias, "float32")
        total = ops.cast(total, self.compute_dtype)
        return total if self.activation is None else self.activation(total)


def _is_jax_on_a_processor():
    if keras.backend.backend() != "jax":
        return False
    import jax

    return jax.default_backend() == "cpu"


@keras.saving.register_keras_serializable(package="course")
class OneCycle(keras.optimizers.schedules.LearningRateSchedule):
    """The learning rate of one cycle: up to the peak, then down to nearly zero along half a cosine.

    It begins at a twentieth of the peak and rises for the first 20 % of the steps. Day 06 writes it out.

    Args:
        peak: the highest learning rate.
        steps: how many steps the training will take.

    Source: Smith and Topin (2017), arXiv:1708.07120, here with a cosine.
    """

    def __init__(self, peak: float, steps: int):
        self.peak, self.steps = peak, steps

    def __call__(self, step):
        """Return the rate of a step, a number counted from 0."""
        ops = keras.ops
        progress = ops.cast(step, "float32") / self.steps
        up = 0.05 + 0.95 * progress / 0.2
        down = 0.5 + 0.5 * ops.cos(math.pi * ops.minimum((progress - 0.2) / 0.8, 1.0))
        return self.peak * ops.where(progress < 0.2, up, down)

    def get_config(self) -> dict:
        """Return what makes an equal schedule."""
        return {"peak": self.peak, "steps": self.steps}


@keras.saving.register_keras_serializable(package="course")
class Muon(keras.optimizers.AdamW):
    """AdamW for all weights but the kernels of convolutions, which take Muon's step. Day 06 writes it out.

    Keras' own `Muon` takes its step for matrices and leaves kernels of four axes to AdamW; this one lays each kernel
    flat, to (height x width x channels, filters), and gives all directions of the step about the same length.
    Arguments are AdamW's.

    Source: Jordan and others (2024), kellerjordan.github.io/posts/muon; the size of the step is that of Liu and others
    (2025), arXiv:2502.16982.
    """

    def build(self, variables):
        """Make the running averages: AdamW's two, and one more for Muon."""
        if not self.built:
            super().build(variables)
            self.averages = [self.add_variable_from_reference(each, name="average") for each in variables]

    def update_step(self, gradient, variable, learning_rate):
        """Move one variable by its gradient, of the same shape."""
        if len(variable.shape) != 4:
            return super().update_step(gradient, variable, learning_rate)
        ops = keras.ops
        average = self.averages[self._get_variable_index(variable)]
        self.assign(average, 0.9 * average + gradient)
        step = _orthogonalise(ops.reshape(gradient + 0.9 * average, (-1, variable.shape[-1])))
        size = 0.2 * max(step.shape) ** 0.5
        self.assign_sub(variable, ops.cast(learning_rate, step.dtype) * size * ops.reshape(step, variable.shape))


def _orthogonalise(matrix, rounds=5):
    """Return nearly U V^T for a matrix U S V^T, by matrix products alone."""
    ops = keras.ops
    matrix = matrix / (ops.norm(matrix) + 1e-7)
    for _ in range(rounds):
        square = ops.transpose(matrix) @ matrix
        matrix = 3.4445 * matrix + matrix @ (-4.7750 * square + 2.0315 * square @ square)
    return matrix
