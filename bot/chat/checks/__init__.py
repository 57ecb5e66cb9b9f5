"""Checks of what a chat model wrote, by code alone: `check_answer` says why a reply may not be shown."""

from bot.chat.checks.verdict import CHECKS, check_answer

__all__ = ["CHECKS", "check_answer"]
