"""Check the glossary of the seeds."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path

import numpy as np

from bot.config import BotSettings
from bot.doctor.finding import Finding, count
from index.abbreviations import opening_name
from index.errors import IndexingError
from index.generations import Store
from index.loaders.decoding import decode
from index.loaders.formats import is_glossary
from index.loaders.loaded import Fault, UnreadableError
from index.places import place_of
from index.schema import LANGUAGES
from index.text import fold, stems

MAX_NAMED = 5  # rows or words that are named one by one


def glossary(settings: BotSettings) -> Iterator[Finding]:
    """Check that each row can be read and says one thing, and that articles use the words.

    Raises:
        OSError: a file cannot be read.
    """
    folder = settings.seeds_dir
    files = sorted(path for path in folder.iterdir() if is_glossary(path.name)) if folder.is_dir() else []
    if not files:
        yield Finding("glossary", "note", "there is none: docs/articles.md says how to explain words of your own")
        return
    rows = [row for path in files for row in _rows(path)]
    faults = [row for row in rows if isinstance(row, str)]
    meanings = _meanings(row for row in rows if not isinstance(row, str))
    yield from (Finding("glossary", "failed", said) for said in _first(faults))
    if not faults:
        yield Finding("glossary", "ok", f"{count(len(meanings), 'word')} in {' and '.join(map(str, files))}")
    several = {
        word: " and ".join(f"“{meaning}”" for meaning in all_) for word, all_ in meanings.items() if len(all_) > 1
    }
    said = [f"{word} means {all_}: questions are tried with each" for word, all_ in several.items()]
    yield from (Finding("glossary", "note", one) for one in _first(said))
    if unused := list(_unused(settings, meanings)):
        hint = f"no article holds {', '.join(_first(unused))}, in short or at length: is it written otherwise there?"
        yield Finding("glossary", "note", hint)


def _rows(path: Path) -> Iterator[tuple[str, str] | str]:
    """Yield each word with its meaning, or what is wrong with a row."""
    from index.loaders.glossary import is_faq, read_entries  # and with it what reads Markdown

    try:
        text = decode(path.read_bytes()).text
    except UnreadableError as error:
        yield f"{path} {error}"
        return
    if is_faq(text):
        yield f"{path} holds questions and answers, and is read as an FAQ: give it another name"
        return
    for row in read_entries(text):
        if isinstance(row, Fault):
            yield f"line {row.place} of {path} {row.reason}: write a word, a comma and what it means"
        else:
            yield row.word, row.meaning


def _meanings(rows: Iterable[tuple[str, str]]) -> dict[str, list[str]]:
    """Return what each word means, under the word as it is first written; case and accents make no other word."""
    first: dict[str, str] = {}
    meanings: dict[str, dict[str, str]] = {}
    for word, meaning in rows:
        meanings.setdefault(first.setdefault(fold(word), word), {}).setdefault(fold(meaning), meaning)
    return {word: list(all_.values()) for word, all_ in meanings.items()}


def _unused(settings: BotSettings, meanings: Mapping[str, Sequence[str]]) -> Iterator[str]:
    """Yield the words that no article holds, nor any of what they mean; none where no index tells."""
    try:
        store = place_of(settings).open()
    except IndexingError:
        return  # which another check says
    articles = [not is_glossary(file) for file, rows in store.manifest.rows.items() for _ in range(rows)]
    for word, all_ in meanings.items():
        if not any(_stands(store, form, articles) for form in (word, *map(opening_name, all_))):
            yield word


def _stands(store: Store, form: str, articles: Sequence[bool]) -> bool:
    """Whether a chunk of an article holds all words of a form; taken for true of words that are not indexed."""
    for language in LANGUAGES:
        rows = np.array(articles, np.bool_)
        found = stems(form, language)
        for stem in found:
            rows &= store.bm25.scores([{stem: 1.0}]) > 0
        if not found or rows.any():
            return True
    return False


def _first(said: Sequence[str]) -> Iterable[str]:
    return said if len(said) <= MAX_NAMED else [*said[:MAX_NAMED], f"and {len(said) - MAX_NAMED} more"]
