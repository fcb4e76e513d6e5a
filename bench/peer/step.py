"""One training step of the two networks of the galaxy-zoo study in Keras: the peer of bench/step.ts.

Arguments: network, batch, threads. Reads a number of steps a line, runs them, and answers with milliseconds a step, one line a block.
"""

import sys
import time

import numpy as np
import tensorflow as tf

name, batch, threads = sys.argv[1], int(sys.argv[2]), int(sys.argv[3])
tf.config.threading.set_intra_op_parallelism_threads(threads)

import keras  # noqa: E402  (threads are settled before Keras touches TensorFlow)
from keras import layers, ops  # noqa: E402

WIDTHS = [32, 64, 128, 256]
CLASSES = 4


def conv_bn(x, channels):
    x = layers.Conv2D(channels, 3, padding="same", use_bias=False, kernel_initializer="he_uniform")(x)
    return layers.BatchNormalization(momentum=0.9, epsilon=1e-5)(x)


def vgg_stage(x, channels):
    for _ in range(2):
        x = layers.ReLU()(conv_bn(x, channels))
    return x


def resnet_stage(x, channels):
    main = conv_bn(layers.ReLU()(conv_bn(x, channels)), channels)
    missing = channels - x.shape[-1]
    skip = layers.Lambda(lambda t: ops.pad(t, [[0, 0], [0, 0], [0, 0], [0, missing]]))(x) if missing else x
    return layers.ReLU()(layers.Add()([main, skip]))


def network():
    image = keras.Input((64, 64, 3))
    x = image
    for channels in WIDTHS:
        x = (vgg_stage if name == "vgg" else resnet_stage)(x, channels)
        x = layers.MaxPooling2D(2)(x)
    return keras.Model(image, layers.Dense(CLASSES)(layers.GlobalAveragePooling2D()(x)))


model = network()
optimizer = keras.optimizers.SGD(0.03, momentum=0.9, nesterov=True, weight_decay=5e-4)
loss_of = keras.losses.CategoricalCrossentropy(from_logits=True, label_smoothing=0.1)
draw = np.random.default_rng(1)
images = tf.constant(draw.random((512, 64, 64, 3), dtype=np.float32))
labels = tf.constant(draw.integers(0, CLASSES, 512).astype(np.int32))


@tf.function
def step(indices):
    x = tf.gather(images, indices)
    y = tf.one_hot(tf.gather(labels, indices), CLASSES)
    with tf.GradientTape() as tape:
        loss = loss_of(y, model(x, training=True))
    gradients = tape.gradient(loss, model.trainable_variables)
    optimizer.apply_gradients(zip(gradients, model.trainable_variables))
    return loss


orders = [tf.constant(draw.integers(0, 512, batch).astype(np.int32)) for _ in range(16)]
for i in range(5):
    float(step(orders[i]))
print(model.count_params(), flush=True)
for line in sys.stdin:
    count = int(line)
    began = time.perf_counter()
    for i in range(count):
        loss = step(orders[i % 16])
    float(loss)
    print((time.perf_counter() - began) * 1000 / count, flush=True)
