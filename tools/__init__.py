"""The authors' tools: they build, measure and check the course. No notebook imports them."""

import pathlib

ROOT = pathlib.Path(__file__).resolve().parents[1]
FOLDERS = ("notebooks", "exercises", "solutions")
