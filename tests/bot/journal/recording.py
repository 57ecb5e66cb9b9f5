"""What the tests of the journals record."""

from dataclasses import dataclass
from datetime import UTC, datetime

from bot.answering.answer import Abstention, Answer
from bot.journal.entry import JournalKeeper
from index.schema import Language
from tests.bot.fakes import FRENCH, cite, make_chunk

ADA, BOB, EVE = 175928847299117063, 80351110224678912, 7
FERRY = "À quelle heure part le traversier\u00a0? L’œuvre «\u202foù naît l’été\u202f» 🛳️"


@dataclass
class Clock:
    """Tells the time that the test set."""

    now: float = datetime(2026, 5, 1, 12, tzinfo=UTC).timestamp()

    def __call__(self) -> float:
        return self.now


def declined(question: str = FERRY, language: Language = "fr", abstention: Abstention = "no_evidence") -> Answer:
    return Answer(question, language, abstention=abstention, generation="g1")


def answered(question: str = FERRY) -> Answer:
    return Answer(question, "fr", (cite(make_chunk(FRENCH), 1),), confidence=0.9, threshold=0.5, generation="g1")


def put(journal: JournalKeeper, answer: Answer | None = None, user: int = ADA, guild: int | None = 42) -> int:
    entry = journal.record(answer or declined(), user=user, guild=guild, latency_ms=21.5)
    assert entry is not None
    return entry
