"""Lay the course out in work/, the learner's own folder: `python -m tools.work` (or `make lab`, which opens it).

A file the learner has not touched follows the course; a touched one is never overwritten: when the course has a newer
version, that is laid beside it under another name and named on the screen. A file that was deleted or renamed comes
back fresh under its own name. What was laid out, and with what content, stands in work/.course.json.
"""

from __future__ import annotations

import hashlib
import json
import os
import pathlib

from tools import FOLDERS, ROOT


def lay_out(root: pathlib.Path = ROOT, work: pathlib.Path | None = None) -> list[str]:
    """Bring work/ up to date without losing anything.

    Args:
        root: the course's folder with the built notebooks.
        work: the learner's folder; by default root/work.

    Returns:
        One line for everything the learner should know about.

    Raises:
        OSError: if work/ can't be written.
    """
    work = work or root / "work"
    state_path = work / ".course.json"
    told = []
    delivered = _read_state(state_path, told)
    for source in sorted(path for folder in FOLDERS for path in (root / folder).glob("*.ipynb")):
        name = source.relative_to(root).as_posix()
        own, content = work / name, source.read_bytes()
        newest = _digest(content)
        if not own.exists():
            if name in delivered:
                told.append(f"{name} was gone and is back, as the course has it")
            _write(own, content)
        elif (now := _digest(own.read_bytes())) != newest:
            if now == delivered.get(name):
                _write(own, content)
                told.append(f"{name} was updated")
            elif delivered.get(name) != newest:
                beside = _free_name(own)
                _write(beside, content)
                told.append(f"you have worked in {name}; the newer version lies beside it as {beside.name}")
        delivered[name] = newest
    _write(state_path, (json.dumps(delivered, indent=1) + "\n").encode())
    return told


def _read_state(path, told):
    """Return name -> digest as last laid out; without a readable record every differing file counts as touched."""
    if not path.exists():
        return {}
    try:
        state = json.loads(path.read_text(encoding="utf-8"))
        return {str(name): str(digest) for name, digest in state.items()}
    except (ValueError, AttributeError):
        told.append(f"{path.name} could not be read: files that differ from the course are kept as your own")
        return {}


def _digest(content):
    return hashlib.sha256(content).hexdigest()


def _free_name(path):
    number = 1
    while (beside := path.with_name(f"{path.stem}_update{number}{path.suffix}")).exists():
        number += 1
    return beside


def _write(path, content):
    """Write a file whole or not at all."""
    path.parent.mkdir(parents=True, exist_ok=True)
    partial = path.with_name(path.name + ".part")
    partial.write_bytes(content)
    os.replace(partial, path)


if __name__ == "__main__":
    for line in lay_out():
        print(line)
    print(f"your notebooks are in {ROOT / 'work'}; git ignores that folder, and updates never overwrite your work")
