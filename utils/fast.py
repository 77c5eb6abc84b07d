"""The same layers, computed faster: what the processor's own kernels offer and Keras does not call by itself."""

from __future__ import annotations

from utils.runtime import keras  # through utils.runtime, which sets TensorFlow up before Keras imports it


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
