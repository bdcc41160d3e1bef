"""Corrected models as a folder that every command can use."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

from engine.errors import OutputError
from engine.files import make_folder, write_atomically
from engine.models.checkpoint import save_checkpoint
from engine.models.onnx_export import export_onnx
from engine.models.stored import checkpoint_paths
from engine.training.adapt.features import ENCODER_FILES, encoder_beside
from engine.training.adapt.figure import draw_correction
from engine.training.adapt.report import checkpoint_card, model_card, report_json
from engine.training.adapt.run import Correction

REPORT, PICTURE = "correction.json", "before-after.png"


def refuse_parents(out: Path, parents: list[Path]) -> None:
    """Refuse to write over the models that a correction begins with.

    Parameters
    ----------
    out : folder for the corrected models.
    parents : NAME.json of each checkpoint.

    Raises
    ------
    OutputError
        When one of them lies there.
    """
    for one in parents:
        if out.exists() and one.parent.resolve() == out.resolve():
            raise OutputError(f"{out} holds the models to begin with: choose another folder with --out")


def write_correction(out: Path, correction: Correction) -> tuple[Path, ...]:
    """Write NAME.safetensors, NAME.json, NAME.onnx and NAME.md of each model, the report and the picture.

    Each file appears whole or not at all; a folder in which a model was replaced in part is refused by whatever
    reads it.

    Returns
    -------
    The files that were written.

    Raises
    ------
    OutputError
        When a file cannot be written.
    """
    picture = draw_correction(correction)
    content = json.dumps(report_json(correction), indent=1, ensure_ascii=False, allow_nan=False) + "\n"
    make_folder(out)
    written = []
    for fusion, one in correction.models.items():
        text = model_card(correction, fusion)
        about = save_checkpoint(out, fusion, one.model, checkpoint_card(correction, fusion))
        graph = export_onnx(one.model, out / f"{fusion}.onnx")
        card = out / f"{fusion}.md"
        write_atomically(card, lambda draft, text=text: draft.write_text(text, encoding="utf-8"))  # type: ignore[misc]
        written += [checkpoint_paths(about)[0], about, graph, card]
        written += _copy_encoder(encoder_beside(one.parent), out)
    for name, data in ((REPORT, content.encode()), (PICTURE, picture)):
        write_atomically(out / name, lambda draft, data=data: draft.write_bytes(data))  # type: ignore[misc]
        written.append(out / name)
    return tuple(dict.fromkeys(written))


def _copy_encoder(onnx: Path | None, out: Path) -> list[Path]:
    """A face encoder of the user's own lies beside the models that use it."""
    if onnx is None:
        return []
    copied = []
    for name in ENCODER_FILES:
        source = onnx.with_name(name)
        if source.is_file():
            write_atomically(out / name, lambda draft, source=source: shutil.copyfile(source, draft))  # type: ignore[misc]
            copied.append(out / name)
    return copied
