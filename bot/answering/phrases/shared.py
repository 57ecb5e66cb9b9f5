"""Words and emoji that tell no language."""

from bot.answering.phrases.roles import Role

SHARED: dict[Role, str] = {
    "fine": """
        ok|okay|okey|oki|okie|k|kk|okok|o k|super|cool|top|lol|xd|haha|ha|hm|hmm|mmm|wow|wouah|waouh|ouah|whoa|
        yay|hourra|10 10
        👍|👌|✅|🆗|😂|🤣|😄|😊|🙂|😁|😅|😆|😉|😎|🤝|🫡
    """,
    "thanks": "🙏",
    "greeting": "👋|yo",
    "praise": "🎉|👏|😍|🥰|😘|🤩|🔥|🤗|💖|💕|💪|🥳|💯|❤|🧡|💛|💚|💙|💜",
    "sorry": "👎|😡|😠|🙄|😞",
    "after": "✨|🌟|⭐|☀|🌞|🌙|🤖|☕|🌹|💐|😴|🙌",
}  # fmt: skip
