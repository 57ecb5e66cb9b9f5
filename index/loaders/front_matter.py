"""Read the metadata between two `---` lines at the top of a text file."""

import re

import yaml

from index.loaders.loaded import UnreadableError

MAX_FRONT_MATTER = 4_000  # characters: enough for metadata, too few to attack the YAML parser

_FRONT_MATTER = re.compile(r"---[ \t]*\n(.*?)\n---[ \t]*(?:\n|\Z)", re.DOTALL)


def split_front_matter(text: str) -> tuple[dict[str, str], str]:
    """Return the metadata between two `---` lines at the top, and the text after them.

    Raises:
        UnreadableError: the block is there, but is no YAML.
    """
    found = _FRONT_MATTER.match(text, 0, MAX_FRONT_MATTER)
    if found is None:
        return {}, text
    try:
        block = yaml.load(found.group(1), Loader=yaml.BaseLoader)  # noqa: S506 - builds nothing but text, lists and maps
    except (yaml.YAMLError, RecursionError) as error:
        mark = getattr(error, "problem_mark", None)
        where = f" (line {mark.line + 2})" if mark else ""
        raise UnreadableError(
            f"has front matter that is not valid YAML{where}: quote values that hold a colon"
        ) from error
    if not isinstance(block, dict):
        return {}, text  # text between two rules
    # Only text: a list may hold another ten times, which holds another ten times, and would take forever to write.
    meta = {k.lower(): " ".join(v.split()) for k, v in block.items() if isinstance(k, str) and isinstance(v, str)}
    return meta, text[found.end() :]
