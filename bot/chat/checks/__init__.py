"""Checks of what a chat model wrote, by code alone: `check_answer` says why a reply may not be shown."""

from bot.chat.checks.failure import CheckName, Failure
from bot.chat.checks.reply import cited_markers
from bot.chat.checks.verdict import check_answer

__all__ = ["CheckName", "Failure", "check_answer", "cited_markers"]
