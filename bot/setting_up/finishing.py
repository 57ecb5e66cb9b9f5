"""What follows the last question: write the settings, check, build the index, show what can be asked."""

import os
from collections.abc import Sequence
from pathlib import Path

import typer

from bot.answering.answer import Answer
from bot.answering.plain import shown_quotes
from bot.config import BotSettings
from bot.doctor.environment import read_settings
from bot.doctor.examination import examine
from bot.doctor.finding import Finding
from bot.errors import SettingUpError
from bot.factory import build_bot
from bot.message_keys import Key
from bot.messages import say
from bot.setting_up.env_file import Written, write
from bot.setting_up.folder import put_examples
from bot.setting_up.plan import Plan
from bot.setting_up.questions import SHOWN, answered, draw, on_a_line
from bot.terminal.blocks import draw_line
from bot.terminal.rendering import check_line
from bot.terminal.style import shows_signs
from index.build import BuildReport
from index.chunking import shorten
from index.config import fingerprint
from index.errors import IndexingError
from index.layers import build_layers, common_layers, stale_layers
from index.model.embedding import TextEmbeddings, load_embeddings
from index.reporting import progress_bar
from index.schema import Language
from index.shelf import Shelf
from index.text import visible

MAX_GLIMPSE = 90  # letters of an answer: a line of a terminal, with its source behind it

NEEDED = frozenset(["settings", "seeds", "language", "model"])
"""Checks without which no index is built."""


class Finishing:
    """Carries a plan out, and says so in one language."""

    def __init__(self, language: Language, program: str, env: Path = Path(".env")) -> None:
        """Get ready; nothing is changed yet.

        Args:
            language: of what is said.
            program: how Babillard is called here, as it is typed.
            env: file of the settings.
        """
        self._language = language
        self._program = program
        self._env = env

    def settle(self, plan: Plan, before: BotSettings) -> None:
        """Put the example articles where they belong, and write the settings that differ from those before.

        Raises:
            SettingUpError: a file cannot be written.
        """
        if plan.with_examples:
            try:
                put = put_examples(plan.seeds)
            except OSError as error:
                raise self._unwritable(plan.seeds, error) from error
            self._say("init_examples_put", folder=visible(str(plan.seeds)), files=", ".join(p.name for p in put))
        values = self._values(plan, before)
        try:
            written = write(self._env, values)
        except OSError as error:
            raise self._unwritable(self._env, error) from error
        self._tell_written(written, list(values))
        for name, value in values.items():
            if any(key.upper() == name and own and own != value for key, own in os.environ.items()):
                self._say("init_overruled", setting=name)

    def finish(self, seeds: Path) -> bool:
        """Check, build and show; return whether all is well.

        Raises:
            IndexingError, BotError: the model cannot be loaded, or the index cannot be opened.
        """
        self._say("init_checking")
        settings, _ = read_settings({"seeds_dir": seeds})
        # downloads one that is not bundled, before it is checked
        embeddings = load_embeddings(settings.embedding_model)
        failed = self._check(seeds)
        if any(finding.check in NEEDED for finding in failed):
            self._say("init_stopped", command=f"{self._program} init")
            return False
        if not self._build(settings, embeddings):
            return False
        self._show_questions(settings, embeddings)
        self._say("init_next_mend" if failed else "init_next")
        self._show(f"  {self._program} repl     {say('init_next_repl', self._language)}")
        if settings.discord_token is not None:
            self._show(f"  {self._program} discord  {say('init_next_discord', self._language)}")
        return not failed

    def _values(self, plan: Plan, before: BotSettings) -> dict[str, str]:
        """Return the settings to write: those that change, and in a new file those that were asked for."""
        is_new = not self._env.exists()
        values = {}
        if is_new or plan.seeds != before.seeds_dir:
            values["SEEDS_DIR"] = str(plan.seeds)
        if plan.token is not None and plan.token != before.discord_token:
            values["DISCORD_TOKEN"] = plan.token.get_secret_value()
        if is_new and "default_language" not in before.model_fields_set and self._language != before.default_language:
            values["DEFAULT_LANGUAGE"] = self._language
        return values

    def _tell_written(self, written: Written, names: Sequence[str]) -> None:
        if not written.changed:
            self._say("init_unchanged")
            return
        self._say("init_written", settings=", ".join(names))
        if written.backup is not None:
            self._say("init_backup", backup=written.backup.name)

    def _check(self, seeds: Path) -> list[Finding]:
        """Make the checks of `babillard doctor`, but of the index, which is built next; return those that failed."""
        findings = [finding for finding in examine({"seeds_dir": seeds}) if finding.check != "index"]
        failed = [finding for finding in findings if finding.state == "failed"]
        told = [one for one in findings if one.state == "failed" or (one.check == "settings" and one.state == "note")]
        self._say("init_to_mend" if failed else "init_checked")
        for one in told:
            self._show(check_line(one.check, one.state, one.said, plain=not shows_signs()))
        return failed

    def _build(self, settings: BotSettings, embeddings: TextEmbeddings) -> bool:
        """Bring the index up to date; return whether that could be done."""
        try:
            if stale_layers(settings, embeddings) is None:
                self._say("init_fresh")
                return True
            self._say("init_building")
            with progress_bar() as progress:
                reports = build_layers(settings, embeddings, progress)
        except IndexingError as error:
            self._say("init_not_built", reason=visible(str(error)))
            return False
        self._tell_built(reports)
        return True

    def _tell_built(self, reports: Sequence[BuildReport]) -> None:
        skipped = [one for report in reports for one in report.skipped]
        self._say(
            "init_built",
            documents=sum(report.manifest.documents for report in reports),
            chunks=sum(report.manifest.chunks for report in reports),
        )
        if skipped:
            self._say("init_skipped")
        for one in skipped:
            self._show(f"  {visible(on_a_line(one.id))}: {visible(on_a_line(one.reason))}")

    def _show_questions(self, settings: BotSettings, embeddings: TextEmbeddings) -> None:
        """Show questions with the source of their answers, each as it was just asked; no chat model is asked."""
        alone = settings.model_copy(update={"chat_model": None, "translator": None})
        shelf = Shelf()
        bot = build_bot(alone, embeddings, shelf=shelf)
        stores = shelf.open(common_layers(settings), fingerprint(embeddings.model, embeddings.revision))
        answers = answered(draw(stores, self._language), bot.chain.invoke)
        if answers:
            self._say("init_questions")
        for answer in answers:
            self._show(f"  {visible(on_a_line(answer.question))}\n    > {glimpse(answer)}")
        if len(answers) < SHOWN:
            self._say("init_questions_fewer")

    def _unwritable(self, path: Path, error: OSError) -> SettingUpError:
        reason = error.strerror or type(error).__name__
        return SettingUpError(say("init_unwritable", self._language, path=visible(str(path)), reason=reason))

    def _say(self, key: Key, **values: object) -> None:
        self._show(say(key, self._language, **values))

    def _show(self, text: str) -> None:
        typer.echo(text)


def glimpse(answer: Answer) -> str:
    """Return how the first quote of an answer begins, and in which article, on a line."""
    blocks = [block for quote in shown_quotes(answer) for block in quote.blocks]
    said = [block for block in blocks if block.kind not in ("heading", "admonition", "term")] or blocks
    shown = said[:2] if said[0].announces else said[:1]
    words = " ".join(draw_line(on_a_line(block.text or " | ".join(block.rows[-1]))) for block in shown)
    return visible(f"{shorten(words, MAX_GLIMPSE)} — {on_a_line(answer.citations[0].title)}")
