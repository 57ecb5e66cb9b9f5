"""Make what a release consists of; nothing of it is shipped."""
