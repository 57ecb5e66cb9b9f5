"""What the asker is told when something went wrong: one sentence, in their language."""

import math

from bot.errors import AnswerTimeoutError, BotError, BusyError, DailyCapError, TooSoonError
from bot.messages import say
from index.errors import IndexingError
from index.schema import Language

FORESEEN = (BotError, IndexingError)


def apology(error: BaseException, language: Language) -> str:
    """Return the sentence for a fault; one that is not foreseen has a sentence of its own."""
    match error:
        case BusyError():
            return say("busy", language)
        case TooSoonError():
            return say("too_soon", language, seconds=math.ceil(error.seconds_left))
        case DailyCapError():
            return say("daily_cap", language, when=f"<t:{int(error.resets_at.timestamp())}:R>")
        case AnswerTimeoutError():
            return say("too_long", language)
        case _:
            return say("failed", language)
