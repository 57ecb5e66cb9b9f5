"""`babillard calibrate`: set when the bot abstains, on questions whose answers are known."""

from bot.config import BotSettings
from bot.errors import BotError
from bot.evaluation.cli import FilesArgument
from index.cli import IndexOption, JsonOption, foreseen_faults, load_settings
from index.reporting import print_json


def calibrate(files: FilesArgument, index: IndexOption = None, as_json: JsonOption = False) -> None:
    """Fit the confidence, and so when the bot abstains, on questions about your own articles.

    The files are those of `babillard eval`. 100 questions whose answers stand in your index are needed, on 5 articles
    or more; those without an answer help, and each of the others is also seen as if its passage and its article were
    not there. The calibration is kept beside the index, in calibration.json, and a running bot takes it up by itself;
    remove the file to go back to the one that is shipped.
    """
    with foreseen_faults(BotError):
        from rich.console import Console

        from bot.calibration.own_index import calibrate_index
        from bot.calibration.printing import print_calibration
        from bot.evaluation.datasets import load_questions

        path, record = calibrate_index(load_questions(files), files, load_settings(BotSettings, None, index))
        if as_json:
            print_json(record)
        else:
            print_calibration(path, record, Console(highlight=False))
