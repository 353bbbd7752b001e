#!/usr/bin/env python3
"""The worked example of the drafters' guide, as printed there, checks clean and passes its own scenarios."""
import pathlib
import re
import subprocess
import sys
import tempfile

tiao, source = sys.argv[1], pathlib.Path(sys.argv[2])
files = re.findall(r"```tiao (\S+)\n(.*?)```", (source / "docs" / "guide.zh.md").read_text(), re.S)
failures = [] if len(files) >= 4 else [f"the guide shows {len(files)} files"]
with tempfile.TemporaryDirectory() as place:
    place = pathlib.Path(place)
    scenarios = 0
    for name, text in files:
        (place / name).parent.mkdir(parents=True, exist_ok=True)
        (place / name).write_text(text)
        scenarios += text.count("\n案例 ") + text.startswith("案例 ")
    for command in (["check"], ["test"], ["coverage", "某市.药店"], ["consolidate", "某市.药店", "--as-of", "2026-01-01"]):
        done = subprocess.run([tiao, *command, "--project", str(place), "--lang", "zh"], capture_output=True, text=True)
        if done.returncode != 0:
            failures.append(f"{' '.join(command)}: {done.returncode}\n{done.stdout}{done.stderr}")
        if command == ["test"] and f"{scenarios}/{scenarios}" not in done.stdout:
            failures.append(f"{scenarios} scenarios printed, found: {done.stdout}")
for failure in failures:
    print(failure)
print("the guide's example holds" if not failures else f"{len(failures)} failures")
sys.exit(1 if failures else 0)
