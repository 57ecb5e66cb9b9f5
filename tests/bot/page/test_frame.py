import base64
import hashlib
import re
from pathlib import Path

import pytest

from bot.errors import BotError
from bot.page.frame import document, figure, table, write_page
from tests.bot.page.reading import HOSTILE, check, check_loads_nothing


def page() -> str:
    return document(HOSTILE, [table("<th>été</th>", "<tr><td>1</td></tr>"), figure(HOSTILE, "", [HOSTILE], HOSTILE)])


def test_the_policy_forbids_everything_but_the_style_of_the_page() -> None:
    [policy] = re.findall(r'Content-Security-Policy" content="([^"]+)"', page())
    [style] = re.findall(r"<style>(.*?)</style>", page(), re.DOTALL)
    digest = base64.b64encode(hashlib.sha256(style.encode()).digest()).decode()
    assert policy == f"default-src 'none'; style-src 'sha256-{digest}'; base-uri 'none'; form-action 'none'"


def test_titles_names_and_captions_are_text() -> None:
    check_loads_nothing(page())
    assert "".join(check(page()).texts).count(HOSTILE) == 4


def test_a_page_that_cannot_be_written_is_named_and_leaves_nothing(tmp_path: Path) -> None:
    (tmp_path / "été.html").mkdir()
    with pytest.raises(BotError, match=r"été\.html: cannot be written .*: name another file"):
        write_page(tmp_path / "été.html", page())
    assert [path.name for path in tmp_path.iterdir()] == ["été.html"]


def test_a_page_replaces_the_one_before(tmp_path: Path) -> None:
    path = tmp_path / "new" / "été.html"
    for _ in range(2):
        write_page(path, page())
    check(path.read_text(encoding="utf-8"))
    assert [p.name for p in path.parent.iterdir()] == ["été.html"]
