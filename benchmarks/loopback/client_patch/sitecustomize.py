"""Python reads this file at start: it turns discord.py to the loopback server, so that the bot needs no test switch.

DISCORD_LOOPBACK_PORT names the port. discord.py is changed when the process imports it, and not imported for it.
"""

import importlib.abc
import importlib.machinery
import os
import sys
from collections.abc import Sequence
from types import ModuleType


def _point(module: ModuleType, port: str) -> None:
    if module.__name__ == "discord.http":
        module.Route.BASE = f"http://127.0.0.1:{port}/api/v10"
    else:
        from yarl import URL

        module.DiscordWebSocket.DEFAULT_GATEWAY = URL(f"ws://127.0.0.1:{port}/gw/")


class _Pointing(importlib.abc.MetaPathFinder):
    """Finds the two modules as Python does, and changes each one right after it ran."""

    def __init__(self, port: str) -> None:
        self._port = port

    def find_spec(
        self, fullname: str, path: Sequence[str] | None, target: ModuleType | None = None
    ) -> importlib.machinery.ModuleSpec | None:
        if fullname not in ("discord.http", "discord.gateway"):
            return None
        spec = importlib.machinery.PathFinder.find_spec(fullname, path, target)
        if spec is not None and spec.loader is not None:
            execute = spec.loader.exec_module

            def execute_and_point(module: ModuleType) -> None:
                execute(module)
                _point(module, self._port)

            spec.loader.exec_module = execute_and_point  # type: ignore[method-assign]
        return spec


if _PORT := os.environ.get("DISCORD_LOOPBACK_PORT"):
    sys.meta_path.insert(0, _Pointing(_PORT))
