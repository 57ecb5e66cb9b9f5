"""Read the errors of the providers' packages without importing these: is another try worth it, and what happened?"""

import socket
from collections.abc import Iterator

from bot.errors import ChatUnavailableError

TOO_MANY, SERVER_FAULT, SERVER_FAULTS_END = 429, 500, 600  # HTTP statuses that may pass

_CONNECTION = ("ConnectError", "ReadError", "WriteError", "RemoteProtocolError", "APIConnectionError")
"""Classes of httpx, and of packages that wrap it, for a connection that is refused or breaks."""

_TIMEOUT = ("TimeoutException", "APITimeoutError")


def is_transient(error: BaseException) -> bool:
    """Whether the same call may do better in a moment: a full or failing server, a broken connection."""
    if isinstance(error, ChatUnavailableError) or _is_timeout(error):
        return False  # the time is up
    if (status := _status(error)) is not None:
        return status == TOO_MANY or SERVER_FAULT <= status < SERVER_FAULTS_END
    return _is_connection(error)


def retry_after(error: BaseException | None) -> float:
    """Return how many seconds the server asks to wait; 0 when it does not say."""
    response = getattr(error, "response", None)
    headers = getattr(response, "headers", None) or {}
    try:
        return max(float(headers.get("retry-after", 0)), 0.0)
    except ValueError:  # a date, which few servers send
        return 0.0


def unavailable(error: BaseException) -> ChatUnavailableError:
    """Return what an error means to an asker, in our own words: the provider's may quote the key."""
    status = _status(error)
    if _is_timeout(error):
        return ChatUnavailableError("timeout", "the model was not done in time")
    if is_transient(error):
        why = f"the server answers {status}" if status else "there is no connection to the server"
        return ChatUnavailableError("unavailable", why)
    hints = {401: "the key is wrong", 403: "the key may not use it", 404: "it does not know the model"}
    why = f"{status}: {hints.get(status, 'see its documents')}" if status else type(error).__name__
    return ChatUnavailableError("refused", f"the server refuses ({why})")


def _causes(error: BaseException) -> Iterator[BaseException]:
    """Yield the error, the one it was raised from, and so on."""
    seen: BaseException | None = error
    while seen is not None:
        yield seen
        seen = seen.__cause__


def _status(error: BaseException) -> int | None:
    """Return the HTTP status of an error, wherever its package keeps it."""
    for cause in _causes(error):
        for holder in (cause, getattr(cause, "response", None)):
            for name in ("status_code", "code"):
                status = getattr(holder, name, None)
                if isinstance(status, int) and not isinstance(status, bool) and status > 0:
                    return status
    return None


def _is_timeout(error: BaseException) -> bool:
    return any(isinstance(cause, TimeoutError) or _named(cause, _TIMEOUT) for cause in _causes(error))


def _is_connection(error: BaseException) -> bool:
    return any(
        isinstance(cause, (ConnectionError, socket.gaierror)) or _named(cause, _CONNECTION) for cause in _causes(error)
    )


def _named(error: BaseException, names: tuple[str, ...]) -> bool:
    return any(kind.__name__ in names for kind in type(error).__mro__)
