"""The frame of a page: its policy, its styles, tables and figures around what it shows, and the file."""

import base64
import hashlib
import os
from collections.abc import Iterable
from html import escape
from importlib.resources import files
from pathlib import Path

from bot.errors import BotError


def document(title: str, body: Iterable[str]) -> str:
    """Return the page; its policy forbids every request, script and frame, and all styles but its own.

    Args:
        title: of the window.
        body: pieces of HTML, in order.
    """
    style = files("bot.page").joinpath("report.css").read_text(encoding="utf-8")
    digest = base64.b64encode(hashlib.sha256(style.encode()).digest()).decode()
    return (
        '<!DOCTYPE html>\n<html lang="en"><head><meta charset="utf-8">'
        f"<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src 'sha256-{digest}'; "
        "base-uri 'none'; form-action 'none'\">"
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        '<meta name="referrer" content="no-referrer">'
        f"<title>{escape(title)}</title><style>{style}</style></head>\n"
        f"<body>{chr(10).join(body)}</body></html>\n"
    )


def table(head: str, rows: str) -> str:
    """Return a table that scrolls on its own where it is too wide: the cells of the head, and whole rows."""
    return f'<div class="wide"><table><thead><tr>{head}</tr></thead><tbody>{rows}</tbody></table></div>'


def figure(title: str, svg: str, names: Iterable[str], text: str) -> str:
    """Return a plot with its title, the names of its lines in their colours, and what it shows in words."""
    keys = "".join(
        f'<span class="key"><svg viewBox="0 0 28 8" aria-hidden="true"><path class="line s{n}" d="M0 4H28"/></svg>'
        f"{escape(name)}</span>"
        for n, name in enumerate(names)
    )
    return f"<figure><h3>{escape(title)}</h3>{svg}<figcaption>{keys}<p>{escape(text)}</p></figcaption></figure>"


def write_page(path: Path, html: str) -> None:
    """Write the page to a temporary file and rename it, so that an old one stays whole until the new one is.

    Raises:
        BotError: the file cannot be written.
    """
    aside = path.with_name(f"{path.name}.{os.getpid()}")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        aside.write_text(html, encoding="utf-8")
        aside.replace(path)
    except OSError as error:
        aside.unlink(missing_ok=True)
        raise BotError(f"{path}: cannot be written ({error.strerror}): name another file") from error
