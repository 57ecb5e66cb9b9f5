"""Show the rules of a server to whoever manages it."""

from collections.abc import Mapping

from bot.discord.choosing import SHOWN
from bot.discord.rules import ChannelRules, GuildRules
from bot.messages import say
from index.schema import Language


def rules_text(rules: GuildRules, channels: Mapping[int, ChannelRules], language: Language) -> str:
    """Return the rules of a server, and those of its channels that differ, a line each."""
    lines = [
        say(
            "rules",
            language,
            channels=", ".join(f"<#{c}>" for c in sorted(rules.channels)) or say("everywhere", language),
            roles=", ".join(f"<@&{r}>" for r in sorted(rules.roles)) or say("everyone", language),
            fallback=say(rules.language or "auto", language),
            cooldown=rules.cooldown_seconds,
            daily=rules.daily_questions or "∞",
            help_channel=f"<#{rules.help_channel}>" if rules.help_channel else "—",
            collection=rules.collection or "—",
            teachers=", ".join(f"<@&{r}>" for r in sorted(rules.teachers)) or "—",
            digest=f"<#{rules.digest}>" if rules.digest else "—",
        )
    ]
    lines += [
        say(
            "channel_rules",
            language,
            channel=f"<#{channel}>",
            threads=say("yes" if here.threads else "no", language),
            fallback=say(here.language or "auto", language),
            collection="=" if here.collection is None else here.collection or "—",
            source=say(SHOWN[here.source], language) if here.source else "—",
            unasked=say("yes" if here.unasked else "no", language),
        )
        for channel, here in channels.items()
    ]
    return "\n".join(lines)
