"""Show the numbers of a spreadsheet as its cells do: decimals, percentages, currencies, dates."""

import re
from datetime import datetime, timedelta

_BUILT_IN = dict(
    pair.split(":", 1)
    for pair in (
        "1:0 2:0.00 3:#,##0 4:#,##0.00 9:0% 10:0.00% 14:yyyy-mm-dd 15:d-mmm-yy 16:d-mmm 17:yyyy-mm 18:h:mm 19:h:mm:ss "
        "20:h:mm 21:h:mm:ss 22:yyyy-mm-dd,h:mm 37:#,##0 38:#,##0 39:#,##0.00 40:#,##0.00 45:mm:ss 46:h:mm:ss 47:mm:ss"
    ).split()
)
_LITERAL = re.compile(r'"([^"]*)"|\\(.)|\[\$([^\]-]*)[^\]]*\]|\[[^\]]*\]|_.|\*.')
_DIGITS = re.compile(r"[#0?](?:[#0?,. ]*[#0?])?")
_LAST_DATE = 2_958_466  # 31 December 9999, and a day


def number_format(number: int, own: dict[int, str]) -> str:
    """Return the code of a format by its number: one of the workbook's own, or of those that every workbook has."""
    return own.get(number) or _BUILT_IN.get(str(number), "")


def shown(value: float, code: str, epoch: datetime) -> str:
    """Return a number as its format shows it; dates as 2025-03-31.

    Args:
        value: of the cell.
        code: of its format: `0.00" €"`, "" for a general one.
        epoch: day 0 of the workbook.
    """
    code = code.partition(";")[0]
    bare = _LITERAL.sub("", code).lower()
    if re.search(r"[ymdhs]", bare) and bare != "general" and 0 <= value < _LAST_DATE:
        return _date(value, bare, epoch)
    found = _DIGITS.search(_LITERAL.sub(lambda literal: "\0" * len(literal[0]), code))
    if found is None or "e+" in bare:
        return f"{value:.10g}" if abs(value) < 1e15 else str(value)
    decimals = len(found[0].partition(".")[2])
    percent = "%" in bare
    digits = f"{value * (100 if percent else 1):.{min(decimals, 10)}f}"
    if "#" in found[0].partition(".")[2] and "." in digits:
        digits = digits.rstrip("0").rstrip(".")
    before, after = _literals(code[: found.start()]), _literals(code[found.end() :])
    return f"{before}{digits}{after}".strip()


def _literals(code: str) -> str:
    """Return what a part of a code writes as it stands: currencies, units, the percent sign."""
    written = _LITERAL.sub(lambda found: found[1] or found[2] or found[3] or (" " if found[0][0] == "_" else ""), code)
    return re.sub(r"[#0?@]|General", "", written)


def _date(value: float, code: str, epoch: datetime) -> str:
    moment = epoch + timedelta(seconds=round(value * 86_400))
    has_day, has_time = re.search(r"[yd]", code), re.search(r"[hs]", code)
    if not has_day and not has_time:
        has_day = re.search("m", code)
    time = moment.strftime("%H:%M:%S" if moment.second and "s" in code else "%H:%M")
    day = moment.strftime("%Y-%m-%d")
    return " ".join(part for part, has in ((day, has_day), (time, has_time)) if has)
