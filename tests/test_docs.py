"""The documents say what the code does."""

import json
import re
import shlex
from collections.abc import Iterator
from importlib.util import find_spec
from pathlib import Path
from typing import get_args
from xml.etree import ElementTree

import discord
import pytest
from typer.core import TyperGroup
from typer.main import get_command

from bot.backup.manifest import FORMAT, PROGRAM, Manifest, Member
from bot.backup.printing import backup_lines, restore_lines
from bot.backup.restoring import Restored
from bot.backup.writing import left_out
from bot.cli import app
from bot.config import BotSettings
from bot.discord import library
from bot.discord.localization import FRENCH
from bot.discord.metrics import Metrics
from bot.discord.observing import OUTCOMES, ChatUse, ShardsNow, Standing
from bot.discord.rules import GuildRules
from bot.evaluation.datasets import load_questions
from bot.fetching import learning, listing, visiting
from bot.fetching.client import PAGE_SECONDS
from bot.fetching.feeds import MIN_WHOLE
from bot.fetching.printing import outcome_record
from bot.journal.activity import Activity, Article, activity_of
from bot.journal.entry import Sending
from bot.journal.printing import activity_lines
from bot.messages import MESSAGES
from bot.teaching.cli import entry_record
from bot.teaching.entry import Entry
from index.model.embedding import TextEmbeddings
from index.overview import first_chunks
from index.store import open_store
from tests.bot.journal.asking import NOW, Asking
from tests.processes import REPOSITORY, run_python

PAGES = {
    path.relative_to(REPOSITORY).as_posix(): path.read_text(encoding="utf-8")
    for folder in ("", "docs", "bot/answering/readers", "index", "training/reader")
    for path in sorted((REPOSITORY / folder).glob("*.md"))
}
EACH_PAGE = pytest.mark.parametrize("page", PAGES)

README = PAGES["README.md"]
CLI = PAGES["docs/cli.md"]
DISCORD = PAGES["docs/discord.md"]
EVALUATION = PAGES["docs/evaluation.md"]
BENCHMARKS = PAGES["docs/benchmarks.md"]
SOURCES = PAGES["docs/sources.md"]
CARD = PAGES["bot/answering/readers/span-reader.md"]

MAKE_TARGETS = set(re.findall(r"^([a-z]+):", (REPOSITORY / "Makefile").read_text(encoding="utf-8"), re.MULTILINE))
SETTINGS = {name.upper(): field.default for name, field in BotSettings.model_fields.items()}


def section(page: str, heading: str) -> str:
    """Return what stands under a heading, up to the next one of its level or above."""
    marks, _, _ = heading.partition(" ")
    found = re.findall(rf"^{re.escape(heading)}\n(.*?)(?=^#{{1,{len(marks)}}} |\Z)", page, re.MULTILINE | re.DOTALL)
    assert len(found) == 1, heading
    return str(found[0])


def tables(text: str) -> list[list[list[str]]]:
    """Return the tables of a text, each as rows of cells, without the heading and the line of dashes."""
    blocks = re.findall(r"(?:^\|.*\|\n)+", text, re.MULTILINE)
    return [
        [[cell.strip() for cell in re.split(r"(?<!\\)\|", row.strip("|"))] for row in b.splitlines()[2:]]
        for b in blocks
    ]


# ---------------------------------------------------------------------------------------------------------- real output


def console_examples() -> list[tuple[str, str]]:
    """Return each command of the console blocks of all pages, with the output shown under it."""
    return [
        example
        for page in PAGES.values()
        for block in re.findall(r"```console\n(.*?)```", page, re.DOTALL)
        for example in re.findall(r"^\$ (.*)\n((?:(?!\$ ).*\n)*)", block, re.MULTILINE)
    ]


def babillard(*arguments: str | Path, cwd: Path) -> str:
    """Run a command as a user would, and return what it printed."""
    ran = run_python("-m", "bot", *arguments, cwd=cwd, COLUMNS="80")
    assert ran.returncode == 0, ran.stderr
    return ran.stdout


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, str]:
    """Return an index of the project's own articles, and what building it wrote under --json."""
    folder = tmp_path_factory.mktemp("docs") / "index"
    command = ("index", "rebuild", "--seeds", REPOSITORY / "seeds", "--index", folder, "--json")
    return folder, babillard(*command, cwd=folder.parent)


@pytest.fixture
def questions(tmp_path: Path) -> Path:
    """Return the table of questions that the page on evaluation shows, as a file."""
    (table,) = re.findall(r"```csv\n(.*?)```", EVALUATION, re.DOTALL)
    file = tmp_path / "questions.csv"
    file.write_text(table, encoding="utf-8")
    return file


@pytest.fixture
def about_documentation(tmp_path: Path) -> Path:
    """Return the questions about documentation that the page on evaluation shows, as a file."""
    (records,) = re.findall(r"```json\n(.*?)```", EVALUATION, re.DOTALL)
    file = tmp_path / "questions.json"
    file.write_text(records, encoding="utf-8")
    return file


def test_the_readme_shows_commands_with_their_output() -> None:
    assert len(console_examples()) >= 3


@pytest.mark.slow
@pytest.mark.parametrize(("command", "shown"), console_examples())
def test_a_page_shows_real_output(command: str, shown: str, built: tuple[Path, str], tmp_path: Path) -> None:
    program, *arguments = shlex.split(command)
    assert program == "babillard"
    assert babillard(*arguments, "--index", built[0], cwd=tmp_path) == shown


@pytest.mark.slow
@pytest.mark.parametrize("kind", ["questions", "about_documentation"])
def test_the_page_on_evaluation_shows_real_figures(
    kind: str, request: pytest.FixtureRequest, built: tuple[Path, str]
) -> None:
    file: Path = request.getfixturevalue(kind)
    (shown,) = re.findall(rf"```text\n\$ babillard eval {file.name}\n(.*?)```", EVALUATION, re.DOTALL)
    printed = babillard("eval", file.name, "--index", built[0], cwd=file.parent)
    lines = shown[shown.index("Under each figure") :].splitlines()
    assert len(lines) >= 10
    assert set(lines) - {"[…]"} <= {line.rstrip() for line in printed.splitlines()}


def test_the_picture_of_a_reply_shows_the_real_answer() -> None:
    picture = ElementTree.parse(REPOSITORY / "docs" / "discord-reply.svg")
    shown = " ".join("".join(picture.getroot().itertext()).split())
    command, output = console_examples()[0]
    for line in [shlex.split(command)[2], *output.splitlines()]:
        assert " ".join(line.removeprefix("> ").split()) in shown


@pytest.fixture
def fortnight(tmp_path: Path, built: tuple[Path, str], bundled: TextEmbeddings) -> Activity:
    """Return what a journal tells of two weeks, over the index of the project's own articles."""
    asking = Asking(tmp_path / "journal.sqlite3")
    articles = [Article(c.document_id, c.title, c.source, c.date) for c in first_chunks(open_store(built[0]))]
    with asking.journal as journal:
        asking.a_fortnight()
        return activity_of(journal, lambda: bundled, articles, days=14, old_after_days=365, now=NOW)


def test_the_discord_guide_shows_what_a_backup_and_a_restore_print(tmp_path: Path) -> None:
    file = tmp_path / "babillard.zip"
    file.write_bytes(bytes(3_100_000))
    counts = {"questions": 128, "servers": 3, "taught": 17, "messages": 0, "pages": 42, "articles": 0}
    calibration = Member("index/calibration.json", 1, "0" * 64)
    without = left_out(with_seeds=False, secrets=["DISCORD_TOKEN"])
    manifest = Manifest(PROGRAM, FORMAT, "0.1.0", "2026-05-31T03:00:00+00:00", counts, without, [calibration])
    examples = re.findall(r"```text\n(\$ babillard (?:backup|restore) .*?)```", DISCORD, re.DOTALL)
    shown = [example.splitlines() for example in examples]
    printed = [line.replace(str(file), file.name) for line in backup_lines(file, manifest)]
    assert shown[0] == ["$ babillard backup babillard.zip", *printed]
    restored = restore_lines(Restored(manifest, counts, None), Path("var/data"), "")
    assert shown[1] == ["$ babillard restore babillard.zip", *restored]


@pytest.mark.slow
def test_the_discord_guide_shows_a_real_report(fortnight: Activity) -> None:
    (shown,) = re.findall(r"```text\n\$ babillard report --days 14\n(.*?)```", DISCORD, re.DOTALL)
    assert shown.splitlines() == activity_lines(fortnight)


@pytest.mark.slow
def test_the_fields_of_a_report_are_those_of_the_page(fortnight: Activity) -> None:
    assert list(fortnight.record()) == fields("report")


# --------------------------------------------------------------------------------------- commands, options, JSON fields


def commands(group: TyperGroup, name: str = "babillard") -> Iterator[tuple[str, set[str]]]:
    """Yield each command of the program with the options that its --help lists, --help itself left out."""
    for word, command in group.commands.items():
        if isinstance(command, TyperGroup):
            yield from commands(command, f"{name} {word}")
        else:
            options = {option for parameter in command.params for option in parameter.opts}
            yield f"{name} {word}", {option for option in options if option.startswith("-")}


@pytest.fixture(scope="module")
def program() -> dict[str, set[str]]:
    whole = get_command(app)
    assert isinstance(whole, TyperGroup)
    return dict(commands(whole))


def test_the_page_on_the_command_line_lists_exactly_the_commands_each_with_its_options(
    program: dict[str, set[str]],
) -> None:
    listed = {}
    for command, _, options in tables(section(CLI, "## Commands"))[0]:
        words = re.match(r"`(babillard(?: [a-z]+)+)", command)
        assert words is not None, command
        listed[words[1]] = set(re.findall(r"`(--?[a-z-]+)`", options))
    assert listed == program


def test_the_page_on_the_command_line_says_what_each_option_does(program: dict[str, set[str]]) -> None:
    explained = [row[0].strip("`").split()[0] for row in tables(section(CLI, "## Commands"))[1]]
    assert sorted(explained) == sorted(set().union(*program.values()))


def test_what_the_page_on_evaluation_asks_for_stands_in_the_articles(about_documentation: Path) -> None:
    [questions] = load_questions([about_documentation])
    for page in (page for q in questions.questions for page in q.pages):
        article = (REPOSITORY / "seeds" / page.file).read_text(encoding="utf-8")
        assert [piece for piece in page.must if piece not in article] == []


@EACH_PAGE
def test_a_page_names_only_commands_and_options_that_exist(page: str, program: dict[str, set[str]]) -> None:
    for words, rest in re.findall(r"`(?:\.venv/bin/)?(babillard(?: [a-z]+)+)([^`]*)`", PAGES[page]):
        names = [name for name in program if words == name or words.startswith(f"{name} ")]
        assert names or words == "babillard index", f"{page}: {words}"
        assert set(re.findall(r" (--[a-z-]+)", rest)) <= set().union(*(program[name] for name in names))


def test_the_page_on_the_command_line_lists_exactly_the_commands_of_a_conversation() -> None:
    listed = [row[0].strip("`").split()[0] for row in tables(section(CLI, "## The conversation"))[0]]
    for language in MESSAGES:
        assert sorted(listed) == sorted(re.findall(r"^  (/\w+)", MESSAGES[language]["help"], re.MULTILINE))


def fields(command: str, table: int = 0) -> list[str]:
    """Return the fields that a table of the page on the command line lists for the JSON of a command."""
    return [row[0].strip("`") for row in tables(section(CLI, f"### `{command} --json`"))[table]]


@pytest.mark.slow
def test_the_fields_of_an_answer_are_those_of_the_page(built: tuple[Path, str], tmp_path: Path) -> None:
    question = "Combien d’abonnés Netflix compte-t-il au Canada ?"
    record = json.loads(babillard("ask", question, "--json", "--index", built[0], cwd=tmp_path))
    assert list(record) == fields("ask")
    assert list(record["citations"][0]) == fields("ask", table=1)


def test_the_fields_of_a_page_are_those_of_the_page() -> None:
    assert list(outcome_record(learning.Outcome("https://example.org/", "added"))) == fields("add")


def test_the_fields_of_an_entry_are_those_of_the_page() -> None:
    assert list(entry_record(Entry(1, 7, "Où ?", "Là.", "", NOW, None))) == fields("taught list")


def test_the_page_on_sources_names_all_that_may_become_of_a_page() -> None:
    assert [row[0].strip("`") for row in tables(SOURCES)[0]] == list(get_args(learning.What))


def test_the_page_on_sources_gives_the_bounds() -> None:
    text = " ".join(SOURCES.split())
    for bound in (
        f"feed {learning.MAX_PAGES} pages are taken",
        f"{learning.MAX_MINUTES:g} minutes at most",
        f"leads to {listing.MAX_SITEMAPS} of them",
        f"{MIN_WHOLE:,} characters or more",
        f"up to {visiting.MAX_PAUSE:g} seconds",
        f"more than {PAGE_SECONDS} seconds for a page",
        f"{library.MAX_PAGES} pages of one sitemap or feed are taken, within ten minutes",
        f"a server keeps {library.MAX_KEPT} pages and files",
    ):
        assert bound in text
    assert (visiting.PAUSE, visiting.MAX_WAIT, visiting.MAX_REDIRECTS, library.MAX_MINUTES) == (1, 60, 5, 10)


@pytest.mark.slow
def test_the_fields_of_the_index_are_those_of_the_page(built: tuple[Path, str], tmp_path: Path) -> None:
    index, report = built
    assert list(json.loads(report)) == fields("index rebuild")
    for command in ("index stats", "index verify"):
        printed = babillard(*command.split(), "--json", "--index", index, cwd=tmp_path)
        assert list(json.loads(printed)) == fields(command)
    found = json.loads(babillard("index", "search", "Netflix", "--json", "--index", index, cwd=tmp_path))
    assert list(found) == ["question", "hits"]
    assert list(found["hits"][0]) == fields("index search")


@pytest.mark.slow
def test_the_doctor_looks_at_what_the_page_shows(built: tuple[Path, str], tmp_path: Path) -> None:
    options = ("--seeds", REPOSITORY / "seeds", "--index", built[0], "--json")
    found = [json.loads(line) for line in babillard("doctor", *options, cwd=tmp_path).splitlines()]
    (shown,) = re.findall(r"```text\n(✓.*?)```", section(CLI, "## Doctor"), re.DOTALL)
    assert list(dict.fromkeys(line.split()[2] for line in shown.splitlines())) == [one["check"] for one in found]
    assert list(found[0]) == fields("doctor")


@pytest.mark.slow
def test_a_set_up_shows_what_the_page_shows(tmp_path: Path) -> None:
    (shown,) = re.findall(r"```text\n\$ babillard init\n(.*?)```", section(CLI, "## The first minutes"), re.DOTALL)
    printed = babillard("init", "--yes", "--lang", "en", cwd=tmp_path)
    lines = [re.sub(r"^  \S*babillard repl ", "  babillard repl ", line) for line in printed.splitlines()]
    questions = [line for line in shown.splitlines() if line.endswith("]") or line.startswith(("Babillard ", "Enter "))]
    assert lines == [line for line in shown.splitlines() if line not in questions]


@pytest.mark.slow
def test_the_fields_of_an_evaluation_are_those_of_the_page(questions: Path, built: tuple[Path, str]) -> None:
    record = json.loads(babillard("eval", questions.name, "--index", built[0], "--json", cwd=questions.parent))
    assert [*record, "comparison"] == fields("eval")  # the last one only with --baseline


# ------------------------------------------------------------------------------------------------ settings, make, paths


def test_the_page_on_settings_lists_exactly_the_settings_with_their_defaults() -> None:
    rows, *_ = tables(PAGES["docs/settings.md"])
    shown = {name.strip("`"): default.strip("`") for name, default, _ in rows}
    defaults = {name: "" if value is None else str(value) for name, value in SETTINGS.items()}
    assert shown == {**defaults, "MESSAGE_CONTENT": "false"}
    assert list(shown) == list(defaults)


@EACH_PAGE
def test_a_page_names_only_make_targets_that_exist(page: str) -> None:
    code = re.findall(r"`([^`\n]+)`", PAGES[page]) + re.findall(r"```(?:sh|console)\n(.*?)```", PAGES[page], re.DOTALL)
    assert {target for piece in code for target in re.findall(r"\bmake ([a-z]+)", piece)} <= MAKE_TARGETS


def test_ci_runs_the_test_command_of_the_readme() -> None:
    assert "make test" in README
    assert "exec make test" in (REPOSITORY / ".ci" / "run").read_text(encoding="utf-8")


@EACH_PAGE
def test_a_page_names_only_files_and_modules_that_exist(page: str) -> None:
    pieces = re.findall(r"`([^`\n]+)`", PAGES[page])
    paths = [piece for piece in pieces if re.match(r"(?:bot|index|tests|training|benchmarks|docs|seeds)/\S*$", piece)]
    assert [path for path in paths if not (REPOSITORY / path).exists()] == []
    modules = re.findall(r"python -m ((?:bot|index|training|benchmarks)(?:\.\w+)*)", PAGES[page])
    assert [module for module in modules if find_spec(module) is None] == []


def anchors(page: str) -> list[str]:
    """Return the anchors that GitHub makes of the headings of a page; two headings alike need another name."""
    prose = re.sub(r"^```.*?^```", "", page, flags=re.MULTILINE | re.DOTALL)
    headings = re.findall(r"^#+ (.+)$", prose, re.MULTILINE)
    return [re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-") for heading in headings]


@EACH_PAGE
def test_the_links_of_a_page_lead_somewhere(page: str) -> None:
    for target in re.findall(r"\]\(([^)\s]+)\)", PAGES[page]):
        if target.startswith(("https://", "http://")):
            continue
        path, _, anchor = target.partition("#")
        file = (REPOSITORY / page).parent / path if path else REPOSITORY / page
        assert file.exists(), target
        if anchor:
            assert anchors(file.read_text(encoding="utf-8")).count(anchor) == 1, target


def test_every_page_of_docs_can_be_reached_from_the_readme() -> None:
    linked = set(re.findall(r"\((docs/[a-z]+\.md)", README))
    assert linked == {page for page in PAGES if page.startswith("docs/")}


# -------------------------------------------------------------------------------------------------------------- figures


def default_reader() -> list[list[str]]:
    """Return the rows of the default reader: label, then French and English, each by similarity and by span."""
    (rows,) = tables(section(BENCHMARKS, "## The default reader"))
    return rows


def test_the_figures_of_the_readme_are_those_of_the_page_on_benchmarks() -> None:
    of_the_default = [[label, french, english] for label, _, french, _, english in default_reader()]
    speed = tables(section(BENCHMARKS, "## Speed and memory"))[0]
    first, second = tables(section(README, "## How good is it?"))
    assert [row for row in first if row not in of_the_default] == []
    assert [row for row in second if row not in speed] == []


def test_the_figures_of_the_default_reader_are_those_of_its_card() -> None:
    (rows,) = tables(section(CARD, "## Figures"))
    assert [cells for _, *cells in default_reader()] == [cells for _, *cells in rows]


# -------------------------------------------------------------------------------------------------------------- Discord


def defined_commands() -> set[str]:
    """Return the names of the commands that the cogs declare, as people type them."""
    named = re.compile(r'(?:app_commands\.command|ContextMenu)\(\s*name=_\("([^"]+)"\)')
    defined = set()
    for module in (REPOSITORY / "bot" / "discord" / "cogs").glob("*.py"):
        group = "babillard " if module.stem == "settings" else ""
        defined |= {group + name for name in named.findall(module.read_text(encoding="utf-8"))}
    return defined


def test_the_discord_guide_lists_exactly_the_commands_with_their_french_names() -> None:
    listed = re.findall(r"^\| `/?([^`]+)` \| `/?([^`]+)` \|", DISCORD, re.MULTILINE)
    assert {english for english, _ in listed} == defined_commands()
    for english, french in listed:
        whole = FRENCH.get(english) or " ".join(FRENCH[word] for word in english.split())
        assert french == whole


def test_the_discord_guide_lists_exactly_the_metrics_with_the_outcomes() -> None:
    chat, database = ChatUse(0, 0, {"timeout": 0}), Sending(answers=True, unsent=0)
    standing = Standing(True, ShardsNow(2, (0,), (1,)), 1, 0, 0, "g1", NOW, 2, 17, 0, 0, chat, database)
    exposed = re.findall(r"^# TYPE (babillard_\w+)", Metrics(lambda: standing).exposition().decode(), re.MULTILINE)
    metrics, outcomes = tables(section(DISCORD, "## Watch it"))[1:3]
    assert sorted(name.strip("`") for name, _ in metrics) == sorted([*exposed, "process_*"])
    assert [name.strip("`") for name, _ in outcomes] == list(OUTCOMES)


def test_the_invitation_asks_for_the_permissions_of_the_table_and_no_others() -> None:
    (rows,) = tables(section(DISCORD, "### 3. Invite it"))
    # Discord shows some permissions under another name than its API gives them; "View Channels" is one of them.
    names = [name.lower().replace(" ", "_").replace("view_channels", "view_channel") for name, *_ in rows]
    asked = re.search(r"permissions=(\d+)", DISCORD)
    assert asked is not None
    assert int(asked[1]) == discord.Permissions(**dict.fromkeys(names, True)).value
    assert len(names) == 5


def test_the_discord_guide_names_only_settings_that_exist() -> None:
    assert set(re.findall(r"`([A-Z]+_[A-Z_]+)[`=/]", DISCORD)) <= SETTINGS.keys()


def test_the_discord_guide_gives_the_default_limits() -> None:
    rules = GuildRules()
    assert f"| {rules.cooldown_seconds} s |" in DISCORD
    assert f"| questions a day | {rules.daily_questions} |" in DISCORD
