"""Check the chat model, if one is set."""

from bot.config import BotSettings
from bot.doctor.finding import Finding
from bot.errors import ChatModelError


def chat_model(settings: BotSettings, online: bool) -> Finding:
    """Check that the package and the key of the model are there; `online`, also that it replies.

    Raises:
        ChatModelError: it cannot be used.
    """
    if not settings.chat_model:
        return Finding("chat", "note", "CHAT_MODEL is not set: answers are quotes alone")
    from bot.chat.faults import unavailable
    from bot.chat.providers import open_model  # loads LangChain's packages, which takes 2 s
    from bot.chat.writer import check_prices

    check_prices(settings)
    model = open_model(settings.chat_model, settings.chat_timeout)
    if not online:
        return Finding("chat", "ok", f"{settings.chat_model} has its package and what it needs; --online calls it once")
    try:
        for _ in model.stream("Say OK."):  # as the bot asks it
            pass
    except Exception as error:  # each package has errors of its own; their words may hold the key
        raise ChatModelError(
            f"CHAT_MODEL={settings.chat_model} does not reply: {unavailable(error)}; check its name, its key and the "
            "network (docs/chat.md)"
        ) from error
    return Finding("chat", "ok", f"{settings.chat_model} replies")
