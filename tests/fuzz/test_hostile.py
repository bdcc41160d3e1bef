"""Files that declare far more than they hold are refused, or read as far as they go, within a bound of memory."""

from __future__ import annotations

import ast
import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]

PLAYED = {"sound that says it is 4 GB", "sound with a hole of 11 years"}
"""What is damaged no further than many recordings are; all others are refused."""

DANGEROUS = {"pickle", "shelve", "marshal", "dill", "joblib", "yaml", "tarfile", "xmlrpc"}
MAY_IMPORT = {
    "engine/features/face_resnet.py": {"pickle"},  # the name of an error of torch
}


@pytest.mark.skipif(not hasattr(os, "fork") or not Path("/proc/self/status").exists(), reason="as for the fuzzer")
@pytest.mark.timeout(400)
def test_nothing_that_a_file_declares_is_allocated() -> None:
    done = subprocess.run(
        [sys.executable, "-m", "tests.fuzz.hostile"],
        cwd=ROOT,
        env=os.environ | {"OMP_NUM_THREADS": "1"},
        capture_output=True,
        text=True,
        timeout=390,
    )
    assert done.returncode == 0, done.stderr
    found = [json.loads(line) for line in done.stdout.splitlines()]
    assert len(found) == 22
    wrong = [one for one in found if one["outcome"] != ("fine" if one["case"] in PLAYED else "refused")]
    assert not wrong, wrong


@pytest.mark.parametrize("place", ["engine", "demo"])
def test_nothing_that_can_run_code_from_a_file_is_used(place: str) -> None:
    """No pickles, no archives that are unpacked as they say, no arrays of objects, no weights with code."""
    problems = []
    for path in sorted((ROOT / place).rglob("*.py")):
        name = path.relative_to(ROOT).as_posix()
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Import | ast.ImportFrom):
                modules = [node.module or ""] if isinstance(node, ast.ImportFrom) else [one.name for one in node.names]
                found = {one.split(".")[0] for one in modules} & DANGEROUS
                problems += [f"{name} imports {one}" for one in found - MAY_IMPORT.get(name, set())]
            elif isinstance(node, ast.Call):
                problems += [f"{name}, line {node.lineno}: {why}" for why in _why(node)]
    assert not problems, problems


def _why(call: ast.Call) -> list[str]:
    """Why a call may run code that somebody else has written."""
    options = {one.arg: one.value for one in call.keywords}
    name = call.func.id if isinstance(call.func, ast.Name) else ""
    if isinstance(call.func, ast.Attribute):
        value = call.func.value
        name = f"{value.id if isinstance(value, ast.Name) else '?'}.{call.func.attr}"
    constant = {key: one.value for key, one in options.items() if isinstance(one, ast.Constant)}
    if name in ("eval", "exec", "compile", "os.system", "torch.hub.load"):
        return [name]
    if name == "np.load" and constant.get("allow_pickle") is not False:
        return ["np.load without allow_pickle=False"]
    if name == "torch.load" and constant.get("weights_only") is not True:
        return ["torch.load without weights_only=True"]
    if constant.get("shell") is True:
        return ["a shell"]
    return []
