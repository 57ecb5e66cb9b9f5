"""Makes the files that are learnt and shipped, from data that are not; run by hand, as docs/decisions.md says."""
