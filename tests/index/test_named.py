from collections.abc import Sequence
from dataclasses import replace

import pytest

from index.named import named_section
from index.schema import Chunk, Language
from tests.bot.fakes import make_hit
from tests.index.pages import chunks_of

CHANGES = chunks_of(
    """# Journal de Quenille

## À venir

- Des œufs.

## 2.10.0 - 2026-02-11

### Ajouts

- Un bouton d’export.

## 2.9.1 - 2025-12-02

- Corrige l’import.

## 2.9.0 - 2025-11-20

- Retire les archives de la version 7.
""",
    "journal.md",
)
RULES = chunks_of(
    """# Règles du serveur

## 1. Respect

Restez polis.

## 4. Publicité

Aucun lien commercial.

## Article 12 – Cotisation

La cotisation est due en janvier.
""",
    "regles.md",
)
MINUTES = [
    *chunks_of("# Compte rendu du 3 mars 2025\n\nLe budget est adopté.\n", "mars.md"),
    *chunks_of("# Compte rendu du 14 avril 2025\n\nLe budget est revu. Le bac rouvre.\n", "avril.md"),
    *chunks_of("# Le bac\n\nLe bac part à midi.\n", "bac.md"),
]


def named(question: str, chunks: Sequence[Chunk], language: Language = "fr", found: int = -1) -> str:
    """Return the text of the section that a question names among chunks, of which one was found first."""
    hits = [make_hit(chunk) for chunk in [chunks[found], *chunks]]

    def document_of(chunk: Chunk) -> list[Chunk]:
        return [other for other in chunks if other.document_id == chunk.document_id]

    stand_for: dict[Language, dict[str, set[str]]] = {"fr": {"link": {"lien"}, "budget": {"budget"}}, "en": {}}
    return " ".join(c.text for c in named_section(question, language, hits, document_of, stand_for)).replace("\n", " ")


@pytest.mark.parametrize(
    ("question", "language"),
    [
        ("Quelle est la dernière version de Quenille ?", "fr"),
        ("c quoi la version actuelle de quenille", "fr"),
        ("Quelles sont les nouveautés de Quenille ?", "fr"),
        ("What is new in the latest release?", "en"),
        ("What's the most recent version of Quenille?", "en"),
        ("What changed in 2.10?", "en"),
    ],
)
def test_the_newest_version_is_the_one_with_the_latest_date(question: str, language: Language) -> None:
    shown = named(question, CHANGES, language)
    assert "2.10.0 - 2026-02-11" in shown
    assert "Un bouton d’export." in shown
    assert "2.9" not in shown


@pytest.mark.parametrize(
    ("question", "language", "expected"),
    [
        ("When did Quenille 2.9.1 come out?", "en", "2.9.1 - 2025-12-02"),
        ("Qu’est-ce qui a changé dans la 2.9.0 ?", "fr", "2.9.0 - 2025-11-20"),
        ("Qu’apporte la 2.9 ?", "fr", "2.9.1 - 2025-12-02"),
    ],
)
def test_a_version_names_its_section_and_its_first_numbers_the_newest_of_these(
    question: str, language: Language, expected: str
) -> None:
    assert expected in named(question, CHANGES, language)


@pytest.mark.parametrize(
    ("question", "language", "expected"),
    [
        ("Que dit l’article 12 ?", "fr", "## Article 12 – Cotisation"),
        ("que dit la regle n°4", "fr", "## 4. Publicité"),
        ("Does rule 4 say anything on links?", "en", ""),
        ("Does rule 4 contain link?", "en", "## 4. Publicité"),
        ("Que dit l’article 4 ?", "fr", ""),
        ("Que dit la règle 2 ?", "fr", ""),
    ],
)
def test_a_numbered_section_is_named_by_its_number_and_what_is_counted(
    question: str, language: Language, expected: str
) -> None:
    shown = named(question, RULES, language, found=0)
    assert shown.startswith(expected)
    assert bool(shown) == bool(expected)


def test_of_documents_whose_titles_differ_in_their_dates_the_newest_is_named() -> None:
    assert "revu" in named("Que dit le dernier compte rendu sur le budget ?", MINUTES, found=0)
    assert named("Que dit le dernier compte rendu sur les chiens ?", MINUTES, found=0) == ""


@pytest.mark.parametrize(
    "question",
    ["Quelle est la dernière version de Debian ?", "Qu’apporte la 7.1 ?", "Qui a écrit Quenille ?", "dernier", ""],
)
def test_what_is_not_there_and_what_is_not_asked_names_nothing(question: str) -> None:
    assert named(question, CHANGES) == ""


def test_an_edition_alone_is_no_series() -> None:
    assert named("Quelle est la dernière version ?", [c for c in CHANGES if c.path.startswith("2.9.0")]) == ""
    assert named("le dernier compte rendu", [replace(MINUTES[0], path="")], found=0) == ""
