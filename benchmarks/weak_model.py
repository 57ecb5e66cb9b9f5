"""Ask a weak chat model, and count what it invents and what the checks of `bot.chat.checks` stop.

    OPENAI_BASE_URL=http://127.0.0.1:8080/v1 python -m benchmarks.weak_model openai:gemma --questions 40

Each question is asked with its own paragraph alone, whether that answers or not. Only the first line of the reply is
read, and the marker that such a model seldom writes is added: its content is judged, and not its form.
"""

import argparse
import random
import sys
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory

from benchmarks.dev_sets.sets import Asked, DevSet, load_dev_sets
from bot.chat.budget import Budget, Limits
from bot.chat.checks import check_reply
from bot.chat.client import ChatClient
from bot.chat.prompts import abstains, answer_prompt
from bot.chat.providers import open_model
from bot.chat.reply import read_reply, sanitise
from bot.errors import ChatUnavailableError
from index.schema import Chunk, Sentence
from index.sentences import split_sentences

SECONDS = 300.0  # for one reply on a slow machine
MAX_CHARS = 160  # of a reply: its first line is read


def main() -> None:
    """Print one line a set: what became of the replies to answered and to unanswered questions."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("model", help="provider:model, as for CHAT_MODEL")
    parser.add_argument("--questions", type=int, default=40, help="of each set and kind")
    given = parser.parse_args()
    with TemporaryDirectory() as folder:
        budget = Budget(Path(folder) / "budget.sqlite3", Limits())
        client = ChatClient(given.model, open_model(given.model, SECONDS), SECONDS, budget)
        for dev in load_dev_sets():
            for kind, asked in _samples(dev, given.questions):
                print(f"{dev.name}, {kind}: {len(asked)}", flush=True)
                counted: Counter[str] = Counter()
                for question in asked:
                    outcome = _outcome(client, question, dev)
                    counted[outcome] += 1
                    print(f"  {outcome}", file=sys.stderr, flush=True)
                print("  " + ", ".join(f"{count} {outcome}" for outcome, count in counted.most_common()), flush=True)


def _samples(dev: DevSet, count: int) -> Iterator[tuple[str, list[Asked]]]:
    chosen = random.Random(0)
    unanswered = [question for question in dev.questions if not question.answers]
    for kind, questions in (("answered", dev.answerable), ("unanswered", unanswered)):
        if questions:
            yield kind, chosen.sample(questions, min(count, len(questions)))


def _outcome(client: ChatClient, question: Asked, dev: DevSet) -> str:
    """Return what became of one reply: abstained, failed, or right or wrong, and let through or stopped by what."""
    text = dev.paragraphs[question.paragraph]
    sentences = tuple(Sentence(start, end) for start, end in split_sentences(text))
    passage = Chunk(question.paragraph, question.paragraph, "", "", dev.language, 0, len(text), text, sentences)
    prompt = answer_prompt(question.text, question.language, [passage])
    try:
        completion = client.complete(prompt, client.allow(None), MAX_CHARS)
    except ChatUnavailableError as error:
        return f"failed ({error.reason})"
    said = sanitise(completion.text).split("\n")[0]
    print(f"{question.text} -> {said}", file=sys.stderr, flush=True)
    if abstains(said):
        return "abstained"
    right = "right" if question.is_answered_by(said) else "wrong"
    marked = said if "[1]" in said else f"{said} [1]"
    failures = check_reply(read_reply(marked, [passage], question.text, question.language))
    return f"{right}, stopped by {failures[0].check}" if failures else f"{right}, let through"


if __name__ == "__main__":
    main()
