#!/usr/bin/env python3
"""A supplement that is put on another agreement fails, also where its numbers would fit: the title does not."""
import pathlib
import shutil
import subprocess
import sys
import tempfile

tiao, source = sys.argv[1], pathlib.Path(sys.argv[2])
failures = []
with tempfile.TemporaryDirectory() as place:
    project = pathlib.Path(place)
    shutil.copytree(source / "stdlib", project / "stdlib")
    for part in ("region/facility", "tianjin/facility"):
        shutil.copytree(source / "clauses" / part, project / "clauses" / part)
    supplement = project / "clauses" / "tianjin" / "facility" / "supplement_2025.tiao"
    text = supplement.read_text()
    assert 'amends tianjin.facility "' in text
    own_title = text.split('amends tianjin.facility "', 1)[1].split('"', 1)[0]
    region = (source / "clauses" / "region" / "facility" / "1-general.tiao").read_text()
    region_title = region.split('agreement region.facility "', 1)[1].split('"', 1)[0]

    def check(name, changed, codes, words):
        supplement.write_text(changed)
        done = subprocess.run([tiao, "check", "clauses", "--lang", "en", "--project", str(project)], capture_output=True, text=True, cwd=project)
        said = done.stdout + done.stderr
        if done.returncode != 1 or not all(code in said for code in codes) or not all(word in said for word in words):
            failures.append(f"{name}: exit {done.returncode}\n{said[:2000]}")
        ran = subprocess.run([tiao, "run", "region.facility", "--facts", "nowhere.json", "--as-of", "2025-12-31", "--project", str(project)], capture_output=True, text=True)
        if ran.returncode != 1 or ran.stdout:
            failures.append(f"{name}: it runs all the same: exit {ran.returncode}")

    on_region = text.replace("amends tianjin.facility ", "amends region.facility ")
    check("the other agreement", on_region, ["error[wrong_title]"], [own_title, region_title])
    check("the other agreement, no title", on_region.replace(f' "{own_title}"', "", 1), ["error[title_needed]"], [region_title])
    # Whoever writes the other title down as well is stopped by the shape: eleven of sixteen places fit by number, five do not.
    check("the other title too", on_region.replace(own_title, region_title, 1), ["error[nothing_to_replace]", "error[insert_taken]"], ["第七十一条（十二）", "第七十二条（十四）"])

for failure in failures:
    print(failure)
print("another text is noticed" if not failures else f"{len(failures)} failures")
sys.exit(1 if failures else 0)
