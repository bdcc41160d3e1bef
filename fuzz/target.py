"""What is fuzzed: a kind of file, samples of it, how they are changed, and what Attune does with them."""

from __future__ import annotations

import logging
import random
import sys
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from importlib import import_module
from pathlib import Path

from fuzz.formats import Files
from fuzz.mutations import mutate_bytes

HERE = Path(__file__).parent
CORPUS, CRASHERS = HERE / "corpus", HERE / "crashers"

Mutate = Callable[[random.Random, bytes, Sequence[bytes]], bytes]


@dataclass(frozen=True)
class Target:
    """A kind of file.

    Attributes
    ----------
    name : of the target, and of its folder in the corpus, which has a folder for each sample.
    run : opens the files of a case, which lie in a folder, as the program does, and uses what it found. Anything it
        raises but an `AttuneError` is a defect.
    mutate : how files are changed, by the ending of their names; others are changed as bytes.
    fixed : names of files that stay as they are.
    mend : makes checksums in the files of a case right again, so that what is wrong is found behind them.
    prepare : is called once before all cases, to import what they need.
    room_bytes : memory that a case may take.
    cpu_s : seconds of the processor that a case may take.
    """

    name: str
    run: Callable[[Path], object]
    mutate: Mapping[str, Mutate] = field(default_factory=dict)
    fixed: tuple[str, ...] = ()
    mend: Callable[[Files], Files] = lambda files: files
    prepare: Callable[[], object] = lambda: None
    room_bytes: int = 400 << 20
    cpu_s: int = 20

    @cached_property
    def samples(self) -> tuple[tuple[str, Files], ...]:
        """Names and files of the samples, in the order of their names."""
        return tuple((place.name, read_files(place)) for place in sorted((CORPUS / self.name).iterdir()))

    @cached_property
    def crashers(self) -> tuple[tuple[str, Files], ...]:
        """Cases that failed once, by name."""
        folder = CRASHERS / self.name
        return tuple((one.name, read_files(one)) for one in sorted(folder.iterdir())) if folder.is_dir() else ()

    def case(self, seed: int, number: int) -> tuple[str, Files]:
        """The name of the sample, and the files of a case: the same for the same seed and number."""
        rng = random.Random(f"{self.name}/{seed}/{number}")
        sample, files = rng.choice(self.samples)
        names = [name for name in files if name not in self.fixed]
        changed = dict(files)
        for name in rng.sample(names, min(len(names), rng.choice((1, 1, 1, 2)))):
            ending = Path(name).suffix
            others = [data for _, one in self.samples for other, data in one.items() if Path(other).suffix == ending]
            changed[name] = self.mutate.get(ending, mutate_bytes)(rng, files[name], others)
        if len(names) > 1 and rng.random() < 0.03:
            del changed[rng.choice(names)]
        return sample, self.mend(changed) if rng.random() < 0.6 else changed


def importing(*modules: str) -> Callable[[], None]:
    """What imports modules, quietly, before the first case: a case then begins with them."""

    def prepare() -> None:
        for name in modules:
            import_module(name)
        if "av" in sys.modules:
            sys.modules["av"].logging.set_level(None)
        logging.disable()

    return prepare


def read_files(folder: Path) -> Files:
    """All files below a folder, by their paths in it."""
    return {
        path.relative_to(folder).as_posix(): path.read_bytes() for path in sorted(folder.rglob("*")) if path.is_file()
    }


def write_files(folder: Path, files: Files) -> None:
    """Put files into a folder."""
    for name, data in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data)
