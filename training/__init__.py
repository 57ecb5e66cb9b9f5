"""What learns the files that are shipped, from data that are not; run by hand, as docs/decisions.md tells."""
