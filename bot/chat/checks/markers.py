"""Each marker `[n]` names a passage that the model was given, and there is one."""

from collections.abc import Iterator

from bot.chat.reply import Reply


def check_markers(reply: Reply) -> Iterator[str]:
    """Report a reply without a marker, and markers that name nothing."""
    if not reply.markers:
        yield "The reply cites no passage: put the marker of its passage, such as [1], after each sentence."
    for number in dict.fromkeys(marker.number for marker in reply.markers):
        if not 1 <= number <= reply.size:
            yield f"[{number}] names no passage: the passages are numbered from 1 to {reply.size}."
