import pytest

from bot.chat.faults import is_transient, retry_after, unavailable
from bot.errors import ChatUnavailableError


class Response:
    def __init__(self, status_code: int = 200, **headers: str) -> None:
        self.status_code = status_code
        self.headers = {name.replace("_", "-"): value for name, value in headers.items()}


class OwnStatusError(Exception):
    """As OpenAI's, Anthropic's and Ollama's: the status is its own."""

    def __init__(self, status_code: int) -> None:
        super().__init__("the key sk-secret is wrong")
        self.status_code = status_code


class ResponseError(Exception):
    """As httpx's, which Mistral's package raises."""

    def __init__(self, response: Response) -> None:
        super().__init__("…")
        self.response = response


class CodeError(Exception):
    """As Google's."""

    def __init__(self, code: int) -> None:
        super().__init__("…")
        self.code = code


class ReadError(Exception):
    """As httpx's."""


class ConnectTimeoutError(TimeoutError):
    pass


def wrapped(error: Exception) -> Exception:
    try:
        try:
            raise error
        except Exception as inner:
            raise RuntimeError("…") from inner
    except RuntimeError as outer:
        return outer


@pytest.mark.parametrize(
    "make", [OwnStatusError, CodeError, lambda s: ResponseError(Response(s)), lambda s: wrapped(OwnStatusError(s))]
)
@pytest.mark.parametrize(
    ("status", "passes"), [(429, True), (500, True), (529, True), (400, False), (401, False), (404, False)]
)
def test_a_status_passes_or_not_wherever_it_stands(make, status: int, passes: bool) -> None:  # type: ignore[no-untyped-def]
    error = make(status)
    assert is_transient(error) is passes
    assert unavailable(error).reason == ("unavailable" if passes else "refused")
    assert str(status) in str(unavailable(error))
    assert "sk-secret" not in str(unavailable(error))


@pytest.mark.parametrize("error", [ConnectionResetError(), ReadError(), wrapped(ReadError())])
def test_a_broken_connection_passes(error: Exception) -> None:
    assert is_transient(error)
    assert unavailable(error).reason == "unavailable"


@pytest.mark.parametrize("error", [TimeoutError(), ConnectTimeoutError(), wrapped(TimeoutError())])
def test_a_time_out_is_not_tried_again(error: Exception) -> None:
    assert not is_transient(error)
    assert unavailable(error).reason == "timeout"


def test_what_is_not_understood_is_not_tried_again() -> None:
    assert not is_transient(ValueError("…"))
    assert unavailable(ValueError("sk-secret")).args == ("the server refuses (ValueError)",)


def test_our_own_verdict_is_final() -> None:
    assert not is_transient(ChatUnavailableError("budget", "…"))


@pytest.mark.parametrize(
    ("error", "seconds"),
    [
        (ResponseError(Response(429, retry_after="2.5")), 2.5),
        (ResponseError(Response(429, retry_after="-1")), 0.0),
        (ResponseError(Response(429, retry_after="Fri, 01 May 2026 12:00:00 GMT")), 0.0),
        (ResponseError(Response(429)), 0.0),
        (ReadError(), 0.0),
        (None, 0.0),
    ],
)
def test_the_wait_that_a_server_asks_for(error: Exception | None, seconds: float) -> None:
    assert retry_after(error) == seconds
