"""``attune train --manifest`` and ``attune train fusion``: a plan made on the spot, run, its best models published."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from demo.cli.evaluate import parse_use
from demo.cli.experiment_publish import publish_models
from demo.cli.experiment_run import run_plan
from engine.config import Fusion
from engine.corpora.manifest import manifest_modalities
from engine.experiment.cell import Cell
from engine.experiment.plan import Plan, parse_plan, read_plan
from engine.experiment.plan_text import plan_text
from engine.experiment.shipped import plans_folder
from engine.models.fusion_config import Preset

EXPERIMENT = "experiment"
"""Folder of all runs, below that of the published models."""


def train_on_manifest(
    manifest: Path,
    out: Path,
    *,
    fusions: Sequence[Fusion],
    use: str | None,
    preset: Preset,
    seeds: int,
    jobs: int | None,
    device: str,
    cache: Path | None,
) -> None:
    """Train on the recordings of a manifest, and write the best model of each kind to ``out``.

    Without ``use``, all modalities that the manifest has. With one modality there is self-attention only.
    """
    manifest, out = manifest.expanduser(), out.expanduser()
    modalities = manifest_modalities(manifest) if use is None else parse_use(use)
    kinds: Sequence[Fusion] = fusions if len(modalities) > 1 else ("self",)
    cells = [Cell(name=fusion, fusion=fusion, modalities=modalities, preset=preset) for fusion in kinds]
    text = plan_text(manifest.stem or "manifest", f"Models of {manifest.name}", "manifest", range(seeds), cells)
    _run(parse_plan(text), manifest, out, jobs=jobs, device=device, cache=cache)


def train_bundle(
    data: Path, out: Path, *, fusions: Sequence[Fusion], seeds: int, jobs: int | None, cache: Path | None
) -> None:
    """Run the shipped plan of the bundle with so many seeds, and write the best models to ``out``."""
    shipped = read_plan(plans_folder() / "bundle.toml")
    cells = [one for one in shipped.cells if one.fusion in fusions]
    text = plan_text(shipped.name, shipped.title, "joined", range(seeds), cells, shipped.protocol)
    _run(parse_plan(text), data, out, jobs=jobs, device="cpu", cache=cache)


def _run(plan: Plan, data: Path, out: Path, *, jobs: int | None, device: str, cache: Path | None) -> None:
    run_plan(plan, data, out / EXPERIMENT, jobs=jobs, device=device, cache=cache)
    publish_models(out / EXPERIMENT, out)
