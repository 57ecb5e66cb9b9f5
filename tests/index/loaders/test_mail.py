from email.message import EmailMessage

import pytest

from index.blocks import Block
from index.loaders.loaded import Fault, Loaded, UnreadableError
from index.loaders.mail import load


def mail(text: str, subject: str = "Le bac du lundi", **headers: str) -> EmailMessage:
    message = EmailMessage()
    message["From"] = "Anne Roy <anne@bac.example>"
    message["Subject"] = subject
    message["Date"] = "Mon, 31 Mar 2025 23:30:00 -0400"
    for name, value in headers.items():
        message[name] = value
    message.set_content(text)
    return message


def load_one(message: EmailMessage) -> Loaded:
    (loaded,) = load(message.as_bytes())
    assert isinstance(loaded, Loaded)
    return loaded


def texts(message: EmailMessage) -> list[str]:
    return [block.text for block in load_one(message).blocks]


def test_subject_date_and_text_are_read() -> None:
    text = "Bonjour,\n\nLe bac part :\n\n- à midi\n- à 18 h, s’il y a\n  du monde\n\nL’œuvre."
    assert load_one(mail(text)) == Loaded(
        (
            Block("paragraph", "Bonjour,"),
            Block("paragraph", "Le bac part :"),
            Block("item", "à midi"),
            Block("item", "à 18 h, s’il y a du monde"),
            Block("paragraph", "L’œuvre."),
        ),
        "Le bac du lundi",
        date="2025-03-31",
    )


def test_lines_that_were_full_are_joined() -> None:
    full = "Le bac part à midi du quai de Lévis, comme chaque lundi de l’été,"
    assert texts(mail(f"{full}\net revient le soir.\n\n9 rue des Tisserands\n01 23 45 67 89")) == [
        f"{full} et revient le soir.",
        "9 rue des Tisserands\n01 23 45 67 89",
    ]


@pytest.mark.parametrize(
    ("history", "lines"),
    [
        ("Le 3 mars 2025 à 10:02, Paul <p@bac.example> a écrit :\n> Quand ?\n>\n> Paul", 4),
        ("On Mon, 3 Mar 2025 at 10:02, Paul\n<p@bac.example> wrote:\n\n> Quand ?", 3),
        ("-----Message d’origine-----\nDe : Paul\nQuand ?", 3),
        ("________________________________\nDe : Paul <p@bac.example>\nEnvoyé : lundi\nQuand ?", 4),
        ("De : Paul <p@bac.example>\nEnvoyé : lundi 3 mars\n\nQuand ?", 4),
    ],
)
def test_quoted_mails_are_left_out_and_counted(history: str, lines: int) -> None:
    loaded = load_one(mail(f"À midi.\n\n{history}"))
    assert [block.text for block in loaded.blocks] == ["À midi."]
    assert loaded.left_out["lines of quoted mails"] in (lines, lines + 1)  # the last line end is one


def test_an_answer_between_quoted_lines_is_read() -> None:
    assert texts(mail("> Quand ?\n\nÀ midi.\n\n> Où ?\n\nÀ Lévis.")) == ["À midi.", "À Lévis."]


def test_what_only_looks_like_a_quote_is_read() -> None:
    assert texts(mail("Le conseil a écrit :\n\nNous partons.\n\nDe : Lévis")) == [
        "Le conseil a écrit :",
        "Nous partons.",
        "De : Lévis",
    ]


@pytest.mark.parametrize("signature", ["-- \nAnne\n01 23 45 67 89", "Envoyé de mon téléphone"])
def test_the_signature_is_left_out_and_counted(signature: str) -> None:
    loaded = load_one(mail(f"À midi.\n\n{signature}"))
    assert [block.text for block in loaded.blocks] == ["À midi."]
    assert loaded.left_out == {"signatures": 1}


def test_a_mail_that_is_passed_on_is_read_whole() -> None:
    history = "---------- Forwarded message ----------\nDe : Paul <p@bac.example>\n\nLe bac part à midi."
    assert texts(mail(f"Pour vous.\n\n{history}", "TR : horaires"))[-1] == "Le bac part à midi."


def test_html_alone_is_read_without_its_quotes() -> None:
    message = EmailMessage()
    message["Subject"] = "Horaires"
    message.set_content(
        '<p>Voir <a href="https://bac.example">le site</a>.</p><p style="display: none">Caché</p>'
        '<div class="gmail_signature">Anne</div><div class="gmail_quote"><p>Quand ?</p></div>',
        "html",
    )
    loaded = load_one(message)
    assert loaded.blocks == (Block("paragraph", "Voir [le site](https://bac.example)."),)
    assert loaded.left_out == {"quoted mails": 1, "signatures": 1, "hidden texts": 1}


def test_the_plain_form_is_preferred_and_attachments_are_named() -> None:
    message = mail("À midi.")
    message.add_alternative("<p>Autrement dit.</p>", "html")
    message.add_attachment(b"%PDF", "application", "pdf", filename="plan du quai.pdf")
    message.add_attachment(b"x", "image", "png", filename="photo.png")
    loaded, fault = load(message.as_bytes())
    assert isinstance(loaded, Loaded)
    assert [block.text for block in loaded.blocks] == ["À midi."]
    assert fault == Fault(
        0, "has attachments that are not read (plan du quai.pdf, photo.png): save them into the folder"
    )


def test_flowed_text_and_old_encodings_are_read() -> None:
    data = (
        'Subject: =?iso-8859-1?q?=C9t=E9?=\nContent-Type: text/plain; charset="iso-8859-1"; format=flowed\n'
        "Content-Transfer-Encoding: 8bit\n\nLe bac \npart à midi.\n"
    ).encode("iso-8859-1")
    (loaded,) = load(data)
    assert isinstance(loaded, Loaded)
    assert loaded.title == "Été"
    assert [block.text for block in loaded.blocks] == ["Le bac part à midi."]


@pytest.mark.parametrize("data", [b"", b"Un texte.", b"\x00\x01", bytes(range(256))])
def test_what_is_no_mail_is_refused(data: bytes) -> None:
    with pytest.raises(UnreadableError, match="is no mail"):
        load(data)
