#!/usr/bin/env python3
"""The verdicts are the same bytes for any number of threads, over registers large enough to be dealt out."""
import hashlib
import pathlib
import subprocess
import sys
import tempfile

TIAO, SAMPLE, ROOT = sys.argv[1], sys.argv[2], pathlib.Path(sys.argv[3])
# Complete facts: what is undetermined is explained subject by subject, which takes long and has nothing to do with threads.
RUNS = [("tianjin.practitioner", "2025-12-31", ["--regime", "tianjin", "--complete", "--incidents", "36000"])]

with tempfile.TemporaryDirectory() as folder:
    for agreement, as_of, sample in RUNS:
        facts = pathlib.Path(folder) / agreement
        subprocess.run([SAMPLE, *sample, "--out", facts], check=True, stdout=subprocess.DEVNULL)
        seen = {}
        for jobs in (1, 3):
            out = facts.with_suffix(f".{jobs}")
            run = subprocess.run([TIAO, "--lang", "en", "--project", ROOT, "run", agreement, "--facts", facts, "--as-of", as_of, "--engine", "jit", "--jobs", str(jobs),
                                  "--format", "ndjson", "--out", out], capture_output=True, text=True)
            if run.returncode != 0:
                sys.exit(f"{agreement} with {jobs} threads: exit {run.returncode}\n{run.stderr}")
            seen[jobs] = (out.stat().st_size, hashlib.sha256(out.read_bytes()).hexdigest())
            out.unlink()
        if len(set(seen.values())) != 1:
            sys.exit(f"{agreement}: the number of threads shows in the verdicts: {seen}")
        print(f"{agreement}: {seen[1][0]} bytes alike with {', '.join(map(str, seen))} threads")
