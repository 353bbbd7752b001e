#!/usr/bin/env python3
"""`tiao explain --what-if`: every change that is proposed is made in the fact files themselves and run anew. The remedy must have
turned, every number must be the nearest that does it, and of two facts neither may do it alone.

usage: what_if.py TIAO ROOT [EVERY]; with EVERY each so many subjects of the shipped facts are tried instead of chosen ones"""
import csv
import json
import pathlib
import shutil
import subprocess
import sys
import tempfile

TIAO, ROOT = sys.argv[1], pathlib.Path(sys.argv[2])
failures = []
counts = {"proposals": 0, "pairs": 0, "removed": 0, "runs": 0, "short": 0}


def tiao(*arguments):
    run = subprocess.run([TIAO, "--lang", "en", "--project", str(ROOT), *map(str, arguments)], capture_output=True, text=True)
    return run.returncode, run.stdout, run.stderr


class Facts:
    """A folder of fact files, read whole; copies of it with something changed."""

    def __init__(self, folder):
        self.folder = pathlib.Path(folder)
        self.registers, self.columns = {}, {}
        for file in sorted(self.folder.iterdir()):
            if file.suffix == ".csv":
                with file.open(encoding="utf-8", newline="") as text:
                    reader = csv.DictReader(text)
                    self.registers[file.stem], self.columns[file.stem] = list(reader), reader.fieldnames
            elif file.suffix == ".ndjson":
                self.registers[file.stem] = [json.loads(line) for line in file.read_text(encoding="utf-8").splitlines() if line.strip()]
            elif file.suffix == ".json" and file.stem not in ("parameters", "open"):
                self.registers[file.stem] = json.loads(file.read_text(encoding="utf-8"))

    def place(self, entity, key):
        """By its key, which stands in some column of its register; rows without one are known by their number."""
        rows = self.registers[entity]
        if key.startswith(entity + "#"):
            return int(key.rpartition("#")[2]) - 1
        names = {"practitioner": "person_id", "facility": "facility_id", "incident": "incident_id", "facility_case": "case_id"}
        wanted = [names[entity]] if entity in names and rows and names[entity] in rows[0] else list(rows[0])
        hits = [i for i, row in enumerate(rows) if any(row.get(name) == key for name in wanted)]
        if len(hits) != 1:
            sys.exit(f"{entity} {key}: {len(hits)} rows in the facts have this key")
        return hits[0]

    def changed(self, changes, to):
        registers = {}
        gone = {}
        for change in changes:
            entity = change["entity"]
            if change.get("removed"):
                for row in [change, *change.get("with", [])]:
                    gone.setdefault(row["entity"], set()).add(self.place(row["entity"], row["row"]))
                continue
            rows = registers.setdefault(entity, [dict(row) for row in self.registers[entity]])
            rows[self.place(entity, change["row"])][change["column"]] = change["value"]
        for entity, places in gone.items():
            rows = registers.get(entity, self.registers[entity])
            registers[entity] = [row for i, row in enumerate(rows) if i not in places]
        to.mkdir()
        for file in self.folder.iterdir():
            if file.stem not in registers:
                (to / file.name).symlink_to(file)
            elif file.suffix == ".csv":
                names = list(self.columns[file.stem])
                names += [c["column"] for c in changes if c["entity"] == file.stem and not c.get("removed") and c["column"] not in names]
                with (to / file.name).open("w", encoding="utf-8", newline="") as text:
                    writer = csv.DictWriter(text, names, restval="", lineterminator="\n")
                    writer.writeheader()
                    writer.writerows({k: {True: "true", False: "false"}.get(v, v) if isinstance(v, bool) else v for k, v in row.items()} for row in registers[file.stem])
            elif file.suffix == ".ndjson":
                (to / file.name).write_text("".join(json.dumps(row, ensure_ascii=False) + "\n" for row in registers[file.stem]), encoding="utf-8")
            else:
                (to / file.name).write_text(json.dumps(registers[file.stem], ensure_ascii=False), encoding="utf-8")
        return to


class Case:
    def __init__(self, name, facts, as_of, key, *remedies):
        self.name, self.facts, self.as_of, self.key = name, facts, as_of, key
        code, out, err = tiao("explain", name, "--facts", facts.folder, "--as-of", as_of, "--case", key, "--format", "json", "--what-if", *remedies)
        if code != 0:
            sys.exit(f"{name} {key}: exit {code}\n{err}")
        self.report = json.loads(out)
        subject = self.report["verdict"]["subject"]
        self.subject = f"{subject['entity']}:{subject['key']}"
        self.seen = {}

    def verdict(self, changes):
        """Of the changed facts, on disk and in a process of its own."""
        text = json.dumps(changes, sort_keys=True)
        if text not in self.seen:
            counts["runs"] += 1
            with tempfile.TemporaryDirectory() as folder:
                facts = self.facts.changed(changes, pathlib.Path(folder) / "facts")
                code, out, err = tiao("run", self.name, "--facts", facts, "--as-of", self.as_of, "--only", self.subject, "--format", "ndjson")
                if code != 0:
                    failures.append(f"{self.subject} with {text}: exit {code}\n{err}")
                self.seen[text] = json.loads(out) if code == 0 else {"remedies": [], "outcome": "error"}
        return self.seen[text]

    def standing(self, asked, verdict):
        """How many rows of the act there are, and how many of them hold."""
        def is_it(remedy):
            same = all(remedy.get(k) == asked.get(k) for k in ("remedy", "modality", "actor", "alternative"))
            return same and ("target" not in asked or remedy["target"] == asked["target"])
        rows = [r for r in verdict["remedies"] if is_it(r)]
        return len(rows), sum(r["state"] == "applies" for r in rows)

    def turned(self, asked, to, verdict):
        listed, holding = self.standing(asked, verdict)
        before, held = self.standing(asked, self.report["verdict"])
        return listed < before if to == "off" else holding > held

    def check(self):
        found = 0
        for asked in self.report["what_if"]:
            for turn in asked["turns"]:
                for proposal in turn["proposals"]:
                    found += 1
                    self.proposal(asked, turn["to"], proposal)
                searched = turn["searched"]
                if searched["none_can"] and (turn["proposals"] or searched["stopped"]):
                    failures.append(f"{self.subject} {asked['remedy']}: nothing can, and yet something does")
        return found

    def proposal(self, asked, to, proposal):
        facts = proposal["facts"]
        counts["proposals"] += 1
        counts["pairs"] += len(facts) == 2
        counts["removed"] += any(f.get("removed", False) for f in facts)
        told = f"{self.subject} {asked['modality']} {asked['remedy']} to {to} by {json.dumps(facts, ensure_ascii=False)}"
        verdict = self.verdict(facts)
        if not self.turned(asked, to, verdict):
            failures.append(f"{told}: it did not turn")
        if verdict["outcome"] != proposal["outcome"]:
            failures.append(f"{told}: the outcome is {verdict['outcome']}")
        self.effects(told, asked, proposal, verdict)
        for i, fact in enumerate(facts):
            if len(facts) > 1 and self.turned(asked, to, self.verdict(facts[:i] + facts[i + 1:])):
                failures.append(f"{told}: one of the facts alone does it")
            if "falls_short" in fact:
                counts["short"] += 1
                nearer = facts[:i] + [{**fact, "value": fact["falls_short"]}] + facts[i + 1:]
                if self.turned(asked, to, self.verdict(nearer)):
                    failures.append(f"{told}: {fact['falls_short']} does it too")
            for value in fact.get("also", []):
                if not self.turned(asked, to, self.verdict(facts[:i] + [{**fact, "value": value}] + facts[i + 1:])):
                    failures.append(f"{told}: {value} does not do it")

    def effects(self, told, asked, proposal, verdict):
        """What else came or went: the counts by remedy must move as they are told."""
        def tally(remedies):
            out = {}
            for r in remedies:
                key = (r["remedy"], r["modality"], r.get("actor"))
                out[key] = out.get(key, 0) + 1
            return out
        before, after = tally(self.report["verdict"]["remedies"]), tally(verdict["remedies"])
        own = (asked["remedy"], asked["modality"], asked.get("actor"))
        moved = {}
        for e in proposal.get("effects", []):
            key = (e["remedy"], e["modality"], e.get("actor"))
            moved[key] = moved.get(key, 0) + (e["after"] is not None) - (e["before"] is not None)
        for key in before.keys() | after.keys():
            wanted = after.get(key, 0) - before.get(key, 0)
            if key != own and moved.get(key, 0) != wanted:
                failures.append(f"{told}: {key} moves by {wanted}, and {moved.get(key, 0)} is told")


def shipped(tianjin, jining, region):
    """Sums over incidents, days, spans; blanks; findings and judgments of articles 62 to 66; remedies that are not listed."""
    yield Case("tianjin.practitioner", tianjin, "2025-12-31", "P0042", "suspend_eligibility", "restore_eligibility", "end_eligibility")
    yield Case("tianjin.practitioner", tianjin, "2025-12-31", "P0002")
    yield Case("jining.practitioner", jining, "2025-12-31", "P0006", "suspend_person_agreement", "deduct_points")
    yield Case("jining.practitioner", jining, "2025-12-31", "P0010")
    for key in ("C00003", "C00005", "C00007"):
        yield Case("region.facility", region, "2025-12-31", f"facility_case:{key}", "breach_penalty", "refuse_or_recover", "suspend_agreement", "interview", "publish_status")
    yield Case("region.facility", region, "2025-12-31", "facility:F002", "terminate_agreement", "suspend_agreement")


def sampled(tianjin, jining, region, every):
    """Each so many subjects of the shipped facts with all that is listed of them: for a longer look than a test takes."""
    for name, facts in (("tianjin.practitioner", tianjin), ("jining.practitioner", jining), ("region.facility", region)):
        code, out, err = tiao("run", name, "--facts", facts.folder, "--as-of", "2025-12-31", "--format", "ndjson")
        for i, line in enumerate(out.splitlines()):
            subject = json.loads(line)["subject"]
            if i % every == 0:
                yield Case(name, facts, "2025-12-31", f"{subject['entity']}:{subject['key']}")


def main():
    tianjin = Facts(ROOT / "clauses/tianjin/practitioner/facts")
    jining = Facts(ROOT / "clauses/jining/practitioner/facts")
    region = Facts(ROOT / "clauses/region/facility/facts")
    code, _, err = tiao("explain", "tianjin.practitioner", "--facts", tianjin.folder, "--as-of", "2025-12-31", "--case", "P0042", "--what-if", "suspend_person_agreement")
    if code != 2 or "no clause of tianjin.practitioner imposes" not in err:
        failures.append(f"a remedy of another text: exit {code}, {err}")
    every = int(sys.argv[3]) if len(sys.argv) > 3 else 0
    for case in sampled(tianjin, jining, region, every) if every else shipped(tianjin, jining, region):
        found = case.check()
        if every:
            print(case.subject, found, len(failures), counts, flush=True)
        elif found == 0:
            failures.append(f"{case.subject}: no proposal at all")
    for what, number in counts.items():
        if number == 0:
            failures.append(f"no case had {what}")
    print("\n".join(failures[:40]) or f"every proposal does what it says: {counts}")
    return 1 if failures else 0


sys.exit(main())
