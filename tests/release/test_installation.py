"""The wheel, in an environment with what a plain installation brings: no PyTorch, no tools, none of the sources."""

import json
import subprocess
from pathlib import Path

import pytest

from benchmarks.surroundings import surroundings
from release.installation import bill_of_materials, install, say_versions
from tests.installations import brought_by, plain
from tests.processes import REPOSITORY
from tests.release.conftest import PROJECT

ANOTHER_MODEL = "intfloat/multilingual-e5-base"


def babillard(python: Path, *arguments: str, cwd: Path, **environment: str) -> subprocess.CompletedProcess[str]:
    """Run the installed command as a user would."""
    return subprocess.run(
        [python.with_name("babillard"), *arguments],
        cwd=cwd,
        env={**surroundings(**environment), "PYTHONPATH": ""},
        capture_output=True,
        encoding="utf-8",
        timeout=300,
        check=False,
    )


@pytest.fixture(scope="module")
def built(installed: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a folder with an article and its index."""
    folder = tmp_path_factory.mktemp("été")
    (folder / "seeds").mkdir()
    article = "# La cantine\n\nLa cantine ouvre à onze heures et demie.\n\nLe café coûte deux euros.\n"
    (folder / "seeds" / "cantine.md").write_text(article, encoding="utf-8")
    done = babillard(installed, "index", "rebuild", "--json", cwd=folder)
    assert (done.returncode, done.stderr) == (0, "")
    assert json.loads(done.stdout)["documents"] == 1
    return folder


def test_the_environment_has_no_pytorch_and_is_not_that_of_the_tests(installed: Path, tmp_path: Path) -> None:
    script = (
        "import bot, index, sys\nfrom importlib.util import find_spec\n"
        "print([find_spec(name) for name in ('torch', 'transformers', 'sentence_transformers', 'pytest', 'pip')])\n"
        "print(all(sys.prefix in module.__file__ for module in (bot, index)))\n"
    )
    done = subprocess.run([installed, "-I", "-c", script], cwd=tmp_path, capture_output=True, text=True, check=True)
    assert done.stdout.splitlines() == ["[None, None, None, None, None]", "True"]


@pytest.mark.slow
def test_a_question_is_answered(installed: Path, built: Path) -> None:
    asked = babillard(installed, "ask", "Combien coûte le café ?", "--json", cwd=built)
    assert (asked.returncode, asked.stderr) == (0, "")
    answer = json.loads(asked.stdout)
    assert answer["reader"] == "span"
    assert answer["citations"][0]["quote"] == "Le café coûte deux euros."


@pytest.mark.slow
def test_the_doctor_finds_nothing_wrong_and_asks_for_no_package(installed: Path, built: Path) -> None:
    examined = babillard(installed, "doctor", cwd=built)
    assert (examined.returncode, examined.stderr) == (0, "")
    assert "pip install" not in examined.stdout


@pytest.mark.slow
def test_another_model_says_which_command_installs_what_it_needs(installed: Path, built: Path) -> None:
    remedy = "install the extra with `.venv/bin/pip install -c constraints.txt -e '.[models]'`"
    said = f"the embedding model {ANOTHER_MODEL} needs the package sentence_transformers: {remedy}"
    for command in (["index", "rebuild"], ["ask", "Où ?"]):
        done = babillard(installed, *command, cwd=built, EMBEDDING_MODEL=ANOTHER_MODEL)
        assert (done.returncode, done.stdout, done.stderr.count("\n")) == (1, "", 1)
        assert said in done.stderr
    examined = babillard(installed, "doctor", cwd=built, EMBEDDING_MODEL=ANOTHER_MODEL)
    assert examined.returncode == 1
    [line] = [line for line in examined.stdout.splitlines() if line.split()[2] == "model"]
    assert line.split()[1] == "failed"
    assert said in line


def test_the_version_is_told_by_the_wheel_alone_and_numpy(installed: Path, tmp_path: Path) -> None:
    first = f"babillard {PROJECT['version']}"
    assert say_versions(installed).splitlines()[0] == first
    loaded = "import sys\nsys.argv = ['babillard', '--version']\nimport bot.__main__\nbot.__main__.main()\n"
    heavy = "{'langchain_core', 'pydantic', 'typer', 'faiss', 'onnxruntime', 'discord', 'bot.cli'}"
    script = f"{loaded}print({heavy} & sys.modules.keys())"
    done = subprocess.run([installed, "-I", "-c", script], cwd=tmp_path, capture_output=True, text=True, check=True)
    lines = done.stdout.splitlines()
    assert (lines[0], lines[-1]) == (first, "set()")


def test_what_the_installation_brings_is_listed_with_versions_and_licences(installed: Path, tmp_path: Path) -> None:
    bill_of_materials(installed, REPOSITORY / "pyproject.toml", tmp_path / "bill.json")
    raw = (tmp_path / "bill.json").read_text(encoding="utf-8")
    bill = json.loads(raw)
    brought = brought_by(PROJECT["dependencies"])
    assert bill["bomFormat"] == "CycloneDX"
    assert bill["metadata"]["component"]["name"] == "babillard"
    assert bill["metadata"]["component"]["version"] == PROJECT["version"]
    assert {plain(one["name"]): one["version"] for one in bill["components"]} == {
        name: found.version for name, found in brought.items()
    }
    licensed = [one for one in bill["components"] if one.get("licenses")]
    assert len(licensed) >= 0.9 * len(bill["components"])
    assert str(Path.home()) not in raw
    assert "file://" not in raw


def test_a_wheel_that_cannot_be_installed_stops_the_release(bare: Path, tmp_path: Path) -> None:
    (tmp_path / "babillard-9-py3-none-any.whl").write_bytes(b"no wheel")
    with pytest.raises(SystemExit, match="install"):
        install(tmp_path / "babillard-9-py3-none-any.whl", bare, "--no-deps", "--no-index")


def test_a_wheel_that_does_not_run_stops_the_release(bare: Path) -> None:
    with pytest.raises(SystemExit, match="No module named"):
        say_versions(bare)
