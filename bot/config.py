"""Settings of the bot; those of the index stand in `index.config`."""

from pydantic import Field

from index.config import IndexSettings
from index.schema import Language


class BotSettings(IndexSettings):
    """Read once at the edge and passed down; importing this module reads nothing."""

    default_language: Language = Field("en", description="fr or en: the reply when the question does not tell")
    top_k: int = Field(10, ge=5, le=50, description="passages found for each question, shown by /why")
