"""Tell by its name, French or English, what a style of an office program is for."""

import re

_NAMES = {
    "title": re.compile(r"title|titre(?: principal)?"),
    "contents": re.compile(
        r"(?:toc|tm|contents|table des matières|index)\s*(?:\d|heading)|"
        r"(?:en-tête|titre) de (?:la )?table des matières"
    ),
    "code": re.compile(
        r".*\bcode|.*\bcode source|source ?code.*|verbatim.*|html preformatted|préformaté html|preformatted text|"
        r"texte préformaté|macro text|texte de macro|(?:html )?(?:keyboard|typewriter|sample)|source text|texte source|"
        r"clavier html|user entry|saisie utilisateur|teletype|machine à écrire html|exemple html"
    ),
    "quote": re.compile(r"(?:intense |block )?quot(?:e|ation)s?|block text|citations?(?: intense)?"),
}


def kind_of_style(name: str) -> str:
    """Return "title", "contents", "code" or "quote"; "" for a style of any other name.

    Args:
        name: in lower case.
    """
    return next((kind for kind, known in _NAMES.items() if known.fullmatch(name)), "")
