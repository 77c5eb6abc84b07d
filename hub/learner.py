"""Start one learner's server on a hub: lay the course out in the learner's home, then become `jupyterhub-singleuser`.

The hub runs this file in place of `jupyterhub-singleuser` (`Spawner.cmd`) and hands it that program's arguments. The
learner gets a folder `course/`: `work/` is the learner's own and is brought up to date by tools.work, which never
overwrites work; `course/`, `tools/` and `utils/` are copies of the course's, so that what a lesson writes stays with
the learner; `data/` is a link, because 84 MB once are enough.
"""

from __future__ import annotations

import filecmp
import os
import pathlib
import shutil
import sys

ROOT = pathlib.Path(__file__).resolve().parents[1]
COPIED = ("course", "tools", "utils")


def prepare(home: pathlib.Path, root: pathlib.Path = ROOT) -> pathlib.Path:
    """Lay the course out in a learner's home, or bring it up to date.

    Args:
        home: the learner's home folder.
        root: the course as the hub has it, which the learner need only be able to read.

    Returns:
        The learner's own folder, home/course/work.

    Raises:
        OSError: if the home can't be written.
    """
    sys.path.insert(0, str(root))
    from tools.work import lay_out

    own = home / "course"
    for folder in COPIED:
        ignored = shutil.ignore_patterns("__pycache__")
        shutil.copytree(root / folder, own / folder, ignore=ignored, copy_function=_copy_changed, dirs_exist_ok=True)
    _copy_changed(root / "pyproject.toml", own / "pyproject.toml")
    link = own / "data"
    if link.is_symlink():
        link.unlink()
    link.symlink_to(root / "data")
    for line in lay_out(root, own / "work"):
        print(line, flush=True)
    return own / "work"


def _copy_changed(source, target):
    if not (os.path.exists(target) and filecmp.cmp(source, target)):
        shutil.copy2(source, target)


def main() -> None:
    """Lay the course out, then replace this process by the learner's server."""
    work = prepare(pathlib.Path.home())
    os.environ["JUPYTERHUB_ROOT_DIR"] = str(work)
    os.chdir(work)
    program = pathlib.Path(sys.executable).with_name("jupyterhub-singleuser")
    os.execv(program, [str(program), *sys.argv[1:]])


if __name__ == "__main__":
    main()
