"""Command line of the fuzzer.

python -m fuzz --list
python -m fuzz TARGET|all --minutes 5 --seed 1 --jobs 2 [--keep DIR]
python -m fuzz TARGET --cases 300
python -m fuzz TARGET --seed 1 --case 4711 [--keep DIR]      one case, with its trace
python -m fuzz TARGET --replay                               samples and former crashers
python -m fuzz TARGET --minimise DIR --as NAME               a kept case becomes a crasher of the repository
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterator
from itertools import islice
from pathlib import Path

from fuzz.campaign import Case, Score, play, seeded
from fuzz.isolate import Verdict
from fuzz.minimise import minimise
from fuzz.target import CRASHERS, Target, read_files, write_files
from fuzz.targets import TARGETS


def main(arguments: list[str] | None = None) -> int:
    """Run the command; the exit status is 1 where anything failed."""
    asked = _arguments(arguments)
    if asked.list or asked.target is None:
        for name, target in TARGETS.items():
            print(f"{name}: {len(target.samples)} samples, {len(target.crashers)} former crashers")
        return 0
    if asked.target != "all" and asked.target not in TARGETS:
        print(f"there is no target {asked.target}: choose from {', '.join(TARGETS)}, all", file=sys.stderr)
        return 2
    targets = list(TARGETS.values()) if asked.target == "all" else [TARGETS[asked.target]]
    if asked.minimise is not None:
        return _shrink(targets[0], asked.minimise, asked.name or asked.minimise.name)
    failed = False
    for target in targets:
        try:
            target.prepare()
        except ImportError as error:
            print(f"{target.name}: left out, since {error}", flush=True)
            continue
        if asked.replay:  # what nothing was done to must be taken
            whole = play(target, target.samples, jobs=asked.jobs)
            failed = failed or whole.outcomes["fine"] != whole.cases
            print(whole.line(f"{target.name}, samples"))
        score = _run(target, asked, None if asked.minutes is None else 60 * asked.minutes / len(targets))
        print(score.line(target.name), flush=True)
        for place, names in score.findings.items():
            print(f"  {len(names)} x {place}: {', '.join(names[:5])}", flush=True)
        failed = failed or bool(score.findings)
    return int(failed)


def _run(target: Target, asked: argparse.Namespace, seconds: float | None) -> Score:
    def tell(name: str, verdict: Verdict) -> None:
        print(f"{target.name} {name}: {verdict.outcome}: {verdict.message}  [{verdict.where}]", flush=True)
        if asked.case is not None:
            print(verdict.trace)

    cases: Iterator[Case]
    if asked.replay:
        cases = iter(target.crashers)
    elif asked.case is not None:
        cases = islice(seeded(target, asked.seed, asked.case), 1)
    elif asked.cases is not None:
        cases = islice(seeded(target, asked.seed), asked.cases)
    else:
        cases, seconds = seeded(target, asked.seed), 60.0 if seconds is None else seconds
    return play(target, cases, jobs=asked.jobs, seconds=seconds, keep=asked.keep, tell=tell)


def _shrink(target: Target, kept: Path, name: str) -> int:
    files = read_files(kept / "files")
    like = min((one for _, one in target.samples), key=lambda one: sum(files.get(key) != one[key] for key in one))
    small = minimise(target, files, like)
    write_files(CRASHERS / target.name / name, small)
    print(f"{name}: {sum(map(len, files.values()))} -> {sum(map(len, small.values()))} bytes")
    return 0


def _arguments(arguments: list[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m fuzz", description="Gives Attune mutated files.")
    parser.add_argument("target", nargs="?", help="a kind of file, or all")
    parser.add_argument("--list", action="store_true", help="the targets")
    parser.add_argument("--minutes", type=float, help="how long, over all targets; the default is one")
    parser.add_argument("--cases", type=int, help="how many cases, instead of a time")
    parser.add_argument("--case", type=int, help="this case alone, with its trace")
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--jobs", type=int, default=1, help="cases at the same time")
    parser.add_argument("--keep", type=Path, help="folder for the files of the cases that fail")
    parser.add_argument("--replay", action="store_true", help="the samples as they are, and all former crashers")
    parser.add_argument("--minimise", type=Path, metavar="DIR", help="make a kept case small, and a crasher")
    parser.add_argument("--as", dest="name", help="its name then")
    return parser.parse_args(arguments)


if __name__ == "__main__":
    sys.exit(main())
