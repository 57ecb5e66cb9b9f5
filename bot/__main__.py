"""`babillard`, and `python -m bot`."""

import sys


def main() -> None:
    """Say the version, in a fifth of a second, or run the command line, which takes its time to import."""
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
