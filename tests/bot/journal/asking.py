"""A journal that was filled over some days, by the real class and a clock of the test's own."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

from bot.answering.answer import Abstention, Answer
from bot.journal.journal import Journal
from index.schema import Language
from tests.bot.fakes import FRENCH, cite, make_chunk

NOW = datetime(2026, 5, 31, 18, tzinfo=UTC)
ADA, BOB, EVE = 175928847299117063, 80351110224678912, 7
GUILD = 9223372036854775
HOURS = "À quelle heure ouvre le musée des œuvres\u00a0?"


@dataclass
class Clock:
    """Tells the time that the test set."""

    now: float = NOW.timestamp()

    def __call__(self) -> float:
        return self.now


class Asking:
    """Asks on the days before `NOW`."""

    def __init__(self, path: Path) -> None:
        self.clock = Clock()
        self.journal = Journal(path, 90, self.clock)

    def __call__(
        self, answer: Answer, user: int = ADA, days: float = 0, guild: int | None = GUILD, ms: float = 40
    ) -> int:
        self.clock.now = (NOW - timedelta(days)).timestamp()
        entry = self.journal.record(answer, user=user, guild=guild, latency_ms=ms)
        self.clock.now = NOW.timestamp()
        return entry

    def a_fortnight(self) -> None:
        """Ask what the guide to Discord shows."""
        netflix = "netflix-canada.fr.md", "Netflix veut un bureau au Canada", "Article de presse, 2021"
        guide = "babillard-guide.en.md", "Babillard user guide", "babillard-guide.en.md"
        for day, people, article, ms in (
            (12, 9, netflix, 31),
            (9, 5, guide, 28),
            (4, 11, netflix, 44),
            (1, 6, guide, 39),
        ):
            for user in range(people):
                entry = self(answered(*article), user, day, ms=ms + 3 * user)
                if user % 3 == 0:
                    self.journal.rate(entry, user=user, helpful=user != 9)
        for user, days, question in (
            (1, 9, "Comment renouveler ma carte de membre ?"),
            (2, 8, "Comment renouveler la carte de membre de Zoé Lévesque ?"),
            (3, 2, "Comment renouvelle-t-on sa carte de membre ?"),
            (4, 2, "Quand ferme la piscine ?"),
        ):
            self(declined(question), user, days, ms=25)
        self(declined("how do I renew my membership card?", "en"), 5, 2, ms=27)
        for days in (12, 4, 1):
            self(declined("merci !", abstention="thanks"), 2, days, ms=1)


def declined(question: str = HOURS, language: Language = "fr", abstention: Abstention = "no_evidence") -> Answer:
    return Answer(question, language, abstention=abstention, generation="g1")


def answered(document: str = "musee.md", title: str = "Le musée", source: str = "Gazette, 1998") -> Answer:
    chunk = make_chunk(FRENCH, document, title, source)
    return Answer(HOURS, "fr", (cite(chunk, 1), cite(chunk, 0, 2)), confidence=0.9, threshold=0.5, generation="g1")
