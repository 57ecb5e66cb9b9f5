from base64 import urlsafe_b64encode
from collections.abc import Iterable, Iterator
from pathlib import Path

import pytest
from pydantic import SecretStr

from bot.config import BotSettings
from bot.errors import DiscordError, SettingUpError
from bot.messages import say
from bot.setting_up.dialogue import Dialogue, take_defaults
from bot.setting_up.plan import Plan
from index.schema import Language

TOKEN = urlsafe_b64encode(b"900000000000000002").decode().rstrip("=") + ".Zx-9_q.très-secret"
CTRL_C = "\x03"


class Typed:
    """Types what it was given, and keeps what was asked and shown."""

    def __init__(self, answers: Iterable[str]) -> None:
        self._answers: Iterator[str] = iter(answers)
        self.shown: list[str] = []
        self.asked_unseen: list[str] = []

    def show(self, text: str) -> None:
        self.shown.append(text)

    def line(self, question: str) -> str:
        self.shown.append(question)
        if (answer := next(self._answers)) == CTRL_C:
            raise KeyboardInterrupt
        return answer

    folder = line

    def unseen(self, question: str) -> str:
        self.asked_unseen.append(question)
        return self.line(question)

    def is_done(self) -> bool:
        return next(self._answers, None) is None


def known(token: SecretStr) -> str:
    assert token.get_secret_value() == TOKEN
    return "Babillard#1234"


def unreachable(token: SecretStr) -> str:
    raise DiscordError("Discord cannot be asked: check the network")


def never(token: SecretStr) -> str:
    raise AssertionError("nobody was to ask Discord")


def converse(
    typed: Typed,
    settings: BotSettings | None = None,
    language: Language = "fr",
    introduce: object = never,
    seeds: Path | None = None,
    with_discord: bool = True,
) -> Plan:
    assert callable(introduce)
    dialogue = Dialogue(typed, language, settings or BotSettings(), introduce, "babillard init")
    plan = dialogue.run(seeds, with_discord)
    assert typed.is_done()
    return plan


@pytest.fixture(autouse=True)
def articles() -> None:
    Path("seeds").mkdir()
    Path("seeds/été.md").touch()
    Path("l’autre").mkdir()
    Path("l’autre/a.txt").touch()
    Path("vide").mkdir()


# --------------------------------------------------------------------------------------------------------- the folder


def test_enter_at_each_question_keeps_what_is_set() -> None:
    assert converse(Typed(["", ""])) == Plan(Path("seeds"))
    settings = BotSettings(seeds_dir=Path("l’autre"))
    assert converse(typed := Typed(["", ""]), settings).seeds == Path("l’autre")
    assert "[l’autre]" in typed.shown[1]


@pytest.mark.parametrize("typed", ["l’autre", "  l’autre/ ", '"l’autre"', "'l’autre'", "./l’autre"])
def test_a_folder_is_taken_however_it_is_typed_or_dropped(typed: str) -> None:
    assert converse(Typed([typed, ""])).seeds == Path("l’autre")


def test_a_tilde_is_the_home_of_whoever_types_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HOME", str(Path.cwd()))
    assert converse(Typed(["~/l’autre", ""])).seeds == Path.cwd() / "l’autre"


@pytest.mark.parametrize("language", ["fr", "en"])
def test_it_says_how_many_files_of_which_format_are_there(language: Language) -> None:
    converse(typed := Typed(["", ""]), language=language)
    assert say("init_folder_holds", language, folder="seeds", count=1, formats=".md 1") in typed.shown


def test_a_folder_that_cannot_be_used_is_asked_for_again() -> None:
    Path("photos").mkdir()
    Path("photos/a.png").touch()
    typed = Typed(["seeds/été.md", "photos", "${HOME}", "~personne/là", "n", "l’autre", ""])
    assert converse(typed) == Plan(Path("l’autre"))
    assert say("init_folder_file", "fr", folder="seeds/été.md") in typed.shown
    assert any(line.startswith("Dans photos, aucun fichier") and ".pdf" in line for line in typed.shown)
    assert say("init_folder_unwritable", "fr", folder="${HOME}") in typed.shown


@pytest.mark.parametrize("folder", ["vide", "nulle part"])
def test_examples_are_offered_where_there_is_nothing(folder: str) -> None:
    assert converse(Typed([folder, "", ""])) == Plan(Path(folder), with_examples=True)
    assert converse(typed := Typed([folder, "non", "", ""])) == Plan(Path("seeds"))
    assert say("init_examples_refused", "fr") in typed.shown


def test_what_was_typed_cannot_drive_the_terminal() -> None:
    converse(typed := Typed(["\x1b[2Jlà", "n", "", ""]))
    assert "\x1b" not in "".join(typed.shown)


def test_a_folder_that_is_given_is_not_asked_for() -> None:
    assert converse(Typed([""]), seeds=Path("l’autre")) == Plan(Path("l’autre"))
    assert converse(Typed(["o", ""]), seeds=Path("vide")) == Plan(Path("vide"), with_examples=True)


def test_a_folder_that_is_given_and_cannot_be_used_is_an_error() -> None:
    with pytest.raises(SettingUpError, match="est un fichier"):
        converse(Typed([]), seeds=Path("seeds/été.md"))
    with pytest.raises(SettingUpError, match="Mettez d’abord"):
        converse(Typed(["n"]), seeds=Path("vide"))


# ------------------------------------------------------------------------------------------------------------ Discord


def test_without_discord_nothing_is_asked_about_it() -> None:
    assert converse(Typed([""]), with_discord=False) == Plan(Path("seeds"))


@pytest.mark.parametrize(("yes", "language"), [("o", "fr"), ("Oui", "fr"), ("y", "en"), ("YES", "en"), ("o", "en")])
def test_a_token_that_discord_knows_is_taken(yes: str, language: Language) -> None:
    typed = Typed(["", yes, f"  {TOKEN} ", ""])
    assert converse(typed, language=language, introduce=known).token == SecretStr(TOKEN)
    assert say("init_token_known", language, name="Babillard#1234") in typed.shown


def test_discord_is_only_asked_by_who_wants_it() -> None:
    assert converse(Typed(["", "o", TOKEN, "n"])).token == SecretStr(TOKEN)


def test_a_token_that_is_not_confirmed_is_kept_or_typed_again() -> None:
    typed = Typed(["", "o", TOKEN, "", "", TOKEN, "o", "o"])
    assert converse(typed, introduce=unreachable).token == SecretStr(TOKEN)
    assert any("check the network" in line for line in typed.shown)


def test_a_token_of_the_wrong_shape_is_asked_for_again_and_says_why_without_showing_it() -> None:
    wrong = ["Bot abc.def.ghi", "secret", "très.se.cret"]
    typed = Typed(["", "o", *wrong, TOKEN, "n"])
    assert converse(typed).token == SecretStr(TOKEN)
    for key in ("init_token_prefix", "init_token_parts", "init_token_id"):
        assert say(key, "fr") in typed.shown
    assert not any(token in line for token in [*wrong, TOKEN] for line in typed.shown)
    assert len(typed.asked_unseen) == 4


def test_no_token_leaves_discord_for_later() -> None:
    typed = Typed(["", "o", ""])
    assert converse(typed).token is None
    assert say("init_token_later", "fr", command="babillard init") in typed.shown


def test_a_token_that_is_set_stays_whatever_is_answered() -> None:
    settings = BotSettings(discord_token=SecretStr(TOKEN))
    assert converse(Typed(["", "", ""]), settings).token is None
    typed = Typed(["", "n"])
    assert converse(typed, settings).token is None
    assert say("init_token_stays", "fr") in typed.shown


def test_neither_yes_nor_no_is_asked_again() -> None:
    typed = Typed(["", "peut-être", "n"])
    converse(typed)
    assert say("init_yes_or_no", "fr") in typed.shown


@pytest.mark.parametrize(
    "answers",
    [
        pytest.param([CTRL_C], id="folder"),
        pytest.param(["vide", CTRL_C], id="examples"),
        pytest.param(["", CTRL_C], id="discord"),
        pytest.param(["", "o", CTRL_C], id="token"),
        pytest.param(["vide", "", "o", TOKEN, CTRL_C], id="confirmation"),
    ],
)
def test_ctrl_c_at_any_question_leaves_everything_as_it_was(answers: list[str]) -> None:
    before = sorted(Path().rglob("*"))
    with pytest.raises(KeyboardInterrupt):
        converse(Typed(answers))
    assert sorted(Path().rglob("*")) == before


# ------------------------------------------------------------------------------------------------- without a question


def test_who_asks_for_no_question_gets_the_defaults() -> None:
    assert take_defaults(Path("seeds"), 20, "fr")[0] == Plan(Path("seeds"))
    plan, said = take_defaults(Path("vide"), 20, "en")
    assert (plan, said) == (Plan(Path("vide"), with_examples=True), say("init_folder_empty", "en", folder="vide"))
    with pytest.raises(SettingUpError, match="is a file"):
        take_defaults(Path("seeds/été.md"), 20, "en")
