"""What can be said of the image, and of the service that compose.yaml makes of it, without building it."""

import json
import re
import shlex
import tomllib
from fnmatch import fnmatch
from pathlib import Path
from typing import Any

import pytest
import yaml

from bot.config import BotSettings
from bot.journal.file import secret_file
from bot.journal.journal import FILE_NAME as JOURNAL

ROOT = Path(__file__).parents[1]
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]


def instructions() -> list[tuple[str, str]]:
    """Return the name and the arguments of each instruction of the Dockerfile, continued lines joined."""
    text = (ROOT / "Dockerfile").read_text(encoding="utf-8").replace("\\\n", " ")
    lines = [line for line in text.splitlines() if line.strip() and not line.startswith("#")]
    return [(name, arguments.strip()) for name, _, arguments in (line.partition(" ") for line in lines)]


def arguments_of(name: str) -> list[str]:
    return [arguments for found, arguments in instructions() if found == name]


def copied_from_the_project() -> list[str]:
    """Return the sources of each COPY that is not from an earlier stage."""
    copies = [shlex.split(arguments) for arguments in arguments_of("COPY") if not arguments.startswith("--from=")]
    return [source for *sources, _ in copies for source in sources]


def is_sent(path: str) -> bool:
    """Whether .dockerignore lets a path through: the last pattern that fits it, or a folder above it, decides."""
    patterns = (ROOT / ".dockerignore").read_text(encoding="utf-8").splitlines()
    above = [path, *(str(parent) for parent in Path(path).parents if parent != Path())]
    sent = True
    for pattern in patterns:
        if pattern and not pattern.startswith("#"):
            wanted = pattern.removeprefix("!").removeprefix("**/")
            if any(fnmatch(part, wanted) or ("**/" in pattern and fnmatch(Path(part).name, wanted)) for part in above):
                sent = pattern.startswith("!")
    return sent


def test_what_the_image_copies_is_there_and_is_sent_to_the_build() -> None:
    assert copied_from_the_project()
    for source in copied_from_the_project():
        assert (ROOT / source).exists()
        assert is_sent(source)


def test_the_image_has_all_packages_of_the_project() -> None:
    built = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["tool"]["setuptools"]["packages"]
    needed = {package.split(".")[0] for package in built} | {PROJECT["readme"], *PROJECT["license-files"]}
    assert needed <= set(copied_from_the_project())


@pytest.mark.parametrize("path", [".env", ".env.local", ".git", ".git/config", ".venv", "var", "var/data/x", "seeds"])
def test_secrets_data_and_history_are_not_sent_to_the_build(path: str) -> None:
    assert not is_sent(path)


@pytest.mark.parametrize("path", ["bot/__pycache__", "index/loaders/__pycache__/html.pyc"])
def test_compiled_files_are_not_sent_to_the_build(path: str) -> None:
    assert not is_sent(path)


def test_every_stage_has_the_oldest_python_that_the_project_takes() -> None:
    versions = [re.match(r"python:(\d+\.\d+)-slim", image) for image in arguments_of("FROM")]
    assert len(versions) == 2
    assert {f">={version[1]}" for version in versions if version} == {PROJECT["requires-python"]}
    assert all(versions)


def test_the_bot_does_not_run_as_root() -> None:
    last_stage = instructions()[[name for name, _ in instructions()].index("FROM", 1) :]
    users = [arguments for name, arguments in last_stage if name == "USER"]
    assert users
    assert users[-1].split(":")[0] not in ("root", "0")


def test_the_image_holds_no_token() -> None:
    assert not [given for name, given in instructions() if name in ("ENV", "ARG") and "TOKEN" in given.upper()]


def test_everything_that_is_installed_has_the_tested_version() -> None:
    installs = [command for command in arguments_of("RUN") if "pip install" in command]
    assert installs
    assert all("-c constraints.txt" in command for command in installs)


def test_the_image_holds_no_extra_unless_the_build_names_some() -> None:
    [install] = [command for command in arguments_of("RUN") if "pip install" in command]
    assert shlex.split(install)[-1] == ".${EXTRAS:+[$EXTRAS]}"
    assert arguments_of("ARG") == ['EXTRAS=""']


def test_health_is_asked_at_the_port_that_the_image_sets() -> None:
    port = re.search(r"HEALTH_PORT=(\d+)", " ".join(arguments_of("ENV")))
    assert port is not None
    assert f"127.0.0.1:{port[1]}/health" in arguments_of("HEALTHCHECK")[0]


def test_the_process_that_is_told_to_stop_is_the_bot() -> None:
    assert arguments_of("STOPSIGNAL") == ["SIGTERM"]
    assert "exec python -m bot discord" in arguments_of("CMD")[-1]


# -------------------------------------------------------------------------------------------------------- compose.yaml


@pytest.fixture(scope="module")
def service() -> dict[str, Any]:
    """Return the one service of compose.yaml."""
    composed = yaml.safe_load((ROOT / "compose.yaml").read_text(encoding="utf-8"))
    assert set(composed) == {"services", "volumes"}
    (only,) = composed["services"].values()
    assert isinstance(only, dict)
    return only


def test_what_the_service_writes_outlives_its_container(service: dict[str, Any]) -> None:
    mounts = {target: source for source, target, *_ in (volume.split(":") for volume in service["volumes"])}
    assert set(mounts) == set(json.loads(arguments_of("VOLUME")[0]))
    assert mounts["/app/var"] in yaml.safe_load((ROOT / "compose.yaml").read_text(encoding="utf-8"))["volumes"]


def test_the_service_can_write_nothing_else_and_has_no_rights(service: dict[str, Any]) -> None:
    assert service["read_only"] is True
    assert service["tmpfs"] == ["/tmp"]
    assert service["cap_drop"] == ["ALL"]
    assert service["security_opt"] == ["no-new-privileges"]
    assert "user" not in service  # that of the image
    assert [volume for volume in service["volumes"] if "/app/seeds" in volume and not volume.endswith(":ro")] == []


def test_settings_that_the_image_needs_win_over_env_file(service: dict[str, Any]) -> None:
    assert service["env_file"] == ".env"
    fixed = service["environment"]
    port = re.search(r"HEALTH_PORT=(\d+)", " ".join(arguments_of("ENV")))
    assert port is not None
    assert fixed.pop("HEALTH_PORT") == port[1]
    folders = {name: BotSettings.model_fields[name.lower()].default for name in fixed}
    assert {name: Path(folder) for name, folder in fixed.items()} == folders
    assert set(folders) == {"SEEDS_DIR", "INDEX_DIR", "DATA_DIR"}


def test_the_service_asks_for_health_as_the_image_does(service: dict[str, Any]) -> None:
    options, _, command = arguments_of("HEALTHCHECK")[0].partition(" CMD ")
    health = service["healthcheck"]
    assert health["test"] == ["CMD", *json.loads(command)]
    given = dict(re.findall(r"--([a-z-]+)=(\S+)", options))
    assert given == {name.replace("_", "-"): value for name, value in health.items() if name != "test"}


def test_the_service_has_time_to_end_and_comes_back(service: dict[str, Any]) -> None:
    assert service["restart"] == "unless-stopped"
    assert service["stop_grace_period"] == "45s"
    assert service["init"] is True


# ---------------------------------------------------------------------------------------------- docs/scale.compose.yaml


@pytest.fixture(scope="module")
def scaled() -> dict[str, Any]:
    """Return docs/scale.compose.yaml."""
    composed = yaml.safe_load((ROOT / "docs" / "scale.compose.yaml").read_text(encoding="utf-8"))
    assert isinstance(composed, dict)
    return composed


def bots_of(scaled: dict[str, Any]) -> list[dict[str, Any]]:
    return [service for name, service in scaled["services"].items() if name.startswith("bot-")]


def test_every_service_waits_for_services_that_can_tell_that_they_are_ready(scaled: dict[str, Any]) -> None:
    for service in scaled["services"].values():
        for name, waits in service.get("depends_on", {}).items():
            other = scaled["services"][name]
            ready = "service_healthy" if "healthcheck" in other else "service_completed_successfully"
            assert waits["condition"] == ready


def test_what_is_kept_stands_in_volumes_that_are_declared(scaled: dict[str, Any]) -> None:
    mounted = {volume.split(":")[0] for service in scaled["services"].values() for volume in service["volumes"]}
    assert {source for source in mounted if not source.startswith("./")} == set(scaled["volumes"])
    assert {one["source"] for one in scaled["services"]["milvus"]["configs"]} == set(scaled["configs"])


def test_the_bots_share_one_database_and_one_index_and_serve_each_shard_once(scaled: dict[str, Any]) -> None:
    bots = bots_of(scaled)
    shards = [bot["command"][-1].split()[-1] for bot in bots]
    assert shards == [f"{shard}/{len(bots)}" for shard in range(len(bots))]
    for bot in bots:
        named = bot["environment"]
        assert {name.lower() for name in named} <= set(BotSettings.model_fields)
        assert named["VECTOR_STORE"] == "http://milvus:19530"
        assert "@postgres:5432/" in named["DATABASE_URL"]
    assert len({bot["environment"]["DATA_DIR"] for bot in bots}) == len(bots)
    secret = f"{bots[0]['environment']['DATA_DIR']}/{secret_file(Path(JOURNAL)).name}"
    assert all(secret in bot["command"][-1] for bot in bots[1:])


def test_the_image_of_several_machines_has_the_extras_of_what_they_share(scaled: dict[str, Any]) -> None:
    build = scaled["services"]["index"]["build"]
    assert [argument.split("=")[0] for argument in arguments_of("ARG")] == list(build["args"])
    assert set(build["args"]["EXTRAS"].split(",")) <= set(PROJECT["optional-dependencies"])
    assert "[$EXTRAS]" in " ".join(arguments_of("RUN"))


def test_the_bots_of_several_machines_can_write_nothing_but_their_volume(scaled: dict[str, Any]) -> None:
    for service in (*bots_of(scaled), scaled["services"]["index"]):
        assert service["read_only"] is True
        assert service["cap_drop"] == ["ALL"]
        assert service["security_opt"] == ["no-new-privileges"]


def test_no_service_of_the_model_is_reached_from_outside_and_none_has_a_password_of_ours(
    scaled: dict[str, Any],
) -> None:
    for service in scaled["services"].values():
        assert "ports" not in service
    assert scaled["services"]["postgres"]["environment"]["POSTGRES_PASSWORD"].startswith("${POSTGRES_PASSWORD:?")
