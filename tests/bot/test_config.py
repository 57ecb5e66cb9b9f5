from pathlib import Path

import pytest
from pydantic import ValidationError

from bot.config import BotSettings
from tests.processes import REPOSITORY, run_python


def example() -> dict[str, str]:
    """Return the settings of `.env.example`, in its order."""
    lines = (REPOSITORY / ".env.example").read_text(encoding="utf-8").splitlines()
    pairs = [line.partition("=") for line in lines if line and not line.startswith("#")]
    return {name: value for name, _, value in pairs}


def test_the_example_lists_exactly_the_settings() -> None:
    assert list(example()) == [name.upper() for name in BotSettings.model_fields]


def shown(value: object) -> str:
    """Return a value as one writes it into `.env`."""
    return "" if value is None else str(value).lower() if isinstance(value, bool) else str(value)


def test_the_example_shows_the_defaults() -> None:
    defaults = BotSettings()
    assert example() == {name.upper(): shown(getattr(defaults, name)) for name in BotSettings.model_fields}


def test_a_token_is_not_shown(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DISCORD_TOKEN", "secret.token")
    settings = BotSettings()
    assert "secret" not in f"{settings!r} {settings} {settings.model_dump()}"
    assert settings.discord_token is not None
    assert settings.discord_token.get_secret_value() == "secret.token"


def test_every_setting_says_what_it_is() -> None:
    assert all(field.description for field in BotSettings.model_fields.values())


def test_settings_come_from_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DEFAULT_LANGUAGE", "fr")
    monkeypatch.setenv("TOP_K", "7")
    monkeypatch.setenv("SEEDS_DIR", "mes articles/été")
    settings = BotSettings()
    assert (settings.default_language, settings.top_k, settings.seeds_dir) == ("fr", 7, Path("mes articles/été"))


def test_settings_come_from_a_dotenv_file() -> None:
    Path(".env").write_text("# un commentaire\nDEFAULT_LANGUAGE=fr\nINDEX_DIR=œuvres\n", encoding="utf-8")
    settings = BotSettings()
    assert (settings.default_language, settings.index_dir) == ("fr", Path("œuvres"))


def test_the_environment_wins_over_the_file(monkeypatch: pytest.MonkeyPatch) -> None:
    Path(".env").write_text("TOP_K=7\n", encoding="utf-8")
    monkeypatch.setenv("TOP_K", "8")
    assert BotSettings().top_k == 8


def test_an_empty_variable_means_the_default(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TOP_K", "")
    assert BotSettings().top_k == BotSettings.model_fields["top_k"].default


def test_the_example_is_a_file_that_can_be_used_as_it_is() -> None:
    defaults = BotSettings()
    Path(".env").write_bytes((REPOSITORY / ".env.example").read_bytes())
    assert BotSettings() == defaults


def test_other_lines_of_the_file_are_left_alone() -> None:
    Path(".env").write_text("DATABASE_URL=x\n", encoding="utf-8")
    assert BotSettings().top_k == 10


@pytest.mark.parametrize(
    ("name", "value"),
    [("DEFAULT_LANGUAGE", "de"), ("TOP_K", "4"), ("TOP_K", "51"), ("TOP_K", "dix"), ("DEFAULT_LANGUAGE", "FR")],
)
def test_a_value_out_of_bounds_is_refused(name: str, value: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(name, value)
    with pytest.raises(ValidationError, match=name.lower()):
        BotSettings()


def test_settings_cannot_be_changed() -> None:
    with pytest.raises(ValidationError, match="frozen"):
        BotSettings().top_k = 6  # type: ignore[misc]


def test_importing_the_bot_reads_no_settings() -> None:
    done = run_python("-c", "import bot.config, bot.factory, bot.cli", TOP_K="not a number")
    assert (done.returncode, done.stderr) == (0, "")
