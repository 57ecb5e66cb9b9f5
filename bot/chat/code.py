"""Find what a reader would copy out of a text: code, commands, options, paths.

Code stands between backticks, in a line or in a fence of its own. Outside code a command is known by its form. Each is
a stretch of the text, so that it can be checked, and hidden until it is.
"""

import re
from collections.abc import Callable, Iterator
from typing import Literal, NamedTuple

Kind = Literal["block", "inline", "command", "token"]


class Copied(NamedTuple):
    """What a reader would copy, `text[start:end]`."""

    start: int
    end: int
    text: str
    kind: Kind  # a line of a block of code, code in a line, a command outside code, an option, a path or a setting
    block: int = -1  # where its block of code starts


class Code(NamedTuple):
    """Code with its backticks, `text[start:end]`."""

    start: int
    end: int
    is_block: bool
    copied: tuple[Copied, ...]  # a block has one for each line that is not blank


_OPENING = re.compile(r"(?P<frame>[\s>]*)(?P<ticks>`{3,})(?P<info>[^`\n]*)$")
_FRAME = re.compile(r"\s*> ?")  # of a quotation
_LANGUAGE = re.compile(r"[\w+.#-]{0,20}")
_INLINE = re.compile(r"(?<!`)(?P<ticks>`+)(?!`)(?P<code>[^\n]+?)(?<!`)(?P=ticks)(?!`)")
BLANKED = re.compile("`\u00a0+`")  # code in a line, without its words

_PROGRAM = (
    r"(?:apt|apt-get|aptitude|dpkg|dnf|yum|pacman|apk|zypper|snap|flatpak|brew|choco|winget|pipx?|pip3|npm|npx|yarn|pnpm"
    r"|cargo|gem|composer|git|docker|docker-compose|podman|kubectl|helm|systemctl|journalctl|service|curl|wget|ssh|scp"
    r"|rsync|sftp|rm|mv|cp|ln|chmod|chown|mkdir|rmdir|dd|mkfs\S*|mount|umount|tar|unzip|nano|vim|sed|awk|grep|chroot"
    r"|useradd|usermod|userdel|adduser|passwd|crontab|iptables|ufw|openssl|certbot|python3?|perl|bash|zsh|psql|mysql"
    r"|sqlite3|ffmpeg)"
)
"""What installs, runs, fetches, changes or deletes; no words of French or English (make, find, kill, test)."""

_ACTION = (
    r"(?:install|remove|purge|update|upgrade|full-upgrade|dist-upgrade|autoremove|uninstall|add|del|clone|pull|push|fetch"
    r"|checkout|commit|reset|init|run|exec|build|compose|up|down|start|stop|restart|reload|enable|disable|status|apply"
    r"|delete|publish|-\S+)"
)
_LINE_START = r"(?:^[ \t]*(?:(?:[-*+•]|\d{1,3}[.)])[ \t]+)?|:[^\S\n]+)"
_COMMAND = re.compile(
    rf"{_LINE_START}(?P<first>\$[ \t]+\S|{_PROGRAM}[ \t]+\S|[\w.-]+ = \S)"
    rf"|(?<![\w/.-])(?P<other>(?:sudo|doas)[ \t]+\S|{_PROGRAM}[ \t]+{_ACTION}(?![\w-]))",
    re.MULTILINE,
)
_STOP = re.compile(r"\s*(?:\[\d{1,9}\]|[»”`]|[.!?…;:,]?\s*$|[.!?…]\s+(?=[^\W\d_a-zà-ÿ]|\[))", re.MULTILINE)
"""What ends a command outside code: a marker, a quotation mark, code, the line or the sentence."""

_ENDING = (
    r"(?:conf|cfg|cnf|ini|ya?ml|json|toml|xml|sh|bash|ps1|bat|py|php|js|ts|rb|sql|service|timer|socket|env|log|lock|key"
    r"|pem|crt|pub|deb|rpm|tar|gz|xz|zip|iso|img|exe|bak|list|txt|md)"
)
_NAME = r"[\w.@+~*-]"
_TOKEN = re.compile(
    r"(?<![\w-])--[^\W\d_][\w-]*(?:=\S+)?"  # --flag
    r"|(?<!\S)[–—][-–]?[a-zà-ÿ][\w-]*"  # a flag whose hyphens became a dash
    r"|(?<=[ \t(\u00a0])-(?!(?:elle|il|nous|on|vous)s?\b)[^\W\d_]\w{0,4}(?![\w-])"  # -rf, but not « a-t -elle »
    rf"|(?<![\w/.:~$*-])(?:~|\.{{1,2}}|\$\w+)?/{_NAME}+(?:/{_NAME}*)*"  # /etc/hosts
    r"|(?<!\w)[A-Za-z]:[\\/][^\s\"»”]*"  # C:\Users
    rf"|(?<![\w/.@-]){_NAME}+(?:/{_NAME}+)*\.{_ENDING}(?![\w/-]|\.\w)"  # nginx.conf
    r"|(?<![\w=&?-])[A-Za-z_][\w.-]*=[^\s=]\S*"  # KEY=value
    r"|(?<![\w/.-])[A-Za-z]\w*_\w+"  # max_size
)
_END = ".,;:!?…)»”\"'"


def code_in(text: str) -> list[Code]:
    """Return the code of a text, in order; a fence that is never closed goes on to the end."""
    found: list[Code] = []
    lines: list[Copied] = []
    opening: re.Match[str] | None = None
    began = at = 0
    for line in text.split("\n"):
        end = at + len(line)
        if opening is None:
            if opening := _OPENING.match(line):
                began = at
                lines = (
                    []
                    if _LANGUAGE.fullmatch(opening["info"].strip())
                    else [_line(opening["info"], at + opening.start("info"), began)]
                )
            else:
                found += _inline(line, at)
        elif _closes(line, opening):
            found.append(Code(began, end, True, tuple(lines)))
            opening = None
        elif (own := _unframed(line, opening)).strip():
            lines.append(_line(own, end - len(own), began))
        at = end + 1
    return [*found, Code(began, len(text), True, tuple(lines))] if opening else found


def _closes(line: str, opening: re.Match[str]) -> bool:
    return line.strip("> \t\u00a0") == opening["ticks"]


def _unframed(line: str, opening: re.Match[str]) -> str:
    """Return a line of a block without what stands before the block: the mark of a quotation, or its indentation."""
    if ">" in opening["frame"]:
        return line[mark.end() :] if (mark := _FRAME.match(line)) else line
    return line[min(len(opening["frame"]), len(line) - len(line.lstrip())) :]


def _line(line: str, at: int, block: int) -> Copied:
    text = line.strip(" \t")
    start = at + line.index(text)
    return Copied(start, start + len(text), text, "block", block)


def plain_fence(block: str) -> str:
    """Return a block of code, from its opening fence on, without what stands before each line, and closed."""
    first, *lines = block.split("\n")
    opening = _OPENING.match(first)
    if opening is None:
        return block
    if lines and _closes(lines[-1], opening):
        lines.pop()
    while lines and not lines[0].strip():
        del lines[0]
    ticks = opening["ticks"]
    return "\n".join([ticks + opening["info"].strip(), *(_unframed(line, opening).rstrip() for line in lines), ticks])


def outside_code(text: str, change: Callable[[str], str]) -> str:
    """Return `text` with each stretch between its code changed."""
    parts, at = [], 0
    for code in code_in(text):
        parts += [change(text[at : code.start]), text[code.start : code.end]]
        at = code.end
    return "".join([*parts, change(text[at:])])


def _inline(line: str, at: int) -> Iterator[Code]:
    for match in _INLINE.finditer(line):
        start, end = at + match.start("code"), at + match.end("code")
        yield Code(at + match.start(), at + match.end(), False, (Copied(start, end, match["code"].strip(), "inline"),))


def without_code(text: str, codes: list[Code]) -> str:
    """Return a text of the same length with blanks for its code; a block ends the sentence that it stands in."""
    for code in codes:
        length = code.end - code.start
        blank = "\u00a0" * (length - 1) + "\n" if code.is_block else "`" + "\u00a0" * (length - 2) + "`"
        text = text[: code.start] + blank + text[code.end :]
    return text


def copied_in(text: str) -> list[Copied]:
    """Return all that a reader would copy, in order; nothing is in two."""
    codes = code_in(text)
    prose = without_code(text, codes)
    found = [copied for code in codes for copied in code.copied]
    at = 0
    while match := _COMMAND.search(prose, at):
        start = match.start(match.lastgroup or 0)
        at = (_STOP.search(prose, match.end()) or match).start()
        found.append(Copied(start, at, text[start:at], "command"))
    taken = [(copied.start, copied.end) for copied in found if copied.kind == "command"]
    for match in _TOKEN.finditer(prose):
        token = match[0].rstrip(_END)
        if len(token) > 1 and not any(start <= match.start() < end for start, end in taken):
            found.append(Copied(match.start(), match.start() + len(token), token, "token"))
    return sorted(found)


def hidden(text: str) -> str:
    """Return a text that is still growing with … for all that a reader would copy."""
    for copied in reversed(copied_in(text)):
        text = f"{text[: copied.start]}…{text[copied.end :]}"
    rest = BLANKED.sub(lambda code: " " * len(code[0]), without_code(text, code_in(text)))
    opened = rest.find("`", rest.rfind("\n") + 1)  # whose end is still to come
    return text if opened < 0 else f"{text[:opened]}…"
