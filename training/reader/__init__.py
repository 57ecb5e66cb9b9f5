"""Train, measure and export the span reader; see `training/reader/README.md`."""
