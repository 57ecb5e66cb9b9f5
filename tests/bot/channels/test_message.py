import pytest

from bot.channels.message import MAX_TEXT, cleaned, post_title, titled


def name(number: int) -> str | None:
    return "aide" if number == 7 else None


@pytest.mark.parametrize(
    ("said", "kept"),
    [
        ("Merci <@123>, <@!45> et <@&6>\u202f!", "Merci @…, @… et @…\u202f!"),
        ("@everyone @here la fête", "@… @… la fête"),
        ("Voir <#7> et <#8>", "Voir #aide et #…"),
        ("Tapez </demander:123> ou </babillard salon:9>", "Tapez `/demander` ou `/babillard salon`"),
        ("<:oui:123> d’accord <a:œuf:4>", ":oui: d’accord :œuf:"),
        ("Le <t:1777593600:D>, à <t:1777657500>", "Le 2026-05-01, à 2026-05-01 17:45 UTC"),
        ("Le <t:999999999999>", "Le …"),
        ("Voir <id:customize>", "Voir …"),
        ("-# en petit\n||caché||", "en petit\ncaché"),
        ("ligne\r\nautre\u200b", "ligne\nautre"),
        ("Écrivez à l’adresse a@everyone.example", "Écrivez à l’adresse a@….example"),
        ("", ""),
    ],
)
def test_what_only_discord_can_show_is_replaced_and_nobody_is_named(said: str, kept: str) -> None:
    assert cleaned(said, name) == kept


def test_code_links_and_lists_stay() -> None:
    text = "1. Tapez\u00a0:\n```sh\nmake chat\n```\n- [la page](https://exemple.fr/œuvre)\n> cité"
    assert cleaned(text, name) == text


def test_a_long_message_is_cut() -> None:
    assert len(cleaned("é" * 9_000, name)) == MAX_TEXT


@pytest.mark.parametrize(
    "text", ["||" * 4_000, "<" * 9_000, "</" + "a" * 9_000, "**" * 4_000, "# " * 4_000, "<t:" * 3_000]
)
def test_hostile_text_takes_linear_time(text: str) -> None:
    titled(cleaned(text, name), "#infos")


@pytest.mark.parametrize(
    ("text", "title", "below"),
    [
        ("# Le wifi\nIl est gratuit.", "Le wifi", "Il est gratuit."),
        ("**Le wifi\u00a0:**\n\nIl est gratuit.", "Le wifi", "Il est gratuit."),
        ("**Le wifi** :\nIl est gratuit.", "Le wifi", "Il est gratuit."),
        ("## Le wifi", "#infos", "## Le wifi"),
        ("Le wifi est gratuit.\nTout le temps.", "#infos", "Le wifi est gratuit.\nTout le temps."),
        ("**Attention** au chien.\nOuaf.", "#infos", "**Attention** au chien.\nOuaf."),
        ("# …\nRien.", "#infos", "# …\nRien."),
        (f"# {'long ' * 30}\nRien.", "#infos", f"# {'long ' * 30}\nRien."),
        ("", "#infos", ""),
    ],
)
def test_a_heading_is_the_title_else_the_channel(text: str, title: str, below: str) -> None:
    assert titled(text, "#infos") == (title, below)


def test_the_name_of_a_post_is_on_one_line() -> None:
    assert post_title("  Où est\u200b  l’œuvre d’été ") == "Où est l’œuvre d’été"
