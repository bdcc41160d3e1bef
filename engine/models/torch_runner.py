"""Fusion models in PyTorch: resident on a graphics card, where a step of all of them is waited for once."""

from __future__ import annotations

import itertools
import logging
import threading
from collections.abc import Callable, Mapping

import torch

from engine.config import Fusion
from engine.device import Device, first_line, is_about_memory, named_errors
from engine.errors import StageError
from engine.models.fusion import FusionModel
from engine.models.fusion_config import MAX_FRAMES
from engine.models.lane import CudaLane, Lane, PlainLane
from engine.models.precision import close_results, fixed_windows, on_processor, same_results
from engine.models.resident import Resident
from engine.models.runner import Batch, Result, RunnerInfo
from engine.models.step import Sizes, Step

_log = logging.getLogger(__name__)

BUCKETS: Mapping[str, tuple[int, ...]] = {"audio": (250, 500, 1000), "video": (32,), "text": (32, 128)}
"""Frames that recorded steps are made for. Recurrent steps over sound take the time, so its lengths are the finest."""

_Key = tuple[tuple[Fusion, int, tuple[tuple[str, int], ...]], ...]


class TorchRunner:
    """Runs models on a device; see `engine.models.runner.Runner`.

    On a CUDA card windows run as recorded CUDA graphs, in half precision where `engine.models.precision` allows it.
    What runs, and at which sizes, depends on the window and the machine alone, so results repeat themselves.

    Parameters
    ----------
    models : on the processor; they stay there as they are.
    device : where copies of them run.
    new_lane : how the device is asked; that of the device.
    half : the precision to try; float16 on CUDA cards and none elsewhere.
    record : whether steps are recorded; on CUDA cards.

    Raises
    ------
    StageError
        When the device fails, has not enough memory, or gives other results than the processor.
    """

    def __init__(
        self,
        models: Mapping[Fusion, FusionModel],
        device: Device,
        *,
        new_lane: Callable[[torch.device], Lane] | None = None,
        half: torch.dtype | None = None,
        record: bool | None = None,
    ) -> None:
        cuda = device.kind == "cuda"
        self._device, self._lock = device, threading.Lock()
        self._recorded: dict[_Key, Step] = {}
        make = new_lane or (CudaLane if cuda else PlainLane)
        self._new_lane: Callable[[], Lane] = lambda: make(torch.device(str(device)))
        with named_errors(device, "the models"):
            self._lane = self._new_lane()
            with self._lane.working():
                dtype = self._choose_precision(models, half or (torch.float16 if cuda else None))
                self._models = self._resident(models, dtype)
                recorded = self._record_steps() if (cuda if record is None else record) else None
                self._require_as_processor(models)
        self.info = RunnerInfo("torch", str(device), str(dtype).removeprefix("torch."), recorded)

    def run(self, batches: Mapping[Fusion, Batch], *, maps: bool = True) -> dict[Fusion, Result]:
        """As `Runner.run`: batches of one in recorded steps where there are such, others at their own sizes."""
        if not batches:
            return {}
        with self._lock, named_errors(self._device, "the models"), self._lane.working():
            return self._step(batches, maps=maps)

    def _step(self, batches: Mapping[Fusion, Batch], *, maps: bool = False) -> dict[Fusion, Result]:
        sizes = sizes_of(batches)
        step = self._recorded.get(_key(padded(sizes))) or Step(self._models, sizes, self._lane)
        return step.run(batches, maps=maps)

    def _resident(self, models: Mapping[Fusion, FusionModel], dtype: torch.dtype) -> dict[Fusion, Resident]:
        with torch.inference_mode(False), torch.no_grad():  # weights are moved and packed, not run
            return {fusion: Resident(model, dtype).to(self._lane.device) for fusion, model in models.items()}

    def _choose_precision(self, models: Mapping[Fusion, FusionModel], half: torch.dtype | None) -> torch.dtype:
        if half is None:
            return torch.float32
        results = []
        for dtype in (torch.float32, half):
            resident = self._resident(models, dtype)
            # Padded, as recorded steps are: what stands on padding has to fit into half precision, too.
            steps = ((Step(resident, padded(sizes_of(one)), self._lane), one) for one in fixed_windows(models))
            results.append([step.run(one, maps=False) for step, one in steps])
        if same_results(*results):
            return half
        _log.info("the models differ in %s: they run in single precision", half)
        return torch.float32

    def _require_as_processor(self, models: Mapping[Fusion, FusionModel]) -> None:
        """Refuse a device that computes something else than the processor, as drivers with defects do."""
        windows = fixed_windows(models)
        if not close_results([on_processor(models, one) for one in windows], [self._step(one) for one in windows]):
            raise StageError(f"{self._device} gives other results than the processor: give --device cpu")

    def _record_steps(self) -> bool:
        """Record a step for every bucket; where that fails, none is, and steps are launched piece by piece."""
        try:
            for sizes in recorded_sizes(self._models):
                step = Step(self._models, sizes, self._lane)
                step.record()
                self._recorded[_key(sizes)] = step
        except RuntimeError as error:
            if is_about_memory(error):
                raise
            self._recorded.clear()
            self._lane = self._new_lane()  # the streams of the old one may be left in the middle of a recording
            _log.warning("no CUDA graph could be recorded (%s): steps take longer", first_line(error))
            return False
        return True


def sizes_of(batches: Mapping[Fusion, Batch]) -> Sizes:
    """The sizes of batches as they are."""
    return {
        fusion: (len(batch.present), {name: x.shape[1] for name, x in batch.inputs.items()})
        for fusion, batch in batches.items()
    }


def padded(sizes: Sizes) -> Sizes:
    """The smallest buckets that hold these sizes."""
    return {
        fusion: (items, {name: next(size for size in BUCKETS[name] if size >= count) for name, count in frames.items()})
        for fusion, (items, frames) in sizes.items()
    }


def recorded_sizes(models: Mapping[Fusion, Resident]) -> list[Sizes]:
    """The sizes that steps are recorded for: one window, which is the same for all models."""
    every: dict[_Key, Sizes] = {}
    for chosen in itertools.product(*BUCKETS.values()):
        bucket = dict(zip(BUCKETS, chosen, strict=True))
        sizes: Sizes = {
            fusion: (1, {name: _frames(model, name, bucket[name]) for name in model.config.modalities})
            for fusion, model in models.items()
        }
        every[_key(sizes)] = sizes
    return list(every.values())


def _frames(model: Resident, name: str, bucket: int) -> int:
    return MAX_FRAMES[name] if model.config.preset == "paper" else bucket


def _key(sizes: Sizes) -> _Key:
    return tuple((fusion, items, tuple(frames.items())) for fusion, (items, frames) in sizes.items())
