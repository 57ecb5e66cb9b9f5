"""The blocks of a section, in groups that make sense alone: what it is cut between where it is too long."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from index.blocks import Kind
from index.grouping import together
from index.schema import Chunk, ChunkBlock


@dataclass(frozen=True, slots=True)
class SectionBlock:
    """A block of a section."""

    chunk: Chunk
    block: ChunkBlock
    size: int  # its length, with what parts it from the next: blank lines, and the marks of a quote around both

    @property
    def kind(self) -> Kind:
        """What it is."""
        return self.block.kind

    @property
    def depth(self) -> int:
        """How many list items and definitions are around it."""
        return self.block.depth

    @property
    def announces(self) -> bool:
        """Whether what comes next belongs to it."""
        return self.block.announces

    def holds(self, chunk_id: str, at: int) -> bool:
        """Whether a place of a chunk is in it."""
        return self.chunk.id == chunk_id and self.block.start <= at < self.block.end


def groups_of(section: Sequence[Chunk]) -> list[list[SectionBlock]]:
    """Return the blocks of a section in groups that make sense alone, each heading with what is under it."""
    groups: list[list[SectionBlock]] = []
    for group in together([block for chunk in section for block in blocks_of(chunk)]):
        if groups and groups[-1][-1].kind == "heading":
            groups[-1] += group
        else:
            groups.append(group)
    return groups


def blocks_of(chunk: Chunk) -> Iterator[SectionBlock]:
    """Yield the blocks of a chunk; one of it all where it tells none."""
    blocks = chunk.blocks or (ChunkBlock("paragraph", 0, len(chunk.text)),)
    ends = [*(block.start for block in blocks[1:]), len(chunk.text) + 2]
    for block, end in zip(blocks, ends, strict=True):
        yield SectionBlock(chunk, block, end - block.start)


def size_of(blocks: Iterable[SectionBlock]) -> int:
    """Return the length of blocks, with the lines that part them."""
    return sum(block.size for block in blocks)
