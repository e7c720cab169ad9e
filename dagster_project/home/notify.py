"""A message about a run that failed: to the program that a setting names, such as one that sends mail."""

import os
import shlex
import subprocess

COMMAND = "SELFEVAL_ON_FAILURE"
"""Environment variable: a command that reads the message from standard input. It is started without a shell."""

MAX_SECONDS = 60


def is_configured() -> bool:
    """Return whether the setting names a command."""
    return bool(os.environ.get(COMMAND, "").strip())


def send_message(message: str) -> None:
    """Give a message to the command. Raises `OSError` or `subprocess.SubprocessError` if the command fails."""
    command = shlex.split(os.environ[COMMAND])
    subprocess.run(command, input=message, text=True, timeout=MAX_SECONDS, check=True)  # noqa: S603 - set by the owner
