"""What a phrase does in a message."""

from typing import Literal

from bot.answering.answer import Talk

Role = Talk | Literal["which", "after", "before", "asks", "urges"]
"""What a phrase does in a message. "which" asks for the articles; after another question it may follow that up
(« combien d'articles ? »), and is left to the search. "after" and "before" are nothing alone: the one belongs to what
it follows (« merci beaucoup »), the other to what comes next (« dis-moi, qui es-tu ? »). "asks" and "urges" are around
a question and no part of it: the one leads into it (« qqn sait si », "dumb question but"), the other follows it
(« svp », "any ideas?")."""
