"""The questions: the folder of the articles, then Discord. Nothing is changed before the last is answered."""

from collections.abc import Callable
from pathlib import Path
from typing import Protocol

from pydantic import SecretStr

from bot.config import BotSettings
from bot.doctor.serving import TokenFault, token_fault
from bot.errors import DiscordError, SettingUpError
from bot.message_keys import Key
from bot.messages import say
from bot.setting_up.env_file import can_hold
from bot.setting_up.folder import Found, look_into
from bot.setting_up.plan import Plan
from index.loaders.formats import SUFFIXES
from index.schema import Language
from index.text import visible

PORTAL = "https://discord.com/developers/applications"

YES = frozenset(["o", "oui", "y", "yes"])
NO = frozenset(["n", "non", "no"])

_TOKEN_FAULTS: dict[TokenFault, Key] = {
    "prefix": "init_token_prefix",
    "parts": "init_token_parts",
    "id": "init_token_id",
}


class Prompts(Protocol):
    """How questions are asked. Ctrl-C raises `KeyboardInterrupt`, Ctrl-D `EOFError`."""

    def show(self, text: str) -> None:
        """Show a line."""
        ...

    def line(self, question: str) -> str:
        """Return what is typed."""
        ...

    def folder(self, question: str) -> str:
        """Return what is typed; Tab completes the names of folders."""
        ...

    def unseen(self, question: str) -> str:
        """Return what is typed; nothing of it is shown or kept."""
        ...


class Dialogue:
    """Asks what has to be known, in one language."""

    def __init__(
        self,
        prompts: Prompts,
        language: Language,
        settings: BotSettings,
        introduce: Callable[[SecretStr], str],
        command: str,
    ) -> None:
        """Get ready; nothing is asked yet.

        Args:
            prompts: where to ask.
            language: of the questions.
            settings: those in force, which are the defaults.
            introduce: asks Discord for the name of the bot with a token; raises `DiscordError`.
            command: that opens this dialogue, as it is typed.
        """
        self._prompts = prompts
        self._language = language
        self._settings = settings
        self._introduce = introduce
        self._command = command

    def run(self, seeds: Path | None = None, with_discord: bool = True) -> Plan:
        """Ask, and return the answers.

        Args:
            seeds: the folder, where it is known; what is wrong with it is then an error.
            with_discord: False leaves Discord out.

        Raises:
            SettingUpError: `seeds` cannot be used.
            KeyboardInterrupt, EOFError: whoever was asked left.
        """
        if seeds is None or with_discord:
            self._say("init_welcome")
        folder, with_examples = self._folder() if seeds is None else self._given(seeds)
        return Plan(folder, with_examples, self._token() if with_discord else None)

    def _given(self, folder: Path) -> tuple[Path, bool]:
        found = look_into(folder, self._settings.max_file_mb)
        if fault := folder_fault(folder, found, self._language):
            raise SettingUpError(fault)
        self._show(describe(folder, found, self._language))
        if found.takes_examples and not self._confirm("init_examples", default=True):
            raise SettingUpError(say("init_examples_refused", self._language))
        return folder, found.takes_examples

    def _folder(self) -> tuple[Path, bool]:
        """Ask for a folder until one can be used; return whether the example articles go there."""
        known = self._settings.seeds_dir
        question = say("init_folder", self._language, folder=visible(str(known)))
        while True:
            typed = self._prompts.folder(f"{question} ").strip()
            folder = _expanded(typed) if typed else known
            found = look_into(folder, self._settings.max_file_mb)
            if fault := folder_fault(folder, found, self._language):
                self._show(fault)
                continue
            self._show(describe(folder, found, self._language))
            if not found.takes_examples or self._confirm("init_examples", default=True):
                return folder, found.takes_examples
            self._say("init_examples_refused")

    def _token(self) -> SecretStr | None:
        """Ask whether to serve Discord, and for a token; None keeps what is set."""
        known = self._settings.discord_token
        is_set = known is not None and bool(known.get_secret_value().strip())
        if not self._confirm("init_discord", default=is_set):
            if is_set:
                self._say("init_token_stays")
            return None
        self._say("init_token_where", portal=PORTAL)
        asking = say("init_token_again" if is_set else "init_token", self._language)
        while True:
            token = SecretStr(self._prompts.unseen(f"{asking} ").strip())
            if not token.get_secret_value():
                if not is_set:
                    self._say("init_token_later", command=self._command)
                return None
            if fault := token_fault(token):
                self._say(_TOKEN_FAULTS[fault])
            elif not self._confirm("init_token_ask", default=True) or self._is_known(token):
                return token

    def _is_known(self, token: SecretStr) -> bool:
        """Whether Discord knows a token, or it is to be kept all the same."""
        try:
            name = self._introduce(token)
        except DiscordError as error:
            self._say("init_token_refused", reason=str(error))
            return self._confirm("init_token_keep", default=False)
        self._say("init_token_known", name=visible(name))
        return True

    def _confirm(self, question: Key, default: bool) -> bool:
        choice = say("init_yes_default" if default else "init_no_default", self._language)
        while True:
            typed = self._prompts.line(f"{say(question, self._language)} [{choice}] ").strip().lower()
            if not typed:
                return default
            if typed in YES | NO:
                return typed in YES
            self._say("init_yes_or_no")

    def _say(self, key: Key, **values: object) -> None:
        self._show(say(key, self._language, **values))

    def _show(self, text: str) -> None:
        self._prompts.show(text)


def take_defaults(seeds: Path, max_mb: int, language: Language) -> tuple[Plan, str]:
    """Return the answers of who asks for no question, and what there is to say of the folder.

    Raises:
        SettingUpError: the folder cannot be used.
    """
    found = look_into(seeds, max_mb)
    if fault := folder_fault(seeds, found, language):
        raise SettingUpError(fault)
    return Plan(seeds, found.takes_examples), describe(seeds, found, language)


def folder_fault(folder: Path, found: Found, language: Language) -> str:
    """Return why a folder cannot be that of the articles, and what to do; "" where it can."""
    name = visible(str(folder), instead="\ufffd")
    if not can_hold(str(folder)):
        return say("init_folder_unwritable", language, folder=name)
    match found.state:
        case "file":
            return say("init_folder_file", language, folder=name)
        case "closed":
            return say("init_folder_closed", language, folder=name, reason=found.reason)
        case "unread":
            return say("init_folder_unread", language, folder=name, formats=" ".join(sorted(SUFFIXES)))
    return ""


def describe(folder: Path, found: Found, language: Language) -> str:
    """Return what a folder that can be used holds."""
    name = visible(str(folder))
    if found.takes_examples:
        return say("init_folder_missing" if found.state == "missing" else "init_folder_empty", language, folder=name)
    formats = ", ".join(f"{suffix} {count}" for suffix, count in found.formats.items())
    return say("init_folder_holds", language, folder=name, count=sum(found.formats.values()), formats=formats)


def _expanded(typed: str) -> Path:
    """Return the folder that was typed or dropped on the terminal, which puts quotes around it."""
    bare = typed[1:-1] if len(typed) > 1 and typed[0] == typed[-1] and typed[0] in "'\"" else typed
    try:
        return Path(bare).expanduser()
    except RuntimeError:  # ~somebody who has no home
        return Path(bare)
