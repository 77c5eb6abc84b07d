"""Build the notebooks people open from the scripts authors write: `python -m tools.build [day ...]`, `make notebooks`.

course/dayNN_name/lesson.py    -> notebooks/dayNN_name.ipynb
course/dayNN_name/exercises.py -> exercises/dayNN_name.ipynb (solutions removed) and solutions/dayNN_name.ipynb (kept)
course/NAME/page.py            -> notebooks/NAME.ipynb   (what belongs to no day: the final exam, the project menu)

The scripts are jupytext's percent format. The result is the same, byte for byte, on every run. What an author can get
wrong is refused with the file and the line; CONTRIBUTING.md says how a day is written.
"""

from __future__ import annotations

import ast
import copy
import hashlib
import pathlib
import re
import sys
import tomllib

import jupytext
import nbformat
from nbgrader.preprocessors import ClearSolutions
from traitlets.config import Config

from tools import FOLDERS, ROOT

BEGIN, END = "### BEGIN SOLUTION", "### END SOLUTION"
STUB = "raise NotImplementedError"
BADGES = "<!-- badges -->"
DRAWING = "# Drawing"  # how a cell begins that holds no new idea
FOLDED = {"jupyter": {"source_hidden": True}, "cellView": "form"}  # the code is folded in JupyterLab, and in Colab

COLAB_SETUP = """\
# Set-up. On Colab this fetches the course's helpers; elsewhere it finds them in the course folder.
import pathlib
import subprocess
import sys

if "google.colab" in sys.modules and not pathlib.Path("/content/course").exists():
    subprocess.run(["git", "clone", "--quiet", "--depth=1", "{repository}.git", "/content/course"], check=True)
folders = [pathlib.Path.cwd(), *pathlib.Path.cwd().parents, pathlib.Path("/content/course")]
sys.path.insert(0, str(next(folder for folder in folders if (folder / "utils" / "runtime.py").exists())))

"""


class SourceError(Exception):
    """A course script breaks a rule of the build; the message begins with file:line."""


class Script:
    """One percent script: its cells, and the line on which each cell starts."""

    def __init__(self, path: pathlib.Path, text: str | None = None):
        """
        Args:
            path: where the script lies; its folder's name is the day.
            text: its content, if it is not to be read from the path.

        Raises:
            SourceError: if the script is not valid Python or does not begin with a cell.
        """
        self.path = path
        try:
            self.text = path.read_text(encoding="utf-8") if text is None else text
        except FileNotFoundError:
            raise SourceError(f"{path}:1: the file is missing: a day needs lesson.py and exercises.py") from None
        self.lines = [n for n, line in enumerate(self.text.splitlines(), 1) if line.startswith("# %%")]
        if not self.lines or self.lines[0] != 1:
            raise SourceError(f"{path}:1: the script must begin with a cell marker `# %% [markdown]`")
        self.notebook = jupytext.reads(self.text, fmt="py:percent")
        if len(self.notebook.cells) != len(self.lines):
            raise SourceError(f"{path}:1: {len(self.lines)} cell markers but {len(self.notebook.cells)} cells")

    @property
    def day(self) -> str:
        """The day's name, such as "day01_hello_sine"."""
        return self.path.parent.name

    def cells(self):
        """Yield (number, cell, line) for each cell."""
        yield from zip(range(len(self.lines)), self.notebook.cells, self.lines, strict=True)

    def error(self, line: int, text: str) -> SourceError:
        """Return an error at a line of this script."""
        return SourceError(f"{self.path}:{line}: {text}")


def check_script(script: Script, title: str = r"# Day \d\d", shown: str = "# Day NN") -> None:
    """Check what all scripts have in common: syntax, title, badges, set-up cell, alt texts.

    Args:
        script: the script.
        title: regular expression for the beginning of its first cell.
        shown: the same for the author to read.

    Raises:
        SourceError: for the first rule that is broken.
    """
    cells = list(script.cells())
    first = cells[0][1]
    if first.cell_type != "markdown" or not re.match(title, first.source):
        raise script.error(1, f"no title: the first cell must be markdown and begin with `{shown}`")
    if BADGES not in first.source:
        raise script.error(1, f"no badges: the first cell must hold the line `{BADGES}`")
    setups = [n for n, cell, _ in cells if "setup" in cell.metadata.get("tags", [])]
    code = [n for n, cell, _ in cells if cell.cell_type == "code"]
    if setups != code[:1]:
        raise script.error(
            cells[code[0]][2] if code else 1, 'the first code cell, and it alone, must be tagged `tags=["setup"]`'
        )
    for _, cell, line in cells:
        if cell.cell_type == "code":
            _check_figures(script, _parse(script, cell.source, line), line)
        for offset, text in enumerate(cell.source.splitlines(), 1):
            if cell.cell_type == "markdown" and re.search(r"!\[\s*\]\(|<img(?![^>]*\balt=\"[^\"]+\")", text):
                raise script.error(line + offset, "an image without alt text")


def _parse(script, source, line):
    try:
        return ast.parse(source)
    except SyntaxError as error:
        raise script.error(line + (error.lineno or 0), f"not valid Python: {error.msg}") from None


ALT_AT = {"show": 1, "image_grid": 3, "decision_boundary": 4, "animate": 3}


def _check_figures(script, tree, line):
    """Every figure goes through utils.plots, with alt text; learning_curves and confusion_matrix write their own."""
    for node in ast.walk(tree):
        if not (
            isinstance(node, ast.Call)
            and isinstance(node.func, ast.Attribute)
            and isinstance(node.func.value, ast.Name)
        ):
            continue
        module, function, at = node.func.value.id, node.func.attr, line + node.lineno
        if (module, function) == ("plt", "show"):
            raise script.error(at, "a figure without alt text: use `plots.show(figure, alt=…)` instead of `plt.show()`")
        keywords = {keyword.arg for keyword in node.keywords}
        if (
            module == "plots"
            and function in ALT_AT
            and len(node.args) <= ALT_AT[function]
            and not keywords & {"alt", "axes"}
        ):
            raise script.error(at, f"a figure without alt text: `plots.{function}(…)` needs `alt=…`")


def check_lesson(script: Script) -> None:
    """Check a lesson: a result held against a band, a quiz, and the way to the exercises.

    Raises:
        SourceError: for the first rule that is broken.
    """
    check_script(script)
    last = script.lines[-1]
    for wanted, meaning in (
        ("expect(", "no result is held against a band with `expect(…)`"),
        ("## Quiz", "there is no `## Quiz`"),
        (f"../exercises/{script.day}.ipynb", "the way to the exercises is missing"),
    ):
        if wanted not in script.text:
            raise script.error(last, meaning)
    if BEGIN in script.text:
        raise script.error(
            script.text[: script.text.index(BEGIN)].count("\n") + 1, "solutions belong into exercises.py"
        )


def check_page(script: Script) -> None:
    """Check a page beside the days, such as the final exam: a title, and what all scripts have in common.

    Raises:
        SourceError: for the first rule that is broken.
    """
    check_script(script, r"# \w", "# Title")


def check_exercises(script: Script) -> None:
    """Check a sheet: balanced markers, stubs that fit their solutions, one check per exercise, effort line, two hints.

    Raises:
        SourceError: for the first rule that is broken.
    """
    check_script(script)
    waiting, names = None, set()
    for number, cell, line in script.cells():
        if cell.cell_type != "code":
            continue
        name = check_name(cell.source)
        if name:
            if has_solution(script, cell, line):
                raise script.error(line, f"the check “{name}” holds solution markers: they belong into the exercise")
            if waiting is None:
                raise script.error(line, f"the check “{name}” has no exercise before it")
            if name in names:
                raise script.error(line, f"the name “{name}” is used by two checks")
            names.add(name)
            waiting = None
        elif has_solution(script, cell, line):
            if waiting is not None:
                raise script.error(waiting, "this exercise has no check: the next code cell must begin `with check(…)`")
            _check_stub(script, cell, line)
            _check_text(script, number, line)
            waiting = line
    if waiting is not None or not names:
        raise script.error(waiting or 1, "an exercise without a check")


def check_name(source: str) -> str | None:
    """Return the exercise's name if a code cell is a check, that is begins with `with check("name")`."""
    found = re.match(r'with check\("([a-z0-9_]+)"', source)
    return found and found.group(1)


def check_points(source: str) -> int:
    """Return the points of a check cell: `with check("name", points=3)`, or 1."""
    found = re.match(r"with check\([^)]*points=(\d+)", source)
    return int(found.group(1)) if found else 1


def has_solution(script: Script, cell, line: int) -> bool:
    """Return whether a cell holds solution markers.

    Raises:
        SourceError: if they are not balanced.
    """
    is_open, found = False, False
    for offset, text in enumerate(cell.source.splitlines(), 1):
        marker = text.strip()
        if marker in (BEGIN, END):
            if (marker == BEGIN) == is_open:
                raise script.error(line + offset, f"unbalanced solution markers: `{marker}` where the other was due")
            is_open, found = marker == BEGIN, True
        elif "BEGIN SOLUTION" in text or "END SOLUTION" in text:
            raise script.error(line + offset, f"not a solution marker: write `{BEGIN}` or `{END}` on a line of its own")
    if is_open:
        raise script.error(line + len(cell.source.splitlines()), f"unbalanced solution markers: `{END}` is missing")
    return found


def _check_stub(script, cell, line):
    """The stub must parse, keep every name, signature and docstring, and stop with NotImplementedError."""
    full = _definitions(_parse(script, cell.source, line))
    stub_source = clear(cell).source
    try:
        stub_tree = ast.parse(stub_source)
    except SyntaxError as error:
        raise script.error(line + 1, f"without its solution this cell is not valid Python: {error.msg}") from None
    stub = _definitions(stub_tree)
    for name, node in full.items():
        if name not in stub:
            raise script.error(
                line + node.lineno, f"the stub no longer fits its solution: “{name}” stands between the markers"
            )
    for name, node in stub.items():
        if isinstance(node, (ast.FunctionDef, ast.ClassDef)) and "." not in name and not ast.get_docstring(node):
            raise script.error(line + full[name].lineno, f"“{name}” has no docstring: say shapes and units")
    raised = [n for n in ast.walk(stub_tree) if isinstance(n, ast.Raise) and ast.unparse(n) == STUB]
    inside = [n for d in ast.walk(stub_tree) if isinstance(d, ast.FunctionDef) for n in ast.walk(d) if n in raised]
    if not raised or len(inside) < len(raised):
        raise script.error(line, "the solution must stand inside a function, so that the untouched cell still runs")


def _definitions(tree):
    names = {}
    for node in tree.body:
        if isinstance(node, (ast.FunctionDef, ast.ClassDef)):
            names[node.name] = node
            if isinstance(node, ast.ClassDef):
                names.update({f"{node.name}.{name}": inner for name, inner in _definitions(node).items()})
        elif isinstance(node, (ast.Import, ast.ImportFrom)):
            names.update({alias.asname or alias.name: node for alias in node.names})
        elif isinstance(node, ast.Assign):
            names.update(
                {name.id: node for target in node.targets for name in ast.walk(target) if isinstance(name, ast.Name)}
            )
    return names


def _check_text(script, number, line):
    """The markdown above an exercise carries its effort and two hints."""
    text = ""
    for cell in reversed(script.notebook.cells[:number]):
        if cell.cell_type == "code" and check_name(cell.source):
            break
        text = cell.source + text if cell.cell_type == "markdown" else text
        if re.search(r"^## Exercise", cell.source, re.MULTILINE):
            break
    if not re.search(r"Difficulty .*Importance .*\d+ minutes", text):
        raise script.error(line, "the exercise lacks its line “Difficulty … · Importance … · N minutes”")
    if text.count("<details>") < 2:
        raise script.error(line, "the exercise needs two fold-out hints (`<details>`)")


def clear(cell):
    """Return a copy of a cell whose solutions nbgrader has replaced by `raise NotImplementedError`."""
    config = Config()
    config.ClearSolutions.code_stub = {"python": STUB}
    config.ClearSolutions.begin_solution_delimeter = BEGIN.removeprefix("### ")
    config.ClearSolutions.end_solution_delimeter = END.removeprefix("### ")
    config.ClearSolutions.enforce_metadata = False
    cleared, _ = ClearSolutions(config=config).preprocess_cell(copy.deepcopy(cell), {"language": "python"}, 0)
    return cleared


def badges(repository: str, day: str, folder: str) -> str:
    """Return the line of links at the head of a notebook.

    Args:
        repository: the repository's address, from pyproject.toml.
        day: the day's name.
        folder: "notebooks", "exercises" or "solutions"; "" for a page beside the days, which lies in notebooks/ alone.
    """
    colab = repository.replace("https://github.com/", "https://colab.research.google.com/github/")
    place = folder or FOLDERS[0]
    here = f"[![Open in Colab](https://colab.research.google.com/assets/colab-badge.svg)]({colab}/blob/main/{place}/{day}.ipynb)"
    if not folder:
        return here
    others = {"notebooks": "Lesson", "exercises": "Exercises", "solutions": "Solutions"}
    links = [f"[{name}](../{other}/{day}.ipynb)" for other, name in others.items() if other != folder]
    return " · ".join([here, *links])


def make_notebook(script: Script, folder: str, repository: str):
    """Return the finished notebook of a checked script.

    Args:
        script: the script.
        folder: "notebooks", "exercises" or "solutions"; "" for a page beside the days.
        repository: the repository's address.
    """
    notebook = nbformat.v4.new_notebook()
    notebook.metadata = {
        "kernelspec": {"display_name": "Python 3", "language": "python", "name": "python3"},
        "language_info": {"name": "python"},
    }
    answer_for, used = _answers(script), set()
    for number, cell, _ in script.cells():
        tags = cell.metadata.get("tags", [])
        if "solution" in tags and folder == "exercises":
            continue
        made = copy.deepcopy(cell)
        made.metadata = {}
        if "setup" in tags:
            made.source = COLAB_SETUP.format(repository=repository) + made.source
        if made.cell_type == "markdown":
            made.source = made.source.replace(BADGES, badges(repository, script.day, folder))
        if number in answer_for:
            name, is_check = answer_for[number]
            made.metadata["nbgrader"] = _grading(name, is_check, check_points(cell.source))
            if folder == "exercises":
                made = made if is_check else clear(made)
                if is_check:
                    made.metadata["tags"] = ["raises-exception"]
        if made.cell_type == "code" and (check_name(made.source) or made.source.startswith(DRAWING)):
            made.metadata |= FOLDED
        made.pop("id", None)
        made.id = _cell_id(made, used)
        notebook.cells.append(made)
    nbformat.validate(notebook)
    return notebook


def _answers(script):
    """Return cell number -> (exercise name, whether it is the check) for a sheet's graded cells."""
    cells = list(script.cells())
    solved = [n for n, cell, _ in cells if cell.cell_type == "code" and BEGIN in cell.source]
    checks = [
        (n, check_name(cell.source)) for n, cell, _ in cells if cell.cell_type == "code" and check_name(cell.source)
    ]
    return {n: (name, False) for n, (_, name) in zip(solved, checks, strict=True)} | {
        n: (name, True) for n, name in checks
    }


def _grading(name, is_check, points):
    grading = {"schema_version": 3, "grade_id": name if is_check else f"{name}-answer", "task": False}
    grading |= {"grade": is_check, "solution": not is_check, "locked": is_check}
    return grading | ({"points": points} if is_check else {})


def _cell_id(cell, used):
    """An id that stays while the cell's text stays, and differs between equal cells."""
    base = cell.metadata.get("nbgrader", {}).get("grade_id", "").replace("_", "-")
    base = base or hashlib.sha256(f"{cell.cell_type}\n{cell.source}".encode()).hexdigest()[:12]
    name, count = base, 1
    while name in used:
        count += 1
        name = f"{base}-{count}"
    used.add(name)
    return name


def repository(root: pathlib.Path = ROOT) -> str:
    """Return the repository's address from pyproject.toml, the only place that knows it."""
    return tomllib.loads((root / "pyproject.toml").read_text(encoding="utf-8"))["project"]["urls"]["Repository"]


def build(
    root: pathlib.Path = ROOT, target: pathlib.Path | None = None, days: tuple[str, ...] = ()
) -> list[pathlib.Path]:
    """Build the notebooks; if all days are built, remove those whose script is gone.

    Args:
        root: the course's folder, with course/ and pyproject.toml.
        target: where the three folders are written; by default root.
        days: build only these, and remove nothing.

    Returns:
        The notebooks written.

    Raises:
        SourceError: if a script breaks a rule; nothing is written then.
    """
    address, target, made = repository(root), target or root, {}
    for day in sorted((root / "course").glob("day*")):
        if days and day.name not in days:
            continue
        for source, check, folders in (
            ("lesson.py", check_lesson, FOLDERS[:1]),
            ("exercises.py", check_exercises, FOLDERS[1:]),
        ):
            script = Script(day / source)
            check(script)
            for folder in folders:
                notebook = make_notebook(script, folder, address)
                made[target / folder / f"{day.name}.ipynb"] = nbformat.writes(notebook) + "\n"
    for page in sorted((root / "course").glob("*/page.py")):
        if not days or page.parent.name in days:
            script = Script(page)
            check_page(script)
            notebook = make_notebook(script, "", address)
            made[target / FOLDERS[0] / f"{script.day}.ipynb"] = nbformat.writes(notebook) + "\n"
    gone = [path for folder in FOLDERS for path in (target / folder).glob("*.ipynb") if path not in made]
    for path in gone if not days else []:
        path.unlink()
    for path, text in made.items():
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8", newline="\n")
    return list(made)


if __name__ == "__main__":
    try:
        print(f"built {len(build(days=tuple(sys.argv[1:])))} notebooks")
    except SourceError as error:
        sys.exit(str(error))
