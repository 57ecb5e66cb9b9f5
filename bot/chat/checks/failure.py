"""What a check says of a reply that it refuses."""

from dataclasses import dataclass
from typing import Literal

CheckName = Literal["markers", "quotes", "numbers", "dates", "names", "links", "language", "support", "instructions"]


@dataclass(frozen=True, slots=True)
class Failure:
    """One reason to refuse a reply, in words that the model can act on when it tries again."""

    check: CheckName
    detail: str
