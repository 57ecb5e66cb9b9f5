"""What can go wrong while an index is built or read.

IndexingError
├── SeedsError            no readable document in the seeds folder
├── EmbeddingError        the embedding model is missing, damaged or of the wrong shape
├── MissingIndexError     there is no index in the folder
├── StaleIndexError       the index was built with other settings
├── DamagedIndexError     a file of the index is missing or is not what was written
├── UnreachableStoreError the program that keeps the index does not answer
├── ClusterError          the machines that should help with a build cannot be reached, or are set up otherwise
└── BuildingError         another build is at work in the folder
"""


class IndexingError(Exception):
    """Base of every foreseen fault; the message is a finished sentence that says what to do."""


class SeedsError(IndexingError):
    """No readable document in the seeds folder."""


class EmbeddingError(IndexingError):
    """The embedding model is missing, damaged or of the wrong shape."""


class MissingIndexError(IndexingError):
    """There is no index in the folder."""


class StaleIndexError(IndexingError):
    """The index was built with other settings than those in force."""


class DamagedIndexError(IndexingError):
    """A file of the index is missing or is not what was written."""


class UnreachableStoreError(IndexingError):
    """The program that keeps the index does not answer, or refuses."""


class ClusterError(IndexingError):
    """The machines that should help with a build cannot be reached, or are set up otherwise."""


class BuildingError(IndexingError):
    """Another build is at work in the folder."""
