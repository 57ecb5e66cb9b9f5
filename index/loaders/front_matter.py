"""The metadata that a text file may open with: YAML between `---` lines, TOML between `+++` lines, or a JSON object."""

import json
import re
import tomllib
from typing import Any

import yaml

MAX_FRONT_MATTER = 20_000  # characters; the longest of 2,000 pages of documentation has 3,000

_YAML = re.compile(r"---[ \t]*\n(?P<block>.*?)(?:(?<=\n)|\n)(?:---|\.\.\.)[ \t]*(?:\n|\Z)", re.DOTALL)
_TOML = re.compile(r"\+\+\+[ \t]*\n(?P<block>.*?)\n?\+\+\+[ \t]*(?:\n|\Z)", re.DOTALL)
_PAIR = re.compile(r"(?P<key>[A-Za-z_][\w-]*)[ \t]*:[ \t]+(?P<value>\S[^\n]*)")


def split_front_matter(text: str) -> tuple[dict[str, str], str]:
    """Return the metadata at the top, keys in lower case and values on one line, and the text after it.

    What is no text (a list, a map) is left out; a date is told as it is written. YAML that is not valid, such as a
    title with a colon that nobody quoted, is read line by line.
    """
    if found := _YAML.match(text, 0, MAX_FRONT_MATTER):
        meta = _read_yaml(found["block"])
    elif found := _TOML.match(text, 0, MAX_FRONT_MATTER):
        meta = _read_toml(found["block"])
    else:
        return _split_json(text)
    return ({}, text) if meta is None else (_plain(meta), text[found.end() :])


def _read_yaml(block: str) -> dict[Any, Any] | None:
    """Return what a block of YAML holds; None when it is no metadata: a rule, text, then another rule."""
    try:
        meta = yaml.load(block, Loader=yaml.BaseLoader)  # noqa: S506 - builds text, lists and maps alone
    except (yaml.YAMLError, RecursionError, ValueError):
        return {pair["key"]: pair["value"].strip(" \t\"'") for pair in _PAIR.finditer(block)} or None
    return meta if isinstance(meta, dict) else None if block.strip() else {}


def _read_toml(block: str) -> dict[str, Any] | None:
    try:
        return tomllib.loads(block)
    except (tomllib.TOMLDecodeError, RecursionError):
        return None


def _split_json(text: str) -> tuple[dict[str, str], str]:
    if not re.match(r"\{\s*\"", text):
        return {}, text
    try:
        meta, end = json.JSONDecoder().raw_decode(text[:MAX_FRONT_MATTER])
    except (ValueError, RecursionError):
        return {}, text
    return (_plain(meta), text[end:].lstrip("\n")) if isinstance(meta, dict) else ({}, text)


def _plain(meta: dict[Any, Any]) -> dict[str, str]:
    """Return the values that are text. A list may hold itself ten times over, ten levels deep: none is written out."""
    return {
        key.lower(): " ".join(str(value).split())
        for key, value in meta.items()
        if isinstance(key, str) and not isinstance(value, (dict, list, bool)) and value is not None
    }
