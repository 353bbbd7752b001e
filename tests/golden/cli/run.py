"""Runs every command of cases.txt and compares exit code, standard output and standard error with what is expected.

usage: run.py TIAO [--update]
"""
import os
import pathlib
import re
import shlex
import subprocess
import sys
import tempfile

here = pathlib.Path(__file__).resolve().parent
project = here / "project"
expected = here / "expected"


def settled(text: str) -> str:
    """What may differ between two builds of one meaning: the hash of the program. How a page looks is for eyes to judge."""
    text = re.sub(r"<(style|script)>.*?</\1>", r"<\1>…</\1>", text, flags=re.S)
    return re.sub(r'("(?:agreement_)?hash": ?)"[0-9a-f]+"', r'\1"…"', text)


def cases():
    for line in (here / "cases.txt").read_text(encoding="utf-8").splitlines():
        if line.strip() and not line.startswith("#"):
            name, code, arguments = (part.strip() for part in line.split("|", 2))
            yield name, int(code), shlex.split(arguments)


def main() -> int:
    tiao = pathlib.Path(sys.argv[1]).resolve()
    update = "--update" in sys.argv[2:]
    before = sorted(p.name for p in project.iterdir())
    failures = []
    with tempfile.TemporaryDirectory() as cache:
        environment = {"PATH": os.environ["PATH"], "LANG": "C.UTF-8", "TIAO_CACHE_DIR": cache, "TZ": "UTC"}
        for name, code, arguments in cases():
            done = subprocess.run([tiao, *arguments], cwd=project, env=environment, capture_output=True, timeout=120)
            found = {"out": settled(done.stdout.decode()), "err": settled(done.stderr.decode())}
            if done.returncode != code:
                failures.append(f"{name}: exit code {done.returncode}, expected {code}\n{found['err']}")
            for stream, text in found.items():
                path = expected / f"{name}.{stream}"
                if update:
                    expected.mkdir(exist_ok=True)
                    path.write_text(text, encoding="utf-8") if text else path.unlink(missing_ok=True)
                elif (path.read_text(encoding="utf-8") if path.exists() else "") != text:
                    failures.append(f"{name}: {path.name} differs; found\n{text}")
    if sorted(p.name for p in project.iterdir()) != before:
        failures.append("a command left a file behind")
    print("\n".join(failures) or "every command prints what is expected")
    return 1 if failures else 0


sys.exit(main())
