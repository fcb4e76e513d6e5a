"""specs/first-study.dl as a plain Keras script: the peer of bench/study.ts.

Argument: an .npz with the prepared rows (images, labels, train, valid, test). Trains both networks on six seeds, evaluates
valid after each epoch and test at the end, and prints the means with 95 % intervals and the paired difference.
"""

import itertools
import math
import sys

import numpy as np
import keras
from keras import layers, ops

WIDTHS = [8, 16, 32]
SEEDS = range(1, 7)
EPOCHS, BATCH, RATE = 8, 32, 3e-3
T_95_5 = 2.5705818  # the 97.5 % point of Student's t with 5 degrees of freedom

rows = np.load(sys.argv[1])
images, labels = rows["images"], rows["labels"]
split = {name: (images[rows[name]], labels[rows[name]]) for name in ("train", "valid", "test")}
steps = len(split["train"][0]) // BATCH


class WarmCosine(keras.optimizers.schedules.LearningRateSchedule):
    def __call__(self, step):
        step = ops.cast(step, "float32")
        rest = (step - steps) / (steps * (EPOCHS - 1))
        return RATE * ops.where(step < steps, (step + 1) / steps, 0.5 * (1 + ops.cos(math.pi * rest)))


def conv_bn(x, channels):
    x = layers.Conv2D(channels, 3, padding="same", use_bias=False, kernel_initializer="he_uniform")(x)
    return layers.BatchNormalization(momentum=0.9, epsilon=1e-5)(x)


def stage(name, x, channels):
    main = layers.ReLU()(conv_bn(x, channels))
    if name == "vgg":
        return layers.ReLU()(conv_bn(main, channels))
    missing = channels - x.shape[-1]
    skip = ops.pad(x, [[0, 0], [0, 0], [0, 0], [0, missing]])
    return layers.ReLU()(layers.Add()([conv_bn(main, channels), skip]))


def network(name):
    image = keras.Input((32, 32, 3))
    x = layers.RandomFlip("horizontal_and_vertical")(image)
    for channels in WIDTHS:
        x = layers.MaxPooling2D(2)(stage(name, x, channels))
    return keras.Model(image, layers.Dense(3)(layers.GlobalAveragePooling2D()(x)))


def train(name, seed):
    keras.utils.set_random_seed(seed)
    model = network(name)
    model.compile(
        optimizer=keras.optimizers.Adam(WarmCosine()),
        loss=keras.losses.SparseCategoricalCrossentropy(from_logits=True),
        metrics=["accuracy"],
    )
    whole = steps * BATCH
    x, y = split["train"]
    model.fit(x[:whole], y[:whole], batch_size=BATCH, epochs=EPOCHS, validation_data=split["valid"], verbose=0)
    return model.evaluate(*split["test"], verbose=0)[1]


accuracy = {name: [] for name in ("vgg", "resnet")}
for seed, name in itertools.product(SEEDS, accuracy):
    accuracy[name].append(train(name, seed))


def interval(values):
    half = T_95_5 * np.std(values, ddof=1) / math.sqrt(len(values))
    return f"{np.mean(values):.3f}  {np.mean(values) - half:.3f} to {np.mean(values) + half:.3f}"


for name, values in accuracy.items():
    print(name, interval(values))
difference = np.subtract(accuracy["resnet"], accuracy["vgg"])
flips = [abs(np.mean(difference * signs)) for signs in itertools.product([1, -1], repeat=len(difference))]
p = np.mean(np.array(flips) >= abs(np.mean(difference)) - 1e-12)
print("resnet - vgg", interval(difference), f"p = {p:.3f}")
