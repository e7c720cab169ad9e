"""Questions on the terminal. A wrong answer is explained, and the question asked again."""

from collections.abc import Callable, Sequence

import typer


def ask_text(
    question: str, default: str | None, require: Callable[[str], object], *, is_error: bool = False
) -> str:
    """Ask until `require` raises no `ValueError` for the answer. With `is_error` on standard error."""

    def parse(text: str) -> str:
        try:
            require(text)
        except ValueError as error:
            raise typer.BadParameter(str(error)) from None
        return text

    return str(typer.prompt(question, default, value_proc=parse, show_default=bool(default), err=is_error))


def ask_choice(question: str, choices: Sequence[str]) -> str:
    """Ask on standard error until the answer is one of the choices."""

    def require(text: str) -> None:
        if text not in choices:
            raise ValueError(f"'{text}' is none of {', '.join(choices)}.")

    return ask_text(f"{question} ({', '.join(choices)})", None, require, is_error=True)
