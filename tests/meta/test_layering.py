"""The architecture, held by a scan of the imports: the arrows, the sizes, the house rules."""

import ast
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
LONGEST_MODULE = 420  # aim at 200; the decision procedures are the longest
PACKAGES = ("theory", "numerics", "paper_figures")
MODULES = sorted(
    path for package in PACKAGES for path in (ROOT / package).rglob("*.py") if path.is_file()
)
HEAVY = {"numpy", "scipy", "torch", "torchvision", "matplotlib", "hypothesis", "dask"}


def relative(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


def imported(tree: ast.AST) -> set[str]:
    """Every dotted name that the module imports, at any depth in the file."""
    found: set[str] = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and not node.level:
            found |= {node.module or ""}
            found |= {f"{node.module}.{alias.name}" for alias in node.names}
        elif isinstance(node, ast.Call) and getattr(node.func, "attr", "") == "import_module":
            found |= {arg.value for arg in node.args if is_text(arg)}
    return found


def is_text(node: ast.AST) -> bool:
    return isinstance(node, ast.Constant) and isinstance(node.value, str)


def roots(names: set[str]) -> set[str]:
    return {name.partition(".")[0] for name in names}


def parsed(path: Path) -> ast.Module:
    return ast.parse(path.read_text(encoding="utf-8"), filename=str(path))


def forbidden(path: Path) -> set[str]:
    """The top-level names that a module must not import, from where it lies."""
    place = relative(path)
    if place.startswith("theory/"):
        return HEAVY | {"numerics", "paper_figures", "advsmooth", "click", "rich"}
    if place.startswith("numerics/deep/"):
        return {"paper_figures", "advsmooth"}
    if place.startswith("numerics/"):
        return {"torch", "torchvision", "paper_figures", "advsmooth", "matplotlib"}
    return {"torch", "torchvision", "advsmooth"}


@pytest.mark.parametrize("path", MODULES, ids=relative)
def test_a_module_imports_only_what_lies_below_it(path: Path) -> None:
    assert roots(imported(parsed(path))) & forbidden(path) == set()


def test_the_scan_sees_every_kind_of_import() -> None:
    source = "def f():\n import a.b\n from c import d\n importlib.import_module('e.f')\n"
    assert roots(imported(ast.parse(source))) == {"a", "c", "e"}


# What the figures of experiments read records with.
WITHOUT_TORCH = ("numerics.deep.record", "numerics.deep.statistics", "numerics.deep.comparison")


@pytest.mark.parametrize("path", MODULES, ids=relative)
def test_nothing_without_torch_imports_the_deep_part(path: Path) -> None:
    name = relative(path)
    if name.startswith("numerics/deep/"):
        return
    deep = {found for found in imported(parsed(path)) if found.startswith("numerics.deep")}
    allowed = WITHOUT_TORCH if name.startswith("paper_figures/") else ()
    parts = tuple(f"{module}." for module in allowed)
    deep -= {*allowed, "numerics.deep"}
    assert not [found for found in deep if not parts or not found.startswith(parts)]


def test_the_readers_of_records_load_no_torch() -> None:
    code = f"import sys, {', '.join(WITHOUT_TORCH)}; sys.exit('torch' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], cwd=ROOT).returncode == 0


@pytest.mark.parametrize("path", [*MODULES, ROOT / "advsmooth.py"], ids=relative)
def test_a_module_says_what_it_is(path: Path) -> None:
    assert ast.get_docstring(parsed(path)) or not path.read_text(encoding="utf-8").strip()


def test_no_module_is_long() -> None:
    lines = {relative(path): len(path.read_text("utf-8").splitlines()) for path in MODULES}
    assert {name: count for name, count in lines.items() if count > LONGEST_MODULE} == {}


@pytest.mark.parametrize("path", [*MODULES, ROOT / "advsmooth.py"], ids=relative)
def test_nothing_in_a_module_prints(path: Path) -> None:
    calls = [node for node in ast.walk(parsed(path)) if isinstance(node, ast.Call)]
    assert not [node.lineno for node in calls if getattr(node.func, "id", "") == "print"]


@pytest.mark.parametrize("path", MODULES, ids=relative)
def test_nothing_evaluates_text(path: Path) -> None:
    """eval nowhere; exec in the one file whose task is to run a claim file; sympify of no text."""
    calls = [node for node in ast.walk(parsed(path)) if isinstance(node, ast.Call)]
    used = {getattr(node.func, "id", "") for node in calls}
    allowed = {"exec"} if relative(path) == "numerics/claim_files.py" else set()
    assert used & {"eval", "exec", "parse_expr"} <= allowed


def test_importing_theory_loads_neither_numpy_nor_torch() -> None:
    heavy = "{'numpy', 'scipy', 'torch', 'numerics'}"
    code = f"import theory, sys; sys.exit(' '.join({heavy} & set(sys.modules)))"
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True)
    assert done.stderr.strip() == ""


def test_every_test_folder_is_a_package() -> None:
    """Otherwise `import theory` inside `tests/theory` would find the tests."""
    folders = {path.parent for path in (ROOT / "tests").rglob("test_*.py")}
    between = {above for folder in folders for above in (folder, *folder.parents)}
    inside = {folder for folder in between if folder.is_relative_to(ROOT / "tests")}
    assert not [relative(folder) for folder in inside if not (folder / "__init__.py").exists()]


def texts() -> Iterator[Path]:
    """Every file of the project that a person may read."""
    kinds = {".py", ".md", ".toml", ".txt", ".cff", ".json", ".yml", ".yaml", ".ipynb"}
    for path in sorted(ROOT.rglob("*")):
        parts = path.relative_to(ROOT).parts
        hidden = any(part.startswith(".") and part not in (".ci",) for part in parts)
        made = {"build", "dist", "report"} & set(parts[:1]) or parts[0].endswith(".egg-info")
        readable = path.suffix in kinds or path.name in ("Makefile", "run", "LICENSE")
        if path.is_file() and readable and not hidden and not made:
            yield path


def test_no_file_names_a_place_on_somebodys_machine() -> None:
    folders = ("home", "root", "opt", "work", "Users", "mnt")
    place = re.compile(r"(?<![\w.\-/}])/(?:" + "|".join(folders) + r")/\w")
    found = [relative(path) for path in texts() if place.search(path.read_text("utf-8"))]
    assert found == []
