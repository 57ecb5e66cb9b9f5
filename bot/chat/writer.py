"""Let a chat model write the answer from the passages, and keep it only when every check passes.

    question, passages ─prompt─▶ model ─▶ text ─sanitise, read─▶ Reply ─check─▶ cited, or refused

After the first refusal the model is asked once more, with the reasons; after the second it is given up.
"""

from collections.abc import Callable, Sequence

from bot.answering.answer import Citation, Failure, Question, Written
from bot.answering.citations import chunks_read
from bot.chat.budget import FILE_NAME, Budget, BudgetKeeper, Limits
from bot.chat.checks import check_reply
from bot.chat.citing import cite_reply
from bot.chat.client import Allowance, ChatClient
from bot.chat.code import hidden
from bot.chat.orders import part_orders
from bot.chat.passages import passages_of
from bot.chat.prompts import abstains, answer_prompt, retry_prompt, rewrite_prompt
from bot.chat.providers import open_model
from bot.chat.reply import clean, read_reply, sanitise, without_links
from bot.chat.rewriting import accept
from bot.config import BotSettings
from bot.errors import ChatModelError, ChatUnavailableError
from index.schema import Language, SearchHit

TRIES = 2

MAX_REPLY_CHARS = 2_000
"""Three short sentences have 500, and one Discord message holds 2,000."""

REWRITING_SHARE = 0.25
"""The share of a question's time that rewriting it may take; the answer and its second try get the rest."""

_TOO_LONG = Failure("length", "It is too long: write at most three short sentences, or the steps alone.")


def open_client(settings: BotSettings) -> ChatClient:
    """Return the client of the model that `CHAT_MODEL` names, which must be set. Nothing is sent yet.

    Raises:
        ChatModelError: the model cannot be used, or its budget has no prices.
        StorageError: the budget cannot be used.
    """
    check_prices(settings)
    name = settings.chat_model or ""
    model = open_model(name, settings.chat_timeout)
    limits = Limits(
        settings.chat_daily_tokens, settings.chat_daily_cost, settings.chat_price_in, settings.chat_price_out
    )
    return ChatClient(name, model, settings.chat_timeout, _open_budget(settings, limits))


def _open_budget(settings: BotSettings, limits: Limits) -> BudgetKeeper:
    if settings.database_url is None or not limits:
        return Budget(settings.data_dir / FILE_NAME, limits)
    from bot.postgres.opening import open_postgres

    database = open_postgres(settings.database_url)
    from bot.chat.budget_postgres import PostgresBudget

    return PostgresBudget(database, limits)


def check_prices(settings: BotSettings) -> None:
    """Refuse a budget in money without the prices to count it.

    Raises:
        ChatModelError: the prices are missing.
    """
    if settings.chat_daily_cost and not (settings.chat_price_in and settings.chat_price_out):
        raise ChatModelError(
            "CHAT_DAILY_COST needs the prices of a million tokens: set CHAT_PRICE_IN and CHAT_PRICE_OUT"
        )


class ChatWriter:
    """Writes with one model, for all who ask."""

    def __init__(self, client: ChatClient) -> None:
        """Write with the model of `client`."""
        self.client = client

    @property
    def name(self) -> str:
        """The model, `provider:model`."""
        return self.client.name

    def begin(self, question: Question) -> "Writing":
        """Start the clock of one question."""
        guild = question.asker.guild if question.asker else None
        return Writing(self.client, self.client.allow(guild), question.on_draft)

    def close(self) -> None:
        """Close the files."""
        self.client.close()


class Writing:
    """All that the model does for one question, within one time limit."""

    def __init__(self, client: ChatClient, allowance: Allowance, on_draft: Callable[[str], None] | None) -> None:
        """Write with `client` until the allowance ends; `on_draft` sees the text grow before it is checked."""
        self._client, self._allowance = client, allowance
        self._on_draft = on_draft or (lambda text: None)

    @property
    def name(self) -> str:
        """The model, `provider:model`."""
        return self._client.name

    def standalone(self, question: str, earlier: Sequence[str], language: Language, limit: int) -> str | None:
        """Return a follow-up in words that stand alone; None when the model fails or adds something.

        Args:
            question: the follow-up.
            earlier: the questions before it, oldest first.
            language: of the follow-up.
            limit: characters of the result.
        """
        allowance = self._allowance.within(self._client.seconds * REWRITING_SHARE)
        try:
            reply = self._client.complete(rewrite_prompt(question, earlier, language), allowance, limit)
        except ChatUnavailableError:
            return None
        return None if reply.is_cut else accept(clean(reply.text), question, earlier, limit)

    def write(self, question: str, language: Language, hits: Sequence[SearchHit]) -> Written:
        """Return the answer in `language` with its citations, an abstention, or what failed."""
        passages = passages_of(hits)
        prompt = answer_prompt(question, language, passages)
        failures: tuple[Failure, ...] = ()
        for _ in range(TRIES):
            try:
                completion = self._client.complete(prompt, self._allowance, MAX_REPLY_CHARS, self._draft)
            except ChatUnavailableError as error:
                return Written(failures=(*failures, Failure(error.reason, str(error))))
            text = sanitise(completion.text)
            if abstains(text):
                return Written(abstained=True, failures=failures)
            if completion.is_cut or len(text) >= MAX_REPLY_CHARS:
                found: tuple[Failure, ...] = (_TOO_LONG,)
            else:
                reply = read_reply(text, passages, question, language)
                found = check_reply(reply)
                if not found:
                    return Written(*cite_reply(reply, passages), failures=failures)
            failures += found
            prompt = [*prompt, *retry_prompt(completion.text, [failure.detail for failure in found], language)]
        return Written(failures=failures)

    def stand_ins(self, citations: Sequence[Citation], hits: Sequence[SearchHit]) -> list[Citation]:
        """Return the citations that quote no order to a chat model.

        They are shown in place of a text that may have obeyed such an order, and should not repeat it.
        """
        chunks = chunks_read(hits)
        kept = [c for c in citations if not part_orders(c.quote).orders]
        return [c for c in kept if c.quote not in part_orders(chunks[c.chunk_id].text).orders]

    def _draft(self, text: str) -> None:
        self._on_draft(without_links(hidden(clean(text))))  # nothing is checked yet
