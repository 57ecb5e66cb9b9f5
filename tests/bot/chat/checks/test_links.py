import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.chat.checks.links import check_links
from bot.chat.reply import read_reply, sanitise
from tests.bot.fakes import make_chunk

PASSAGE = (
    "Les paquets sont sur https://debian.example/liste et sur miroir.example. "
    "Écrire à aide@debian.example, avec son <nom>."
)
ADDRESSES = ["https://{}.{}", "http://{}.{}/x", "www.{}.{}", "steam://{}.{}", "[{}](x.{})", "{}@{}.com"]
WORDS = st.text(st.sampled_from("abcdefghij"), min_size=2, max_size=8)


def failures(reply: str) -> list[str]:
    return list(check_links(read_reply(f"{reply} [1].", [make_chunk(PASSAGE)], "", "fr")))


@pytest.mark.parametrize(
    "reply",
    [
        "Les paquets sont en ligne",
        "On les trouve sur miroir.example",
        "On écrit à aide@debian.example",
        "Il dit «\u00a0Les paquets sont sur https://debian.example/liste\u00a0»",
        "On les trouve sur miroir.example/debian/liste",
        "On remplace <nom> par le sien",
        "Dans le dossier C:/paquets",
        "Les paquets [1] (en ligne)",
        "Les paquets [1][1] coûtent moins (1 < 2)",
        "Il part à 12:30, etc., p. ex. M. Lévesque et/ou C.-A. Roy",
    ],
)
def test_text_and_what_the_passage_names_pass(reply: str) -> None:
    assert failures(sanitise(reply)) == []


@pytest.mark.parametrize(
    "reply",
    [
        "Voir https://debian.example/liste",
        "Voir https://piege.example",
        "Voir «\u00a0HTTPS://PIEGE.example\u00a0» et www.piege.example",
        "Voir [ici](https://debian.example/liste)",
        "Voir [1](https://debian.example/liste)",
        "Voir [ici]( <piege.example> )",
        "![x](https://debian.example/liste)",
        "Voir [ici][ref]\n[ref]: https://debian.example/liste",
        "Voir <https://debian.example/liste>",
        'Voir <a href="x">ici</a>',
        "<img src=x>",
        "Voir piege.example",
        "Voir discord.gg/abcdef",
        "Écrire à vole@piege.example",
        "Écrire à vole@debian.example",
        "Voir javascript:alert(1)",
        "Voir mailto:aide@debian.example",
        "Voir hxxps://debian.example/liste",
        "Voir ht\u200btps://piege.example",
        "Voir éhttps://miroir.example",
        "Voir 1https://miroir.example",
        "Voir abcdefghijklmnopqrstuvwxyzhttps://miroir.example",
        "Voir www.«\u00a0miroir.example\u00a0»",
        "Voir piege.example/liste",
        "@everyone",
        "@here",
        "Bonjour <@42>, <@&42>, <#42>",
        "Bonjour </ask:42>",
        "Bonjour @quelquun",
    ],
)
def test_what_can_be_followed_or_mentions_is_reported(reply: str) -> None:
    assert failures(reply) != []
    assert failures(sanitise(reply)) != []


def test_a_link_that_is_left_in_a_quotation_is_reported() -> None:
    assert len(failures("Il dit «\u00a0Les paquets sont sur https://debian.example/liste\u00a0»")) == 1


@given(
    WORDS,
    WORDS,
    st.sampled_from(ADDRESSES),
)
def test_a_made_up_address_is_reported(host: str, domain: str, form: str) -> None:
    assert failures(f"Voir {form.format(host, domain)}") != []
    assert failures(sanitise(f"Voir {form.format(host, domain)}")) != []


@given(st.text(st.sampled_from("[]()<>!@:/.ahtps \n") | st.characters(), max_size=80))
def test_any_text_can_be_read(text: str) -> None:
    failures(text)
