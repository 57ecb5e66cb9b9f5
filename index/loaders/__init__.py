"""Turn the bytes of a file into text, one module a format; `python -m index.loaders` does so in a process apart."""
