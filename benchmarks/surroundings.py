"""The environment of a process that runs the project as a user would: the project on the path, no setting inherited."""

import os
from pathlib import Path

REPOSITORY = Path(__file__).parents[1]
SETTINGS = (
    "SEEDS_DIR INDEX_DIR EMBEDDING_MODEL MAX_FILE_MB DEFAULT_LANGUAGE TOP_K READER "
    "CHAT_MODEL CHAT_TIMEOUT CHAT_DAILY_TOKENS CHAT_DAILY_COST CHAT_PRICE_IN CHAT_PRICE_OUT "
    "OPENAI_API_KEY OPENAI_BASE_URL OPENAI_API_BASE "
    "VECTOR_STORE VECTOR_STORE_TOKEN "
    "DATA_DIR FETCH_CONTACT FETCH_PRIVATE JOURNAL_DAYS DISCORD_TOKEN MESSAGE_CONTENT HEALTH_PORT"
).split()


def surroundings(**changes: str) -> dict[str, str]:
    """Return the environment of a child: ours without settings, with the project on the path."""
    kept = {name: value for name, value in os.environ.items() if name not in SETTINGS}
    return {**kept, "PYTHONPATH": str(REPOSITORY), **changes}
