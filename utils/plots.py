"""Figures with labelled axes, a colour-blind-safe palette and alt text that reaches the notebook's output.

Every function that shows a figure writes it into the output twice: as HTML with an `alt` attribute, which notebooks and
the web book display, and as PNG, for programs that read only that. A figure without alt text or with an unlabelled
axis is an error: a reader who cannot see it, or sees it out of context, should not be left out.
"""

from __future__ import annotations

import base64
import html
import io
import re
from collections.abc import Callable, Sequence

import ipywidgets
import matplotlib.pyplot as plt
import numpy as np
from IPython.display import display
from matplotlib import animation
from sklearn.metrics import ConfusionMatrixDisplay

# Okabe and Ito's palette (https://jfly.uni-koeln.de/color/), ordered so that neighbours also differ in lightness.
COLOURS = ("#0072B2", "#E69F00", "#009E73", "#CC79A7", "#56B4E9", "#D55E00", "#000000", "#F0E442")
MARKERS = ("o", "^", "s", "D", "v", "P", "X", "*")
PIXELS_PER_INCH = 150
SHOWN_PER_INCH = 96

# Signs for the buttons of matplotlib's player, which would fetch a font of icons from another server.
PLAYER_SIGNS = {
    "fa-minus": "−",
    "fa-plus": "+",
    "fa-fast-backward": "|◀",
    "fa-step-backward": "◂",
    "fa-play": "▶",
    "fa-flip-horizontal": "◀",
    "fa-pause": "▮▮",
    "fa-step-forward": "▸",
    "fa-fast-forward": "▶|",
}
PLAYER_STYLE = "img { max-width: 100% }\n" + "".join(
    f'.{name}::before {{ content: "{sign}"; font-style: normal }}\n' for name, sign in PLAYER_SIGNS.items()
)


def use_course_style() -> None:
    """Set matplotlib's defaults for the whole course: palette, light grid, readable sizes."""
    plt.rcParams.update(
        {
            "axes.prop_cycle": plt.cycler(color=COLOURS),
            "axes.grid": True,
            "axes.axisbelow": True,
            "axes.spines.top": False,
            "axes.spines.right": False,
            "axes.titlesize": 12,
            "axes.titleweight": "bold",
            "axes.titlelocation": "left",
            "axes.labelsize": 10.5,
            "grid.color": "#e4e4e4",
            "grid.linewidth": 0.8,
            "legend.frameon": False,
            "lines.linewidth": 2,
            "image.cmap": "cividis",
            "figure.figsize": (7.5, 4),
            "figure.constrained_layout.use": True,
            "animation.embed_limit": 40,
        }
    )


def show(figure: plt.Figure, alt: str) -> None:
    """Show a figure with its alt text, and close it.

    Args:
        figure: the figure; every visible axis must carry a label (axes turned off, as under images, need none).
        alt: what a reader who cannot see the figure should know: what is drawn, and what it shows.

    Raises:
        ValueError: if the alt text is missing or too short to say anything, or an axis has no label.
    """
    page, picture = _page(figure, alt)
    _display({"text/html": page}, picture, alt)


def _page(figure, alt):
    """Return a figure as HTML with alt text and as PNG in base 64, and close it."""
    _require_alt(alt)
    _require_labels(figure)
    data, width = _png(figure)
    plt.close(figure)
    picture = base64.b64encode(data).decode()
    page = (
        f'<img src="data:image/png;base64,{picture}" alt="{html.escape(alt)}" style="width:{width}px;max-width:100%">'
    )
    return page, picture


def _display(first, picture, alt):
    display(
        first | {"image/png": picture, "text/plain": f"Figure: {alt}"},
        metadata={"image/png": {"alt": alt}},
        raw=True,
    )


def _png(figure):
    """Return the figure as PNG bytes and the width in CSS pixels at which to show it."""
    store = io.BytesIO()
    figure.savefig(store, format="png", dpi=PIXELS_PER_INCH, facecolor="white")
    return store.getvalue(), round(figure.get_size_inches()[0] * SHOWN_PER_INCH)


def _require_alt(alt):
    if not isinstance(alt, str) or len(alt.split()) < 5:
        raise ValueError(
            f"give the figure an alt text of a sentence or more: what is drawn, what it shows; got {alt!r}"
        )


def _require_labels(figure):
    for number, axes in enumerate(figure.axes):
        if not axes.axison or hasattr(axes, "_colorbar"):
            continue
        for name, group, shared in (
            ("x", axes.get_shared_x_axes(), figure.get_supxlabel()),
            ("y", axes.get_shared_y_axes(), figure.get_supylabel()),
        ):
            labels = [getattr(each, f"get_{name}label")() for each in group.get_siblings(axes)]
            visible = getattr(axes, f"get_{name}axis")().get_visible() and len(getattr(axes, f"get_{name}ticks")())
            if visible and not any(labels) and not shared:
                raise ValueError(f"the {name} axis of picture {number + 1} has no label: set one, with its unit")


def learning_curves(
    history: dict[str, Sequence[float]], metric: str = "loss", unit: str = "", log: bool = False
) -> None:
    """Show a metric over the epochs, for training and, where the history has it, validation.

    Args:
        history: `History.history` of Keras: name -> one value per epoch.
        metric: its key, such as "loss" or "accuracy"; "val_" + metric is drawn beside it if present.
        unit: unit of the metric, for the axis label.
        log: draw the metric on a logarithmic scale.

    Raises:
        KeyError: if the history has no such metric; the message lists those it has.
    """
    if metric not in history:
        raise KeyError(f"the history has no {metric!r}, only {sorted(history)}")
    figure, axes = plt.subplots()
    told = []
    for name, label, style in ((metric, "training", "-"), ("val_" + metric, "validation", "--")):
        if name in history:
            values = np.asarray(history[name], dtype="float64")
            axes.plot(np.arange(1, len(values) + 1), values, style, label=label)
            low, high = int(values.argmin()), int(values.argmax())
            told.append(
                f"{label} goes from {values[0]:.3g} to {values[-1]:.3g}, lowest {values[low]:.3g} in epoch {low + 1},"
                f" highest {values[high]:.3g} in epoch {high + 1}"
            )
    axes.set(xlabel="epoch", ylabel=f"{metric} ({unit})" if unit else metric, title="Learning curve")
    if log:
        axes.set_yscale("log")
    axes.legend()
    show(figure, f"Learning curve: {metric} over {len(history[metric])} epochs; {'; '.join(told)}.")


def image_grid(images, titles: Sequence[str], columns: int = 8, alt: str = "", size: float = 1.1) -> None:
    """Show images in rows, each under its title.

    Args:
        images: array of shape (images, height, width), (…, 1) or (…, 3); grey is drawn black to white between the
            smallest and the largest value of all.
        titles: one per image.
        columns: images in a row.
        alt: what the images are; the number of images is added.
        size: width of an image in inches.

    Raises:
        ValueError: if titles and images differ in number, or the alt text is missing.
    """
    images = np.asarray(images)
    _require_alt(alt)
    if len(images) != len(titles):
        raise ValueError(f"{len(images)} images but {len(titles)} titles: give one title for each image")
    rows = -(-len(images) // columns)
    figure, grid = plt.subplots(rows, columns, figsize=(columns * size, rows * size * 1.25), squeeze=False)
    for axes in grid.flat:
        axes.axis("off")
    for axes, image, title in zip(grid.flat, images, titles, strict=False):
        axes.imshow(image.squeeze(), cmap="gray", vmin=images.min(), vmax=images.max())
        axes.set_title(title, fontsize=8, fontweight="normal", loc="center")
    show(figure, f"{len(images)} images: {alt}")


def confusion_matrix(true, predicted, class_names: Sequence[str]) -> None:
    """Show how often each true class was taken for each class.

    Args:
        true: integer array of shape (examples,).
        predicted: integer array of shape (examples,).
        class_names: one per class, in the order of the integers.
    """
    figure, axes = plt.subplots(figsize=(1.8 + 0.55 * len(class_names), 1.4 + 0.5 * len(class_names)))
    labels = range(len(class_names))
    drawn = ConfusionMatrixDisplay.from_predictions(
        true, predicted, labels=labels, display_labels=class_names, cmap="cividis", ax=axes, colorbar=False
    )
    axes.set(xlabel="predicted class", ylabel="true class")
    axes.grid(visible=False)
    axes.tick_params(axis="x", rotation=45 if len(class_names) > 3 else 0)
    counts = drawn.confusion_matrix
    wrong = counts - np.diag(np.diag(counts))
    row, column = np.unravel_index(wrong.argmax(), wrong.shape)
    worst = (
        f"most often {class_names[row]} is taken for {class_names[column]}, {wrong.max()} times"
        if wrong.any()
        else "no mistakes"
    )
    show(
        figure,
        f"Confusion matrix, {counts.sum()} examples in {len(class_names)} classes: {np.trace(counts)} right; {worst}.",
    )


def decision_boundary(
    predict: Callable[[np.ndarray], np.ndarray],
    points,
    labels,
    names: Sequence[str],
    alt: str,
    axes: plt.Axes | None = None,
) -> None:
    """Show which class a model gives to each place of a plane, with the points it learned from.

    Args:
        predict: takes an array of shape (places, 2), returns the class numbers, shape (places,).
        points: array of shape (points, 2).
        labels: integer array of shape (points,), from 0.
        names: the two axis labels, with units.
        alt: what the picture shows.
        axes: draw here instead of in a figure of its own, and show nothing (for animations and comparisons).
    """
    points, labels = np.asarray(points), np.asarray(labels)
    alone = axes is None
    if alone:
        _require_alt(alt)
        _, axes = plt.subplots(figsize=(5.5, 4.5))
    margin = 0.08 * np.ptp(points, axis=0)
    (left, bottom), (right, top) = points.min(axis=0) - margin, points.max(axis=0) + margin
    across, up = np.meshgrid(np.linspace(left, right, 200), np.linspace(bottom, top, 200))
    classes = np.asarray(predict(np.column_stack([across.ravel(), up.ravel()]))).reshape(across.shape)
    count = int(max(labels.max(), classes.max())) + 1
    axes.contourf(across, up, classes, levels=np.arange(count + 1) - 0.5, colors=COLOURS[:count], alpha=0.25)
    for number in range(count):
        chosen = points[labels == number]
        axes.scatter(*chosen.T, s=18, color=COLOURS[number], marker=MARKERS[number], edgecolor="black", linewidth=0.4)
    axes.set(xlabel=names[0], ylabel=names[1])
    axes.grid(visible=False)
    if alone:
        show(axes.figure, alt)


def player_page(player: str, alt: str) -> str:
    """Return matplotlib's animation player as a page that needs no other server and has names for its parts.

    Args:
        player: the player's HTML.
        alt: what moves, and what it shows.
    """
    alt = html.escape(alt)
    fonts = re.search(r"<link[^>]*font-awesome[^>]*>", player)[0]
    player = player.replace(fonts, f"<style>\n{PLAYER_STYLE}</style>").replace("<img id=", f'<img alt="{alt}" id=')
    player = player.replace('<input id="_anim_slider', '<input aria-label="Frame" id="_anim_slider')
    head = f'<!doctype html>\n<html lang="en">\n<head><meta charset="utf-8"><title>Animation: {alt}</title></head>\n'
    return f"{head}<body><main>\n{player}\n</main></body>\n</html>\n"


def animate(figure: plt.Figure, draw: Callable[[int], object], frames: int, alt: str, seconds: float = 6.0) -> None:
    """Show an animation with controls (play, pause, step), played once; its last frame stands for it in print.

    Args:
        figure: the figure with labelled axes.
        draw: called with the frame's number, 0 to frames - 1; draws that frame on the figure.
        frames: how many.
        alt: what moves, and what it shows.
        seconds: how long it plays.

    Raises:
        ValueError: if the alt text is missing or an axis has no label.
    """
    _require_alt(alt)
    draw(0)
    _require_labels(figure)
    figure.draw_without_rendering()
    figure.set_layout_engine("none")  # laid out once: otherwise every frame pays for it, and the axes jump
    # Each frame is drawn when it is saved; there is no window for which to draw it once more before.
    figure.canvas.draw_idle = lambda: None
    with plt.rc_context({"savefig.dpi": 100}):
        movie = animation.FuncAnimation(figure, draw, frames=frames, interval=1000 * seconds / frames)
        player = player_page(movie.to_jshtml(default_mode="once"), alt)
    draw(frames - 1)
    data, width = _png(figure)
    plt.close(figure)
    # A frame of its own: the player looks for its parts by name when it starts, and JupyterLab takes cells that are
    # not in view out of the page, so that it would not find them.
    height = round(width * figure.get_size_inches()[1] / figure.get_size_inches()[0]) + 110
    frame = (
        f'<iframe srcdoc="{html.escape(player)}" title="Animation: {html.escape(alt)}"'
        f' style="width:{width + 40}px;max-width:100%;height:{height}px;border:0"></iframe>'
    )
    _display({"text/html": frame}, base64.b64encode(data).decode(), alt)


def interact(draw: Callable[..., tuple[plt.Figure, str]], **controls: ipywidgets.ValueWidget) -> None:
    """Show sliders and the figure that belongs to their values; moving one draws the figure anew.

    Without a running kernel (on GitHub, in the web book) the figure of the first values stands in for the sliders.
    The picture is an HTML widget and not `ipywidgets.interact`'s output widget: with that, programs that execute
    notebooks may wait for ever (https://github.com/jupyter/nbclient/issues/312).

    Args:
        draw: called with the controls' values by name; returns the figure and its alt text.
        controls: name -> widget with a value; the name, with spaces for underscores, is its label.

    Raises:
        ValueError: if the first figure lacks an alt text or an axis label.
    """
    picture, state = ipywidgets.HTML(), ipywidgets.Label()

    def redraw(_):
        state.value = "computing …"
        try:
            picture.value, _ = _page(*draw(**{name: control.value for name, control in controls.items()}))
            state.value = ""
        except Exception as error:
            state.value = f"{type(error).__name__}: {error}"
            raise

    for name, control in controls.items():
        control.description = name.replace("_", " ")
        control.style = {"description_width": "7em"}
        control.observe(redraw, names="value")
    figure, alt = draw(**{name: control.value for name, control in controls.items()})
    picture.value, still = _page(figure, alt)
    box = ipywidgets.VBox([*controls.values(), state, picture])
    view = {"model_id": box.model_id, "version_major": 2, "version_minor": 0}
    _display({"application/vnd.jupyter.widget-view+json": view}, still, alt)
