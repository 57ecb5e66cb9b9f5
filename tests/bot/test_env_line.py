import io

import pytest
from dotenv import dotenv_values

from bot.env_line import quoted


@pytest.mark.parametrize(
    "value", ["seeds/été", "l’autre # dossier", "l'autre", "C:\\articles", 'dit "oui"', "~/articles", ""]
)
def test_a_value_is_read_back_as_it_was(value: str) -> None:
    assert dotenv_values(stream=io.StringIO(f"NAME={quoted(value)}\n")) == {"NAME": value}


def test_what_needs_no_quotes_has_none() -> None:
    assert quoted("seeds/articles-2.fr") == "seeds/articles-2.fr"
