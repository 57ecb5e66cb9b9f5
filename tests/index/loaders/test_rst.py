from collections.abc import Iterator, Sequence

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from index.blocks import Block
from index.loaders.loaded import Loaded, UnreadableError
from index.loaders.rst import load
from index.writing import write


def load_one(text: str) -> Loaded:
    (loaded,) = load(text.encode())
    return loaded


def text_of(text: str) -> str:
    return write(load_one(text).blocks)[0]


PAGE = """:orphan:
:date: 2025-03-01

.. _top:

Le guide
========

Voir :ref:`l’installation <install>`, :py:class:`~a.b.Truc`, ``make`` et `le site <https://a.example/œ>`_ [1]_.
Suite de *la* ligne, |version|, 10\\ :sup:`3`.

.. toctree::
   :maxdepth: 2

   a

Installation
------------

.. code-block:: bash
   :linenos:

   pip install truc
     deux

.. warning:: Ne pas éteindre.

   Jamais.

#. Un ::

      code

#. Deux

   - a
   - b

     suite

+-----+-------+
| Âge | Prix  |
+=====+=======+
| tous| rien  |
|     +-------+
|     | peu   |
+-----+-------+

Terme : classe
   Sa définition.

-v, --verbose  parle plus

Avant.

   Une citation.

   -- Anne

| Ligne un
| Ligne deux

.. [1] Une note.

.. un commentaire
.. image:: x.png
   :alt: rien
"""


def test_a_page_is_read_in_order() -> None:
    loaded = load_one(PAGE)
    assert write(loaded.blocks)[0] == (
        "# Le guide\n\nVoir l’installation, `Truc`, `make` et [le site](https://a.example/œ). "
        "Suite de la ligne, |version|, 10³.\n\n## Installation\n\n```bash\npip install truc\n  deux\n```\n\n"
        "> [!warning]\n> Ne pas éteindre.\n>\n> Jamais.\n\n1. Un\n\n   ```\n   code\n   ```\n\n2. Deux\n   - a\n"
        "   - b\n\n"
        "     suite\n\n| Âge | Prix |\n| --- | --- |\n| tous | rien |\n| tous | peu |\n\n"
        "Terme : classe\n:   Sa définition.\n\n`-v, --verbose`\n:   parle plus\n\nAvant.\n\n"
        "> Une citation.\n>\n> Anne\n\n"
        "Ligne un\nLigne deux\n\nUne note."
    )
    assert loaded.date == "2025-03-01"
    assert loaded.left_out == {"comments": 1}


TABLE_OUT_OF_LINE = "===== ====\nÂge   Prix\n===== ====\nAdulte 12\n===== ===="


@pytest.mark.parametrize(
    ("text", "read"),
    [
        (".. versionadded:: 3.8\n   Le mode rapide.", "New in version 3.8: Le mode rapide."),
        (".. deprecated:: 3.9 Ne plus s’en servir.", "Deprecated since version 3.9: Ne plus s’en servir."),
        (".. function:: ouvre(porte)\n\n   Ouvre la porte.", "ouvre(porte)\n:   Ouvre la porte."),
        (".. tab-set::\n\n   .. tab-item:: Linux\n\n      ``apt``", "Linux\n\n`apt`"),
        (".. dropdown:: Où ?\n\n   À Lévis.", "> [!dropdown] Où ?\n> À Lévis."),
        (".. inconnu::\n   :option: x\n\n   Gardé.", "Gardé."),
        (".. figure:: x.png\n\n   La légende.", "La légende."),
        (".. note::\n   :class: x\n\n   Gardé.", "> [!note]\n> Gardé."),
        (
            ".. list-table::\n   :header-rows: 1\n\n   * - Âge\n     - Prix\n   * - tous\n     - rien",
            "| Âge | Prix |\n| --- | --- |\n| tous | rien |",
        ),
        (".. include:: /etc/passwd\n\nFin.", "Fin."),
        (".. raw:: html\n\n   <b>x</b>\n\nFin.", "Fin."),
        (f"{TABLE_OUT_OF_LINE}\n\nFin.", f"{TABLE_OUT_OF_LINE}\n\nFin."),
        (":menuselection:`Fichier --> Ouvrir` puis :kbd:`Ctrl+C`", "Fichier --> Ouvrir puis `Ctrl+C`"),
        ("`Inconnu`_ et |rien|", "Inconnu et |rien|"),
    ],
)
def test_what_sphinx_adds_is_read(text: str, read: str) -> None:
    assert text_of(text) == read


@pytest.mark.parametrize("text", ["- " * 3000 + "a", "\n".join(" " * n + "a" for n in range(2000))])
def test_a_text_that_nests_too_deep_is_refused_or_read(text: str) -> None:
    try:
        assert load(text.encode())
    except UnreadableError as error:
        assert "too deep" in str(error)  # noqa: PT017


TEXTS = st.lists(st.sampled_from(["l’œuvre", "où", "été", "3,5\u00a0M$", "n°4", "a < b"]), min_size=1, max_size=5).map(
    lambda words: "É " + " ".join(words)
)
UNDERLINES = "=-~^'\""


def written_as_rst(parts: Sequence[tuple[str, str, list[str]]]) -> Iterator[str]:
    for kind, text, more in parts:
        match kind:
            case "paragraph":
                yield text
            case "items":
                yield "\n".join(f"- {line}" for line in (text, *more))
            case "steps":
                yield "\n".join(f"{n}. {line}" for n, line in enumerate((text, *more), start=1))
            case "code":
                yield ".. code-block:: text\n\n" + "\n".join(f"   {line}" for line in (text, *more))
            case "quote":
                yield f"..\n\n   {text}"


def expected(parts: Sequence[tuple[str, str, list[str]]]) -> Iterator[Block]:
    frames = 0
    for kind, text, more in parts:
        match kind:
            case "paragraph":
                yield Block("paragraph", text)
            case "items":
                yield from (Block("item", line) for line in (text, *more))
            case "steps":
                yield from (Block("item", line, ordinal=n) for n, line in enumerate((text, *more), start=1))
            case "code":
                yield Block("code", "\n".join((text, *more)), info="text")
            case "quote":
                frames += 1
                yield Block("paragraph", text, frame=frames)


PARTS = st.lists(
    st.tuples(st.sampled_from(["paragraph", "items", "steps", "code", "quote"]), TEXTS, st.lists(TEXTS, max_size=3)),
    max_size=6,
)


@settings(max_examples=40, deadline=None)
@given(parts=PARTS)
def test_whatever_blocks_are_written_are_read_back(parts: list[tuple[str, str, list[str]]]) -> None:
    loaded = load_one("Titre\n=====\n\n" + "\n\n".join(written_as_rst(parts)) + "\n")
    assert loaded.blocks == (Block("heading", "Titre", level=1), *expected(parts))


def test_what_shows_only_in_some_formats_is_read_without_its_condition() -> None:
    assert text_of(".. only:: html and not draft\n\n   Voir *ici*.") == "Voir ici."
