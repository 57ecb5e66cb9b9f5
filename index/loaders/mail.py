"""Read a mail: its subject, what its sender wrote, and the names of what is attached.

Quoted mails and signatures are left out, and counted.
"""

import re
from collections import Counter
from collections.abc import Iterator
from email import policy
from email.message import EmailMessage, MIMEPart
from email.parser import BytesParser

from selectolax.lexbor import LexborHTMLParser, LexborNode

from index.blocks import Block
from index.loaders.decoding import decode
from index.loaders.loaded import Fault, Item, Loaded, UnreadableError
from index.loaders.markup import INVISIBLE, read_blocks
from index.loaders.plain import read_plain

MAX_NAMES = 5  # of attachments that are named

_QUOTED = re.compile(r"[ \t]*>")
_ATTRIBUTION = re.compile(r"(?:On|Le)\b.{0,300}\d.{0,300}(?:wrote|a écrit)[ \u00a0]?:", re.IGNORECASE | re.DOTALL)
_REST_IS_QUOTED = re.compile(
    r"-{2,} ?(?:Original Message|Message d[’']origine|Message original) ?-{2,}|_{10,}$|(?:From|De)[ \u00a0]?:.*[@<]",
    re.IGNORECASE,
)
_SIGNATURE = re.compile(
    r"-- ?$|(?:Sent from my|Envoyé de mon|Envoyé depuis mon|Get Outlook for|Télécharger Outlook)\b", re.IGNORECASE
)
_FORWARDED = re.compile(r"(?:fwd?|tr)[ \u00a0]?:", re.IGNORECASE)
_HTML_QUOTES = (
    "blockquote[type=cite], .gmail_quote, .gmail_quote_container, .moz-cite-prefix, .yahoo_quoted, #divRplyFwdMsg, "
    "#divRplyFwdMsg ~ *, #appendonsend ~ *"
)
_HTML_SIGNATURES = ".gmail_signature, .moz-signature, #Signature, #ms-outlook-mobile-signature"


def load(data: bytes) -> list[Item]:
    """Return the one text of the mail, and what says that something is attached.

    Raises:
        UnreadableError: it is no mail, or none of its parts is a text.
    """
    mail = BytesParser(EmailMessage, policy=policy.default).parsebytes(data)
    if not {"from", "subject", "date"} & {name.lower() for name in mail}:
        raise UnreadableError("is no mail: it has neither sender, subject nor date")
    subject = " ".join(str(mail.get("subject", "")).split())
    left_out: Counter[str] = Counter()
    body = mail.get_body(("plain", "html"))
    blocks = _blocks(body, bool(_FORWARDED.match(subject)), left_out) if body is not None else []
    items: list[Item] = [Loaded(tuple(blocks), subject or None, date=_date(mail), left_out=dict(+left_out))]
    if names := list(_attached(mail, body)):
        shown = ", ".join(names[:MAX_NAMES]) + (f" and {len(names) - MAX_NAMES} more" if len(names) > MAX_NAMES else "")
        items.append(Fault(0, f"has attachments that are not read ({shown}): save them into the folder"))
    return items


def _date(mail: EmailMessage) -> str | None:
    header = mail.get("date")
    sent = getattr(header, "datetime", None)
    return sent.date().isoformat() if sent is not None else None


def _attached(mail: EmailMessage, body: MIMEPart | None) -> Iterator[str]:
    """Yield the names of what is attached; pictures within the text, and other forms of the text, are not."""
    for part in mail.walk():
        name = part.get_filename()
        if part is not body and name and not part.get("content-id"):
            yield " ".join(name.split())


def _blocks(body: MIMEPart, is_forwarded: bool, left_out: Counter[str]) -> list[Block]:
    """Return what the sender wrote; in a mail that forwards another, what it forwards too."""
    payload = body.get_payload(decode=True)
    found = decode(payload if isinstance(payload, bytes) else b"", body.get_content_charset())
    text = found.text
    left_out.update(found.left_out)
    if body.get_content_subtype() == "html":
        return _read_html(text, is_forwarded, left_out)
    if body.get_param("format") == "flowed":
        text = re.sub(r"(?<=[^\n-]) \n(?!\n|>)", " ", re.sub(r"(?m)^ ", "", text))
    return read_plain("\n".join(_own_lines(text.split("\n"), is_forwarded, left_out)))


def _own_lines(lines: list[str], is_forwarded: bool, left_out: Counter[str]) -> Iterator[str]:
    """Yield the lines that are neither quoted nor the signature."""
    at = 0
    while at < len(lines):
        line = lines[at]
        if _SIGNATURE.match(line):
            left_out["signatures"] += 1
            at = next((n for n in range(at, len(lines)) if _QUOTED.match(lines[n])), len(lines))
        elif not is_forwarded and _REST_IS_QUOTED.match(line):
            left_out["lines of quoted mails"] += len(lines) - at
            return
        elif _QUOTED.match(line) or (quoted := _attributed(lines, at)):
            end = at + 1 if _QUOTED.match(line) else at + quoted
            left_out["lines of quoted mails"] += end - at
            at = end
        else:
            yield line
            at += 1


def _attributed(lines: list[str], at: int) -> int:
    """Return how many lines say whose mail is quoted under them: « Le 3 mai 2025 à 10:02, Anne Roy a écrit : »."""
    for count in (1, 2):
        said = "\n".join(lines[at : at + count])
        below = next((line for line in lines[at + count :] if line.strip()), "")
        if _ATTRIBUTION.fullmatch(said.strip()) and _QUOTED.match(below):
            return count
    return 0


def _read_html(text: str, is_forwarded: bool, left_out: Counter[str]) -> list[Block]:
    tree = LexborHTMLParser(text)
    for what, selector in (("quoted mails", "" if is_forwarded else _HTML_QUOTES), ("signatures", _HTML_SIGNATURES)):
        found = tree.css(selector) if selector else []
        left_out[what] += bool(found)
        for node in found:
            node.decompose()
    if tree.body is None:
        return []

    def is_dropped(node: LexborNode) -> bool:
        if node.tag in INVISIBLE:
            return True
        style = (node.attributes.get("style") or "").replace(" ", "").lower()
        is_hidden = "hidden" in node.attributes or "display:none" in style
        left_out["hidden texts"] += is_hidden
        return is_hidden

    return read_blocks(tree.body, is_dropped, "")
