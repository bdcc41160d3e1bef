"""Models on a device. Everything but the few calls to CUDA runs here on the processor, as it would on a card."""

from __future__ import annotations

import logging
import threading

import numpy as np
import pytest
import torch

from engine.device import CPU, Device
from engine.errors import StageError
from engine.models.lane import PlainLane
from engine.models.positions import position_step
from engine.models.precision import TOLERANCE, fixed_windows, same_results
from engine.models.resident import Resident
from engine.models.runner import Batch, Result
from engine.models.step import Step
from engine.models.torch_runner import BUCKETS, TorchRunner, padded, recorded_sizes, sizes_of
from tests.models.factory import make_model

DIMS = {"audio": 120, "video": 16, "text": 10}
MODALITIES = ("audio", "video", "text")
FRAMES = [(1, 1, 1), (250, 32, 32), (251, 5, 33), (700, 20, 128), (1000, 32, 2)]


class Lane(PlainLane):
    """The processor, as a card that records steps."""

    def __init__(self, device=torch.device("cpu")) -> None:  # noqa: B008
        super().__init__(device)
        self.recorded = 0

    def record(self, work):
        self.recorded += 1
        return work


class BrokenLane(Lane):
    """A card that fails when steps are recorded, or when work is waited for."""

    recording = waiting = ""

    def record(self, work):
        if self.recording:
            raise RuntimeError(self.recording)
        return super().record(work)

    def wait(self):
        if self.waiting:
            raise RuntimeError(self.waiting)
        super().wait()


def models(preset="temporal"):
    return {fusion: make_model(fusion, preset) for fusion in ("self", "cross")}


def batch(frames, present=(True, True, True), items=1, seed=0) -> Batch:
    random = np.random.default_rng(seed)
    inputs = {
        name: random.normal(size=(items, count if here else 1, DIMS[name])).astype(np.float32)
        for name, count, here in zip(MODALITIES, frames, present, strict=True)
    }
    return Batch(inputs, np.array([present] * items))


def both(one: Batch) -> dict:
    return {"self": one, "cross": one}


def expected(every, one: Batch) -> dict[str, Result]:
    found = {}
    with torch.no_grad():
        for fusion, model in every.items():
            inputs = {name: torch.tensor(x) for name, x in one.inputs.items()}
            present = torch.tensor(one.present) if model.config.preset == "temporal" else None
            output = model(**inputs, present=present)
            maps = {block: x.numpy() for block, x in output.attention.items()}
            found[fusion] = Result(output.logits.numpy(), maps)
    return found


def require_close(ours, theirs, atol=1e-5) -> None:
    assert list(ours) == list(theirs)
    for fusion, one in ours.items():
        np.testing.assert_allclose(one.logits, theirs[fusion].logits, atol=atol)
        assert list(one.maps) == list(theirs[fusion].maps)
        for block, weights in one.maps.items():
            np.testing.assert_allclose(weights, theirs[fusion].maps[block], atol=atol)


@pytest.fixture(scope="module")
def temporal():
    return models()


@pytest.fixture(scope="module")
def recorded(temporal):
    return TorchRunner(temporal, CPU, new_lane=Lane, record=True)


@pytest.mark.parametrize("frames", FRAMES)
@pytest.mark.parametrize("present", [(True, True, True), (True, False, True), (False, True, False)])
def test_padding_to_a_bucket_changes_nothing(temporal, recorded, frames, present):
    one = batch(frames, present)
    require_close(recorded.run(both(one)), expected(temporal, one))


def test_every_window_has_its_recorded_step(temporal, recorded):
    assert recorded.info.cuda_graph is True
    sizes = recorded_sizes({fusion: Resident(model) for fusion, model in temporal.items()})
    assert len(sizes) == recorded._lane.recorded == 6
    for frames in FRAMES:
        assert padded(sizes_of(both(batch(frames)))) in sizes
    assert {name: steps[-1] for name, steps in BUCKETS.items()} == {"audio": 1000, "video": 32, "text": 128}


def test_a_step_of_all_models_is_waited_for_once_and_repeats_itself(recorded):
    long, short = batch(FRAMES[3]), batch(FRAMES[0])
    first = recorded.run(both(long))
    before = recorded._lane.waits
    recorded.run(both(short))  # leaves other numbers in the buffers
    assert recorded._lane.waits == before + 1
    again, bare = recorded.run(both(long)), recorded.run(both(long), maps=False)
    for fusion, one in first.items():
        np.testing.assert_array_equal(one.logits, again[fusion].logits)
        np.testing.assert_array_equal(one.logits, bare[fusion].logits)
        assert one.maps and not bare[fusion].maps
        for block, weights in one.maps.items():
            np.testing.assert_array_equal(weights, again[fusion].maps[block])


def test_short_windows_after_long_ones_see_nothing_of_them(temporal, recorded):
    fresh = TorchRunner(temporal, CPU, new_lane=Lane, record=True)
    one = batch((100, 3, 2))
    recorded.run(both(batch((250, 32, 32), seed=7)))
    for fusion, result in recorded.run(both(one)).items():
        np.testing.assert_array_equal(result.logits, fresh.run(both(one))[fusion].logits)


@pytest.mark.parametrize("preset", ["temporal", "paper"])
@pytest.mark.parametrize("record", [False, True])
def test_batches_of_several_items_and_some_of_the_models(preset, record):
    every = models(preset)
    runner = TorchRunner(every, CPU, new_lane=Lane, record=record)
    one = batch((1000, 32, 128), items=2)
    require_close(runner.run(both(one)), expected(every, one))
    if preset == "temporal":
        one.present[1] = (False, True, False)
        found, right = runner.run(both(one), maps=False), expected(every, one)
        for fusion, result in found.items():
            np.testing.assert_allclose(result.logits, right[fusion].logits, atol=1e-5)
    single = {"cross": batch((1000, 32, 128))}
    require_close(runner.run(single), expected({"cross": every["cross"]}, single["cross"]))
    assert runner.run({}) == {}


def test_models_of_both_presets_and_of_other_modalities_run_side_by_side():
    every = {"self": make_model("self", "paper"), "cross": make_model("cross", modalities=("video", "text"))}
    runner = TorchRunner(every, CPU, new_lane=Lane, record=True)
    full, part = batch((1000, 32, 128)), batch((1, 7, 40))
    part = Batch({name: part.inputs[name] for name in ("video", "text")}, part.present[:, 1:])
    found = runner.run({"self": full, "cross": part})
    require_close({"self": found["self"]}, expected({"self": every["self"]}, full))
    require_close({"cross": found["cross"]}, expected({"cross": every["cross"]}, part))
    assert runner._lane.recorded == 2  # lengths of sound make no difference


def test_maps_have_the_positions_of_the_frames_that_are_there(recorded):
    maps = recorded.run(both(batch((300, 9, 4))))["cross"].maps
    assert maps["audio_from_video"].shape == (1, 6, -(-300 // position_step("audio")), 9)
    np.testing.assert_allclose(maps["text_from_audio"].sum(-1), 1, atol=1e-5)


def test_models_stay_as_they_are():
    every = models()
    before = {fusion: {k: v.clone() for k, v in model.state_dict().items()} for fusion, model in every.items()}
    TorchRunner(every, CPU, half=torch.bfloat16, record=False)
    for fusion, model in every.items():
        assert all(torch.equal(value, before[fusion][name]) for name, value in model.state_dict().items())


@pytest.mark.parametrize("preset", ["temporal", "paper"])
def test_half_precision_is_taken_where_it_gives_the_same(preset, monkeypatch):
    every = models(preset)
    runner = TorchRunner(every, CPU, half=torch.bfloat16)
    assert (runner.info.precision, runner.info.device, runner.info.backend) == ("bfloat16", "cpu", "torch")
    one = batch((1000, 32, 128))
    require_close(runner.run(both(one)), expected(every, one), atol=1e-2)
    monkeypatch.setattr("engine.models.precision.TOLERANCE", 1e-7)
    assert TorchRunner(every, CPU, half=torch.bfloat16).info.precision == "float32"
    assert TorchRunner(every, CPU).info.precision == "float32"


@pytest.mark.parametrize("half", [None, torch.float16])
def test_padding_changes_nothing_where_a_feature_hardly_varies(half):
    model = make_model("self", modalities=("text",))
    with torch.no_grad():  # standardised, zeros are minus a million
        model.encoders["text"].mean[0], model.encoders["text"].scale[0] = 1.0, 1e6
    runner = TorchRunner({"self": model}, CPU, new_lane=Lane, half=half, record=True)
    assert runner.info.precision == ("float32" if half is None else "float16")
    text = np.random.default_rng(0).normal(size=(1, 7, DIMS["text"])).astype(np.float32)
    text[:, :, 0] = 1
    one = {"self": Batch({"text": text}, np.array([[True]]))}
    require_close(runner.run(one), expected({"self": model}, one["self"]), atol=1e-5 if half is None else 1e-2)


def test_what_counts_as_the_same():
    def result(*logits):
        return [{"self": Result(np.array([logits], np.float32), {})}]

    assert same_results(result(0.0, 1.0), result(0.9 * TOLERANCE, 1.0))
    assert not same_results(result(0.0, 1.0), result(0.0, 1.0 + 1.1 * TOLERANCE))
    assert not same_results(result(0.0, 0.001), result(0.001, 0.0))
    assert not same_results(result(0.0, 1.0), result(0.0, np.nan))


@pytest.mark.parametrize("wrong", [0.02, np.nan])
def test_a_device_with_other_results_is_refused(temporal, monkeypatch, wrong):
    right = Step.run

    def run(self, batches, *, maps):
        return {
            name: Result(one.logits + np.float32(wrong), one.maps)
            for name, one in right(self, batches, maps=maps).items()
        }

    monkeypatch.setattr(Step, "run", run)
    with pytest.raises(StageError, match="cuda:1 gives other results than the processor: give --device cpu"):
        TorchRunner(temporal, Device("cuda", 1), new_lane=lambda device: Lane(), half=torch.float16)


@pytest.mark.parametrize("preset", ["temporal", "paper"])
def test_the_windows_of_the_check_are_always_the_same(preset):
    first, second = fixed_windows(models(preset)), fixed_windows(models(preset))
    absent = [one["cross"].present.all() for one in first]
    assert True in absent and False in absent
    for one, two in zip(first, second, strict=True):
        for fusion, given in one.items():
            np.testing.assert_array_equal(given.present, two[fusion].present)
            for name, x in given.inputs.items():
                assert x.dtype == np.float32
                np.testing.assert_array_equal(x, two[fusion].inputs[name])


def test_where_nothing_can_be_recorded_steps_run_piece_by_piece(temporal, caplog, monkeypatch):
    monkeypatch.setattr(BrokenLane, "recording", "CUDA error: operation not permitted when stream is capturing")
    with caplog.at_level(logging.WARNING):
        runner = TorchRunner(temporal, CPU, new_lane=BrokenLane, record=True)
    assert runner.info.cuda_graph is False
    assert "no CUDA graph could be recorded (CUDA error: operation not permitted" in caplog.text
    one = batch((100, 3, 2))
    require_close(runner.run(both(one)), expected(temporal, one))


@pytest.mark.parametrize(
    ("what", "message"),
    [
        ("CUDA out of memory. Tried to allocate 2.00 GiB", "find no memory on cuda:0: close .*--device cpu"),
        (
            "CUDA error: device lost\nmore",
            r"cuda:0 failed while the models ran \(CUDA error: device lost\): .*--device cpu",
        ),
    ],
)
def test_a_device_that_fails_is_named_with_what_to_do(temporal, monkeypatch, what, message):
    def lane(device):
        return BrokenLane(torch.device("cpu"))

    runner = TorchRunner(temporal, Device("cuda"), new_lane=lane, half=torch.bfloat16)
    assert (runner.info.device, runner.info.cuda_graph) == ("cuda:0", True)
    monkeypatch.setattr(BrokenLane, "waiting", what)
    with pytest.raises(StageError, match=message):
        runner.run(both(batch((10, 2, 2))))
    with pytest.raises(StageError, match=message):
        TorchRunner(temporal, Device("cuda"), new_lane=lane)
    monkeypatch.setattr(BrokenLane, "waiting", "something else")
    with pytest.raises(RuntimeError, match="something else"):
        runner.run(both(batch((10, 2, 2))))


def test_several_threads_may_ask_at_once(recorded):
    one, two = batch((100, 3, 2), seed=1), batch((120, 4, 5), seed=2)
    right = [recorded.run(both(given)) for given in (one, two)]
    wrong = []

    def ask(given, answer):
        for _ in range(5):
            found = recorded.run(both(given))
            wrong.extend(f for f in found if not np.array_equal(found[f].logits, answer[f].logits))

    threads = [threading.Thread(target=ask, args=pair) for pair in zip((one, two), right, strict=True)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    assert not wrong


def test_a_step_of_its_own_needs_no_recording(temporal):
    resident = {fusion: Resident(model) for fusion, model in temporal.items()}
    one, lane = batch((33, 2, 9)), Lane()
    with lane.working():
        require_close(Step(resident, sizes_of(both(one)), lane).run(both(one), maps=True), expected(temporal, one))
    assert lane.recorded == 0


@pytest.mark.skipif(not torch.cuda.is_available(), reason="needs a CUDA card")
@pytest.mark.parametrize("preset", ["temporal", "paper"])
def test_on_a_card_recorded_steps_equal_the_processor(preset):
    every = models(preset)
    runner = TorchRunner(every, Device("cuda"))
    assert runner.info.cuda_graph is True
    tolerance = 1e-2 if runner.info.precision == "float16" else 1e-4
    for frames in FRAMES if preset == "temporal" else [(1000, 32, 128)]:
        one = batch(frames)
        first, again = runner.run(both(one)), runner.run(both(one))
        require_close(first, expected(every, one), atol=tolerance)
        for fusion, result in first.items():
            np.testing.assert_array_equal(result.logits, again[fusion].logits)
