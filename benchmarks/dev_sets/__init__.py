"""The development sets, which benchmarks and training share; their files are no part of the project."""
