"""Ask all sets, with progress, and say what was asked."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from bot.config import BotSettings
from bot.errors import EvaluationError
from bot.evaluation.asking import Outcome, ask_index, ask_passages
from bot.evaluation.printing import progress_bars, progress_of
from bot.evaluation.questions import QuestionSet
from bot.factory import build_bot, load_reader
from index.model.embedding import load_embeddings
from index.places import place_of


def run(
    sets: Sequence[QuestionSet], files: Sequence[Path], settings: BotSettings, contexts: bool
) -> tuple[dict[str, Any], list[Outcome]]:
    """Return what was measured on what, in the documented JSON shape, and the outcomes.

    Args:
        sets: one or more.
        files: where they come from.
        settings: of the bot.
        contexts: index the passages of the sets, instead of asking the index.

    Raises:
        EvaluationError: the sets do not go with the mode.
        IndexingError: the index cannot be used.
    """
    for one in sets:
        if contexts and not one.passages:
            raise EvaluationError(f"{one.file}: holds no passages: leave out --contexts, to ask your own index")
    embeddings = load_embeddings(settings.embedding_model)
    bot = None if contexts else build_bot(settings, embeddings)
    outcomes: list[Outcome] = []
    with progress_bars() as bars:
        for one in sets:
            asked = progress_of(bars, f"Asking {one.name}")
            if bot:
                outcomes += ask_index(one, bot, place_of(settings), asked)
            else:
                built = progress_of(bars, f"Embedding {one.name}")
                outcomes += ask_passages(one, settings, embeddings, built, asked)
    description = {
        "mode": "contexts" if contexts else "index",
        "files": [file.name for file in files],
        "questions": len(outcomes),
        "answerable": sum(outcome.question.answerable for outcome in outcomes),
        "nowhere": sum(bool(bot) and o.question.answerable and not o.expected for o in outcomes),
        "generation": bot.manifest.generation if bot else "",
        "model": embeddings.model,
        "calibration": (bot and bot.own_calibration) or (bot.reader if bot else load_reader(settings)).calibration.data,
    }
    return description, outcomes
