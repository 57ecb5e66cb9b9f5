import pytest

from bot.translation.protected import blanked, kept_spans, protect, restore, unlinked


@pytest.mark.parametrize(
    ("sentence", "kept"),
    [
        ("Lancez `apt update`, puis `reboot`.", ["`apt update`", "`reboot`"]),
        ("Ouvrez /etc/nginx/nginx.conf avec soin.", ["/etc/nginx/nginx.conf"]),
        ("Ajoutez l’option --force à la fin.", ["--force"]),
        ("Voir https://exemple.org/aide?p=1 pour en savoir plus.", ["https://exemple.org/aide?p=1"]),
        ("Écrivez à aide@exemple.org ou à @marie.", ["aide@exemple.org", "@marie"]),
        ("Set PORT=80 in the file.", ["PORT=80"]),
        ("Le bureau est ouvert, n’est-ce pas ?", []),
        ("", []),
    ],
)
def test_what_would_be_copied_is_kept(sentence: str, kept: list[str]) -> None:
    assert [sentence[start:end] for start, end in kept_spans(sentence)] == kept
    protected = protect(sentence)
    assert protected is not None
    assert list(protected.kept) == kept
    assert not any(one in protected.text for one in kept)
    assert restore(protected.text, protected.kept) == sentence


def test_what_was_kept_may_change_its_place() -> None:
    assert restore("XQ1 after XQ0", ("`a`", "`b`")) == "`b` after `a`"


@pytest.mark.parametrize("translated", ["Run it.", "XQ0 and XQ0", "XQ0 XQ1 XQ2", "XQ0 xq1", "XQ01 XQ1"])
def test_a_stand_in_that_is_lost_doubled_or_altered_spoils_the_translation(translated: str) -> None:
    assert restore(translated, ("`a`", "`b`")) is None


def test_a_sentence_that_holds_what_looks_like_a_stand_in_is_not_translated() -> None:
    assert protect("Le modèle XQ5 coûte 5 €.") is None


def test_a_command_outside_code_that_has_no_end_is_not_translated() -> None:
    assert protect("Lancez sudo apt update pour mettre la machine à jour.") is None
    assert protect("Lancez ceci : sudo apt update") is not None


def test_kept_stretches_are_blank_for_the_checks() -> None:
    assert blanked("Run `rm 5` now.") == "Run        now."


def test_a_link_is_translated_as_its_words() -> None:
    assert unlinked("Voir [la page](https://exemple.org) et `code`.") == "Voir la page et `code`."
