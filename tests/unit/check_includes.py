#!/usr/bin/env python3
"""Dependencies run one way: reads every #include and fails on one that its room may not use."""
import pathlib
import re
import sys

root = pathlib.Path(sys.argv[1])
allowed = {
    "runtime/value": [],
    "runtime/program": ["runtime/value"],
    "runtime/facts": ["runtime/program", "runtime/value"],
    "runtime/engine": ["runtime/facts", "runtime/program", "runtime/value", "runtime/verdict/results.hpp"],
    "runtime/verdict": ["runtime/facts", "runtime/program", "runtime/value"],
    "compiler/source": ["runtime/value"],
    "compiler/diag": ["compiler/source"],
    "compiler/syntax": ["compiler/diag", "compiler/source", "runtime/value/text.hpp"],
    "compiler/document": ["compiler/syntax", "compiler/diag", "compiler/source", "runtime/value/text.hpp"],
    "compiler/core": ["runtime/program", "runtime/value"],
    "compiler/check": ["compiler/document", "compiler/syntax", "compiler/diag", "compiler/source", "compiler/core", "runtime/facts/tables.hpp",
                       "runtime/program", "runtime/value"],
    "compiler/interp": ["compiler/core", "runtime/facts", "runtime/program", "runtime/value", "runtime/verdict"],
    "compiler/plan": ["compiler/core", "runtime/program", "runtime/value"],
    "compiler/jit": ["compiler/plan", "compiler/core", "runtime"],
    "compiler/driver": ["compiler/check", "compiler/core", "compiler/diag", "compiler/document", "compiler/interp", "compiler/jit", "compiler/plan",
                        "compiler/source", "compiler/syntax", "runtime"],
    "compiler/cli": ["compiler/driver", "compiler/check", "compiler/diag", "compiler/source", "compiler/interp", "compiler/syntax", "runtime"],
}
# Third-party headers that belong to one room alone.
owned = {"llvm": "compiler/jit", "llvm-c": "compiler/jit", "antlr4-runtime.h": "compiler/syntax", "simdjson.h": "runtime/facts", "CLI": "compiler/cli"}

faults = []
files = 0
for room, may in allowed.items():
    for path in sorted((root / room).rglob("*")):
        if path.suffix not in {".cpp", ".hpp", ".h"}:
            continue
        files += 1
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
            found = re.match(r'\s*#\s*include\s*[<"]([^">]+)[">]', line)
            if not found:
                continue
            name = found.group(1)
            where = f"{path.relative_to(root)}:{number}"
            if name.startswith(("runtime/", "compiler/")):
                if not any(name == m or name.startswith(m.rstrip("/") + "/") for m in [room, *may]):
                    faults.append(f"{where}: {room} may not include {name}")
            head = name.split("/")[0]
            if head in owned and owned[head] != room:
                faults.append(f"{where}: {head} belongs to {owned[head]}")
if files < 50:
    faults.append(f"only {files} files seen: the folders have moved")
print("\n".join(faults) if faults else f"{files} files, every include runs the right way")
sys.exit(1 if faults else 0)
