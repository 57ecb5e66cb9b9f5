"""Every proper name of a reply is in a cited passage, in either language, or in the question.

A name is a word with a capital, or with letters and digits (A380). The word that opens a sentence has a capital anyway:
it counts when another name follows it, or when a passage in its language does not hold it and it does not look like an
ordinary word.
"""

import re
from collections.abc import Iterator
from typing import NamedTuple

from bot.chat.checks.dates import DATE_WORDS
from bot.chat.checks.wording import Wording, has_another_name, translations
from bot.chat.reply import Reply
from index.schema import Language
from index.text import fold, stems

_WORD = re.compile(r"[^\W_]+")
_OPENS = re.compile(  # what stands before a word that any writer would capitalise; the number of a step may follow it
    r"(?:^|[\n:;—–•*>(-])\W*(?:(?<!\w)\d{1,3}[.)]\s+)?$"
)
_ROMAN = re.compile(r"[IVXLC]+(?:e|er|re|ème)?")
_ORDER = re.compile(  # « Cherchez votre adresse », and not « Martinez a peint »
    r"\b(?P<verb>[^\W\d_]{2,}ez)(?:-(?:l[ae]|les|y|en|vous)\b| (?:[ld]['’]|(?:l[ae]|les|une?|des?|du|votre|vos|cet?"
    r"|cette|ces|dans|sur|sous|avec|à|aux?|en|par|puis|ensuite|chaque|tout|toute|tous|toutes)\b))"
)
_ELIDED = frozenset("lorsqu puisqu quoiqu jusqu presqu quelqu aujourd".split())  # before an apostrophe


def check_names(reply: Reply) -> Iterator[str]:
    """Report the names that neither the cited passages nor the question hold, each once."""
    wordings = {n: Wording(evidence) for n, evidence in reply.evidence.items()}
    asked = {fold(word) for word in _WORD.findall(reply.question)}
    reported: set[str] = set()
    for claim in reply.claims:
        has_reference = any(reply.evidence[n].language == reply.language for n in claim.passages)
        for name in _names(claim.text, reply.language, has_reference):
            known = fold(name) in asked or any(wordings[n].holds(name, reply.language) for n in claim.passages)
            if not known and name not in reported:
                reported.add(name)
                yield f"The name “{name}” is not in the cited passage."


class _Word(NamedTuple):
    text: str
    opens: bool  # whether it opens a sentence, a line or a clause after a colon
    joined: bool  # only a space or a hyphen stands between it and the next word


def _names(text: str, language: Language, has_reference: bool) -> Iterator[str]:
    """Yield the names of a sentence; `has_reference` when a cited passage in its language shows ordinary words."""
    read = [
        _Word(m[0], bool(_OPENS.search(text[: m.start()])), text[m.end() : m.end() + 1] in (" ", "-", "\u00a0"))
        for m in _WORD.finditer(text)
    ]
    orders = {m["verb"] for m in _ORDER.finditer(text)} if language == "fr" else set()
    for word, following in zip(read, [*read, None][1:], strict=True):
        if not _is_name(word.text, language) or (word.opens and word.text in orders):
            continue
        before_name = word.joined and following is not None and _is_name(following.text, language)
        if not word.opens or before_name or (has_reference and not _looks_ordinary(word.text, language)):
            yield word.text


def _is_name(word: str, language: Language) -> bool:
    """Whether a word is written as a name.

    `index.text.names` looks for what a question is about; here what a model may have made up counts, so a capital or a
    digit anywhere makes a name, while dates and Roman numerals, which have checks of their own, do not.
    """
    if len(word) < 2 or word[0].isdigit() or _ROMAN.fullmatch(word) or word.lower() in DATE_WORDS | _ELIDED:
        return False
    has_mark = any(c.isupper() or c.isdigit() for c in word)
    return has_mark and bool(stems(word, language))


_CONNECTING = frozenset(
    "cependant toutefois néanmoins enfin donc puis certains certaines plusieurs beaucoup souvent parfois voici voilà "
    "afin environ hier aujourd moreover however therefore furthermore likewise besides overall thus hence "
    "nevertheless".split()
)


def _looks_ordinary(word: str, language: Language) -> bool:
    """Whether a word has a translation: a name has none, or itself, or a name that differs in the other language."""
    if word.lower() in _CONNECTING:
        return True
    own = {*stems(word, "fr"), *stems(word, "en")}
    return bool(translations(word, language) - own) and not has_another_name(word)
