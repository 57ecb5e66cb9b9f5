"""The article and the questions that the project was asked to answer; they lie beside the repository."""

import json
import re
import sys
from pathlib import Path
from typing import Any, NamedTuple

import pytest

from bot.answering.answer import Answer, Question
from bot.config import BotSettings
from bot.factory import build_bot
from index.build import build_index
from index.model.embedding import TextEmbeddings

pytestmark = pytest.mark.slow


class Outcome(NamedTuple):
    asked: dict[str, Any]
    answer: Answer

    @property
    def is_right(self) -> bool:
        """Whether the evidence is in a quote, or a question without an answer was declined."""
        if not self.asked["answerable"]:
            return self.answer.abstained
        return any(re.search(self.asked["evidence"], c.quote) for c in self.answer.citations)


@pytest.fixture(scope="module")
def outcomes(shared: Path, bundled: TextEmbeddings, tmp_path_factory: pytest.TempPathFactory) -> list[Outcome]:
    index = tmp_path_factory.mktemp("article") / "index"
    build_index(shared / "seeds", index, bundled)
    chain = build_bot(BotSettings(seeds_dir=shared / "seeds", index_dir=index), bundled).chain
    asked = json.loads((shared / "data" / "article-questions.dev.json").read_text(encoding="utf-8"))
    return [Outcome(item, chain.invoke(Question(item["question"]))) for item in asked]


def report(outcomes: list[Outcome]) -> str:
    lines = [
        f"{'right' if o.is_right else 'WRONG'}  {o.answer.confidence:.3f}  {o.asked['id']:12} "
        f"{' | '.join(c.quote for c in o.answer.citations) or '(abstained)'}"
        for o in outcomes
    ]
    return "\n".join(["", *lines, ""])


def test_the_article_answers_its_questions(outcomes: list[Outcome]) -> None:
    answerable = [o for o in outcomes if o.asked["answerable"]]
    sys.stdout.write(report(answerable))  # pytest -rP shows it
    assert len(answerable) == 12
    assert sum(o.is_right for o in answerable) >= 10


def test_questions_that_the_article_does_not_answer_are_declined(outcomes: list[Outcome]) -> None:
    unanswerable = [o for o in outcomes if not o.asked["answerable"]]
    sys.stdout.write(report(unanswerable))
    assert len(unanswerable) == 8
    assert sum(o.is_right for o in unanswerable) >= 6


def test_every_reply_is_in_the_language_of_its_question(outcomes: list[Outcome]) -> None:
    assert [o.answer.language for o in outcomes] == [o.asked["language"] for o in outcomes]


def test_every_quote_is_a_slice_of_the_article(outcomes: list[Outcome], shared: Path) -> None:
    [article] = [path.read_text(encoding="utf-8") for path in (shared / "seeds").iterdir()]
    for outcome in outcomes:
        assert all(c.quote in article for c in outcome.answer.citations)
