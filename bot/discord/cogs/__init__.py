"""The commands and events of Discord, one concern a module."""
