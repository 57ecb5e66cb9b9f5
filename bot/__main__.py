"""`babillard`, and `python -m bot`: looks at the processor before anything is imported that could not run on it."""

import sys

from bot.processor import lacking, refusal


def main() -> None:
    """Say the version, in a fifth of a second, or run the command line, which takes its time to import.

    Raises:
        SystemExit: this processor cannot run it.
    """
    if missing := lacking():
        sys.exit(refusal(missing))
    if sys.argv[1:] == ["--version"]:
        from bot.version import versions

        sys.stdout.write(f"{versions()}\n")
    else:
        from bot.cli import app
        from index.model.allocator import use_one_heap

        use_one_heap()
        app(prog_name="babillard")


if __name__ == "__main__":
    main()
