"""`babillard add`, `refresh` and `remove`: learn pages of the web, bring them up to date, and forget them."""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from bot.config import BotSettings
from bot.errors import BotError, FetchError
from index.cli import JsonOption, foreseen_faults, load_settings

if TYPE_CHECKING:  # what fetches pages is imported by these commands alone
    from bot.fetching.learning import Learner, Outcome
    from bot.fetching.printing import Bar

MaxOption = Annotated[int, typer.Option("--max", min=1, max=10_000, help="Pages of one sitemap or feed.")]
MinutesOption = Annotated[float, typer.Option("--minutes", min=0.1, max=1_440, help="How long it may take.")]


def add(
    sources: Annotated[list[str], typer.Argument(metavar="URL|FILE…", help="Pages, sitemaps, feeds and files.")],
    most: MaxOption = 200,
    minutes: MinutesOption = 30,
    as_json: JsonOption = False,
) -> None:
    """Learn pages of the web, and files: fetch them, and keep them beside your articles.

    https://example.org/guide is one page, of any format that articles may have. Of a sitemap
    (https://example.org/sitemap.xml) or a feed, RSS or Atom, the pages that it names are fetched, and `babillard
    refresh` takes new ones. A file is copied. Answers cite the address of the page.

    Pages are fetched one at a time and a second apart, where robots.txt lets; an address in a private network is
    refused, unless FETCH_PRIVATE names the network. Run `babillard index rebuild` afterwards.

    Exit status: 0 if all that was named is learned, 1 if something is not.
    """

    def learn(settings: BotSettings, bar: "Bar") -> Iterator["Outcome"]:
        from bot.fetching.learning import open_learner

        with open_learner(settings, most, minutes) as learner:
            learner.expect = bar.expect
            for source in sources:
                yield from _learn(learner, source)

    _run(learn, as_json)


def refresh(
    names: Annotated[
        list[str] | None, typer.Argument(metavar="[URL|HOST…]", help="Pages, sitemaps, feeds or hosts; else all.")
    ] = None,
    guild: Annotated[int | None, typer.Option("--guild", min=1, help="Those of one Discord server alone.")] = None,
    prune: Annotated[bool, typer.Option("--prune", help="Remove the pages that are gone.")] = False,
    minutes: MinutesOption = 30,
    as_json: JsonOption = False,
) -> None:
    """Bring the pages up to date: ask for what changed, and for what is new in sitemaps and feeds.

    Those that you added come first, then those that Discord servers learned, for which FETCH_PRIVATE opens nothing.

    A page that is gone from the web is kept, and still answered from, until --prune removes it. One that cannot be had
    for now is kept as well.

    Exit status: 0 if all pages were asked for, gone ones included; 1 if some could not be had.
    """

    def bring_up_to_date(settings: BotSettings, bar: "Bar") -> Iterator["Outcome"]:
        from bot.fetching.refreshing import refresh_all

        return refresh_all(settings, names or [], guild, prune=prune, minutes=minutes, expect=bar.expect)

    _run(bring_up_to_date, as_json)


def remove(
    names: Annotated[list[str], typer.Argument(metavar="URL|HOST|FILE…", help="Pages, sitemaps, feeds, hosts, files.")],
    as_json: JsonOption = False,
) -> None:
    """Forget pages: remove what was fetched; with a sitemap or a feed, all pages that it brought.

    Run `babillard index rebuild` afterwards.

    Exit status: 0, or 1 if a name stands for nothing: then nothing is removed.
    """
    with foreseen_faults(BotError):
        from bot.fetching.learning import page_store
        from bot.fetching.refreshing import forget

        _print(forget(page_store(load_settings(BotSettings, None, None)), names), as_json)


def _learn(learner: "Learner", source: str) -> Iterator["Outcome"]:
    """Learn what one argument names; a fault is an outcome, so that the others are learned."""
    from bot.fetching.learning import Outcome

    try:
        if "://" in source:
            yield from learner.learn(source)
        else:
            yield _learn_file(learner, Path(source))
    except FetchError as error:
        yield Outcome(source, "failed", reason=str(error))


def _learn_file(learner: "Learner", path: Path) -> "Outcome":
    if path.is_dir():
        raise FetchError("is a folder: put its files into SEEDS_DIR, or name them one by one")
    try:
        with path.open("rb") as file:
            data = file.read(learner.visitor.max_bytes + 1)
    except OSError as error:
        advice = f"name a file, or a page as https://{path}"
        raise FetchError(f"cannot be read ({error.strerror}): {advice}") from error
    return learner.learn_file(path.name, data)


def _run(work: Callable[[BotSettings, "Bar"], Iterator["Outcome"]], as_json: bool) -> None:
    """Fetch pages and print what becomes of them; end with status 1 if some could not be had."""
    with foreseen_faults(BotError):
        from bot.fetching.printing import outcome_record, page_bar
        from index.reporting import print_json

        outcomes = []
        settings = load_settings(BotSettings, None, None)
        with page_bar() as bar:
            try:
                for outcome in work(settings, bar):
                    outcomes.append(outcome)
                    bar.advance()
                    if as_json:
                        print_json(outcome_record(outcome))
            finally:  # what was learned before an interruption is told
                if not as_json and outcomes:
                    bar.hide()
                    _print(outcomes, as_json=False)
        if not outcomes and not as_json:
            _print([], as_json=False)
    if any(outcome.what == "failed" for outcome in outcomes):
        raise typer.Exit(1)


def _print(outcomes: "list[Outcome]", as_json: bool) -> None:
    from bot.fetching.printing import outcome_record, print_outcomes
    from index.reporting import print_json

    if as_json:
        for outcome in outcomes:
            print_json(outcome_record(outcome))
    else:
        print_outcomes(outcomes)
