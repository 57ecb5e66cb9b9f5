import pytest

from index.loaders.markdown import load


def sections(text: str) -> list[tuple[str, str]]:
    """Return the label of each section and the text that follows its start."""
    (loaded,) = load(text.encode())
    return [(s.label, loaded.text[s.start :].split("\n", 1)[0]) for s in loaded.sections]


def test_each_heading_opens_a_section() -> None:
    text = "Début.\n\n# Le guide\n\nTexte.\n\n## Où\u00a0?\nTexte.\n   ### L’été ###\n"
    assert sections(text) == [
        ("§ Le guide", "# Le guide"),
        ("§ Où ?", "## Où\u00a0?"),
        ("§ L’été", "   ### L’été ###"),
    ]


def test_offsets_point_into_the_text_under_the_front_matter() -> None:
    assert sections("---\ntitle: T\n---\nDébut.\n# Suite\n") == [("§ Suite", "# Suite")]


@pytest.mark.parametrize(
    "text",
    [
        "#hashtag\n",
        "```\n# code\n```\n",
        "~~~sh\n# code\n```\n# code\n~~~\n",
        "````\n```\n# code\n````\n",
        "    # code\n",
    ],
)
def test_what_only_looks_like_a_heading_is_not_one(text: str) -> None:
    assert sections(text) == []


def test_code_ends_and_headings_are_seen_again() -> None:
    assert sections("```\n# code\n```\n# Suite\n") == [("§ Suite", "# Suite")]


@pytest.mark.parametrize(
    ("heading", "label"),
    [
        ("# **Gras** et *italique*", "§ Gras et italique"),
        ("# La commande `make`", "§ La commande make"),
        ("# _Souligné_ snake_case", "§ Souligné snake_case"),
        ("# C#", "§ C#"),
        ("# " + "mot " * 60, "§ " + "mot " * 19 + "mot…"),
        ("# **", ""),
    ],
)
def test_a_label_reads_as_text(heading: str, label: str) -> None:
    assert [s for s, _ in sections(heading)] == [label]


def test_a_text_without_headings_has_no_sections() -> None:
    assert sections("Un texte.\n") == []
