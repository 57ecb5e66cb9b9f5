"""Gaps: questions that the articles do not answer, grouped by what they ask, and drafts of articles that would."""

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

import numpy as np
import yaml
from numpy.typing import NDArray

from bot.errors import BotError
from bot.journal.entry import Unanswered
from index.loaders.front_matter import MAX_FRONT_MATTER
from index.model.embedding import TextEmbeddings
from index.schema import Language
from index.text import fold

MIN_COSINE = 0.95
"""Of any two questions of a group. Of 22 pairs of questions of PIAF and SQuAD 2 that ask the same in one language,
chosen by hand, it joins 15; see docs/decisions.md for pairs in two languages, and for questions that it keeps apart."""

CROSS_LANGUAGE_LOSS = 0.08
"""How much lower the cosine of two questions is when their languages differ. Unrelated questions lose 0.035; for
translated ones 0.08 to 0.10 gave the best groups."""

MAX_QUESTIONS = 5_000  # the last ones, each text once: their cosines take 100 MB

MAX_LABEL = 200  # characters of a draft's title, which is embedded with every sentence of the article
MAX_LISTED = 20  # questions in a draft, the last ones: enough to see what is asked
MAX_NAME = 60  # characters of a file name, without its suffix

_NEVER = -2.0  # below any cosine
_NO_ANSWER_YET = "# Write the answer under the second line of dashes. Until then this file is not read."


@dataclass(frozen=True, slots=True)
class Gap:
    """Questions that ask the same."""

    label: str  # the question nearest to the centre
    language: Language  # of the label
    asked: tuple[Unanswered, ...]  # each time it was asked, oldest first

    @property
    def count(self) -> int:
        """How many times it was asked."""
        return len(self.asked)

    @property
    def languages(self) -> dict[Language, int]:
        """Language -> how many times it was asked in it, the commonest language first."""
        return dict(Counter(u.language for u in self.asked).most_common())

    @property
    def questions(self) -> tuple[str, ...]:
        """The different texts, in the order in which they were first asked."""
        return tuple(dict.fromkeys(u.question for u in self.asked))

    @property
    def last_asked(self) -> datetime:
        """When it was last asked, UTC."""
        return self.asked[-1].asked

    def record(self) -> dict[str, object]:
        """Return the documented JSON shape."""
        return {
            "count": self.count,
            "label": self.label,
            "language": self.language,
            "languages": self.languages,
            "last_asked": self.last_asked.isoformat(timespec="seconds"),
            "questions": list(self.questions),
        }


def find_gaps(unanswered: Iterable[Unanswered], embeddings: TextEmbeddings) -> list[Gap]:
    """Group the questions that ask the same, in either language; the largest group first, of equals the latest.

    Args:
        unanswered: in any order; only the last `MAX_QUESTIONS` different texts are grouped.
        embeddings: the constants above were measured for the bundled model, and may not suit another.
    """
    by_text: dict[str, list[Unanswered]] = {}
    for one in sorted(unanswered, key=lambda u: (u.asked, u.entry), reverse=True):
        if one.question in by_text or len(by_text) < MAX_QUESTIONS:
            by_text.setdefault(one.question, []).append(one)
    if not by_text:
        return []
    times = list(by_text.values())
    vectors = np.stack([embeddings.encode_query(text) for text in by_text])
    groups = _link(_similarity(vectors, [asked[0].language for asked in times]))
    gaps = [_gap([times[row] for row in group], vectors[group]) for group in groups]
    return sorted(gaps, key=lambda gap: (gap.count, gap.last_asked), reverse=True)


def _similarity(vectors: NDArray[np.float32], languages: Sequence[Language]) -> NDArray[np.float32]:
    """Return the cosine of every two questions as if both were in one language, shape (n, n)."""
    similarity: NDArray[np.float32] = vectors @ vectors.T
    french = np.array([language == "fr" for language in languages])
    similarity[french[:, None] != french] += np.float32(CROSS_LANGUAGE_LOSS)
    for row in range(len(similarity)):
        similarity[row:, row] = similarity[
            row, row:
        ]  # the same bits on both sides of the diagonal: `_link` relies on it
        similarity[row, row] = _NEVER
    return similarity


def _link(similarity: NDArray[np.float32]) -> list[list[int]]:
    """Return groups of rows by complete linkage, down to `MIN_COSINE`; overwrites `similarity`.

    Two groups are as near as their two farthest members. Nearest-neighbour chains (Murtagh 1983) take n² steps, and
    find the same groups as joining the nearest two again and again.
    """
    groups = {row: [row] for row in range(len(similarity))}
    done: list[list[int]] = []
    chain: list[int] = []
    while groups:
        last = chain[-1] if chain else next(iter(groups))
        chain = chain or [last]
        nearest = int(similarity[last].argmax())
        if similarity[last, nearest] < MIN_COSINE:  # and nothing will: a group never comes nearer by growing
            done.append(sorted(groups.pop(chain.pop())))
            similarity[last] = similarity[:, last] = _NEVER
        elif len(chain) > 1 and similarity[last, chain[-2]] >= similarity[last, nearest]:
            kept, gone = chain[-2], chain[-1]
            del chain[-2:]
            groups[kept] += groups.pop(gone)
            similarity[kept] = similarity[:, kept] = np.minimum(similarity[kept], similarity[gone])
            similarity[gone] = similarity[:, gone] = _NEVER
        else:
            chain.append(nearest)
    return done


def _gap(texts: Sequence[Sequence[Unanswered]], vectors: NDArray[np.float32]) -> Gap:
    """Return the gap of a group; `texts` holds, for each row of `vectors`, all the times that this text was asked."""
    weights = np.array([len(asked) for asked in texts], dtype=np.float32)
    label = texts[int((vectors @ (weights @ vectors)).argmax())][0]
    asked = sorted((u for asked in texts for u in asked), key=lambda u: (u.asked, u.entry))
    return Gap(label.question, label.language, tuple(asked))


def write_stubs(gaps: Iterable[Gap], folder: Path) -> list[Path]:
    """Write a draft of an article for each gap that has none yet, and return the paths of the new ones.

    A draft is front matter alone, with the questions in it. A build reads no text there, so it skips the file until
    somebody writes an answer below; then the file is an article.

    Args:
        gaps: one file for each, named after its label; an existing file is left as it is.
        folder: made if it is missing.

    Raises:
        BotError: the folder cannot be written.
    """
    written = []
    names: Counter[str] = Counter()
    try:
        folder.mkdir(parents=True, exist_ok=True)
        for gap in gaps:
            name = _file_name(gap.label)
            names[name] += 1
            path = folder / (f"{name}-{names[name]}.md" if names[name] > 1 else f"{name}.md")
            with suppress(FileExistsError), path.open("x", encoding="utf-8") as file:
                file.write(_stub(gap))
                written.append(path)
    except OSError as error:
        raise BotError(f"{folder} cannot be written ({error.strerror}): name another folder") from error
    return written


def _file_name(label: str) -> str:
    """Return the words of the label without accents, joined by hyphens, which any file system takes."""
    words = re.sub(r"[^a-z0-9]+", "-", fold(label))
    return words[:MAX_NAME].strip("-") or "question"


def _stub(gap: Gap) -> str:
    """Return the front matter, without the oldest questions where it would be too long to be read as such."""
    questions = list(gap.questions[-MAX_LISTED:])
    while True:
        listed = {"title": gap.label[:MAX_LABEL], "language": gap.language, "questions": questions}
        block = yaml.safe_dump(listed, allow_unicode=True, sort_keys=False, width=MAX_FRONT_MATTER)
        stub = f"---\n{_NO_ANSWER_YET}\n{block}---\n"
        if len(stub) <= MAX_FRONT_MATTER or not questions:
            return stub
        del questions[0]
