"""Serve the drawing page and its models on this computer: `python server.py [FOLDER] [--port 8020]`.

It needs Python and NumPy, no Keras: FOLDER holds index.html and models.json, which Day 20's lesson writes. Before the
server opens, each model must give the answers that Keras gave to its test drawings. The lesson explains each function
where it is needed; the text of those functions is the same here and there, and a test holds that.
"""

from __future__ import annotations

import argparse
import base64
import json
import pathlib
import sys
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view

CANVAS = 112  # rows and columns of a drawing
LARGEST_REQUEST = 1_000_000  # bytes; a drawing takes about 50,000
FOLDER = pathlib.Path(__file__).resolve().parents[3] / "work" / "ship_it"


def overlaps(low, high, cells, size):
    """Cut [low, high) into equal cells: (cells, size), the share of each of `size` pixels in each cell's mean."""
    edges = low + (high - low) / cells * np.arange(cells + 1)
    pixels = np.arange(size)
    shared = np.minimum(edges[1:, None], pixels + 1) - np.maximum(edges[:-1, None], pixels)
    return np.maximum(shared, 0) / ((high - low) / cells)


def fill_enclosed(picture, level=0.6, wall=0.27):
    """Paint what lines enclose: every pixel that water from the border cannot reach becomes at least `level`."""
    is_open = np.pad(picture < wall, 1, constant_values=True)
    water = np.zeros_like(is_open)
    water[[0, -1]] = water[:, [0, -1]] = True
    reached = 0
    while water.sum() > reached:
        reached = water.sum()
        for axis in (0, 1):
            for step in (1, -1):
                water |= np.roll(water, step, axis) & is_open
    return np.where(water[1:-1, 1:-1], picture, np.maximum(picture, level))


def prepare(drawing, box, centre, fill):
    """Bring a drawing into the form of the training pictures.

    Args:
        drawing: (height, width), ink from 0 to 1, not empty.
        box: the longer side of what was drawn, in pixels of the result.
        centre: "mass" puts the ink's centre of mass into the middle, "box" the middle of the box.
        fill: whether to paint what lines enclose.

    Returns:
        (28, 28), from 0 to 1.
    """
    (top, bottom), (left, right) = (np.flatnonzero(drawing.max(axis=axis) > 0.1)[[0, -1]] + [0, 1] for axis in (1, 0))
    longest = max(bottom - top, right - left)
    rows, columns = (max(1, int(side * box / longest + 0.5)) for side in (bottom - top, right - left))
    small = overlaps(top, bottom, rows, len(drawing)) @ drawing @ overlaps(left, right, columns, drawing.shape[1]).T
    corner = []
    for axis, side in enumerate((rows, columns)):
        middle = side / 2
        if centre == "mass":
            middle = (small.sum(axis=1 - axis) * (np.arange(side) + 0.5)).sum() / small.sum()
        corner.append(min(max(int(14.5 - middle + 1e-6), 0), 28 - side))
    picture = np.zeros((28, 28))
    picture[corner[0] : corner[0] + rows, corner[1] : corner[1] + columns] = small
    return fill_enclosed(picture) if fill else picture


def softmax(values):
    """Numbers (n,) -> probabilities (n,)."""
    powers = np.exp(values - values.max())
    return powers / powers.sum()


ACTIVATIONS = {"linear": lambda values: values, "relu": lambda values: np.maximum(values, 0), "softmax": softmax}


def forward(layers, picture):
    """A picture (28, 28) through the exported layers; returns the output of each of them."""
    values, outputs = np.asarray(picture, "float32")[..., None], []
    for layer in layers:
        if layer["kind"] == "convolution":
            size = layer["weights"].shape[:2]
            padded = np.pad(values, [(size[0] // 2,) * 2, (size[1] // 2,) * 2, (0, 0)])
            windows = sliding_window_view(padded, size, axis=(0, 1))  # (rows, columns, channels, height, width)
            values = np.tensordot(windows, layer["weights"], axes=([3, 4, 2], [0, 1, 2])) + layer["biases"]
        elif layer["kind"] == "max_pooling":
            rows, columns = values.shape[0] // 2, values.shape[1] // 2
            values = values[: 2 * rows, : 2 * columns].reshape(rows, 2, columns, 2, -1).max(axis=(1, 3))
        elif layer["kind"] == "flatten":
            values = values.reshape(-1)
        else:
            values = values @ layer["weights"] + layer["biases"]
        values = ACTIVATIONS[layer.get("activation", "linear")](values)
        outputs.append(values)
    return outputs


def decode(entry):
    """Undo the packing: {"shape": […], "float32": text in base 64} -> array (little-endian, row by row)."""
    return np.frombuffer(base64.b64decode(entry["float32"]), "<f4").reshape(entry["shape"])


def read_models(text):
    """The text of models.json -> name -> model, the weights as arrays."""
    models = json.loads(text)
    for model in models.values():
        for layer in model["layers"]:
            for name in {"weights", "biases"} & layer.keys():
                layer[name] = decode(layer[name])
        for probe in model["probes"]:
            probe["drawing"], probe["probabilities"] = decode(probe["drawing"]), decode(probe["probabilities"])
    return models


def self_check(models):
    """The largest difference between these models' answers to their test drawings and those that Keras gave."""
    differences = [
        np.abs(forward(model["layers"], prepare(probe["drawing"], **model["prepare"]))[-1] - probe["probabilities"])
        for model in models.values()
        for probe in model["probes"]
    ]
    return float(np.max(differences))


class BadRequest(Exception):
    """A request that can't be answered: the status of HTTP, and a message for the person who sent it."""

    def __init__(self, status, message):
        super().__init__(message)
        self.status = status


def read_drawing(rows):
    """The rows of a request -> drawing (112, 112), ink from 0 to 1, or a BadRequest."""
    if not isinstance(rows, list) or not all(isinstance(row, list) for row in rows):
        raise BadRequest(400, "This is not an image: the drawing must be a list of rows, each a list of numbers.")
    if [len(row) for row in rows] != [CANVAS] * CANVAS:
        raise BadRequest(400, f"Wrong size: a drawing has {CANVAS} rows of {CANVAS} numbers.")
    if not all(type(ink) in (int, float) and 0 <= ink <= 255 for row in rows for ink in row):
        raise BadRequest(400, "This is not an image: ink is a number from 0 (paper) to 255.")
    drawing = np.array(rows, "float64") / 255
    if np.sum(drawing > 0.1) < 20:
        raise BadRequest(422, "The drawing is empty. Draw something, larger than a dot.")
    if np.mean(drawing > 0.1) > 0.7:
        raise BadRequest(422, "Nearly everything is ink. Paper is 0 and ink 255: are the colours swapped?")
    return drawing


def read_request(body, models):
    """The bytes of a request -> (model, drawing), or a BadRequest that says what is wrong."""
    try:
        request = json.loads(body)
    except (ValueError, RecursionError):
        raise BadRequest(400, "This is not JSON.") from None
    if not isinstance(request, dict) or not {"kind", "drawing"} <= request.keys():
        raise BadRequest(400, 'Send {"kind": …, "drawing": …}.')
    kind = request["kind"]
    if not isinstance(kind, str) or kind not in models:
        raise BadRequest(400, f"The kind must be one of: {', '.join(models)}.")
    return models[kind], read_drawing(request["drawing"])


def answer(model, drawing):
    """Say what was drawn: a name, or None if the model is not sure enough, and all probabilities."""
    probabilities = forward(model["layers"], prepare(drawing, **model["prepare"]))[-1]
    best = int(probabilities.argmax())
    sure = bool(probabilities[best] >= model["threshold"])
    return {
        "answer": model["classes"][best] if sure else None,
        "probabilities": dict(zip(model["classes"], map(float, probabilities), strict=True)),
    }


class Handler(BaseHTTPRequestHandler):
    """Answers the browser: the page, whether the server is ready, and what was drawn."""

    timeout = 10  # seconds to wait for a browser that has stopped sending

    def do_GET(self):
        """Hand out the page, or say that the server is ready."""
        if self.path in ("/", "/index.html"):
            self.reply(200, self.server.page, "text/html; charset=utf-8")
        elif self.path == "/health":
            self.reply(200, {"ready": True, "kinds": list(self.server.models)})
        else:
            self.reply(404, {"error": "There is nothing at this address."})

    def do_POST(self):
        """Answer a drawing, or say what is wrong with it."""
        try:
            body = self.read_body()
            self.reply(200, answer(*read_request(body, self.server.models)))
        except BadRequest as error:
            self.reply(error.status, {"error": str(error)})

    def read_body(self):
        """Return the body of a request, after a look at where it goes, where it comes from, and how long it is."""
        length = self.headers.get("Content-Length", "")
        if not length.isdecimal():
            raise BadRequest(411, "The request does not say how long it is.")
        body = self.rfile.read(min(int(length), 10 * LARGEST_REQUEST))
        if int(length) > LARGEST_REQUEST:
            raise BadRequest(413, f"The request is larger than {LARGEST_REQUEST:,} bytes.")
        if self.path != "/answer":
            raise BadRequest(404, "There is nothing at this address.")
        if self.headers.get("Host", "").rsplit(":", 1)[0] not in ("127.0.0.1", "localhost"):
            raise BadRequest(403, "This server answers only to this computer.")
        if self.headers.get_content_type() != "application/json":
            raise BadRequest(415, "Send JSON, with the header Content-Type: application/json.")
        return body

    def reply(self, status, content, kind="application/json"):
        """Send a reply; dictionaries go as JSON."""
        content = content if isinstance(content, bytes) else json.dumps(content).encode()
        self.send_response(status)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)

    def send_error(self, code, message=None, explain=None):
        """Send what http.server itself refuses (an unknown method, say) as JSON, too."""
        self.reply(code, {"error": message or self.responses[code][0]})

    def log_message(self, *_):
        """Keep quiet: what people draw is their business."""


def start(folder, port):
    """Return a server on this computer alone, its models read and checked; `serve_forever()` runs it."""
    models = read_models((folder / "models.json").read_text(encoding="utf-8"))
    difference = self_check(models)
    if not difference <= 1e-4:
        sys.exit(f"The models in {folder} do not answer as Keras did: the difference is {difference:.1g}.")
    server = ThreadingHTTPServer(("127.0.0.1", port), Handler)
    server.models, server.page = models, (folder / "index.html").read_bytes()
    return server


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("folder", nargs="?", type=pathlib.Path, default=FOLDER, help="with index.html and models.json")
    parser.add_argument("--port", type=int, default=8020, help="0 takes any free one")
    options = parser.parse_args()
    if not (options.folder / "models.json").exists():
        sys.exit(f"There is no models.json in {options.folder}: run the notebook of Day 20 first, it writes one.")
    server = start(options.folder, options.port)
    print(f"Open http://127.0.0.1:{server.server_port}/ in a browser; Ctrl+C stops.", flush=True)
    try:
        server.serve_forever()
    except KeyboardInterrupt:
        print("stopped")
