"""Turn the bytes of a file into text, one module a format; run apart from the build with `python -m index.loaders`."""
