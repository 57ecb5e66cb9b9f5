"""Draw the pictures of `docs/`: what Discord shows for a question of each kind, from the bot's real replies.

    python -m benchmarks.pictures [--out docs]

The articles and the questions stand in `benchmarks/pictures.md`. Nobody's screen is copied: fonts and colours are near
those of Discord, and a line breaks where one of a phone would.
"""

import argparse
import html
import re
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

from bot.answering.answer import Question
from bot.answering.dates import old_before
from bot.config import BotSettings
from bot.discord.buttons import answer_buttons
from bot.discord.desk import ServedAnswer
from bot.discord.markdown import answer_text
from bot.factory import build_bot
from index.build import build_index
from index.model.embedding import load_embeddings

ARTICLES = Path(__file__).with_suffix(".md")
SEEDS = Path(__file__).parents[1] / "seeds"
SHIPPED = "Combien d’abonnés Netflix compte-t-il au Canada ?"  # of the README, on the articles that come with Babillard
WIDTH, LEFT, INSET = 440, 62, 14  # of the picture; of its text; of a quotation in it
COLUMNS, CODE_COLUMNS = 48, 44  # that a line holds, in letters
SANS = "'gg sans', 'Noto Sans', 'Helvetica Neue', Helvetica, Arial, sans-serif"
MONO = "'gg mono', 'Source Code Pro', Consolas, 'DejaVu Sans Mono', monospace"

_INLINE = re.compile(
    r"\\(?P<escaped>.)|`(?P<code>[^`]+)`|\*\*(?P<bold>(?:\\.|[^*])+)\*\*"
    r"|\[(?P<words>(?:\\.|[^\]])+)\]\(<[^>]+>\)|<t:(?P<time>\d+):D>"
)


@dataclass
class Picture:
    """Shapes from the top down."""

    y: float = 0.0
    shapes: list[str] = field(default_factory=list)

    def rect(self, x: float, y: float, width: float, height: float, fill: str, radius: float = 4) -> None:
        """Add a rectangle."""
        self.shapes.append(f'<rect x="{x}" y="{y}" width="{width}" height="{height}" rx="{radius}" fill="{fill}"/>')

    def text(self, x: float, runs: list[tuple[str, str]], size: float = 15, fill: str = "#dbdee1") -> None:
        """Add a line of runs, each with its attributes, at the height reached."""
        spans = "".join(f"<tspan {look}>{html.escape(words)}</tspan>" for words, look in runs)
        self.shapes.append(
            f'<text x="{x}" y="{self.y}" font-size="{size}" fill="{fill}" xml:space="preserve">{spans}</text>'
        )

    def svg(self, title: str) -> str:
        """Return the whole picture."""
        height = round(self.y + 16)
        return "\n".join(
            [
                f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {height}" width="{WIDTH}" '
                f'height="{height}" role="img" aria-labelledby="title" font-family="{SANS}">',
                f'<title id="title">{html.escape(title)}</title>',
                f'<rect width="{WIDTH}" height="{height}" rx="10" fill="#313338"/>',
                *self.shapes,
                "</svg>\n",
            ]
        )


def draw(question: str, reply: str, buttons: list[str], built: str) -> str:
    """Return the picture of a question and its reply.

    Args:
        question: as it was asked.
        reply: in Discord's Markdown.
        buttons: what stands on each.
        built: the date of the index, in words.
    """
    picture = Picture()
    for name, letter, color, lines in (
        ("alice", "A", "#7a5ea8", [f"**@Babillard** {question}"]),
        ("Babillard", "B", "#2f7d6b", reply.split("\n")),
    ):
        picture.y += 36
        picture.shapes.append(f'<circle cx="32" cy="{picture.y + 4}" r="18" fill="{color}"/>')
        picture.shapes.append(
            f'<text x="32" y="{picture.y + 10}" font-size="16" fill="#ffffff" text-anchor="middle">{letter}</text>'
        )
        picture.text(LEFT, [(name, 'font-weight="600"')], fill="#f2f3f5")
        _draw_lines(picture, lines, built)
    picture.y += 16
    x = float(LEFT)
    for label in buttons:
        width = 24 + 8 * max(len(label), 2)
        picture.rect(x, picture.y, width, 32, "#43444b", 8)
        picture.shapes.append(
            f'<text x="{x + width / 2}" y="{picture.y + 21}" font-size="14" fill="#ffffff" text-anchor="middle">'
            f"{html.escape(label)}</text>"
        )
        x += width + 8
    picture.y += 32
    return picture.svg(question)


def _draw_lines(picture: Picture, lines: list[str], built: str) -> None:
    in_code = False
    for written in lines:
        quoted, line = written.startswith("> "), written.removeprefix("> ")
        x, top = LEFT + INSET * quoted, picture.y
        if line.startswith("```"):
            in_code = not in_code
            picture.y += 6
        elif in_code:
            for part in [line[at : at + CODE_COLUMNS] for at in range(0, len(line), CODE_COLUMNS)] or [""]:
                picture.rect(x, picture.y + 4, WIDTH - x - 12, 20, "#2b2d31", 0)
                picture.y += 19
                picture.text(x + 8, [(part, f'font-family="{MONO}"')], 12.5)
        else:
            _draw_words(picture, x, line, built)
        if quoted:
            picture.rect(LEFT, top + 4, 4, picture.y - top + 2, "#4e5058", 0)


def _draw_words(picture: Picture, x: float, line: str, built: str) -> None:
    small, strong = line.startswith("-# "), line.startswith("### ")
    line = line.removeprefix("-# ").removeprefix("### ")
    item = re.match(r" *(?:-|\d+\.) ", line)
    indent = len(item[0]) if item else 0
    body = re.sub(r"^( *)- ", "\\1• ", line)
    limit = (COLUMNS + 8 if small else COLUMNS) - (2 if x > LEFT else 0)
    for number, runs in enumerate(_wrapped(_runs(body, built), limit - indent * bool(item))):
        picture.y += 17 if small else 21
        shown = [(words, f'{look} font-weight="700"') for words, look in runs] if strong else runs
        picture.text(x + (7 * indent if number else 0), shown, 12.5 if small else 15, "#949ba4" if small else "#dbdee1")
    if not body.strip():
        picture.y += 12


def _runs(line: str, built: str) -> Iterator[tuple[str, str]]:
    """Yield the runs of a line of Discord's Markdown, each with its attributes."""
    end = 0
    for found in _INLINE.finditer(line):
        yield line[end : found.start()], ""
        end = found.end()
        if found["code"]:
            yield found["code"], f'font-family="{MONO}" font-size="13" fill="#f2f3f5"'
        elif found["bold"] or found["words"]:
            look = 'font-weight="700"' if found["bold"] else 'fill="#00a8fc"'
            yield re.sub(r"\\(.)", r"\1", found["bold"] or found["words"]), look
        else:
            yield found["escaped"] or built, ""
    yield line[end:], ""


def _wrapped(runs: Iterator[tuple[str, str]], limit: int) -> Iterator[list[tuple[str, str]]]:
    line: list[tuple[str, str]] = []
    length = 0
    for words, look in runs:
        for word in re.findall(r"[^ \n]+ ?| ", words):
            if line and length + len(word.rstrip(" ")) > limit and line[-1][0].endswith(" "):
                yield line
                line, length = [], 0
            line.append((word, look))
            length += len(word)
    if line:
        yield line


def main() -> None:
    """Ask each question of `pictures.md` of its articles, and that of the README of those that come with Babillard."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--out", type=Path, default=Path("docs"))
    out: Path = parser.parse_args().out
    questions, *articles = re.split(r"^---\n(?=title)", ARTICLES.read_text(encoding="utf-8"), flags=re.MULTILINE)
    with tempfile.TemporaryDirectory() as folder:
        seeds = Path(folder, "seeds")
        seeds.mkdir()
        for number, article in enumerate(articles):
            (seeds / f"{number}.md").write_text(f"---\n{article}", encoding="utf-8")
        asked = re.findall(r"^- `(\w+)`: (.+)$", questions, re.MULTILINE)
        _draw_replies(seeds, Path(folder, "index"), asked, out)
        _draw_replies(SEEDS, Path(folder, "shipped"), [("reply", SHIPPED)], out)


def _draw_replies(seeds: Path, index: Path, asked: list[tuple[str, str]], out: Path) -> None:
    settings = BotSettings(seeds_dir=seeds, index_dir=index)
    embeddings = load_embeddings(settings.embedding_model)
    build_index(seeds, index, embeddings)
    bot = build_bot(settings, embeddings)
    built = datetime.fromisoformat(bot.manifest.created)
    for name, question in asked:
        answer = bot.chain.invoke(Question(question))
        served = ServedAnswer("1", answer, built, recorded=True, old_before=old_before(bot.old_after_days))
        labels = [button_label(item) for item in answer_buttons(served).children]
        text = answer_text(answer, built, old_before=served.old_before)
        (out / f"discord-{name}.svg").write_text(draw(question, text, labels, f"{built:%d/%m/%Y}"), encoding="utf-8")
        print(f"{name}: {len(text)} characters")


def button_label(item: object) -> str:
    """Return what stands on a button."""
    button = getattr(item, "item", item)
    return str(getattr(button, "label", None) or getattr(button, "emoji", ""))


if __name__ == "__main__":
    main()
