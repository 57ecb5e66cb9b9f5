"""Checks of what a chat model wrote, by code alone: `check_reply` says why a reply may not be shown."""

from bot.chat.checks.verdict import CHECKS, check_reply

__all__ = ["CHECKS", "check_reply"]
