"""All the checks of a reply, one after the other.

Reply ──each check──▶ reasons ──under its name──▶ Failure[]
"""

from collections.abc import Callable, Iterable, Mapping

from bot.answering.answer import Failure
from bot.chat.checks.commands import check_commands
from bot.chat.checks.dates import check_dates
from bot.chat.checks.instructions import check_instructions
from bot.chat.checks.language import check_language
from bot.chat.checks.links import check_links
from bot.chat.checks.markers import check_markers
from bot.chat.checks.names import check_names
from bot.chat.checks.numbers import check_numbers
from bot.chat.checks.quotes import check_quotes
from bot.chat.checks.support import check_support
from bot.chat.reply import Reply

CHECKS: Mapping[str, Callable[[Reply], Iterable[str]]] = {
    "markers": check_markers,
    "quotes": check_quotes,
    "commands": check_commands,
    "numbers": check_numbers,
    "dates": check_dates,
    "names": check_names,
    "links": check_links,
    "language": check_language,
    "support": check_support,
    "instructions": check_instructions,
}
"""By name. Each yields its reasons to refuse a reply, in words that the model can act on when it tries again."""


def check_reply(reply: Reply) -> tuple[Failure, ...]:
    """Return the reasons not to show a reply; none means that it may be shown. An abstention is no reply.

    Nothing is loaded but the language model, and the time grows with the length of the text and of the cited passages.
    """
    return tuple(Failure(name, reason) for name, check in CHECKS.items() for reason in check(reply))
