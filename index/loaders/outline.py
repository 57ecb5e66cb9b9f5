"""Put what a page holds into blocks, one after the other: in which lists, quotes and sections each stands."""

from dataclasses import dataclass, replace

from index.blocks import Block, Kind

MAX_DEPTH = 20
"""Lists in lists that are told apart, as many as CommonMark parsers do. Each indents what it holds: without end, a
megabyte of `<ul><li>` would be written as gigabytes of spaces."""


@dataclass(slots=True)
class _Label:
    """The name of a panel, and what the panel holds: `blocks[start:end]`."""

    start: int
    fallback: str  # what it becomes where words come after the panel: "" for a heading still, "tab", "details", …
    level: int  # of the heading above the panel
    end: int | None = None


@dataclass(slots=True)
class _Holder:
    """An open list item or definition; it waits until something is written in it."""

    kind: Kind
    depth: int
    frame: int
    ordinal: int | None = None
    is_section: bool = False  # it opens with a heading: no item, but a section


class Outline:
    """Takes paragraphs, headings and the like in order, and what opens and closes around them."""

    def __init__(self) -> None:
        self.blocks: list[Block] = []
        self._level = 1  # of the heading above
        self._open_labels: list[_Label] = []
        self._closed_labels: list[_Label] = []  # since the last heading
        self._holders: list[_Holder] = []
        self._settled = 0  # the first of them that do not wait any more
        self._depth = 0
        self._lists: list[int | None] = []  # number of the next item of each open list; None without numbers
        self._frames: list[int] = []  # open quotes and admonitions
        self._framed = 0  # frames so far
        self._boxes: list[int] = []  # block of each open admonition

    def add(self, kind: Kind, text: str = "", *, info: str = "", rows: tuple[tuple[str, ...], ...] = ()) -> None:
        """Add a block that is neither heading nor paragraph."""
        self._settle(len(self._holders))
        self._append(Block(kind, text, info=info, rows=rows))

    def add_paragraph(self, text: str) -> None:
        """Add a paragraph, or what an item or a definition says first.

        Args:
            text: with line feeds for hard breaks, which stay where nothing is around the paragraph.
        """
        if self._depth or self._frame:
            text = text.replace("\n", " ")
        if self._waits and self._holders[-1].frame == self._frame:
            self._settle(len(self._holders) - 1)
            self._settled += 1
            self._append_holder(self._holders[-1], text)
        else:
            self.add("paragraph", text)

    def add_heading(self, text: str, level: int, *, ends_panels: bool = True) -> None:
        """Add a heading; an item that opens with one is no item: its list is a way to lay out sections."""
        if ends_panels:
            self._take_closed_labels()
        if self._waits:
            number = self._holders[-1].ordinal
            if number is not None and not text[0].isdigit():
                text = f"{number}. {text}"
            for holder in self._holders[self._settled :]:
                holder.is_section = True
                self._depth -= 1
            self._settled = len(self._holders)
        self._level = level
        self.blocks.append(Block("heading", text, level, min(self._depth, MAX_DEPTH), frame=self._frame))

    def open_label(self, label: Block) -> None:
        """Add a heading that names a panel, and rules what is in it; one of level 0 goes below the heading above.

        Args:
            label: its `info` is what it becomes if words that are not under a heading come after the panel, which
                would stand under it: a paragraph ("tab"), or an admonition of that kind, with the panel as its frame.
        """
        above = self._level
        self.add_heading(label.text, label.level or min(above + 1, 6), ends_panels=False)
        self._open_labels.append(_Label(len(self.blocks) - 1, label.info, above))

    def close_label(self) -> None:
        """End a panel."""
        label = self._open_labels.pop()
        label.end = len(self.blocks)
        self._level = label.level
        self._closed_labels.append(label)

    def open_list(self, start: int | None) -> None:
        """Open a list, with the number of its first item if it has numbers."""
        self._lists.append(start)

    def close_list(self) -> None:
        """End a list."""
        self._lists.pop()

    def open_item(self, number: int | None = None) -> None:
        """Open an item of the innermost list, with its number if it says one."""
        if not self._lists or self._lists[-1] is None:
            number = None
        else:
            number = self._lists[-1] if number is None else number
            self._lists[-1] = number + 1
        self._open("item", number)

    def open_definition(self) -> None:
        """Open a definition of the terms before it."""
        self._open("definition")

    def close_holder(self) -> None:
        """End an item or a definition; one in which nothing is written leaves no block."""
        holder = self._holders.pop()
        self._settled = min(self._settled, len(self._holders))
        if not holder.is_section:
            self._depth -= 1

    def open_quote(self) -> None:
        """Open a quote."""
        self._framed += 1
        self._frames.append(self._framed)

    def close_quote(self) -> None:
        """End a quote."""
        self._frames.pop()

    def open_box(self, kind: str) -> None:
        """Open an admonition."""
        self._settle(len(self._holders))
        self.open_quote()
        self._boxes.append(len(self.blocks))
        self._append(Block("admonition", info=kind))

    @property
    def is_in_box(self) -> bool:
        """Whether an admonition is open."""
        return bool(self._boxes)

    @property
    def box_is_empty(self) -> bool:
        """Whether an admonition is open and holds nothing so far but its title."""
        return bool(self._boxes) and self._boxes[-1] == len(self.blocks) - 1

    def name_box(self, title: str) -> None:
        """Give the open admonition its title, unless that merely is its kind."""
        box = self.blocks[self._boxes[-1]]
        if title.lower() != box.info:
            self.blocks[self._boxes[-1]] = replace(box, text=title)

    def close_box(self) -> None:
        """End an admonition; one in which nothing is written leaves no block."""
        if self.box_is_empty and not self.blocks[-1].text:
            self.blocks.pop()
        self._boxes.pop()
        self._frames.pop()

    @property
    def _frame(self) -> int:
        return self._frames[-1] if self._frames else 0

    @property
    def _waits(self) -> bool:
        return self._settled < len(self._holders)

    def _open(self, kind: Kind, ordinal: int | None = None) -> None:
        self._holders.append(_Holder(kind, self._depth, self._frame, ordinal))
        self._depth += 1

    def _settle(self, end: int) -> None:
        """Write the holders before `end` that wait, without words of their own, so that they can hold others."""
        for holder in self._holders[self._settled : min(end, MAX_DEPTH)]:
            self._append_holder(holder)
        self._settled = max(self._settled, end)

    def _append_holder(self, holder: _Holder, text: str = "") -> None:
        self._name_panels()
        depth = min(holder.depth, MAX_DEPTH)
        self.blocks.append(Block(holder.kind, text, depth=depth, ordinal=holder.ordinal, frame=holder.frame))

    def _append(self, block: Block) -> None:
        self._name_panels()
        self.blocks.append(replace(block, depth=min(self._depth, MAX_DEPTH), frame=self._frame))

    def _take_closed_labels(self) -> list[_Label]:
        """Return the closed labels within the innermost open one, and forget them."""
        start = self._open_labels[-1].start if self._open_labels else -1
        taken: list[_Label] = []
        while self._closed_labels and self._closed_labels[-1].start > start:
            taken.append(self._closed_labels.pop())
        return taken

    def _name_panels(self) -> None:
        """Let the labels of the panels before these words name their panels alone."""
        for label in self._take_closed_labels() if self._closed_labels else ():
            heading = self.blocks[label.start]
            if label.fallback == "tab":
                self.blocks[label.start] = replace(heading, kind="paragraph", level=0, info="tab")
            elif label.fallback:
                self._framed += 1
                self.blocks[label.start] = replace(heading, kind="admonition", level=0, info=label.fallback)
                for at in range(label.start, label.end or label.start):
                    if self.blocks[at].frame == heading.frame:
                        self.blocks[at] = replace(self.blocks[at], frame=self._framed)
