"""Day 20's product: equal answers in Keras, NumPy and JavaScript, a server that refuses politely, a page that works."""

import ast
import base64
import http.client
import importlib.util
import json
import os
import pathlib
import re
import shutil
import statistics
import subprocess
import sys
import urllib.error
import urllib.request

import numpy as np
import pytest
from browser import Browser, needs_browser

from tools import ROOT
from tools.build import Script

DAY = ROOT / "course" / "day20_project_ship_it"
PRODUCT = DAY / "product"
PAGE = (PRODUCT / "page.html").read_text(encoding="utf-8")
DRAWINGS = json.loads((PRODUCT / "drawings.json").read_text(encoding="utf-8"))
needs_node = pytest.mark.skipif(shutil.which("node") is None, reason="Node.js is not installed")

spec = importlib.util.spec_from_file_location("server_day20", PRODUCT / "server.py")
server = importlib.util.module_from_spec(spec)
spec.loader.exec_module(server)

FUNCTIONS = {
    node.name: node
    for _, cell, _ in Script(DAY / "lesson.py").cells()
    if cell.cell_type == "code"
    for node in ast.parse(cell.source).body
    if isinstance(node, (ast.FunctionDef, ast.ClassDef))
}


def pack(array):
    """An array as models.json holds it."""
    return {"shape": list(np.shape(array)), "float32": base64.b64encode(np.asarray(array, "<f4").tobytes()).decode()}


def sketch(strokes, size=56):
    """Strokes -> (size, size), ink 0 or 1, by points along the lines; enough for tests."""
    drawing = np.zeros((size, size))
    for stroke in strokes:
        corners = np.array(stroke) / 100 * (size - 8) + 4
        for start, end in zip(corners, corners[1:], strict=False):
            for share in np.linspace(0, 1, 60):
                x, y = start + share * (end - start)
                drawing[int(y) - 1 : int(y) + 2, int(x) - 1 : int(x) + 2] = 1
    return drawing


def make_model(kind, random):
    """A network with random weights in the exported form, with two probes answered by server.forward."""
    shapes = [(3, 3, 1, 16), (3, 3, 16, 32), (3, 3, 32, 64)]
    layers = []
    for shape in shapes:
        weights = random.normal(0, np.sqrt(2 / np.prod(shape[:3])), shape)
        biases = random.normal(0, 0.1, shape[-1])
        layers += [{"kind": "convolution", "activation": "relu", "weights": pack(weights), "biases": pack(biases)}]
        layers += [{"kind": "max_pooling"}]
    layers += [{"kind": "flatten"}]
    head = random.normal(0, 0.1, (3 * 3 * 64, 10)), random.normal(0, 0.1, 10)
    layers += [{"kind": "dense", "activation": "softmax", "weights": pack(head[0]), "biases": pack(head[1])}]
    settings = {
        "digits": {"box": 20, "centre": "mass", "fill": False},
        "garments": {"box": 28, "centre": "box", "fill": True},
    }[kind]
    model = {"classes": list(DRAWINGS[kind]), "prepare": settings, "threshold": 0.0, "layers": layers, "probes": []}
    loaded = server.read_models(json.dumps({kind: model}))[kind]
    for name in list(DRAWINGS[kind])[:2]:
        drawing = sketch(DRAWINGS[kind][name][0]).astype("float32")
        answered = server.forward(loaded["layers"], server.prepare(drawing, **settings))[-1]
        model["probes"].append({"drawing": pack(drawing), "probabilities": pack(answered)})
    return model


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    """What the lesson writes, with random networks; or COURSE_PRODUCT, a folder that the lesson wrote."""
    if "COURSE_PRODUCT" in os.environ:
        return pathlib.Path(os.environ["COURSE_PRODUCT"]).resolve()
    random = np.random.default_rng(5)
    text = json.dumps({kind: make_model(kind, random) for kind in ("digits", "garments")})
    place = tmp_path_factory.mktemp("ship_it")
    (place / "models.json").write_text(text, encoding="utf-8")
    page = PAGE
    for name, content in (("models", text), ("drawings", json.dumps(DRAWINGS))):
        empty = f'<script type="application/json" id="{name}">{{}}</script>'
        assert page.count(empty) == 1
        page = page.replace(empty, empty.replace("{}", content))
    (place / "index.html").write_text(page, encoding="utf-8")
    return place


@pytest.fixture(scope="module")
def address(folder):
    """A server of that folder on a free port, as a program of its own."""
    command = [sys.executable, str(PRODUCT / "server.py"), str(folder), "--port", "0"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        yield re.search(r"http://127\.0\.0\.1:\d+", process.stdout.readline())[0]
        process.terminate()


def send(address, content, path="/answer", headers=None, method="POST"):
    """Send bytes or an object; return (status, reply)."""
    body = content if isinstance(content, bytes) or content is None else json.dumps(content).encode()
    headers = {"Content-Type": "application/json"} | (headers or {})
    request = urllib.request.Request(address + path, body, headers, method=method)
    try:
        with urllib.request.urlopen(request) as reply:
            return reply.status, json.loads(reply.read())
    except urllib.error.HTTPError as error:
        return error.code, json.loads(error.read())


def whole(drawing):
    """A drawing of ones and zeros as the rows of whole numbers that a browser sends."""
    return (np.asarray(drawing) * 255).round().astype(int).tolist()


THREE = whole(sketch(DRAWINGS["digits"]["3"][0], server.CANVAS))


# The text of the lesson, the server and the data


def test_the_server_has_the_lesson_s_functions():
    own = {node.name: node for node in ast.parse((PRODUCT / "server.py").read_text(encoding="utf-8")).body if
           isinstance(node, (ast.FunctionDef, ast.ClassDef))}  # fmt: skip
    shared = own.keys() & FUNCTIONS.keys()
    assert shared >= {"overlaps", "fill_enclosed", "prepare", "softmax", "forward", "read_request", "answer", "decode"}
    for name in shared:
        assert ast.unparse(own[name]) == ast.unparse(FUNCTIONS[name]), f"{name} differs between lesson and server.py"


@pytest.mark.parametrize("kind", ["digits", "garments"])
def test_there_are_two_drawings_of_each_class(kind):
    assert len(DRAWINGS[kind]) == 10
    for drawings in DRAWINGS[kind].values():
        assert len(drawings) == 2
        points = [point for drawing in drawings for stroke in drawing for point in stroke]
        assert all(len(point) == 2 and all(0 <= value <= 100 for value in point) for point in points)


# Preparation


def test_overlaps_are_means():
    random = np.random.default_rng(0)
    for low, high, cells in ((0, 10, 5), (3, 10, 20), (2, 9, 3), (0, 12, 1)):
        table = server.overlaps(low, high, cells, 12)
        np.testing.assert_allclose(table.sum(axis=1), 1)
        values = random.random(12)
        fine = values[np.floor(np.linspace(low, high, 9000 * cells, endpoint=False)).astype(int)]
        np.testing.assert_allclose(table @ values, fine.reshape(cells, -1).mean(axis=1), atol=2e-3)


def test_a_prepared_digit_is_in_mnist_s_form_wherever_and_however_large_it_was_drawn():
    drawing = sketch(DRAWINGS["digits"]["4"][0])
    settings = {"box": 20, "centre": "mass", "fill": False}
    picture = server.prepare(drawing, **settings)
    rows, columns = (np.flatnonzero(picture.max(axis=axis) > 0) for axis in (1, 0))
    assert max(np.ptp(rows), np.ptp(columns)) + 1 == 20
    places = np.arange(28) + 0.5
    for axis in (0, 1):
        assert abs((picture.sum(axis=axis) * places).sum() / picture.sum() - 14) <= 0.5
    moved = np.zeros((112, 90))
    moved[50:106, 20:76] = drawing
    np.testing.assert_allclose(server.prepare(moved, **settings), picture, atol=1e-9)
    larger = np.kron(drawing, np.ones((2, 2)))
    np.testing.assert_allclose(server.prepare(larger, **settings), picture, atol=1e-9)


def test_what_a_line_encloses_is_painted_and_nothing_else():
    picture = np.zeros((28, 28))
    picture[5:20, 5] = picture[5:20, 15] = picture[5, 5:16] = picture[19, 5:16] = 1
    painted = server.fill_enclosed(picture)
    assert (painted[6:19, 6:15] == 0.6).all() and painted.sum() == pytest.approx(picture.sum() + 0.6 * 13 * 9)
    picture[10, 5] = 0  # a gap: the water comes in
    np.testing.assert_array_equal(server.fill_enclosed(picture), picture)


# Export: Keras, NumPy, JavaScript


def test_the_exported_network_answers_as_keras_does():
    from utils.runtime import keras

    keras.utils.set_random_seed(3)
    layers = keras.layers
    network = keras.Sequential([keras.Input((28, 28, 1))])
    for maps in (6, 7):
        network.add(layers.Conv2D(maps, 3, padding="same", activation="relu", bias_initializer="normal"))
        network.add(layers.MaxPooling2D(2))
    network.add(layers.Flatten())
    network.add(layers.Dense(9, activation="relu", bias_initializer="normal"))
    network.add(layers.Dense(10, activation="softmax", bias_initializer="normal"))
    names = {"np": np, "base64": base64, "layers": layers, "keras": keras}
    for name in ("pack", "export_layers"):
        exec(compile(ast.Module([FUNCTIONS[name]], []), "lesson.py", "exec"), names)
    text = json.dumps({"digits": {"layers": names["export_layers"](network), "probes": []}})
    exported = server.read_models(text)["digits"]["layers"]
    pictures = np.random.default_rng(1).random((20, 28, 28)).astype("float32")
    wanted = np.asarray(keras.ops.convert_to_numpy(network(pictures[..., None])))
    found = np.array([server.forward(exported, picture)[-1] for picture in pictures])
    np.testing.assert_allclose(found, wanted, atol=1e-5)
    assert np.ptp(wanted, axis=0).max() > 0.01
    with pytest.raises(ValueError, match="gelu"):
        names["export_layers"](keras.Sequential([keras.Input((9,)), layers.Dense(3, activation="gelu")]))
    for refused in (
        layers.BatchNormalization(),
        layers.Conv2D(3, 3, padding="same", dilation_rate=2),
        layers.Conv2D(3, 3, padding="same", strides=2),
        layers.Conv2D(3, 3),
        layers.MaxPooling2D(2, strides=1),
        layers.MaxPooling2D(2, padding="same"),
        layers.MaxPooling2D(3),
    ):
        with pytest.raises(ValueError, match=type(refused).__name__):
            names["export_layers"](keras.Sequential([keras.Input((28, 28, 1)), refused]))


@needs_node
def test_javascript_answers_as_numpy_does(folder, tmp_path):
    code = re.search(r'<script id="network">(.*?)</script>', PAGE, re.DOTALL)[1]
    models = server.read_models((folder / "models.json").read_text(encoding="utf-8"))
    random = np.random.default_rng(2)
    asked = []
    for kind in models:
        for drawings in DRAWINGS[kind].values():
            for strokes in drawings:
                size = int(random.integers(40, 113))
                drawing = sketch(strokes, size)[:, : size - int(random.integers(0, 4))]
                asked.append((kind, (drawing * random.integers(30, 256, drawing.shape)).round()))
    program = """
    const fs = require("fs"), models = readModels(fs.readFileSync(process.argv[2], "utf8"));
    const asked = JSON.parse(fs.readFileSync(process.argv[3], "utf8"));
    const told = asked.map(([kind, rows]) => {
      const data = Float64Array.from(rows.flat(), ink => ink / 255);
      const {probabilities, picture, maps} = answer(models[kind], {shape: [rows.length, rows[0].length], data});
      return {probabilities: Object.values(probabilities), picture: [...picture], maps: [...maps.data]};
    });
    console.log(JSON.stringify({told, check: selfCheck(models)}));
    """
    (tmp_path / "run.js").write_text(code + program, encoding="utf-8")
    (tmp_path / "asked.json").write_text(json.dumps([[kind, rows.astype(int).tolist()] for kind, rows in asked]))
    command = ["node", str(tmp_path / "run.js"), str(folder / "models.json"), str(tmp_path / "asked.json")]
    found = json.loads(subprocess.run(command, check=True, capture_output=True, text=True).stdout)
    assert found["check"] < 1e-5
    spread = []
    for (kind, rows), told in zip(asked, found["told"], strict=True):
        picture = server.prepare(rows / 255, **models[kind]["prepare"])
        np.testing.assert_allclose(told["picture"], picture.ravel(), atol=1e-9)
        outputs = server.forward(models[kind]["layers"], picture)
        np.testing.assert_allclose(told["maps"], outputs[0].ravel(), atol=1e-5)
        np.testing.assert_allclose(told["probabilities"], outputs[-1], atol=1e-5)
        spread.append(outputs[-1])
    assert np.ptp(spread, axis=0).max() > 0.1


# The server


def test_the_server_hands_out_the_page_and_says_that_it_is_ready(address, folder):
    with urllib.request.urlopen(address + "/") as reply:
        assert reply.read() == (folder / "index.html").read_bytes()
        assert reply.headers.get_content_type() == "text/html"
    assert send(address, None, "/health", method="GET") == (200, {"ready": True, "kinds": ["digits", "garments"]})


def test_the_server_answers_a_drawing(address, folder):
    models = server.read_models((folder / "models.json").read_text(encoding="utf-8"))
    status, reply = send(address, {"kind": "digits", "drawing": THREE})
    assert status == 200
    wanted = server.answer(models["digits"], np.array(THREE) / 255)
    assert reply["answer"] == wanted["answer"] and list(reply["probabilities"]) == models["digits"]["classes"]
    np.testing.assert_allclose(list(reply["probabilities"].values()), list(wanted["probabilities"].values()), atol=1e-6)


BLANK = np.zeros((112, 112), int).tolist()
BAD = {
    "nothing": (b"", 400, "not JSON"),
    "not JSON": (b"\x89PNG\r\n\x1a\n", 400, "not JSON"),
    "nested without end": (b"[" * 100_000, 400, "not JSON"),
    "no object": ([1, 2], 400, "kind"),
    "no drawing": ({"kind": "digits"}, 400, "kind"),
    "an unknown kind": ({"kind": "cats", "drawing": THREE}, 400, "digits, garments"),
    "a kind that is a list": ({"kind": ["digits"], "drawing": THREE}, 400, "digits, garments"),
    "a word": ({"kind": "digits", "drawing": "cat.png"}, 400, "not an image"),
    "numbers without rows": ({"kind": "digits", "drawing": [0] * 12544}, 400, "not an image"),
    "too small": ({"kind": "digits", "drawing": np.zeros((28, 28), int).tolist()}, 400, "Wrong size: .*112"),
    "no rows": ({"kind": "digits", "drawing": []}, 400, "Wrong size"),
    "a row too short": ({"kind": "digits", "drawing": [*THREE[:-1], THREE[-1][:-1]]}, 400, "Wrong size"),
    "colours": ({"kind": "digits", "drawing": np.zeros((112, 112, 3), int).tolist()}, 400, "not an image"),
    "words as pixels": ({"kind": "digits", "drawing": [["black"] * 112] * 112}, 400, "not an image"),
    "truth as pixels": ({"kind": "digits", "drawing": [[True] * 112] * 112}, 400, "not an image"),
    "beyond 255": ({"kind": "digits", "drawing": [[256] * 112] * 112}, 400, "255"),
    "below 0": ({"kind": "digits", "drawing": [[-1] * 112] * 112}, 400, "255"),
    "not a number": ({"kind": "digits", "drawing": [[float("nan")] * 112] * 112}, 400, "255"),
    "endless": ({"kind": "digits", "drawing": [[10**400] * 112] * 112}, 413, "larger"),
    "empty": ({"kind": "digits", "drawing": BLANK}, 422, "empty"),
    "a dot": ({"kind": "digits", "drawing": [[255, 255, *[0] * 110], *BLANK[1:]]}, 422, "empty"),
    "swapped colours": ({"kind": "digits", "drawing": whole(1 - np.array(THREE) / 255)}, 422, "swapped"),
}


@pytest.mark.parametrize("case", BAD)
def test_bad_requests_get_a_clear_answer(address, case):
    content, status, says = BAD[case]
    found, reply = send(address, content)
    assert (found, list(reply)) == (status, ["error"])
    assert re.search(says, reply["error"])


def test_other_doors_are_closed(address):
    drawing = {"kind": "digits", "drawing": THREE}
    assert send(address, drawing, "/other")[0] == 404
    assert send(address, None, "/models.json", method="GET")[0] == 404
    assert send(address, None, "/../server.py", method="GET")[0] == 404
    assert send(address, drawing, headers={"Content-Type": "text/plain"})[0] == 415
    assert send(address, drawing, headers={"Host": "example.org"})[0] == 403
    assert send(address, drawing, method="DELETE") == (501, {"error": "Unsupported method ('DELETE')"})
    host, port = address.removeprefix("http://").split(":")
    connection = http.client.HTTPConnection(host, int(port))
    connection.putrequest("POST", "/answer")
    connection.endheaders()
    assert connection.getresponse().status == 411


def test_after_all_that_the_server_still_answers(address):
    assert send(address, {"kind": "garments", "drawing": THREE})[0] == 200


def test_a_damaged_model_is_not_served(folder, tmp_path):
    models = json.loads((folder / "models.json").read_text(encoding="utf-8"))
    biases = models["digits"]["layers"][-1]["biases"]
    biases["float32"] = pack(server.decode(biases) + np.arange(10))["float32"]
    (tmp_path / "models.json").write_text(json.dumps(models), encoding="utf-8")
    shutil.copy(folder / "index.html", tmp_path)
    command = [sys.executable, str(PRODUCT / "server.py"), str(tmp_path), "--port", "0"]
    done = subprocess.run(command, capture_output=True, text=True)
    assert done.returncode == 1 and "do not answer as Keras did" in done.stderr
    done = subprocess.run([*command[:2], str(tmp_path / "none")], capture_output=True, text=True)
    assert done.returncode == 1 and "run the notebook of Day 20 first" in done.stderr


# The page


class Page(Browser):
    """The page in a headless Chromium, with a hand that draws and types."""

    def draw(self, strokes):
        """Draw strokes with the mouse, as a hand would."""
        box = self.value("(({left, top, width}) => ({left, top, width}))(paper.getBoundingClientRect())")
        for stroke in strokes:
            corner, side = np.array([box["left"], box["top"]]), box["width"]
            places = (corner + side * (0.1 + 0.008 * np.array(stroke))).tolist()
            kinds = ["mousePressed", *["mouseMoved"] * (len(places) - 1), "mouseReleased"]
            for kind, (x, y) in zip(kinds, [*places, places[-1]], strict=True):
                self.call("Input.dispatchMouseEvent", type=kind, x=x, y=y, button="left", buttons=1, clickCount=1)

    def key(self, name, count=1):
        """Press a key."""
        for _ in range(count):
            for kind in ("keyDown", "keyUp"):
                self.call("Input.dispatchKeyEvent", type=kind, key=name)


@pytest.fixture(scope="module", params=["served", "a file"])
def browser(request, folder, address, tmp_path_factory):
    """The page in a browser, from the server or opened as a file."""
    page = address + "/" if request.param == "served" else (folder / "index.html").as_uri()
    browser = Page(tmp_path_factory.mktemp("profile"))
    browser.open(page, ready="document.body?.dataset.ready === 'true'")
    browser.is_served = request.param == "served"
    yield browser
    browser.close()


@needs_browser
def test_a_drawing_is_answered_at_once_and_as_numpy_would(browser, folder):
    models = server.read_models((folder / "models.json").read_text(encoding="utf-8"))
    browser.value("clear()")
    assert browser.value("find('answer').textContent") == "Draw something."
    took, right = [], 0
    asked = [(kind, name, which) for kind in models for which in (0, 1) for name in DRAWINGS[kind]]
    for kind, name, which in asked + asked[:10]:
        browser.value(f"document.querySelector('input[value={kind}]').click(); clear()")
        browser.value("delete document.body.dataset.milliseconds")
        browser.draw(DRAWINGS[kind][name][which])
        browser.wait("document.body.dataset.milliseconds !== undefined")
        took.append(float(browser.value("document.body.dataset.milliseconds")))
        rows = np.array(browser.value("readPaper()"))
        assert rows.shape == (112, 112) and (rows > 100).mean() > 0.01
        wanted = server.answer(models[kind], rows / 255)
        data = "{shape: [112, 112], data: Float64Array.from(readPaper().flat(), ink => ink / 255)}"
        found = browser.value(f"answer(models.{kind}, {data}).probabilities")
        np.testing.assert_allclose(list(found.values()), list(wanted["probabilities"].values()), atol=1e-4)
        assert browser.value("find('answer').textContent") == (wanted["answer"] or "I am not sure.")
        share = max(wanted["probabilities"].values())
        assert browser.value("document.querySelector('tr.best').cells[2].textContent") == f"{100 * share:.1f} %"
        right += wanted["probabilities"][name] == share
    browser.value("document.querySelector('input[value=digits]').click()")
    print(f"\n{right} of {len(took)} right; median {statistics.median(took):.1f} ms, slowest {max(took):.1f} ms")


@needs_browser
def test_the_first_layer_s_maps_are_shown(browser):
    browser.value("clear()")
    browser.draw(DRAWINGS["digits"]["8"][0])
    browser.wait("find('maps').width === 8 * 30 - 2 && find('maps').height === 2 * 30 - 2")
    for name in ("seen", "maps"):
        grey = browser.value(
            f"[...find('{name}').getContext('2d').getImageData(0, 0, find('{name}').width, find('{name}').height).data]"
        )
        assert len(set(grey[::4])) > 5, name


@needs_browser
def test_an_empty_paper_and_a_dot_get_a_clear_answer(browser):
    browser.value("clear(); find('pen').value = 16; respond(true)")
    assert "empty" in browser.value("find('answer').textContent")
    browser.draw([[[50, 50], [50, 50]]])
    browser.wait("find('answer').textContent.includes('empty')")
    browser.value("find('pen').value = 36")


@needs_browser
def test_one_can_draw_with_the_keyboard(browser):
    browser.value("clear(); paper.focus()")
    browser.key("ArrowUp", 8)
    assert browser.value("find('cursor').hidden") is False
    assert browser.value("readPaper().flat().every(ink => ink === 0)")
    browser.key(" ")
    browser.key("ArrowDown", 16)
    browser.key(" ")
    browser.wait("find('spoken').textContent.includes('percent')")
    rows = np.array(browser.value("readPaper()"))
    assert np.ptp(np.flatnonzero(rows.max(axis=1) > 100)) > 50 and np.ptp(np.flatnonzero(rows.max(axis=0) > 100)) < 20
    browser.key("Delete")
    assert browser.value("readPaper().flat().every(ink => ink === 0)")


@needs_browser
def test_examples_kinds_and_the_server_can_be_chosen(browser, folder):
    browser.value("document.querySelector('input[value=garments]').click()")
    assert browser.value("find('rows').rows[0].cells[0].textContent") == "T-shirt/top"
    browser.value("find('example').selectedIndex = 4; find('show').click()")
    browser.wait("find('spoken').textContent.includes('percent')")
    here = browser.value("[...find('rows').rows].map(row => row.cells[2].textContent)")
    assert browser.value("document.querySelector('input[value=server]').disabled") is not browser.is_served
    if browser.is_served:
        browser.value(
            "delete document.body.dataset.milliseconds; document.querySelector('input[value=server]').click()"
        )
        browser.wait("document.body.dataset.milliseconds && find('time').textContent.includes('local server')")
        assert browser.value("[...find('rows').rows].map(row => row.cells[2].textContent)") == here
        browser.value("document.querySelector('input[value=browser]').click()")
    browser.value("document.querySelector('input[value=digits]').click()")


@needs_browser
def test_everything_one_can_operate_has_a_name_and_is_reached_by_tab(browser):
    tree = browser.call("Accessibility.getFullAXTree")["nodes"]
    wanted = {"button", "radio", "slider", "combobox", "application", "image"}
    found = [(node["role"]["value"], node.get("name", {}).get("value", "")) for node in tree if not node["ignored"]]
    assert {role for role, _ in found} & {"button", "radio", "slider", "application", "image"}
    assert [role for role, name in found if role.lower() in wanted and not name] == []
    reached = set()
    browser.value("document.activeElement.blur()")
    for _ in range(15):
        browser.call("Input.dispatchKeyEvent", type="keyDown", key="Tab", windowsVirtualKeyCode=9)
        browser.call("Input.dispatchKeyEvent", type="keyUp", key="Tab", windowsVirtualKeyCode=9)
        reached.add(browser.value("document.activeElement.id || document.activeElement.name"))
    assert reached >= {"paper", "clear", "pen", "example", "show", "kind", "where"}


@needs_browser
def test_the_template_says_that_it_has_no_model(tmp_path):
    browser = Page(tmp_path)
    browser.open((PRODUCT / "page.html").as_uri(), ready="find('answer').textContent.includes('template')")
    assert browser.value("find('check').textContent") == "" and browser.problems == []
    browser.close()


@needs_browser
def test_the_page_asks_nobody_but_its_own_server_and_complains_of_nothing(browser):
    asked = browser.value("performance.getEntriesByType('resource').map(each => each.name)")
    own = browser.value("location.origin")
    assert all(name.startswith(own + "/") for name in asked)
    assert browser.problems == []
