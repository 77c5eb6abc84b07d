"""Plausible mistakes of day 06, each with words that its hint must contain."""


@wrong("conv_layer", "forgets the + 1", says=r"\+ 1")
def conv_layer(shape, filters, window, stride=1, padding="valid"):
    height, width, channels = shape
    if padding == "same":
        return (-(-height // stride), -(-width // stride), filters), window**2 * channels * filters + filters
    return ((height - window) // stride, (width - window) // stride, filters), window**2 * channels * filters + filters


@wrong("conv_layer", "keeps the input's channels", says="as many channels as filters")
def conv_layer(shape, filters, window, stride=1, padding="valid"):
    height, width, channels = shape
    if padding == "same":
        return (-(-height // stride), -(-width // stride), channels), window**2 * channels * filters + filters
    return (
        (height - window) // stride + 1,
        (width - window) // stride + 1,
        channels,
    ), window**2 * channels * filters + filters


@wrong("conv_layer", "forgets the biases", says="one bias")
def conv_layer(shape, filters, window, stride=1, padding="valid"):
    height, width, channels = shape
    if padding == "same":
        return (-(-height // stride), -(-width // stride), filters), window**2 * channels * filters
    return ((height - window) // stride + 1, (width - window) // stride + 1, filters), window**2 * channels * filters


@wrong("conv_layer", "forgets that a filter looks through all channels", says="all 3 input channels")
def conv_layer(shape, filters, window, stride=1, padding="valid"):
    height, width, _ = shape
    if padding == "same":
        return (-(-height // stride), -(-width // stride), filters), window**2 * filters + filters
    return ((height - window) // stride + 1, (width - window) // stride + 1, filters), window**2 * filters + filters


@wrong("conv_layer", "one bias for each weight table instead of each filter", says="one bias")
def conv_layer(shape, filters, window, stride=1, padding="valid"):
    height, width, channels = shape
    parameters = (window**2 + 1) * channels * filters
    if padding == "same":
        return (-(-height // stride), -(-width // stride), filters), parameters
    return ((height - window) // stride + 1, (width - window) // stride + 1, filters), parameters


@wrong("conv_layer", "rounds down with same padding", says="round up")
def conv_layer(shape, filters, window, stride=1, padding="valid"):
    height, width, channels = shape
    if padding == "same":
        return (height // stride, width // stride, filters), window**2 * channels * filters + filters
    return (
        (height - window) // stride + 1,
        (width - window) // stride + 1,
        filters,
    ), window**2 * channels * filters + filters


@wrong("conv_layer", "divides before it subtracts the window", says="before")
def conv_layer(shape, filters, window, stride=1, padding="valid"):
    height, width, channels = shape
    if padding == "same":
        return (-(-height // stride), -(-width // stride), filters), window**2 * channels * filters + filters
    return (
        height // stride - window + 1,
        width // stride - window + 1,
        filters,
    ), window**2 * channels * filters + filters


@wrong("conv_layer", "square pictures only", says="Height and width may differ")
def conv_layer(shape, filters, window, stride=1, padding="valid"):
    height, _, channels = shape
    size = -(-height // stride) if padding == "same" else (height - window) // stride + 1
    return (size, size, filters), window**2 * channels * filters + filters


@wrong("conv_layer", "ignores the padding", says='"same"')
def conv_layer(shape, filters, window, stride=1, padding="valid"):
    height, width, channels = shape
    return (
        (height - window) // stride + 1,
        (width - window) // stride + 1,
        filters,
    ), window**2 * channels * filters + filters


@wrong("conv_layer", "returns the shape alone", says="two things")
def conv_layer(shape, filters, window, stride=1, padding="valid"):
    height, width, _ = shape
    return height - window + 1, width - window + 1, filters


@wrong("vertical_edge_filter", "finds horizontal edges", says="turned by 90")
def vertical_edge_filter():
    return np.array([[-1, -2, -1], [0, 0, 0], [1, 2, 1]])


@wrong(
    "vertical_edge_filter",
    "finds edges of every direction",
    says="horizontal edge as well|left, the other on the right",
)
def vertical_edge_filter():
    return np.array([[-1, -1, -1], [-1, 8, -1], [-1, -1, -1]])


@wrong("vertical_edge_filter", "does not sum to zero", says="sum to zero")
def vertical_edge_filter():
    return np.array([[-1, 0, 2], [-1, 0, 2], [-1, 0, 2]])


@wrong("vertical_edge_filter", "a vertical line of weights, answers to brightness", says="sum to zero")
def vertical_edge_filter():
    return np.array([[0, 1, 0], [0, 1, 0], [0, 1, 0]])


@wrong("vertical_edge_filter", "a diagonal edge", says="horizontal edge as well")
def vertical_edge_filter():
    return np.array([[0, 1, 2], [-1, 0, 1], [-2, -1, 0]])


@wrong("vertical_edge_filter", "a line detector does not tell the two sides apart", says="dark-to-bright")
def vertical_edge_filter():
    return np.array([[-1, 2, -1], [-1, 2, -1], [-1, 2, -1]])


@wrong("vertical_edge_filter", "a kernel of four axes", says="two axes")
def vertical_edge_filter():
    return np.array([[-1, 0, 1], [-1, 0, 1], [-1, 0, 1]])[:, :, None, None]


@wrong("vertical_edge_filter", "rows do not sum to zero, the whole does", says="horizontal edge as well")
def vertical_edge_filter():
    return np.array([[-1, 0, 1], [-1, 0, 2], [-2, 0, 1]])


@wrong("vertical_edge_filter", "all zeros", says="finds nothing")
def vertical_edge_filter():
    return np.zeros((3, 3))


@wrong("max_pool_backward", "spreads the gradient as average pooling does", says="average")
def max_pool_backward(x, upstream):
    return np.kron(upstream, np.ones((2, 2))) / 4


@wrong("max_pool_backward", "gives the whole gradient to all four", says="largest pixel")
def max_pool_backward(x, upstream):
    return np.kron(upstream, np.ones((2, 2)))


@wrong("max_pool_backward", "gives each of the equals the whole gradient", says="Ties")
def max_pool_backward(x, upstream):
    largest = np.kron(x.reshape(x.shape[0] // 2, 2, -1, 2).max(axis=(1, 3)), np.ones((2, 2)))
    return (x == largest) * np.kron(upstream, np.ones((2, 2)))


@wrong("max_pool_backward", "multiplies with the value", says="without the pixel's value")
def max_pool_backward(x, upstream):
    largest = np.kron(x.reshape(x.shape[0] // 2, 2, -1, 2).max(axis=(1, 3)), np.ones((2, 2)))
    return (x == largest) * x * np.kron(upstream, np.ones((2, 2)))


@wrong("max_pool_backward", "returns the mask without the gradient", says="hand it on as it is")
def max_pool_backward(x, upstream):
    largest = np.kron(x.reshape(x.shape[0] // 2, 2, -1, 2).max(axis=(1, 3)), np.ones((2, 2)))
    return (x == largest) * 1.0


@wrong("max_pool_backward", "takes the largest size", says="do not take sizes")
def max_pool_backward(x, upstream):
    size = np.abs(x)
    largest = np.kron(size.reshape(x.shape[0] // 2, 2, -1, 2).max(axis=(1, 3)), np.ones((2, 2)))
    return (size == largest) * np.kron(upstream, np.ones((2, 2)))


@wrong("max_pool_backward", "starts its maximum at zero", says="compare with zero")
def max_pool_backward(x, upstream):
    result = np.zeros_like(x)
    for i, j in np.ndindex(upstream.shape):
        best, place = 0, None
        for a, b in np.ndindex(2, 2):
            if x[2 * i + a, 2 * j + b] > best:
                best, place = x[2 * i + a, 2 * j + b], (2 * i + a, 2 * j + b)
        if place:
            result[place] = upstream[i, j]
    return result


@wrong("max_pool_backward", "the largest pixel of the whole map only", says="own largest pixel|each square")
def max_pool_backward(x, upstream):
    result = np.zeros_like(x)
    result[np.unravel_index(x.argmax(), x.shape)] = upstream.sum()
    return result


@wrong("max_pool_backward", "returns the pooled shape", says="shape of the input")
def max_pool_backward(x, upstream):
    return upstream * x.reshape(x.shape[0] // 2, 2, -1, 2).max(axis=(1, 3))


@wrong("max_pool_backward", "always the top right pixel", says="top left|own largest")
def max_pool_backward(x, upstream):
    result = np.zeros_like(x)
    result[::2, 1::2] = upstream
    return result


def windows_of(picture, depthwise):
    return np.lib.stride_tricks.sliding_window_view(picture, depthwise.shape[:2], axis=(0, 1))


def separable_with(
    given=lambda picture, depthwise: (picture, depthwise),
    first=lambda windows, depthwise: np.einsum("ijcab,abc->ijc", windows, depthwise),
    then=lambda filtered, pointwise, bias: filtered @ pointwise + bias,
):
    """A wrong `separable_convolution`: another picture or table, another first or second step."""

    def separable_convolution(picture, depthwise, pointwise, bias):
        picture, depthwise = given(picture, depthwise)
        return then(first(windows_of(picture, depthwise), depthwise), pointwise, bias)

    return separable_convolution


def padded(picture, depthwise):
    a, b, _ = depthwise.shape
    return np.pad(picture, [(a // 2, (a - 1) // 2), (b // 2, (b - 1) // 2), (0, 0)]), depthwise


def summed_over_channels(windows, depthwise):
    return np.einsum("ijcab,abc->ij", windows, depthwise)[..., None] + np.zeros(depthwise.shape[2])


for mistake, says, options in (
    ("mixes the channels in the depthwise step", "mixed in the depthwise step", {"first": summed_over_channels}),
    ("flips the tables", "flipped", {"given": lambda picture, depthwise: (picture, depthwise[::-1, ::-1])}),
    ("pads with zeros", "Without padding", {"given": padded}),
    (
        "one table for all channels, their mean",
        "own table",
        {"first": lambda windows, depthwise: np.einsum("ijcab,ab->ijc", windows, depthwise.mean(axis=2))},
    ),
    (
        "the first channel's table for all channels",
        "its own table",
        {"first": lambda windows, depthwise: np.einsum("ijcab,ab->ijc", windows, depthwise[:, :, 0])},
    ),
    ("forgets the bias", "bias", {"then": lambda filtered, pointwise, bias: filtered @ pointwise}),
    ("forgets the pointwise step", "D channels", {"then": lambda filtered, pointwise, bias: filtered}),
    (
        "ReLU between the two steps",
        "no activation",
        {"then": lambda filtered, pointwise, bias: np.maximum(filtered, 0) @ pointwise + bias},
    ),
    (
        "puts the new channels first",
        "last axis has D channels",
        {"then": lambda filtered, pointwise, bias: np.moveaxis(filtered @ pointwise + bias, -1, 0)},
    ),
):
    wrong("separable_convolution", mistake, says=says)(separable_with(**options))


@wrong("separable_convolution", "adds the bias at every pixel of the window", says="bias")
def separable_convolution(picture, depthwise, pointwise, bias):
    return separable_with()(picture, depthwise, pointwise, bias * depthwise[..., 0].size)


@wrong("separable_convolution", "square windows and pictures only", says="may all differ")
def separable_convolution(picture, depthwise, pointwise, bias):
    a, size = depthwise.shape[0], picture.shape[0] - depthwise.shape[0] + 1
    filtered = np.zeros((size, size, depthwise.shape[2]))
    for i, j in np.ndindex(size, size):
        filtered[i, j] = np.sum(picture[i : i + a, j : j + a] * depthwise, axis=(0, 1))
    return filtered @ pointwise + bias


@wrong("receptive_field", "adds the whole windows", says="overlap")
def receptive_field(chain):
    field, distance = 0, 1
    for window, stride in chain:
        field += window * distance
        distance *= stride
    return field


@wrong("receptive_field", "multiplies the windows", says="does not multiply")
def receptive_field(chain):
    return int(np.prod([window for window, _ in chain]))


@wrong("receptive_field", "ignores the strides", says="stride of 2")
def receptive_field(chain):
    return 1 + sum(window - 1 for window, _ in chain)


@wrong("receptive_field", "applies a layer's stride to itself", says="later")
def receptive_field(chain):
    field, distance = 1, 1
    for window, stride in chain:
        distance *= stride
        field += (window - 1) * distance
    return field


@wrong("receptive_field", "adds the strides", says="Strides multiply")
def receptive_field(chain):
    field, distance = 1, 1
    for window, stride in chain:
        field += (window - 1) * distance
        distance += stride - 1
    return field


@wrong("receptive_field", "remembers the last stride only", says="Strides multiply")
def receptive_field(chain):
    field, distance = 1, 1
    for window, stride in chain:
        field += (window - 1) * distance
        distance = stride
    return field


@wrong("receptive_field", "walks the chain backwards", says="apart|later")
def receptive_field(chain):
    field, distance = 1, 1
    for window, stride in reversed(chain):
        field += (window - 1) * distance
        distance *= stride
    return field


@wrong("small_network", "the big network as it is", says="more than 4,000")
def small_network():
    return big_network()


@wrong("small_network", "fewer filters, but Flatten at full size", says="Flatten less")
def small_network():
    return keras.Sequential(
        [
            keras.Input(shape=(8, 8, 1)),
            layers.Conv2D(16, 3, padding="same", activation="relu"),
            layers.Flatten(),
            layers.Dense(10, activation="softmax"),
        ]
    )


@wrong("small_network", "far too small", says="use more of the 4,000")
def small_network():
    return keras.Sequential(
        [
            keras.Input(shape=(8, 8, 1)),
            layers.Conv2D(4, 3, activation="relu"),
            layers.MaxPooling2D(3),
            layers.Flatten(),
            layers.Dense(10, activation="softmax"),
        ]
    )


@wrong("small_network", "no softmax", says="softmax")
def small_network():
    return keras.Sequential(
        [
            keras.Input(shape=(8, 8, 1)),
            layers.Conv2D(12, 3, activation="relu"),
            layers.MaxPooling2D(),
            layers.Flatten(),
            layers.Dense(10),
        ]
    )


@wrong("small_network", "no row of numbers at the end", says="Ten probabilities per picture")
def small_network():
    return keras.Sequential(
        [
            keras.Input(shape=(8, 8, 1)),
            layers.Conv2D(12, 3, activation="relu"),
            layers.MaxPooling2D(),
            layers.Dense(10, activation="softmax"),
        ]
    )


@wrong("small_network", "pools away nearly everything", says="wanted 0.96")
def small_network():
    return keras.Sequential(
        [
            keras.Input(shape=(8, 8, 1)),
            layers.Conv2D(16, 3, padding="same", activation="relu"),
            layers.GlobalAveragePooling2D(),
            layers.Dense(10, activation="softmax"),
        ]
    )


@wrong("small_network", "returns the result of the training", says="model itself")
def small_network():
    return train_and_test(big_network()) if False else 0.98


@wrong("small_network", "takes rows of 64 numbers", says=r"\(8, 8, 1\)")
def small_network():
    return keras.Sequential([keras.Input(shape=(64,)), layers.Dense(40, activation="relu"), layers.Dense(10)])


@wrong("small_network", "no convolution at all", says="amputation")
def small_network():
    return keras.Sequential([keras.Input((8, 8, 1)), layers.Flatten(), layers.Dense(10, activation="softmax")])


@wrong("small_network", "convolutions without activations", says="one linear map")
def small_network():
    shapes = [layers.Conv2D(12, 3, strides=2, padding="same"), layers.Conv2D(24, 3, strides=2, padding="same")]
    return keras.Sequential([keras.Input((8, 8, 1)), *shapes, layers.Flatten(), layers.Dense(10, activation="softmax")])


@wrong("small_network", "trained on all digits beforehand", says="before any training")
def small_network():
    model = keras.Sequential(
        [
            keras.Input((8, 8, 1)),
            layers.Conv2D(4, 3, activation="relu"),
            layers.Flatten(),
            layers.Dense(10, activation="softmax"),
        ]
    )
    model.compile(optimizer=keras.optimizers.Adam(0.01), loss="sparse_categorical_crossentropy")
    model.fit(digit_images, digits.target, batch_size=32, epochs=3, verbose=0)
    return model


built_outside = keras.Sequential(
    [
        keras.Input((8, 8, 1)),
        layers.Conv2D(12, 3, activation="relu"),
        layers.MaxPooling2D(),
        layers.Flatten(),
        layers.Dense(10, activation="softmax"),
    ]
)


@wrong("small_network", "built outside of the function", says="inside\\* the function")
def small_network():
    return built_outside


@wrong("max_pool_backward", "looks for the maximum in the whole map", says="inside each square")
def max_pool_backward(x, upstream):
    gradient = np.zeros_like(x)
    for i in range(upstream.shape[0]):
        for j in range(upstream.shape[1]):
            value = x[2 * i : 2 * i + 2, 2 * j : 2 * j + 2].max()
            gradient[tuple(np.argwhere(x == value)[0])] += upstream[i, j]
    return gradient


@wrong("conv_layer", "rounds to the nearest", says="This is what Keras makes|round")
def conv_layer(shape, filters, window, stride=1, padding="valid"):
    height, width, channels = shape
    sizes = [n / stride if padding == "same" else (n - window) / stride + 1 for n in (height, width)]
    return (*(int(n + 0.5) for n in sizes), filters), window * window * channels * filters + filters


@wrong("receptive_field", "skips layers of 1 x 1, stride and all", says="1 × 1 with a stride")
def receptive_field(layers):
    field, apart = 1, 1
    for window, stride in layers:
        if window == 1:
            continue
        field, apart = field + (window - 1) * apart, apart * stride
    return field


@wrong("receptive_field", "takes the list apart", says="changed the list")
def receptive_field(layers):
    field, apart = 1, 1
    while layers:
        window, stride = layers.pop(0)
        field, apart = field + (window - 1) * apart, apart * stride
    return field


@wrong("receptive_field", "adds both halves of a window, right for odd ones only", says="odd or even")
def receptive_field(chain):
    field, distance = 1, 1
    for window, stride in chain:
        field += 2 * (window // 2) * distance
        distance *= stride
    return field


@wrong("conv_layer", "pads by half a window on each side, as if Keras counted the window", says="whatever the window")
def conv_layer(shape, filters, window, stride=1, padding="valid"):
    height, width, channels = shape
    pad = window // 2 if padding == "same" else 0
    rows, columns = ((n + 2 * pad - window) // stride + 1 for n in (height, width))
    return (rows, columns, filters), window**2 * channels * filters + filters


@wrong("vertical_edge_filter", "two pixels above each other", says="one column alone")
def vertical_edge_filter():
    return np.array([[1], [-1]])


@wrong("max_pool_backward", "takes nearly equal values for a tie", says="no tie")
def max_pool_backward(x, upstream):
    squares = x.reshape(x.shape[0] // 2, 2, -1, 2)
    mask = np.isclose(squares, squares.max(axis=(1, 3), keepdims=True))
    mask = mask / mask.sum(axis=(1, 3), keepdims=True)
    return (mask * upstream[:, None, :, None]).reshape(x.shape)


@wrong("max_pool_backward", "cuts the rows into runs of four", says="runs of four")
def max_pool_backward(x, upstream):
    runs = x.reshape(-1, 4)
    result = np.zeros(runs.shape)
    result[np.arange(len(runs)), runs.argmax(axis=1)] = upstream.ravel()
    return result.reshape(x.shape)


@wrong("separable_convolution", "writes into a slice of the picture", says="no copy")
def separable_convolution(picture, depthwise, pointwise, bias):
    a, b, _ = depthwise.shape
    filtered = picture[: picture.shape[0] - a + 1, : picture.shape[1] - b + 1]
    for i, j in np.ndindex(filtered.shape[:2]):
        filtered[i, j] = np.sum(picture[i : i + a, j : j + b] * depthwise, axis=(0, 1))
    return filtered @ pointwise + bias


@wrong("small_network", "a window as large as the picture, a dense layer in disguise", says="cannot slide")
def small_network():
    window = layers.Conv2D(40, 8, activation="relu")
    return keras.Sequential([keras.Input((8, 8, 1)), window, layers.Flatten(), layers.Dense(10, activation="softmax")])


@wrong("small_network", "a network of functions, none of them bends", says="one linear map")
def small_network():
    pictures = keras.Input((8, 8, 1))
    maps = layers.Conv2D(24, 3, padding="same")(ops.average_pool(layers.Conv2D(12, 3, padding="same")(pictures), 2))
    return keras.Model(pictures, layers.Dense(10, activation="softmax")(layers.Flatten()(ops.average_pool(maps, 2))))
