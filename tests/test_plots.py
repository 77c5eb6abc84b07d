"""utils/plots.py: no figure without alt text and labels, and what reaches the notebook's output."""

import base64
import html.parser
import io

import matplotlib

matplotlib.use("agg")

import ipywidgets
import matplotlib.pyplot as plt
import numpy as np
import pytest
from IPython.core.interactiveshell import InteractiveShell
from IPython.utils.capture import capture_output
from traitlets.config import Config

from utils import plots

ALT = 'A <b>"line"</b> & a point, both of them rising.'
POINTS, LABELS = np.array([[0.0, 0.0], [1.0, 1.0], [2.0, 0.5]]), np.array([0, 1, 1])


@pytest.fixture(scope="module", autouse=True)
def shell(tmp_path_factory):
    """A running IPython, so that what is displayed has somewhere to go."""
    config = Config({"HistoryManager": {"enabled": False}})
    shell = InteractiveShell.instance(ipython_dir=str(tmp_path_factory.mktemp("ipython")), config=config)
    yield
    shell.restore_sys_module_state()
    InteractiveShell.clear_instance()


@pytest.fixture(autouse=True)
def course_style():
    with plt.rc_context():
        plots.use_course_style()
        yield
    plt.close("all")


def line(xlabel="time (s)", ylabel="height (m)", **options):
    figure, axes = plt.subplots(**options)
    for each in np.ravel(axes):
        each.plot([0, 1], [0, 1])
        each.set(xlabel=xlabel, ylabel=ylabel)
    return figure


def shown(function, *arguments, **options):
    """Return the data and the metadata of the one thing a function displays; its figure must be closed."""
    with capture_output() as captured:
        function(*arguments, **options)
    assert plt.get_fignums() == []
    (output,) = captured.outputs
    return output.data, output.metadata


def alt_of(function, *arguments, **options):
    data, metadata = shown(function, *arguments, **options)
    assert data["text/plain"] == f"Figure: {metadata['image/png']['alt']}"
    return metadata["image/png"]["alt"]


def pixels(data):
    return plt.imread(io.BytesIO(base64.b64decode(data["image/png"])))[..., :3]


def attributes(page):
    """Return the attributes of the first tag of an HTML text, as a browser reads them."""
    found = []
    parser = html.parser.HTMLParser()
    parser.handle_starttag = lambda tag, pairs: found.append({"tag": tag} | dict(pairs))
    parser.feed(page)
    return found[0]


# Alt text and labels


@pytest.mark.parametrize("alt", ["", "A line.", None, "four words, no more", 5])
@pytest.mark.parametrize(
    "call",
    [
        lambda alt: plots.show(line(), alt),
        lambda alt: plots.image_grid(np.zeros((1, 2, 2)), ["one"], alt=alt),
        lambda alt: plots.decision_boundary(lambda places: np.zeros(len(places), int), POINTS, LABELS, "xy", alt),
        lambda alt: plots.animate(line(), lambda number: None, 2, alt),
    ],
    ids=["show", "image_grid", "decision_boundary", "animate"],
)
def test_a_figure_without_alt_text_is_refused(call, alt):
    with capture_output() as captured, pytest.raises(ValueError, match="alt text of a sentence or more"):
        call(alt)
    assert captured.outputs == []


@pytest.mark.parametrize("show", [plots.show, lambda figure, alt: plots.animate(figure, lambda number: None, 2, alt)])
@pytest.mark.parametrize(("labels", "axis"), [({"xlabel": ""}, "x"), ({"ylabel": ""}, "y")])
def test_an_axis_without_label_is_refused_and_named(show, labels, axis):
    figure = line(ncols=2)
    figure.axes[1].set(**labels)
    with capture_output() as captured, pytest.raises(ValueError, match=f"the {axis} axis of picture 2 has no label"):
        show(figure, ALT)
    assert captured.outputs == []


def shared_axis(labelled=1):
    figure = line(xlabel="", nrows=2, sharex=True)
    figure.axes[labelled].set_xlabel("time (s)")
    return figure


def shared_axis_with_the_label_above():
    return shared_axis(labelled=0)


def common_label():
    figure = line(xlabel="", ncols=2)
    figure.supxlabel("time (s)")
    return figure


def picture_with_colour_bar():
    figure, axes = plt.subplots()
    figure.colorbar(axes.imshow(np.eye(2)), ax=axes)
    axes.axis("off")
    return figure


def axis_without_ticks():
    figure = line(ylabel="")
    figure.axes[0].set_yticks([])
    return figure


@pytest.mark.parametrize(
    "make",
    [
        shared_axis,
        shared_axis_with_the_label_above,
        common_label,
        picture_with_colour_bar,
        axis_without_ticks,
    ],
)
def test_axes_that_need_no_label_of_their_own_pass(make):
    assert alt_of(plots.show, make(), ALT) == ALT


# What is shown


def test_the_output_carries_the_figure_twice_and_its_alt_text():
    data, metadata = shown(plots.show, line(figsize=(4, 3)), ALT)
    assert data.keys() == {"text/html", "image/png", "text/plain"}
    assert metadata == {"image/png": {"alt": ALT}}
    image = attributes(data["text/html"])
    assert image["tag"] == "img" and image["alt"] == ALT
    assert image["src"] == f"data:image/png;base64,{data['image/png']}"
    assert "width:384px" in image["style"]
    assert pixels(data).shape == (450, 600, 3)


def test_learning_curves_tell_training_and_validation():
    history = {"loss": [4.0, 2.0, 1.0], "val_loss": [4.0, 1.5, 5.0], "accuracy": [0.25, 0.75, 0.5]}
    assert alt_of(plots.learning_curves, history, unit="m²", log=True) == (
        "Learning curve: loss over 3 epochs; "
        "training goes from 4 to 1, lowest 1 in epoch 3, highest 4 in epoch 1; "
        "validation goes from 4 to 5, lowest 1.5 in epoch 2, highest 5 in epoch 3."
    )
    assert alt_of(plots.learning_curves, history, metric="accuracy") == (
        "Learning curve: accuracy over 3 epochs; "
        "training goes from 0.25 to 0.5, lowest 0.25 in epoch 1, highest 0.75 in epoch 2."
    )


def test_an_unknown_metric_lists_the_known_ones():
    with pytest.raises(KeyError, match=r"no 'mae', only \['loss', 'val_loss'\]"):
        plots.learning_curves({"val_loss": [1.0], "loss": [1.0]}, metric="mae")


@pytest.mark.parametrize("shape", [(3, 4, 4), (3, 4, 4, 1)])
def test_grey_images_go_from_black_to_white(shape):
    images = np.full(shape, 10.0)
    images[1:] = 20.0
    data, metadata = shown(plots.image_grid, images, ["dark", "light", "light"], columns=2, alt=ALT)
    assert metadata["image/png"]["alt"] == f"3 images: {ALT}"
    assert 0.1 < (pixels(data) == 0).all(axis=-1).mean() < 0.3  # the dark one alone, in the first of four places


def test_colour_images_keep_their_colour():
    images = np.zeros((1, 4, 4, 3))
    images[..., 0] = 1.0
    data, _ = shown(plots.image_grid, images, ["red"], columns=1, alt=ALT)
    assert (pixels(data) == [1, 0, 0]).all(axis=-1).mean() > 0.3


@pytest.mark.parametrize("titles", [[], ["one"], ["one", "two", "three"]])
def test_every_image_needs_its_title(titles):
    with pytest.raises(ValueError, match=f"2 images but {len(titles)} titles"):
        plots.image_grid(np.zeros((2, 4, 4)), titles, alt=ALT)


@pytest.mark.parametrize(
    ("predicted", "words"),
    [
        ([0, 1, 1, 1, 0, 2], "3 right; most often cat is taken for dog, 2 times."),
        ([0, 0, 0, 1, 1, 0], "5 right; most often owl is taken for cat, 1 times."),
        ([0, 0, 0, 1, 1, 2], "6 right; no mistakes."),
    ],
)
def test_a_confusion_matrix_counts_right_and_worst(predicted, words):
    alt = alt_of(plots.confusion_matrix, [0, 0, 0, 1, 1, 2], predicted, ["cat", "dog", "owl"])
    assert alt == f"Confusion matrix, 6 examples in 3 classes: {words}"


def test_a_confusion_matrix_has_room_for_a_class_that_never_came():
    alt = alt_of(plots.confusion_matrix, [0, 0], [0, 2], ["cat", "dog", "owl"])
    assert "2 examples in 3 classes: 1 right; most often cat is taken for owl, 1 times" in alt


def right_half(places):
    return (places[:, 0] > 1).astype(int)


def test_a_decision_boundary_alone_is_shown():
    data, metadata = shown(plots.decision_boundary, right_half, POINTS, LABELS, ("x (cm)", "y (cm)"), ALT)
    assert metadata["image/png"]["alt"] == ALT
    picture = pixels(data)
    left, right = picture[picture.shape[0] // 2, [picture.shape[1] // 4, 3 * picture.shape[1] // 4]]
    assert left[2] > left[0] and right[0] > right[2]  # blue for the first class, orange for the second


def test_a_decision_boundary_in_given_axes_shows_nothing():
    figure, axes = plt.subplots()
    with capture_output() as captured:
        plots.decision_boundary(right_half, POINTS, LABELS, ("x (cm)", "y (cm)"), "", axes=axes)
    assert captured.outputs == [] and plt.get_fignums() == [figure.number]
    assert (axes.get_xlabel(), axes.get_ylabel()) == ("x (cm)", "y (cm)")
    assert sum(len(points.get_offsets()) for points in axes.collections[-2:]) == len(POINTS)


def test_an_animation_has_a_player_and_its_last_frame():
    figure = line(figsize=(2, 2))
    data, metadata = shown(plots.animate, figure, lambda n: figure.axes[0].set_facecolor([n / 2, 0, 0]), 3, ALT)
    assert metadata == {"image/png": {"alt": ALT}}
    player = attributes(data["text/html"])
    assert player["title"] == f"Animation: {ALT}"
    assert player["srcdoc"].count("data:image/png;base64,") == 3
    assert 'title="Play"' in player["srcdoc"]
    assert f'<img alt="{html.escape(ALT)}" id=' in player["srcdoc"] and 'aria-label="Frame"' in player["srcdoc"]
    assert (pixels(data) == [1, 0, 0]).all(axis=-1).mean() > 0.2  # red is the last frame, black the first


def test_an_animation_needs_no_other_server():
    figure = line(figsize=(2, 2))
    data, _ = shown(plots.animate, figure, lambda n: None, 2, ALT)
    page = attributes(data["text/html"])["srcdoc"]
    assert "https:" not in page and "http:" not in page
    icons = {name for tag in page.split('<i class="fa ')[1:] for name in tag.split('"')[0].split()}
    assert icons and icons == set(plots.PLAYER_SIGNS)


def values(data):
    """Return the texts of the last two widgets in a displayed box, as a browser would get them."""
    widgets = ipywidgets.Widget.get_manager_state()["state"]
    box = widgets[data["application/vnd.jupyter.widget-view+json"]["model_id"]]["state"]
    return [widgets[child.removeprefix("IPY_MODEL_")]["state"]["value"] for child in box["children"][-2:]]


def test_sliders_redraw_the_figure_and_leave_a_still():
    def draw(slope, offset_in_m):
        figure = line(figsize=(2, 2))
        if slope > 2:
            raise ArithmeticError("too steep")
        return figure, f"A line that rises by {slope} from {offset_in_m} metres."

    slope, offset = ipywidgets.IntSlider(value=1, max=5), ipywidgets.IntSlider(value=4)
    data, metadata = shown(plots.interact, draw, slope=slope, offset_in_m=offset)
    assert "application/vnd.jupyter.widget-view+json" in data
    assert metadata["image/png"]["alt"] == "A line that rises by 1 from 4 metres."
    assert pixels(data).shape == (300, 300, 3)
    assert offset.description == "offset in m"
    state, picture = values(data)
    assert attributes(picture)["alt"] == metadata["image/png"]["alt"]
    slope.value = 2
    state, picture = values(data)
    assert attributes(picture)["alt"] == "A line that rises by 2 from 4 metres." and state == ""
    with pytest.raises(ArithmeticError):
        slope.value = 3
    assert values(data)[0] == "ArithmeticError: too steep"


def test_sliders_need_alt_text_as_well():
    with capture_output() as captured, pytest.raises(ValueError, match="alt text of a sentence or more"):
        plots.interact(lambda size: (line(), "short"), size=ipywidgets.IntSlider())
    assert captured.outputs == []
