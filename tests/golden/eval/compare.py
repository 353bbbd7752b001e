#!/usr/bin/env python3
"""Runs `tiao eval --batch` over expressions.txt and compares with expected.ndjson; TIAO_UPDATE=1 writes it anew."""
import os
import pathlib
import subprocess
import sys

here = pathlib.Path(__file__).parent
run = subprocess.run([sys.argv[1], "eval", "--batch", str(here / "expressions.txt")], capture_output=True, text=True, cwd=sys.argv[2])
if run.returncode != 0:
    sys.exit(f"exit {run.returncode}: {run.stderr}")
if os.environ.get("TIAO_UPDATE"):
    (here / "expected.ndjson").write_text(run.stdout, encoding="utf-8")
asked = (here / "expressions.txt").read_text(encoding="utf-8").splitlines()
wanted = (here / "expected.ndjson").read_text(encoding="utf-8").splitlines()
found = run.stdout.splitlines()
if not asked or len(asked) != len(found) or len(asked) != len(wanted):
    sys.exit(f"{len(asked)} expressions, {len(found)} answers, {len(wanted)} expected")
wrong = [(a, w, f) for a, w, f in zip(asked, wanted, found) if w != f]
for a, w, f in wrong:
    print(f"{a}\n  expected {w}\n  found    {f}")
sys.exit(1 if wrong else 0)
