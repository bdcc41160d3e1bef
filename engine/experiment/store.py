"""The folder of an experiment: its plan, its data, and the runs, each of which is there whole or not at all.

    DIR/plan.toml            the plan as run
    DIR/experiment.json      data set, classes, features, versions
    DIR/runs/CELL/FOLD-seedNN/record.json, model.safetensors, model.json

``record.json`` is written last, so a run is done when it is there.
"""

from __future__ import annotations

import json
import logging
import shutil
from collections.abc import Callable, Iterable
from contextlib import suppress
from dataclasses import replace
from pathlib import Path

from engine.errors import DataError, OutputError
from engine.experiment.about import ABOUT, About, read_about
from engine.experiment.cell import RUNS
from engine.experiment.jobs import Job, RunResult
from engine.experiment.plan import Plan, read_plan
from engine.experiment.plan_changes import plan_differences
from engine.experiment.record import OtherVersion, RunRecord, dump_record, load_record
from engine.files import make_folder, output_error, write_atomically

log = logging.getLogger(__name__)

PLAN = "plan.toml"
RECORD = "record.json"
WEIGHTS = "model.safetensors"
CARD = "model.json"
FAILURE = "failure.txt"


class Store:
    """Results of an experiment.

    Parameters
    ----------
    folder : is made if need be; the caller holds its lock.
    plan, about : of the experiment that runs now.

    Raises
    ------
    DataError
        When the folder holds results of another plan, of other data or of another version.
    OutputError
        When it cannot be written.
    """

    def __init__(self, folder: Path, plan: Plan, about: About) -> None:
        self.folder = folder
        make_folder(folder / RUNS)
        _check_plan(folder, plan)
        if (folder / ABOUT).exists():
            read_about(folder).check_same(about, folder)
        elif any((folder / RUNS).iterdir()):
            raise DataError(
                f"{folder} has runs but no {ABOUT}, so nobody can say which data they belong to: choose another folder"
            )
        _write(folder / PLAN, plan.text)
        _write(folder / ABOUT, about.dump())

    def run_folder(self, job: Job) -> Path:
        """Where a run is kept."""
        return self.folder / job.folder

    def finished(self, job: Job, note: Callable[[str], None]) -> RunRecord | None:
        """The record of a run that is done, or None. A damaged one is set aside, and ``note`` is told.

        Raises
        ------
        DataError
            When another version of Attune wrote it.
        OutputError
            When it cannot be read or set aside.
        """
        path = self.run_folder(job) / RECORD
        try:
            record = load_record(path.read_text(encoding="utf-8"))
            if record.key != job.key:
                raise ValueError("it is of a run with other settings")
            _check_model(path.parent)
        except (FileNotFoundError, NotADirectoryError):
            return None
        except OSError as error:
            raise OutputError(f"cannot read {path}: {error.strerror or error}") from error
        except OtherVersion as error:
            raise DataError(f"{path}: {error}") from error
        except (ValueError, RecursionError) as error:
            aside = _set_aside(path)
            note(f"{path} is damaged ({error}): kept as {aside.name}, the run is done again")
            return None
        return record

    def prepare(self, job: Job) -> Job:
        """Clear what an attempt that was cut off has left, but for its progress; the job with a place for that."""
        folder = make_folder(self.run_folder(job))
        progress = folder / f"progress-{job.key[:12]}.safetensors"
        _clear(folder, keep=(progress.name,))
        return replace(job, progress=progress)

    def save(self, job: Job, result: RunResult) -> RunRecord:
        """Keep a run that is done.

        Raises
        ------
        ValueError
            When the result is not one of this job.
        OutputError
            When it cannot be written; nothing of it is there then.
        """
        record = RunRecord.from_json(dict(result.record))
        if (record.key, record.cell, record.fold, record.seed) != (job.key, job.cell.name, job.fold, job.seed):
            raise ValueError(f"the result is of {record.cell}, {record.fold}, seed {record.seed}")
        folder = make_folder(self.run_folder(job))
        try:
            write_atomically(folder / WEIGHTS, lambda draft: draft.write_bytes(result.weights))
            write_atomically(folder / CARD, lambda draft: draft.write_bytes(result.card))
            _write(folder / RECORD, dump_record(record))
        except OutputError:
            with suppress(OSError):
                for name in (WEIGHTS, CARD):
                    (folder / name).unlink(missing_ok=True)
            raise
        _clear(folder, keep=(RECORD, WEIGHTS, CARD))
        return record

    def fail(self, job: Job, message: str) -> None:
        """Keep the reason why a run failed, until it is tried again."""
        folder = make_folder(self.run_folder(job))
        _write(folder / FAILURE, message + "\n")
        self.sweep([job])

    def sweep(self, jobs: Iterable[Job]) -> None:
        """Remove drafts that a process left when it was ended in the middle of writing."""
        for job in jobs:
            for path in self.run_folder(job).glob(".*"):
                with suppress(OSError):  # what cannot be removed now is removed the next time
                    path.unlink(missing_ok=True)


def _check_model(folder: Path) -> None:
    """Raise ValueError where the files of a run's checkpoint are missing or cut short; their values are not read."""
    from safetensors import SafetensorError, safe_open

    for name in (WEIGHTS, CARD):
        if not (folder / name).is_file():
            raise ValueError(f"its {name} is missing")
    try:
        with safe_open(folder / WEIGHTS, framework="numpy"):
            json.loads((folder / CARD).read_text(encoding="utf-8"))
    except SafetensorError as error:
        raise ValueError(f"its {WEIGHTS} is not whole: {error}") from error
    except ValueError as error:
        raise ValueError(f"its {CARD} is not whole: {error}") from error


def _check_plan(folder: Path, plan: Plan) -> None:
    path = folder / PLAN
    if not path.exists():
        return
    differences = plan_differences(read_plan(path), plan)
    if differences:
        lines = "\n".join(f"  {one}" for one in differences)
        raise DataError(
            f"{folder} holds results of another plan:\n{lines}\nChoose another folder for this plan, "
            f"or go on with {path}."
        )


def _clear(folder: Path, keep: tuple[str, ...]) -> None:
    """Remove everything in a run's folder but some files and what was set aside."""
    for path in folder.iterdir():
        if path.name in keep or path.name.startswith("damaged-"):
            continue
        try:
            shutil.rmtree(path) if path.is_dir() and not path.is_symlink() else path.unlink(missing_ok=True)
        except OSError as error:
            raise output_error(path, error) from error


def _set_aside(path: Path) -> Path:
    number = 1
    while (aside := path.with_name(f"damaged-{number}-{path.name}")).exists():
        number += 1
    try:
        path.replace(aside)
    except OSError as error:
        raise output_error(aside, error) from error
    return aside


def _write(path: Path, text: str) -> None:
    write_atomically(path, lambda draft: draft.write_text(text, encoding="utf-8"))
