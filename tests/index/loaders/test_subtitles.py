import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.blocks import Block
from index.loaders.loaded import Loaded, UnreadableError
from index.loaders.subtitles import load

SRT = """1
00:00:01,000 --> 00:00:03,500
<i>Le bac part</i>

2
00:00:03,600 --> 00:00:05,000
{\\an8}à midi, dit-on
au quai.

3
00:01:00,000 --> 00:01:02,000
L’œuvre &amp; le musée.
"""

VTT = """WEBVTT - Visite du musée
Kind: captions

STYLE
::cue { color: red }

NOTE à revoir

intro
00:01.000 --> 00:03.000 align:start position:0%
<v Anne Roy>Bonjour <00:02.000><c>à tous.</c>

00:03.000 --> 00:05.000
<v Paul>Bonjour !
"""


def paragraphs(text: str) -> list[str]:
    (loaded,) = load(text.encode())
    assert all(block.kind == "paragraph" for block in loaded.blocks)
    return [block.text for block in loaded.blocks]


def test_sentences_are_joined_and_a_pause_ends_a_paragraph() -> None:
    assert paragraphs(SRT) == ["Le bac part à midi, dit-on au quai.", "L’œuvre & le musée."]


def test_webvtt_tells_who_speaks_and_may_have_a_title() -> None:
    assert load(VTT.encode()) == [
        Loaded(
            (Block("paragraph", "Anne Roy: Bonjour à tous."), Block("paragraph", "Paul: Bonjour !")),
            "Visite du musée",
            left_out={"comments": 1},
        )
    ]


def test_captions_that_roll_up_are_read_once() -> None:
    cues = ["un", "un\ndeux", "deux\ntrois"]
    text = "".join(f"00:00:0{n},000 --> 00:00:0{n + 1},000\n{cue}\n\n" for n, cue in enumerate(cues))
    assert paragraphs(text) == ["un deux trois"]


def test_a_long_talk_is_cut_where_a_sentence_ends() -> None:
    times = [f"00:0{n // 60}:{n % 60:02}" for n in range(100)]
    text = "".join(f"{time},000 --> {time},900\nPhrase {n}.\n\n" for n, time in enumerate(times))
    read = paragraphs(text)
    assert len(read) > 1
    assert " ".join(read) == " ".join(f"Phrase {n}." for n in range(100))


@pytest.mark.parametrize("text", ["", "WEBVTT\n", "Un texte.\n\nUn autre."])
def test_a_file_without_times_is_refused(text: str) -> None:
    with pytest.raises(UnreadableError, match="holds no times"):
        load(text.encode())


WORDS = st.lists(st.sampled_from(["l’œuvre", "où ?", "3,5\u00a0M$", "<b>", "fin."]), min_size=1, max_size=4)


@given(st.lists(WORDS, min_size=1))
def test_no_word_is_lost(cues: list[list[str]]) -> None:
    text = said = ""
    for number, cue in enumerate(cues):
        time = f"{number // 60:02}:{number % 60:02}"
        text += f"{time}.000 --> {time}.500\n{number} {' '.join(cue)}\n\n"
        said += f"{number} {' '.join(word for word in cue if word != '<b>')} "
    assert " ".join(paragraphs(text)).split() == said.split()
