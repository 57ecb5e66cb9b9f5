from index.blocks import Block
from index.loaders.loaded import Loaded
from index.loaders.signs import without_invisible


def test_signs_that_nobody_sees_are_taken_out_and_counted() -> None:
    blocks = (Block("paragraph", "mot\u200bs et code\u202e4471\u202c"), Block("table", rows=(("a\u00adb",), ("c",))))
    assert without_invisible(Loaded(blocks, "Ti\ufefftre", left_out={"comments": 1})) == Loaded(
        (Block("paragraph", "mots et code4471"), Block("table", rows=(("ab",), ("c",)))),
        "Titre",
        left_out={"comments": 1, "invisible signs": 4},
    )


def test_french_spaces_and_line_breaks_stay() -> None:
    loaded = Loaded((Block("paragraph", "«\u00a0Où\u202f?\u00a0»\nIci"), Block("code", "a\n\tb")))
    assert without_invisible(loaded) == loaded
