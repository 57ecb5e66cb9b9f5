"""Turn the inline tokens of Markdown into words: emphasis and pictures left out, `code` and links kept."""

import re
from collections import Counter
from collections.abc import Iterator, Sequence

from markdown_it.token import Token

from index.loaders.curtain import Curtain
from index.loaders.links import absolute, link

_MARKED = re.compile(r"==(?=[^\s=])([^=\n]*[^\s=])==")
_RAISED = re.compile(r"(?<=[^\W_])(?:~(?=[\w+-]{1,8}~)|\^(?=[\w+-]{1,8}\^))([\w+-]+)[~^]")

HARD_BREAK = "\v"
"""Stands for a break that is meant, so that it can be told from the line feed of one that is not."""


def inline_text(tokens: Sequence[Token], base: str, left_out: Counter[str]) -> str:
    """Return inline tokens as words, without what is hidden.

    Args:
        tokens: of one paragraph, heading or cell.
        base: address of the page; "" if unknown.
        left_out: where to count what is left out.
    """
    parts: list[str] = []
    opened: list[tuple[int, str]] = []  # of each open link, where its words start among the parts, and its address
    curtain = Curtain()
    for token in tokens:
        if token.type == "html_inline":
            was_drawn = curtain.is_drawn
            curtain.follow(token.content)
            left_out["comments"] += token.content.startswith("<!--")
            left_out["hidden texts"] += curtain.is_drawn and not was_drawn
        if curtain.is_drawn:
            continue
        if token.type == "link_open":
            opened.append((len(parts), absolute(str(token.attrs.get("href", "")), base)))
        elif token.type == "link_close" and opened:
            start, address = opened.pop()
            parts[start:] = [_linked("".join(parts[start:]), address)]
        else:
            parts += _inline_parts(token)
    return "".join(parts)


def _linked(words: str, address: str) -> str:
    return link(" ".join(words.split()), address) if address and words.strip() else words


def _inline_parts(token: Token) -> Iterator[str]:
    match token.type:
        case "text":
            yield _RAISED.sub(r"\1", _MARKED.sub(r"\1", token.content))
        case "code_inline":
            fence = "``" if "`" in token.content else "`"
            yield f"{fence}{token.content}{fence}"
        case "softbreak":
            yield "\n"
        case "hardbreak":
            yield HARD_BREAK
        case "html_inline" if re.match(r"<br\b", token.content, re.IGNORECASE):
            yield HARD_BREAK
        case "s_open" | "s_close":
            yield "~~"
