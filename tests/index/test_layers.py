"""The layers of an index, told apart by their names."""

from pathlib import Path

import pytest

from index.config import IndexSettings
from index.layers import is_common, learned_servers


@pytest.mark.parametrize(
    ("document", "common"),
    [
        ("a.md", True),
        ("@a.md", True),
        ("guide/@b.md", True),
        ("@pages/host/a.html", True),
        ("@cuisine/a.md", False),
        ("@7/taught.csv", False),
    ],
)
def test_which_documents_every_question_sees_is_told_by_their_ids(document: str, common: bool) -> None:
    assert is_common(document) is common


def test_the_servers_that_have_a_layer_are_told_apart_from_the_common_pages(tmp_path: Path) -> None:
    settings = IndexSettings(data_dir=tmp_path)
    assert learned_servers(settings) == []
    for part in ("@12", "@7", "@pages", "@x1", "notes"):
        (tmp_path / "learned" / part).mkdir(parents=True)
    assert learned_servers(settings) == [7, 12]
