"""Bring the translations up to date: collect the texts of demo/, then compile what has been translated.

    python tools/translate.py

Needs the tools that come with PySide6. Names the texts that are new: fill them in demo/translations/*.ts, run it again.
"""

from __future__ import annotations

import ast
import subprocess
import sys
import sysconfig
import tempfile
import xml.etree.ElementTree as ElementTree
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).parents[1]
TRANSLATIONS = ROOT / "demo" / "translations"

Text = tuple[str, str]
"""Context and source."""


def modules() -> list[Path]:
    """Every module of the window, in a fixed order."""
    return [one for one in sorted((ROOT / "demo").rglob("*.py")) if not {"cli", "terminal"} & set(one.parts)]


def texts_of(module: Path) -> list[Text]:
    """All texts of a module that are shown to the user.

    They are literals in ``self.tr``, in ``QCoreApplication.translate``, in ``QT_TRANSLATE_NOOP``, and in calls of a
    function ``_tr`` of the module, which translates in one context.

    Raises
    ------
    ValueError : the context of a text cannot be told.
    """
    tree = ast.parse(module.read_text(encoding="utf-8"))
    return list(_texts(tree, module.name, "", _context_of(tree)))


def unfinished(file: Path) -> list[str]:
    """Texts without a translation, as "context: text"."""
    return [": ".join(one) for one, text in translations(file).items() if not text]


def translations(file: Path) -> dict[Text, str]:
    """Translations of a .ts file; "" where there is none yet."""
    found = {}
    for context in ElementTree.parse(file).getroot().iter("context"):
        for message in context.iter("message"):
            translation = message.find("translation")
            text = "" if translation is None else "".join(translation.itertext()).strip()
            finished = translation is not None and translation.get("type") != "unfinished"
            found[context.findtext("name") or "", message.findtext("source") or ""] = text if finished else ""
    return found


def main() -> int:
    """Return 0 when every text is translated, else 1."""
    complete = True
    with tempfile.TemporaryDirectory() as folder:
        collected = Path(folder, "texts.py")
        collected.write_text(_as_calls(text for module in modules() for text in texts_of(module)), encoding="utf-8")
        for file in sorted(TRANSLATIONS.glob("*.ts")):
            _run("pyside6-lupdate", "-no-obsolete", "-locations", "none", str(collected), "-ts", file.name)
            _run("pyside6-lrelease", file.name)
            for text in unfinished(file):
                complete = False
                print(f"{file.name}: not translated: {text}")
    return 0 if complete else 1


def _texts(tree: ast.AST, where: str, inside: str, context: str | None) -> Iterator[Text]:
    for node in ast.iter_child_nodes(tree):
        if isinstance(node, ast.Call):
            yield from _text_of(node, where, inside, context)
        yield from _texts(node, where, node.name if isinstance(node, ast.ClassDef) else inside, context)


def _text_of(node: ast.Call, where: str, inside: str, context: str | None) -> Iterator[Text]:
    owner = node.func.value if isinstance(node.func, ast.Attribute) else None
    called = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
    texts = [_literal(one) for one in node.args[:2]]
    if called == "tr" and owner is not None:
        if getattr(owner, "id", "") != "self" or not inside:
            raise ValueError(f"{where}:{node.lineno}: use self.tr or QCoreApplication.translate")
        if texts[0] is not None:  # else it comes from a table of QT_TRANSLATE_NOOP
            yield inside, texts[0]
    elif called == "_tr" and texts[0] is not None:
        if context is None:
            raise ValueError(f"{where}:{node.lineno}: _tr must translate in a context that is a literal")
        yield context, texts[0]
    elif called in {"translate", "QT_TRANSLATE_NOOP"} and len(texts) == 2 and texts[1] is not None:
        if texts[0] is None:
            raise ValueError(f"{where}:{node.lineno}: the context must be a literal")
        yield texts[0], texts[1]


def _context_of(tree: ast.Module) -> str | None:
    """The context in which the module's function ``_tr`` translates."""
    constants = {
        target.id: _literal(node.value)
        for node in tree.body
        if isinstance(node, ast.Assign)
        for target in node.targets
        if isinstance(target, ast.Name)
    }
    for function in tree.body:
        if isinstance(function, ast.FunctionDef) and function.name == "_tr":
            for node in ast.walk(function):
                if isinstance(node, ast.Call) and getattr(node.func, "attr", "") == "translate":
                    return _literal(node.args[0]) or constants.get(getattr(node.args[0], "id", ""))
    return None


def _literal(node: ast.expr) -> str | None:
    return node.value if isinstance(node, ast.Constant) and isinstance(node.value, str) else None


def _as_calls(texts: Iterator[Text]) -> str:
    """The texts in the one form that Qt's tool is sure to understand."""
    lines = []
    for context, text in dict.fromkeys(texts):
        plural = ', "", 1' if "%n" in text else ""
        lines.append(f"QCoreApplication.translate({_quoted(context)}, {_quoted(text)}{plural})\n")
    return "".join(lines)


def _quoted(text: str) -> str:
    escaped = text.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n")
    return f'"{escaped}"'


def _run(tool: str, *arguments: str) -> None:
    command = [Path(sysconfig.get_path("scripts"), tool), *arguments]
    subprocess.run(command, cwd=TRANSLATIONS, check=True, capture_output=True)


if __name__ == "__main__":
    sys.exit(main())
