"""What can go wrong in the bot, beside what `index.errors` names.

BotError
├── BusyError             too many questions wait already, or the bot is about to stop
├── TooSoonError          the user asked a moment ago
├── DailyCapError         the server has had its questions of the day
├── WrongChannelError     the moderators named other channels for questions
├── WrongRoleError        the moderators let only other roles ask
├── AnswerTimeoutError    the chain took longer than anybody waits
├── RebuildError          the index was not rebuilt
│   └── RebuildKilledError  the process that rebuilt it was killed
├── StorageError          what keeps settings or what was taught, a file or a database, cannot be used
│   └── AwayError          the database does not answer now
├── BackupError           a backup cannot be written, or not be restored
├── TeachingError         what somebody wants to teach cannot be taught
├── ChatModelError        CHAT_MODEL names no model that can be used
├── ChatUnavailableError  the chat model gave no reply: an answer without it follows
├── JournalError          the journal cannot be opened, read or written
├── FetchError            a page of the web, or a file, was not learned
│   └── ForbiddenAddressError  its address leads to where the bot may not go
├── EvaluationError       a set of questions or a baseline cannot be used
├── CalibrationError      a calibration of one's own cannot be used or kept
├── ReaderError           the span model is missing, damaged or cannot run here
├── TranslationError      the translator is missing, damaged, or could not be fetched or converted
├── SettingUpError        the answers of `babillard init` cannot be used or kept
├── DiscordError          Discord refuses the token or an intent
└── HealthError           the port of /health cannot be used
"""

from collections.abc import Sequence
from datetime import datetime
from typing import Literal


class BotError(Exception):
    """Base of every foreseen fault; the message is a finished sentence that says what to do."""


class BusyError(BotError):
    """A question was not admitted; `reason` tells the full queue from the user's own full line."""

    def __init__(self, reason: Literal["queue_full", "line_full", "stopping"]) -> None:
        remedies = {
            "queue_full": "too many questions wait already: ask again in a moment",
            "line_full": "too many questions of this user wait already: wait for their answers",
            "stopping": "the bot is about to stop: ask again once it is back",
        }
        super().__init__(remedies[reason])
        self.reason = reason


class TooSoonError(BotError):
    """The user asked a moment ago."""

    def __init__(self, seconds_left: float) -> None:
        super().__init__(f"this user asked a moment ago: ask again in {seconds_left:.1f} s")
        self.seconds_left = seconds_left


class DailyCapError(BotError):
    """The server has had its questions of the day."""

    def __init__(self, resets_at: datetime) -> None:
        super().__init__(
            f"this server has had its questions of the day: ask again after {resets_at:%Y-%m-%d %H:%M} UTC"
        )
        self.resets_at = resets_at


class WrongChannelError(BotError):
    """The moderators of the server named other channels for questions: those in `channels`."""

    def __init__(self, channels: Sequence[int]) -> None:
        super().__init__("the bot does not answer in this channel: ask in one that the moderators chose")
        self.channels = channels


class WrongRoleError(BotError):
    """The moderators of the server let only other roles ask."""

    def __init__(self) -> None:
        super().__init__("only some roles may ask on this server: its moderators choose them")


class StorageError(BotError):
    """A file or a database that keeps settings cannot be used."""


class AwayError(StorageError):
    """The database does not answer now; it may soon."""


class BackupError(BotError):
    """A backup cannot be written, or not be restored; nothing was changed, unless the message says so."""


class TeachingError(BotError):
    """What somebody wants to teach cannot be taught; `reason` says why."""

    def __init__(
        self,
        reason: Literal[
            "no_question", "no_answer", "too_long", "gone", "not_teacher", "learning", "full", "not_learned"
        ],
    ) -> None:
        remedies = {
            "no_question": "the question has no words: write one",
            "no_answer": "the answer has no words: write one",
            "too_long": "the question has more than 300 characters, or the answer more than 4,000: shorten it",
            "gone": "there is no such entry: `babillard taught list` shows those that there are",
            "not_teacher": "only those who manage the server, and the roles that they chose, may teach",
            "learning": "this server is learning something already: wait until that is done",
            "full": "this server has learned as much as it may: forget some of it with /unlearn",
            "not_learned": "nothing of that name was learned: /unlearn shows what was",
        }
        super().__init__(remedies[reason])
        self.reason = reason


class AnswerTimeoutError(BotError):
    """The chain took longer than anybody waits."""


class RebuildError(BotError):
    """The index was not rebuilt; the message is the reason, in the words of the process that tried."""


class RebuildKilledError(RebuildError):
    """The process that rebuilt the index was killed, most likely because memory ran out."""


class ChatModelError(BotError):
    """CHAT_MODEL names no model that can be used: its provider, its package or its key is missing."""


class ChatUnavailableError(BotError):
    """The chat model gave no reply; the answer is then given without it.

    `reason` is "timeout", "unavailable" (a fault that passes), "refused" (one that does not, such as a wrong key) or
    "budget". The message is in our own words: the provider's may quote the key.
    """

    def __init__(self, reason: Literal["timeout", "unavailable", "refused", "budget"], detail: str) -> None:
        super().__init__(detail)
        self.reason = reason


class JournalError(BotError):
    """The journal cannot be opened, read or written."""


class FetchError(BotError):
    """A page of the web, or a file, was not learned; the message names no path of this machine.

    `reason` is "gone" (404, 410), "closed" (its host is to be left alone for now), "silent" (there was no
    reply, or none of use for now) or "other".
    """

    def __init__(self, detail: str, reason: Literal["gone", "closed", "silent", "other"] = "other") -> None:
        super().__init__(detail)
        self.reason = reason


class ForbiddenAddressError(FetchError):
    """The address of a page leads to where the bot may not go; which address that is, is not told."""

    def __init__(self, host: str) -> None:
        super().__init__(
            f"{host} is in a private network: only public pages are fetched, unless FETCH_PRIVATE lets its network in"
        )


class EvaluationError(BotError):
    """A set of questions or a baseline cannot be used."""


class CalibrationError(BotError):
    """A calibration of one's own cannot be used or kept."""


class ReaderError(BotError):
    """The span model is missing, damaged or cannot run here."""


class TranslationError(BotError):
    """The translator is missing, damaged or cannot run here, or a model could not be fetched or converted."""


class SettingUpError(BotError):
    """The answers of `babillard init` cannot be used or kept; the message is in the language of whoever gave them."""


class DiscordError(BotError):
    """Discord refuses the token or an intent."""


class HealthError(BotError):
    """The port of /health cannot be used."""
