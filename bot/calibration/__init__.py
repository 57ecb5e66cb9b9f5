"""Decides how sure the bot must be to answer: fitted on some questions, measured on others."""
