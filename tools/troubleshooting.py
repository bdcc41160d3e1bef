"""Writes the list of error messages in docs/troubleshooting.md from the program itself.

``python -m tools.troubleshooting`` writes it anew; with ``--check`` it exits with 1 where the page is not what the
program says.
"""

from __future__ import annotations

import ast
import sys
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).parents[1]
PAGE = ROOT / "docs" / "troubleshooting.md"
BEGIN, END = "<!-- messages: made by tools/troubleshooting.py -->", "<!-- end of messages -->"

TELLING = {
    "SourceError",
    "AssetError",
    "CheckpointError",
    "DataError",
    "OutputError",
    "StageError",
    "DeviceFailure",
    "Fault",
    "Trouble",
    "wrong_usage",
}
"""What carries a sentence for the user."""

AREAS = {
    "Recordings, cameras, microphones": ("engine/sources", "engine/playback", "engine/sinks", "engine/live_run.py"),
    "Models, word vectors, the processor or card": (
        "engine/models",
        "engine/features",
        "engine/assets.py",
        "engine/components.py",
        "engine/device.py",
    ),
    "Speech recognition": ("engine/asr",),
    "A session while it runs": ("engine/runtime", "engine/session.py", "engine/stages.py", "engine/fusion_stage.py"),
    "Recorded sessions, annotations": ("engine/saved", "engine/annotations.py", "engine/recall.py"),
    "Results, exports, live output": (
        "engine/analysis",
        "engine/export",
        "engine/output",
        "engine/files.py",
        "engine/replaceable.py",
    ),
    "Data, training, experiments": ("engine/corpora", "engine/training", "engine/experiment", "engine/pools"),
    "Commands and the window": ("demo",),
}
_SHORTEST = 20
"""Anything shorter is a name, not a sentence."""


def messages(folder: Path) -> set[str]:
    """All sentences for users in a file, or in the Python files of a folder."""
    paths = [folder] if folder.is_file() else sorted(folder.rglob("*.py"))
    found: set[str] = set()
    for path in paths:
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and _name(node.func) in TELLING:
                found.update(text for text in _sentences(node) if len(text) >= _SHORTEST)
    return found


def listing() -> str:
    """All messages by area, as Markdown."""
    lines: list[str] = []
    taken: set[str] = set()
    for title, places in AREAS.items():
        found = sorted({text for place in places if (ROOT / place).exists() for text in messages(ROOT / place)} - taken)
        taken.update(found)
        if found:
            lines += [f"### {title}", "", *(f"- `{text}`" for text in found), ""]
    return "\n".join(lines)


def _name(called: ast.expr) -> str:
    return called.id if isinstance(called, ast.Name) else called.attr if isinstance(called, ast.Attribute) else ""


def _sentences(call: ast.Call) -> Iterator[str]:
    for argument in (*call.args, *(one.value for one in call.keywords)):
        for part in _branches(argument):
            text = _text(part)
            if text is not None and " " in text:
                yield " ".join(text.split()).replace("`", "'")


def _branches(value: ast.expr) -> Iterator[ast.expr]:
    """The values that an expression may have."""
    if isinstance(value, ast.IfExp):
        yield from _branches(value.body)
        yield from _branches(value.orelse)
    else:
        yield value


def _text(value: ast.expr) -> str | None:
    """What a string will say; None where it is none."""
    if isinstance(value, ast.Constant):
        return value.value if isinstance(value.value, str) else None
    if isinstance(value, ast.JoinedStr):
        return "".join(part.value if isinstance(part, ast.Constant) else "…" for part in value.values)
    if isinstance(value, ast.BinOp) and isinstance(value.op, ast.Add):
        sides = [_text(one) for one in (value.left, value.right)]
        return None if sides == [None, None] else "".join("…" if one is None else one for one in sides)
    return None


def main() -> None:
    """Write the page anew, or check it."""
    page = PAGE.read_text(encoding="utf-8")
    before, _, rest = page.partition(BEGIN)
    _, _, after = rest.partition(END)
    wanted = f"{before}{BEGIN}\n\n{listing()}\n{END}{after}"
    if "--check" in sys.argv[1:]:
        if wanted != page:
            sys.exit("docs/troubleshooting.md is not what the program says: run python -m tools.troubleshooting")
        return
    PAGE.write_text(wanted, encoding="utf-8")


if __name__ == "__main__":
    main()
