"""Call the chat model within the limits of time, tokens and money, and try again only where that may help."""

import contextvars
import logging
import queue
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING

from tenacity import (
    RetryCallState,
    Retrying,
    retry_if_exception,
    stop_after_attempt,
    stop_before_delay,
    wait_exponential_jitter,
)

from bot.chat.budget import BudgetKeeper
from bot.chat.circuit import CircuitBreaker
from bot.chat.faults import is_transient, retry_after, unavailable
from bot.chat.prompts import Message
from bot.chat.providers import MAX_TOKENS
from bot.chat.usage import Usage
from bot.errors import ChatUnavailableError, StorageError

if TYPE_CHECKING:
    from langchain_core.language_models import BaseChatModel
    from langchain_core.messages import AIMessageChunk

TRIES = 3

CHARS_PER_TOKEN = 3
"""An estimate on the safe side, for a server that does not say what it used."""

_BACK_OFF = wait_exponential_jitter(multiplier=0.5, max=8, jitter=0.5)  # seconds, longer each time

_CUT = {"length", "max_tokens", "model_length", "content_filter", "safety"}
"""The reasons to stop, as the providers call them, that leave a text unfinished."""

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Allowance:
    """What one question may use: time, until the deadline (`time.monotonic`), and the budget of a server."""

    deadline: float
    guild: int | None = None

    def within(self, seconds: float) -> "Allowance":
        """Return the same, ending in `seconds` at the latest."""
        return Allowance(min(self.deadline, time.monotonic() + seconds), self.guild)


@dataclass(slots=True)
class Completion:
    """What the model wrote so far."""

    text: str = ""
    tokens_in: int = 0
    tokens_out: int = 0
    finish: str = ""  # the provider's reason to stop; "" when the stream was left before it came

    @property
    def is_cut(self) -> bool:
        """Whether the text ends before the model was done."""
        return not self.finish or self.finish.lower() in _CUT

    def take(self, chunk: "AIMessageChunk") -> None:
        """Add a piece of the stream."""
        self.text += chunk.text
        if chunk.usage_metadata:
            self.tokens_in += chunk.usage_metadata["input_tokens"]
            self.tokens_out += chunk.usage_metadata["output_tokens"]
        said = chunk.response_metadata
        self.finish = said.get("finish_reason") or said.get("stop_reason") or said.get("done_reason") or self.finish


class ChatClient:
    """Calls one model, for all who ask. Thread-safe."""

    def __init__(self, name: str, model: "BaseChatModel", seconds: float, budget: BudgetKeeper) -> None:
        """Call `model`.

        Args:
            name: shown to people, `provider:model`.
            model: any LangChain chat model.
            seconds: that one question may take, however many calls it makes.
            budget: counts what each server uses.
        """
        self.name, self.seconds = name, seconds
        self._model, self._budget = model, budget
        self._breaker = CircuitBreaker()
        self.usage = Usage()

    def allow(self, guild: int | None) -> Allowance:
        """Return what a question asked now may use."""
        return Allowance(time.monotonic() + self.seconds, guild)

    def complete(
        self,
        messages: Sequence[Message],
        allowance: Allowance,
        max_chars: int,
        on_text: Callable[[str], None] = lambda text: None,
    ) -> Completion:
        """Return what the model replies.

        When the server is full or fails, or the connection drops, the call is made again, after a pause that grows, as
        long as the deadline allows. No other error is tried again.

        Args:
            messages: the prompt.
            allowance: what the question may still use.
            max_chars: of the reply; what comes after is not waited for.
            on_text: gets the whole text at each new piece; another try starts it anew.

        Raises:
            ChatUnavailableError: no reply in time, or none at all, or the budget is used up.
        """
        try:
            return self._reply(messages, allowance, max_chars, on_text)
        except ChatUnavailableError as error:
            self.usage.fail(error.reason)
            raise

    def close(self) -> None:
        """Close the budget."""
        self._budget.close()

    def _reply(
        self, messages: Sequence[Message], allowance: Allowance, max_chars: int, on_text: Callable[[str], None]
    ) -> Completion:
        size = sum(len(message.content) for message in messages) // CHARS_PER_TOKEN
        with self._counted(allowance.guild, size) as tries, self._breaker.guard():
            retrying = Retrying(
                retry=retry_if_exception(is_transient),
                stop=stop_after_attempt(TRIES) | stop_before_delay(max(allowance.deadline - time.monotonic(), 0)),
                wait=_pause,
                reraise=True,
            )
            try:
                return retrying(self._stream, messages, allowance, max_chars, on_text, tries)
            except ChatUnavailableError as error:
                log.warning("no reply of %s: %s", self.name, error)
                raise
            except Exception as error:  # whatever the provider's package raises
                fault = unavailable(error)
                log.warning("no reply of %s: %s", self.name, fault)
                raise fault from error

    @contextmanager
    def _counted(self, guild: int | None, size: int) -> Iterator[list[Completion]]:
        """Reserve a call with a prompt of `size` tokens; then count what its tries used, which the caller appends."""
        try:
            reserved = self._budget.reserve(guild, size, MAX_TOKENS)
        except StorageError as error:  # money that cannot be counted is not spent
            log.warning("the budget cannot be read", extra={"reason": str(error)})
            raise ChatUnavailableError("budget", "the budget of the model cannot be read") from error
        tries: list[Completion] = []
        try:
            yield tries
        finally:
            tokens_in = sum(one.tokens_in or size for one in tries)
            tokens_out = sum(one.tokens_out or len(one.text) // CHARS_PER_TOKEN for one in tries)
            self.usage.add(tokens_in, tokens_out)
            try:
                self._budget.settle(reserved, tokens_in, tokens_out)
            except StorageError as error:
                log.warning("the budget cannot be written", extra={"reason": str(error)})

    def _stream(
        self,
        messages: Sequence[Message],
        allowance: Allowance,
        max_chars: int,
        on_text: Callable[[str], None],
        tries: list[Completion],
    ) -> Completion:
        """Read one stream in a thread of its own, as no provider's time limit covers a whole reply."""
        pieces: queue.SimpleQueue[AIMessageChunk | Exception | None] = queue.SimpleQueue()
        abandoned = threading.Event()

        def produce() -> None:
            try:
                for piece in self._model.stream(list(messages)):
                    pieces.put(piece)
                    if abandoned.is_set():
                        return  # which closes the stream, and the connection with it
                pieces.put(None)
            except Exception as error:  # noqa: BLE001 - raised again by the thread that waits
                pieces.put(error)

        context = contextvars.copy_context()
        threading.Thread(target=context.run, args=(produce,), name="chat-model", daemon=True).start()
        completion = Completion()
        tries.append(completion)
        try:
            while len(completion.text) < max_chars:
                piece = _next(pieces, allowance.deadline)
                if piece is None:
                    if not completion.finish:
                        raise ConnectionResetError("the stream ended before the reply did")
                    break
                if isinstance(piece, Exception):
                    raise piece
                completion.take(piece)
                on_text(completion.text)
            return completion
        finally:
            abandoned.set()


def _next(
    pieces: "queue.SimpleQueue[AIMessageChunk | Exception | None]", deadline: float
) -> "AIMessageChunk | Exception | None":
    left = deadline - time.monotonic()
    try:
        if left > 0:
            return pieces.get(timeout=left)
    except queue.Empty:
        pass
    raise ChatUnavailableError("timeout", "the model was not done in time")


def _pause(state: RetryCallState) -> float:
    """Return the seconds before the next try: what the server asks for, else longer each time."""
    error = state.outcome.exception() if state.outcome else None
    return max(_BACK_OFF(state), retry_after(error))
