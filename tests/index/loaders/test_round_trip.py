"""Whatever sentences are written in a format, they are read back, each whole and in order."""

from collections.abc import Callable, Sequence
from html import escape

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from index.blocks import Block
from index.loaders.formats import load
from index.loaders.loaded import Loaded
from tests.index.loaders.files import pdf, word_of

# What every format can hold: letters, digits and marks of French and English; PDF fonts know cp1252 alone.
LETTERS = st.characters(codec="cp1252", categories=["Lu", "Ll", "Nd"])
WORDS = st.text(LETTERS, min_size=1, max_size=12) | st.sampled_from(
    ["l’œuvre", "«\u00a0Où", "été\u00a0»", "3,5\u00a0M$", "&amp;"]
)
SENTENCES = st.lists(WORDS, min_size=2, max_size=9).map(lambda words: "É" + " ".join(words) + ".")
TEXTS = st.lists(SENTENCES, min_size=1, max_size=12)


def lines_of(sentences: Sequence[str]) -> bytes:
    return "\n\n".join(sentences).encode()


def page_of(sentences: Sequence[str]) -> bytes:
    menu = '<nav><a href="/">Accueil</a></nav>'
    return f"<html><body>{menu}{''.join(f'<p>{escape(s)}</p>' for s in sentences)}</body></html>".encode()


def list_of(sentences: Sequence[str]) -> bytes:
    items = "".join(f"<li><b>{escape(s[:3])}</b>{escape(s[3:])}</li>" for s in sentences)
    return f"<main><h1>Titre</h1><ul>{items}</ul></main>".encode("utf-16")


def pdf_of(sentences: Sequence[str]) -> bytes:
    return pdf([["Tête", f"{at}", *sentences[at : at + 3], "Pied", f"- {at} -"] for at in range(0, len(sentences), 3)])


@pytest.mark.parametrize(
    ("suffix", "write"),
    [
        pytest.param(".txt", lines_of, id="txt"),
        pytest.param(".md", lambda sentences: lines_of([f"- {escape(s, quote=False)}" for s in sentences]), id="md"),
        pytest.param(".html", page_of, id="html"),
        pytest.param(".html", list_of, id="html list in UTF-16"),
        pytest.param(".pdf", pdf_of, id="pdf"),
        pytest.param(".docx", lambda sentences: word_of(*sentences), id="docx"),
    ],
)
@settings(max_examples=15)
@given(sentences=TEXTS)
def test_every_sentence_is_found_in_order(
    suffix: str, write: Callable[[Sequence[str]], bytes], sentences: list[str]
) -> None:
    (item,) = load(suffix, write(sentences))
    assert isinstance(item, Loaded)
    spaced = str.maketrans("\u00a0", " ")  # PDFium reads a no-break space as a space
    text, at = "\n".join(block.text for block in item.blocks).translate(spaced), 0
    for sentence in sentences:
        at = text.index(sentence.translate(spaced), at) + len(sentence)


@settings(max_examples=40)
@given(sentences=TEXTS)
def test_every_pair_is_found_in_order(sentences: list[str]) -> None:
    rows = "".join(f'"Question {n} ?","{s}"\n' for n, s in enumerate(sentences))
    items = load(".csv", f"question,réponse\n{rows}".encode())
    assert items == [
        Loaded((Block("paragraph", s),), title=f"Question {n} ?", line=n + 2, is_pair=True)
        for n, s in enumerate(sentences)
    ]
