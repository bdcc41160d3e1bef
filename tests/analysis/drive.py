"""Runs ``attune analyze`` with recordings that are fakes: python -m tests.analysis.drive LOG ARGUMENT..."""

from __future__ import annotations

import sys
from pathlib import Path

import engine.analysis.analyzer
from main import main
from tests.analysis.fakes import FakeAnalyzer

if __name__ == "__main__":
    log = Path(sys.argv[1])
    engine.analysis.analyzer.Analyzer = lambda *given, **named: FakeAnalyzer(log)  # type: ignore[assignment,misc]
    sys.exit(main(["analyze", *sys.argv[2:]]))
