"""The first minutes: ask for what must be known, write it down, check, build, and show what can be asked."""
