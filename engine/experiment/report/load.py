"""Reading an experiment's folder as it is, also while it is being filled."""

from __future__ import annotations

from pathlib import Path

from engine.errors import DataError
from engine.experiment.about import read_about
from engine.experiment.cell import RUNS, run_folder
from engine.experiment.plan import read_plan
from engine.experiment.record import OtherVersion, RunRecord, load_record
from engine.experiment.report.results import Results, collect
from engine.experiment.store import FAILURE, PLAN, RECORD


def load_results(folder: Path) -> Results:
    """All runs of an experiment that are done.

    A damaged record is left out and named among the problems; so are runs that failed.

    Raises
    ------
    DataError
        When the folder holds no experiment, or another version of Attune wrote its records.
    """
    if not (folder / PLAN).is_file():
        raise DataError(f"{folder} holds no experiment: give the --out folder of `attune experiment run`")
    plan, about = read_plan(folder / PLAN), read_about(folder)
    records: list[RunRecord] = []
    problems: list[str] = []
    places = [
        (run_folder(cell, fold, seed), f"{cell.name}, {fold}, seed {seed}")
        for cell in plan.cells
        for fold in about.folds
        for seed in plan.seeds
    ]
    for place, name in places:
        record = _read_run(folder, place, name, problems)
        if record is None:
            continue
        if record.data.fingerprint != about.fingerprint:
            problems.append(f"{name} is left out, since it was trained on other data.")
        elif f"{record.cell}, {record.fold}, seed {record.seed}" != name:
            problems.append(f"{name} is left out, since its record is of {record.cell}, {record.fold}, {record.seed}.")
        else:
            records.append(record)
    known = {place for place, _ in places}
    strangers = sum(path.parent.relative_to(folder) not in known for path in folder.glob(f"{RUNS}/*/*/{RECORD}"))
    return collect(plan, about, records, problems=problems, strangers=strangers)


def _read_run(folder: Path, place: Path, name: str, problems: list[str]) -> RunRecord | None:
    path = folder / place / RECORD
    try:
        return load_record(path.read_text(encoding="utf-8"))
    except (FileNotFoundError, NotADirectoryError):
        reason = _failure(path.with_name(FAILURE))
        if reason:
            problems.append(f"{name} failed: {reason}")
    except OtherVersion as error:
        raise DataError(f"{path}: {error}") from error
    except OSError as error:
        raise DataError(f"cannot read {path}: {error.strerror or error}") from error
    except (ValueError, RecursionError) as error:
        where = (place / RECORD).as_posix()
        problems.append(f"{name} is left out, since {where} is damaged ({error}). Run the plan again to replace it.")
    return None


def _failure(path: Path) -> str:
    """First line of why a run failed, or an empty text."""
    try:
        return path.read_text(encoding="utf-8", errors="replace").strip().partition("\n")[0]
    except OSError:
        return ""
