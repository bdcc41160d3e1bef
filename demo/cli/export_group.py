"""A group of commands of which one needs no name: it runs when the first argument is none of the others."""

from __future__ import annotations

from typing import Any

from typer.core import TyperGroup

UNNAMED = "SESSION|FILE"
"""What the command without a name is called inside the group."""


class ExportGroup(TyperGroup):
    """``attune export FILE ...`` is the unnamed command, ``attune export onnx ...`` one of the others.

    A file that is called as a command is named with its folder, as in ./onnx.
    """

    def parse_args(self, ctx: Any, args: list[str]) -> list[str]:
        """Put the unnamed command in front where no other was named."""
        asked_for_help = bool(args) and args[0] in ctx.help_option_names
        if args and not asked_for_help and args[0] not in self.commands:
            args = [UNNAMED, *args]
        return super().parse_args(ctx, args)

    def resolve_command(self, ctx: Any, args: list[str]) -> Any:
        """The command that was named; the unnamed one goes by the name of the group in messages."""
        name, command, rest = super().resolve_command(ctx, args)
        return ("" if name == UNNAMED else name), command, rest

    def format_help(self, ctx: Any, formatter: Any) -> None:
        """Show the help of the unnamed command, whose text names the others, under the name of the group."""
        command = self.commands[UNNAMED]
        command.format_help(type(ctx)(command, info_name=ctx.info_name, parent=ctx.parent), formatter)
