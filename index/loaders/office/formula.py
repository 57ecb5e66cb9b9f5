"""Write a formula of Office on one line."""

from index.loaders.office.archive import Element


def formula(node: Element) -> str:
    """Return the formula: a fraction as a/b, a power as a^b."""
    match node.tag:
        case "t":
            return node.text or ""
        case "f":
            return "/".join(formula(part) for part in node if part.tag in ("num", "den"))
        case "sSup":
            return "^".join(formula(part) for part in node if part.tag in ("e", "sup"))
        case _:
            return "".join(map(formula, node))
