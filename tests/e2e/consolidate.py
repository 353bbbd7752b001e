#!/usr/bin/env python3
"""The consolidated text of a day is a program, and gives the verdicts that the parts give together on that day."""
import html.parser
import json
import pathlib
import shutil
import subprocess
import sys
import tempfile

tiao, source = sys.argv[1], pathlib.Path(sys.argv[2])
project = source / "tests" / "scenarios"
FACTS = {
    "shop": [{"shop_id": "S1", "takes_part": True, "online": True, "size": "small"}, {"shop_id": "S2", "takes_part": True, "online": True, "size": "large"}],
    "case_of": [{"case_id": f"C{i}", "shop": "S1", "opened_on": "2025-05-01", **row} for i, row in enumerate([
        {"posted": False, "loss": "10元".rstrip("元")}, {"posted": False, "late": True, "loss": "60.00"}, {"late": True, "loss": "0.00"}, {"refused": True, "late": True, "loss": "2000.00"},
        {"loss": "79.99"}, {"loss": "80.00"}, {"late": None, "loss": "120.00"}])],
}
failures = []


def run(*arguments, cwd=None):
    return subprocess.run([tiao, *arguments], capture_output=True, text=True, cwd=cwd)


def verdicts(folder, facts, day):
    done = run("run", "amend.base", "--facts", str(facts), "--as-of", day, "--format", "ndjson", "--project", str(folder), "--engine", "interp")
    if done.returncode != 0:
        failures.append(f"{day}: {done.stderr}")
        return []
    rows = [json.loads(line) for line in done.stdout.splitlines()]
    for row in rows:
        for key in ("agreement_hash", "findings", "not_applicable", "edition"):
            row.pop(key, None)
    return rows


class Reader(html.parser.HTMLParser):
    VOID = {"meta", "link", "br"}

    def __init__(self):
        super().__init__()
        self.open, self.text, self.counts, self.outside = [], "", {}, []

    def handle_starttag(self, tag, attributes):
        self.counts[tag] = self.counts.get(tag, 0) + 1
        for name, value in attributes:
            if name in ("src", "href") and not value.startswith("#"):
                self.outside.append(value)
        if tag not in self.VOID:
            self.open.append(tag)

    def handle_endtag(self, tag):
        if not self.open or self.open.pop() != tag:
            failures.append(f"page: </{tag}> closes what is not open")

    def handle_data(self, data):
        self.text += data


with tempfile.TemporaryDirectory() as place:
    place = pathlib.Path(place)
    facts = place / "facts.json"
    facts.write_text(json.dumps(FACTS, ensure_ascii=False))
    seen = set()
    for day in ("2025-06-30", "2025-07-01", "2025-12-31", "2026-01-01"):
        folder = place / day
        (folder / "clauses").mkdir(parents=True)
        shutil.copy(project / "clauses" / "words.tiao", folder / "clauses")
        done = run("consolidate", "amend.base", "--as-of", day, "--project", str(project), "--out", str(folder / "clauses" / "whole.tiao"))
        if done.returncode != 0:
            failures.append(f"{day}: {done.stderr}")
            continue
        together, alone = verdicts(project, facts, day), verdicts(folder, facts, day)
        if together != alone or not together:
            for a, b in zip(together, alone):
                if a != b:
                    failures.append(f"{day}: parts {a}\n  whole {b}")
        seen.add((folder / "clauses" / "whole.tiao").read_text().split("\n", 3)[3])
    if len(seen) != 3:   # only the day before a supplement and the day after differ
        failures.append(f"{len(seen)} different texts, expected 3")
    page = place / "page.html"
    for language, words in (("zh", ["改写", "已改写", "增加", "尚未有效", "第一条（四）", "第一份"]), ("en", ["rewritten", "replaced", "inserted", "not yet in force", "item 4 of article 1"])):
        done = run("consolidate", "amend.base", "--as-of", "2025-07-01", "--format", "html", "--out", str(page), "--lang", language, "--project", str(project))
        reader = Reader()
        reader.feed(page.read_text())
        if done.returncode != 0 or reader.open or reader.outside or "script" in reader.counts:
            failures.append(f"page {language}: {done.stderr} open {reader.open} outside {reader.outside}")
        for word in words:
            if word not in reader.text:
                failures.append(f"page {language}: no “{word}”")
        if reader.counts.get("ins", 0) == 0 or reader.counts.get("del", 0) == 0:
            failures.append(f"page {language}: nothing is marked")
    blank = run("consolidate", "amend.blank", "--as-of", "2025-12-31", "--project", str(project), "--lang", "en")
    if blank.returncode != 2 or "starts_on" not in blank.stderr or blank.stdout:
        failures.append(f"a blank day: {blank.returncode} {blank.stderr}")
    told = run("consolidate", "amend.blank", "--as-of", "2025-12-31", "--set", "starts_on=2025-12-31", "--project", str(project))
    if told.returncode != 0 or "item 2" not in told.stdout:
        failures.append(f"a blank that is set: {told.returncode} {told.stderr} {told.stdout}")

for failure in failures:
    print(failure)
print("the whole says what its parts say" if not failures else f"{len(failures)} failures")
sys.exit(1 if failures else 0)
