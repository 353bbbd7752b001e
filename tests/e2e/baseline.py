#!/usr/bin/env python3
"""`tiao test --baseline`: a reworded clause explains what it changes and nothing else, whatever changed without one is an error,
and files that do not belong together are told."""
import json
import pathlib
import re
import shutil
import subprocess
import sys
import tempfile

TIAO, ROOT = sys.argv[1], pathlib.Path(sys.argv[2])
TOWN = ROOT / "tests/golden/cli/project"
failures = []


def expect(what, found, wanted):
    if found != wanted:
        failures.append(f"{what}: found {found!r}, expected {wanted!r}")


def holds(what, text, part):
    if part not in text:
        failures.append(f"{what}: {part!r} is not in {text!r}")


class Project:
    """The made-up town with its facts, and a baseline that nobody has accepted yet."""

    def __init__(self, folder):
        self.root = pathlib.Path(folder)
        shutil.copytree(TOWN / "clauses", self.root / "clauses")
        shutil.copy(TOWN / "facts.json", self.root)
        self.rules = self.root / "clauses/town/rules.tiao"
        self.text = self.rules.read_text()
        self.base = self.root / "baseline"
        self.base.mkdir()
        (self.base / "baseline.json").write_text('{"agreement": "town.people", "facts": "../facts.json", "as_of": "2025-12-31", "readings": {"meant": "at_half"}}')

    def test(self, *arguments, baseline=True):
        run = subprocess.run([TIAO, "--lang", "en", "--project", str(self.root), "test", *(["--baseline", str(self.base)] if baseline else []), *arguments],
                             capture_output=True, text=True)
        return run.returncode, run.stdout, run.stderr

    def report(self, code, what):
        found, out, err = self.test("--format", "json")
        expect(f"{what}: exit code ({err.strip()})", found, code)
        return json.loads(out) if out else {"differences": [], "differing": -1, "unexplained": -1, "changes": -1}

    def accept(self, what, *more):
        code, _, err = self.test("--accept", what, *more)
        expect(f"accept {what}", (code, err), (0, ""))

    def say(self, old, new):
        text = self.rules.read_text()
        expect(f"{old!r} in the rules", text.count(old), 1)
        self.rules.write_text(text.replace(old, new))

    def files(self):
        return {p.name: p.read_bytes() for p in self.base.iterdir()}

    def put(self, files):
        for name, content in files.items():
            (self.base / name).write_bytes(content)

    def log(self):
        return [json.loads(line) for line in (self.base / "log.ndjson").read_text().splitlines()]


def causes(report):
    return {piece for d in report["differences"] for c in d["changes"] for piece in c.get("because_of", [])}


def subjects(report, explained):
    return [d["subject"]["key"] for d in report["differences"] if d["explained"] == explained]


def with_project(check):
    with tempfile.TemporaryDirectory() as folder:
        check(Project(folder))


def accepting(p):
    code, _, err = p.test()
    expect("nothing accepted", code, 2)
    holds("nothing accepted", err, "nothing has been accepted")
    expect("no reason", p.test("--accept", " ")[0], 2)
    p.accept("the text as adopted")
    expect("equal", p.test()[:2], (0, "town.people as of 2025-12-31: 6 subjects, verdicts as accepted\n"))
    before = p.files()
    p.accept("nothing to accept")
    expect("nothing is written where nothing changed", p.files(), before)
    # Layout and comments are no other text.
    p.rules.write_text("# once more\n" + p.text.replace("    when any item then", "    # a remark\n    when   any item\n      then"))
    expect("another layout", p.report(0, "another layout").get("reworded"), None)
    # Reworded without any effect.
    p.rules.write_text(p.text.replace("severity 80", "severity 81"))
    report = p.report(0, "no effect")
    expect("no effect", (report["reworded"], report["differing"]), (["remedy close_clinic"], 0))


def explained(p):
    p.accept("first")
    p.say("9分..    | 3 months", "9分..    | 4 months")
    report = p.report(1, "a longer term")
    expect("a longer term", (subjects(report, True), report["unexplained"], causes(report)), (["P2"], 0, {"table term"}))
    code, out, _ = p.test()
    holds("in words", out, "suspend (person P2) for: 3 months -> 4 months [table term]")
    code, out, _ = p.test("--format", "junit")
    expect("junit", (code, out.count("<testcase"), out.count("<failure message=\"explained by changed text\"")), (1, 2, 1))
    p.accept("the term was lengthened")
    expect("after acceptance", p.report(0, "after acceptance")["differing"], 0)
    log = p.log()
    expect("log", [e["reason"] for e in log], ["first", "the term was lengthened"])
    expect("log counts", {k: log[1][k] for k in ("differing", "changes", "unexplained", "reworded")}, {"differing": 1, "changes": 2, "unexplained": 0, "reworded": ["table term"]})
    expect("log hashes", (log[1]["agreement_hash"]["before"], log[1]["facts_hash"]["before"]), (log[0]["agreement_hash"]["after"], log[1]["facts_hash"]["after"]))
    # A provision that is taken away, and one that others rest on through a ledger.
    p.say("when swapped and degree is grave", "when degree is grave and false")
    report = p.report(1, "no points")
    expect("no points", (report["unexplained"], causes(report)), (0, {"第二条（一）"}))
    p.rules.write_text(p.text.replace("9分..    | 3 months", "9分..    | 4 months").replace(p.text[p.text.index("    item 1 \"三分\""):p.text.index("    item 2 \"六分\"")], ""))
    report = p.report(1, "an item taken away")
    expect("an item taken away", (report["unexplained"], causes(report)), (0, {"第四条（一）"}))


def unexplained(p):
    p.accept("first")
    old = p.files()
    p.say("9分..    | 3 months", "9分..    | 4 months")
    p.accept("second")
    # The verdicts of the first text under the words of the second: as if the engine had changed.
    accepted, earlier = json.loads((p.base / "accepted.json").read_text()), json.loads(old["accepted.json"])
    accepted["verdicts_hash"] = earlier["verdicts_hash"]
    p.put({"accepted.json": json.dumps(accepted, ensure_ascii=False).encode(), "verdicts.ndjson": old["verdicts.ndjson"]})
    report = p.report(1, "unexplained")
    expect("unexplained", (subjects(report, False), report["unexplained"], causes(report)), (["P2"], 2, set()))
    code, out, _ = p.test()
    holds("unexplained in words", out, "look at the engine")
    # A change elsewhere in the text explains nothing of it.
    p.say("told_on due issued_on + 3 days", "told_on due issued_on + 4 days")
    report = p.report(1, "another provision changed")
    expect("another provision changed", (subjects(report, False), report["unexplained"], causes(report)), (["P2"], 2, {"第五条"}))
    before = p.files()
    code, out, err = p.test("--accept", "whatever")
    expect("refused", (code, p.files() == before), (1, True))
    holds("refused", err, "not accepted: no changed text explains 2 of the changes")
    p.accept("the engine was wrong about terms", "--unexplained")
    expect("accepted all the same", p.report(0, "accepted")["differing"], 0)
    expect("log of it", (p.log()[-1]["reason"], p.log()[-1]["unexplained"]), ("the engine was wrong about terms", 2))


def other_facts(p):
    p.accept("first")
    facts = json.loads((p.root / "facts.json").read_text())
    facts["person"].append({"number": "P5", "clinic": "C2", "trained": False})
    facts["person"] = [r for r in facts["person"] if r["number"] != "P4"]
    (p.root / "facts.json").write_text(json.dumps(facts))
    report = p.report(1, "other facts")
    expect("other facts", (report.get("other_facts"), sorted(subjects(report, False))), (True, ["P4", "P5"]))
    code, out, _ = p.test()
    holds("other facts in words", out, "the facts are not those of the acceptance")
    holds("a new subject", out, "person P5\n  outcome: none -> decided")
    (p.base / "baseline.json").write_text('{"agreement": "town.people", "facts": "../facts.json", "as_of": "2025-06-30", "readings": {"meant": "at_half"}}')
    holds("another day", p.test()[1], "baseline.json is not what it was")


def half_written(p):
    p.accept("first")
    whole = p.files()

    def broken(what, message):
        code, out, err = p.test()
        expect(what, (code, out), (2, ""))
        holds(what, err, message)
        for file in p.base.iterdir():
            file.unlink()
        p.put(whole)

    (p.base / "accepted.json").unlink()
    broken("without accepted.json", "not written to its end")
    (p.base / "verdicts.ndjson").unlink()
    broken("without verdicts", "verdicts.ndjson is missing")
    (p.base / "verdicts.ndjson").write_bytes(whole["verdicts.ndjson"][:-200])
    broken("cut verdicts", "not what was accepted")
    (p.base / "log.ndjson").write_text("")
    broken("emptied log", "log.ndjson is missing or was edited")
    (p.base / "accepted.json").write_bytes(whole["accepted.json"][:300])
    broken("cut accepted.json", "Restore it from version control")
    (p.base / "baseline.json").unlink()
    broken("no baseline.json", "there is no baseline.json")
    (p.base / "baseline.json").write_text('{"agreement": "town.people", "fact": "x"}')
    broken("unknown key", '"fact"?')
    (p.base / "baseline.json").write_text('{"agreement": "town.people", "facts": "../facts.json"}')
    broken("no day", '"as_of" is missing')
    for arguments in (["--accept", "x"], ["--unexplained"], ["--format", "json"]):
        expect(f"without a folder {arguments}", p.test(*arguments, baseline=False)[0], 2)
    expect("with files", p.test("clauses")[0], 2)


def every_number(p):
    """Whatever number of the clauses is changed: no difference is left unexplained, and each is put down to a piece that was reworded."""
    p.accept("first")
    tried = differing = 0
    for match in re.finditer(r"(?<![\w-])\d+", p.text):
        line = p.text[p.text.rfind("\n", 0, match.start()) + 1:match.start()].strip()
        if line.startswith(("#", "article", "convention")) and "means" not in line or line.startswith("item") and '"' not in line:
            continue
        p.rules.write_text(p.text[:match.start()] + str(int(match.group()) + 1) + p.text[match.end():])
        code, out, err = p.test("--format", "json", "--engine", "interp")
        if not out:
            expect(f"text with {line} {int(match.group()) + 1}", code in (1, 2) and err != "", True)   # no longer a text that compiles
            continue
        tried += 1
        report = json.loads(out)
        differing += report["differing"]
        expect(f"{line} {int(match.group()) + 1}: unexplained", report["unexplained"], 0)
        expect(f"{line} {int(match.group()) + 1}: causes", causes(report) <= set(report.get("reworded", [])), True)
    expect("numbers tried", tried > 15 and differing > 15, True)


def supplement(p):
    """What a supplement repeals or replaces explains what it changes."""
    p.accept("first")
    extra = p.root / "clauses/town/extra.tiao"
    extra.write_text('use town.rules\n\nsupplement town.extra "补充" amends town.people "镇人员细则" {\n'
                     '  item 1 { repeal item 1 of article 4 }\n}\n')
    report = p.report(1, "a supplement")
    expect("a supplement", (report["unexplained"], causes(report), report["differing"] > 0), (0, {"第四条（一）"}, True))


for check in (accepting, explained, unexplained, other_facts, half_written, every_number, supplement):
    with_project(check)
for failure in failures[:40]:
    print(failure[:600])
sys.exit(1 if failures else 0)
