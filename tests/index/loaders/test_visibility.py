import pytest

from index.loaders.html import load
from index.loaders.loaded import Loaded
from index.writing import write


def load_one(html: str) -> Loaded:
    (loaded,) = load(html.encode())
    return loaded


def text_of(html: str) -> str:
    return write(load_one(html).blocks)[0]


@pytest.mark.parametrize(
    "hidden",
    [
        "<p hidden>x</p>",
        '<p aria-hidden="true">x</p>',
        '<p style="color:red; display: none !important">x</p>',
        '<p style="visibility: hidden">x</p>',
        '<p style="font-size: 0">x</p>',
        '<div style="FONT-SIZE:1px"><p>x</p></div>',
        '<p style="color:#fff;background:white">x</p>',
        '<p style="color:white">x</p>',
        '<p><font color="#FEFEFE">x</font></p>',
        '<div style="background:#000"><p style="color: rgb(2, 2, 2)">x</p></div>',
        '<p style="color: transparent">x</p>',
        '<p style="position:absolute; left:-9999px">x</p>',
        '<p style="text-indent:-999em">x</p>',
        '<p style="opacity: 0">x</p>',
        '<div style="height:0px; overflow:hidden"><p>x</p></div>',
        '<div style="max-height:0;overflow:hidden">x</div>',
        '<p style="clip-path: inset(50%)">x</p>',
        '<p style="transform: scale(0)">x</p>',
        '<p class="sr-only">x</p>',
        '<p><span class="btn visually-hidden">x</span></p>',
        "<style>.a { color: red } .b, .secret { display: none }</style><p class='secret'>x</p>",
        "<style>/* .c{} */ p.secret{color:red;display:none}</style><p class='secret'>x</p>",
        "<script>x</script>",
        "<noscript>x</noscript>",
        "<template><p>x</p></template>",
        "<select><option>x</option></select>",
        "<!-- x -->",
        "<svg><text>x</text></svg>",
    ],
)
def test_what_a_browser_does_not_show_is_left_out(hidden: str) -> None:
    assert text_of(f"<body>{hidden}<p>Texte.</p></body>") == "Texte."


@pytest.mark.parametrize(
    "shown",
    [
        '<p hidden="until-found">x</p>',
        '<p style="display:block">x</p>',
        '<p style="opacity:0; transform: translateY(20px)">x</p>',
        '<p style="opacity:0.8">x</p>',
        '<p style="height:0">x</p>',
        '<ul style="font-size:0"><li style="font-size:16px">x</li></ul>',
        '<div style="visibility:hidden"><p style="visibility:visible">x</p></div>',
        '<div style="background:#003"><p style="color:white">x</p></div>',
        '<table bgcolor="#000033"><tr><td><font color="white">x</font></td></tr></table>',
        "<style>.hero{background:navy}</style><div class='hero'><p style='color:#fff'>x</p></div>",
        "<link rel=stylesheet href=a.css><div class='hero'><p style='color:#fff'>x</p></div>",
        "<style>@media print{.a{display:none}}</style><p class='a'>x</p>",
        "<style>.a{display:none}.a{display:block}</style><p class='a'>x</p>",
        "<style>.a{display:none}</style><p class='a' style='display:block'>x</p>",
        "<style>.js .a{display:none}</style><p class='a'>x</p>",
        "<style media=print>.a{display:none}</style><p class='a'>x</p>",
        '<p style="color:#fff;background:url(a.png)">x</p>',
        '<p style="margin-left:-10px">x</p>',
    ],
)
def test_what_a_browser_shows_is_kept(shown: str) -> None:
    assert "x" in text_of(f"<body>{shown}<p>Texte.</p></body>")


def test_a_page_that_a_script_shows_is_not_hidden() -> None:
    assert text_of('<body style="visibility:hidden"><p>Texte.</p></body>') == "Texte."


def test_what_is_hidden_is_counted() -> None:
    html = '<p>Texte.</p><p style="font-size:0">Un</p><div hidden><p>Deux</p><p>Trois</p></div><p hidden> </p>'
    assert load_one(html).left_out == {"hidden texts": 2}


def test_style_sheets_made_to_take_time_take_none() -> None:
    for css in (
        "/*" * 200_000,
        "a" * 400_000,
        "{" * 300_000,
        ".a{display:none}" * 20_000,
        ".a" * 150_000 + "{display:none}",
    ):
        assert text_of(f"<style>{css}</style><p class=b>Texte.</p>") == "Texte."  # fmt: skip
