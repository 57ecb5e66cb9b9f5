"""What was answered: all that is needed to set Babillard up, before anything is changed."""

from dataclasses import dataclass
from pathlib import Path

from pydantic import SecretStr


@dataclass(frozen=True, slots=True)
class Plan:
    """The answers to the questions."""

    seeds: Path
    with_examples: bool = False  # put the example articles there first
    token: SecretStr | None = None  # a new one; None keeps what is set
