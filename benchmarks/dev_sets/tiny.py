"""Question sets for `--quick`: the project's own articles, cut into paragraphs, with a few questions on each.

They show that a benchmark works and gives all its figures; the figures themselves mean nothing.
"""

import json
import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

SEEDS = Path(__file__).parents[2] / "seeds"


@dataclass(frozen=True, slots=True)
class Known:
    """A question on an article of `seeds/`, whose answer stands in exactly one paragraph."""

    text: str
    answer: str  # of an unanswerable question, words of the paragraph that nearly answers
    answerable: bool = True
    translation: str = ""


ARTICLES: dict[str, tuple[Known, ...]] = {
    "netflix-canada.fr.md": (
        Known("Qui est le co-PDG de Netflix\u202f?", "Ted Sarandos", translation="Who is the co-CEO of Netflix?"),
        Known(
            "Combien de bureaux Netflix a-t-il dans le monde\u202f?",
            "21 bureaux",
            translation="How many offices does Netflix have around the world?",
        ),
        Known("Pourquoi Netflix tient-il à ouvrir un bureau au Canada\u202f?", "plus proche des créateurs"),
        Known(
            "Combien d’abonnés Netflix compte-t-il au Canada\u202f?",
            "sept millions",
            translation="How many subscribers does Netflix have in Canada?",
        ),
        Known("Combien coûte un abonnement à Netflix\u202f?", "fêter son 10e anniversaire", answerable=False),
    ),
    "babillard-guide.en.md": (
        Known(
            "Which Python version does Babillard need?",
            "Python 3.11",
            translation="Quelle version de Python faut-il à Babillard\u202f?",
        ),
        Known("How do I ask many questions at once?", "one question per line"),
        Known(
            "How do I leave the conversation?",
            "press Ctrl-D",
            translation="Comment quitter la conversation\u202f?",
        ),
        Known(
            "Which languages does Babillard understand?",
            "two languages: French and English",
            translation="Quelles langues Babillard comprend-il\u202f?",
        ),
        Known("How do I remove an article?", "delete its file"),
        Known("Who wrote the first version of Babillard?", "free software under the MIT licence", answerable=False),
    ),
}


@dataclass(frozen=True, slots=True)
class Needed:
    """A question about an article of `seeds/`, and what a useful reply shows."""

    text: str
    language: str
    kind: str
    file: str = ""
    must: tuple[str, ...] = ()


DOCUMENTATION = (
    Needed(
        "How do I ask many questions at once?",
        "en",
        "howto",
        "babillard-guide.en.md",
        ("one question per line", "make chat < questions.txt"),
    ),
    Needed(
        "Quels formats de fichiers Babillard lit-il\u202f?",
        "fr",
        "list",
        "babillard-guide.en.md",
        (".txt", ".md", ".html", ".pdf", ".docx"),
    ),
    Needed("Which command rebuilds the index?", "en", "command", "babillard-guide.en.md", ("babillard index rebuild",)),
    Needed("Does Babillard translate quotes?", "en", "yesno", "babillard-guide.en.md", ("does not translate quotes",)),
    Needed(
        "Combien de bureaux Netflix a-t-il dans le monde\u202f?", "fr", "fact", "netflix-canada.fr.md", ("21 bureaux",)
    ),
    Needed(
        "Pourquoi Netflix tient-il à un bureau au Canada\u202f?",
        "fr",
        "reason",
        "netflix-canada.fr.md",
        ("plus proche des créateurs",),
    ),
    Needed("What does /why show?", "en", "table", "babillard-guide.en.md", ("with the scores and the threshold",)),
    Needed(
        "Which Python does Babillard need, and what is its licence?",
        "en",
        "two-part",
        "babillard-guide.en.md",
        ("Python 3.11", "MIT licence"),
    ),
    Needed("What is the phone number of the support team?", "en", "none"),
)


def write_tiny_documentation(folder: Path) -> Path:
    """Write the questions about `seeds/`, at least one of each kind, and return the file."""
    records = [
        {
            "id": q.text,
            "question": q.text,
            "language": q.language,
            "kind": q.kind,
            "file": q.file or None,
            "must": list(q.must),
        }
        for q in DOCUMENTATION
    ]
    file = folder / "questions.json"
    file.write_text(json.dumps(records, ensure_ascii=False), encoding="utf-8")
    return file


def write_tiny_sets(folder: Path) -> list[Path]:
    """Write the sets in the SQuAD format, French first, and the translated questions; return the files."""
    files = []
    translated: dict[str, list[dict[str, str]]] = {}
    for name, known in ARTICLES.items():
        file = folder / name.replace(".md", ".json")
        file.write_text(json.dumps({"data": squad(SEEDS / name, known)}, ensure_ascii=False), encoding="utf-8")
        translated[file.stem] = [{"id": q.text, "question_translated": q.translation} for q in known if q.translation]
        files.append(file)
    translations = folder / "translations.json"
    translations.write_text(json.dumps(translated, ensure_ascii=False), encoding="utf-8")
    return [*files, translations]


def squad(path: Path, known: Sequence[Known]) -> list[dict[str, Any]]:
    """Return an article as SQuAD's `data`: each section an article, and the paragraphs that are asked about."""
    data: list[dict[str, Any]] = []
    body = path.read_text(encoding="utf-8").split("---\n", 2)[2]  # past the front matter
    for block in re.split(r"\n\s*\n", body.strip()):
        if block.startswith("#"):
            data.append({"title": block.lstrip("# "), "paragraphs": []})
        elif questions := [_question(q) for q in known if q.answer in block]:
            data[-1]["paragraphs"].append({"context": block, "qas": questions})
    return [section for section in data if section["paragraphs"]]


def _question(known: Known) -> dict[str, Any]:
    return {
        "id": known.text,
        "question": known.text,
        "is_impossible": not known.answerable,
        "answers": [{"text": known.answer}] if known.answerable else [],
    }
