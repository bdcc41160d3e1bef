"""Make the graph of the bundled face encoder anew from its weights, without training.

Run ``python -m tools.quantise_face_encoder DATA [--out assets]``; DATA/faces is what ``attune train face`` takes. It
writes face_encoder.onnx, and what it measures into face_encoder.json and the model card.
"""

from __future__ import annotations

import argparse
import json
from pathlib import Path

from engine.training.face_command import write_json, write_text
from engine.training.face_data import load_faces
from engine.training.face_files import FaceEncoderFiles
from engine.training.face_graph import write_graph
from engine.training.model_card import face_card


def main() -> None:
    """Write the three files, and print what the graph is."""
    options = argparse.ArgumentParser(description=(__doc__ or "").split("\n")[0])
    options.add_argument("data", type=Path, help="folder that holds faces/")
    options.add_argument("--out", type=Path, default=Path("assets"), help="folder of the encoder (default: assets)")
    chosen = options.parse_args()
    train, dev, _ = load_faces(chosen.data / "faces")
    graph = write_graph(FaceEncoderFiles.find(chosen.out).load(), train, dev, chosen.out / "face_encoder.onnx")
    card = json.loads((chosen.out / "face_encoder.json").read_text(encoding="utf-8"))
    figures = card.pop("figures")  # stays last
    card |= {"graph": graph, "figures": figures}
    write_json(chosen.out / "face_encoder.json", card)
    write_text(chosen.out / "face_encoder.md", face_card(card))
    print(graph)


if __name__ == "__main__":
    main()
