#!/usr/bin/env python3
"""`tiao diff`: its numbers are recomputed from the verdicts of both sides, and every blamed set of operations is put to the test:
a supplement that holds these operations alone must give the later verdict."""
import html.parser
import json
import pathlib
import random
import re
import subprocess
import sys
import tempfile

TIAO, ROOT = sys.argv[1], pathlib.Path(sys.argv[2])
failures = []


def expect(what, found, wanted):
    if found != wanted:
        failures.append(f"{what}: found {found!r}, expected {wanted!r}")


def tiao(*arguments, project=ROOT):
    run = subprocess.run([TIAO, "--lang", "en", "--project", str(project), *map(str, arguments)], capture_output=True, text=True)
    return run.returncode, run.stdout, run.stderr


def without(facts, parameters, folder):
    """The same facts without blanks that only the other text declares."""
    for file in facts.iterdir():
        if file.name != "parameters.json":
            (folder / file.name).symlink_to(file)
    values = json.loads((facts / "parameters.json").read_text())
    (folder / "parameters.json").write_text(json.dumps({k: v for k, v in values.items() if k not in parameters}, ensure_ascii=False))
    return folder


def verdicts(name, facts, as_of, project=ROOT):
    code, out, err = tiao("run", name, "--facts", facts, "--as-of", as_of, "--format", "ndjson", project=project)
    foreign = re.findall(r"there is no parameter .(\w+)", err)
    if foreign:
        with tempfile.TemporaryDirectory() as folder:
            return verdicts(name, without(facts, foreign, pathlib.Path(folder)), as_of, project)
    expect(f"run {name}", (code, err if code else ""), (0, ""))
    found = {}
    for line in out.splitlines():
        verdict = json.loads(line)
        found[verdict["subject"]["entity"], verdict["subject"]["key"]] = verdict
    return found


def difference(old, new, facts, as_of, *more, project=ROOT):
    code, out, err = tiao("diff", old, new, "--facts", facts, "--as-of", as_of, "--format", "json", *more, project=project)
    if code not in (0, 1) or not out:
        sys.exit(f"diff {old} {new}: exit {code}\n{err}")
    report = json.loads(out)
    expect(f"exit code of diff {old} {new}", code, 1 if report["differing"] else 0)
    return report


def plain(values):
    """How far a value is open is for the evidence of a run to say; here it is open."""
    return {k: "open" if isinstance(v, dict) and v.keys() & {"unknown", "one_of"} else v for k, v in (values or {}).items()}


def remedies(verdict):
    return sorted(
        json.dumps([r["remedy"], r.get("actor"), r["modality"], r["in_principle"], r["state"], r["target"], plain(r.get("params")), r.get("choice"), r.get("cites")],
                   sort_keys=True, ensure_ascii=False)
        for r in verdict["remedies"])


def who_has(all_verdicts):
    counts = {}
    for verdict in all_verdicts.values():
        for remedy in {r["remedy"] for r in verdict["remedies"]}:
            counts[remedy] = counts.get(remedy, 0) + 1
    return counts


def recompute(old, new, facts, as_of):
    """The report against two runs of their own."""
    report = difference(old, new, facts, as_of)
    before, after = verdicts(old, facts, as_of), verdicts(new, facts, as_of)
    expect(f"{old} {new}: subjects", report["subjects"], len(before | after))
    had, has = who_has(before), who_has(after)
    expect(f"{old} {new}: before", {r["remedy"]: r["before"] for r in report["remedies"] if r["before"]}, had)
    expect(f"{old} {new}: after", {r["remedy"]: r["after"] for r in report["remedies"] if r["after"]}, has)
    listed = {(c["subject"]["entity"], c["subject"]["key"]): c for c in report["changes"]}
    expect(f"{old} {new}: listed", len(listed), report["differing"])
    for key in before.keys() | after.keys():
        a, b = before.get(key), after.get(key)
        differs = a is None or b is None or a["outcome"] != b["outcome"] or remedies(a) != remedies(b)
        if differs and key not in listed:
            failures.append(f"{old} {new}: {key} differs and is not listed")
    for key, change in listed.items():
        for side, found in (("before", before.get(key)), ("after", after.get(key))):
            if found is not None:
                expect(f"{old} {new}: {key} {side}", remedies(change[side]), remedies(found))
                expect(f"{old} {new}: {key} {side} outcome", change[side]["outcome"], found["outcome"])


BASE = """use vocabulary

agreement made.base "所拟协议" {{
  status draft
  subject shop
{articles}}}
"""
VOCABULARY = """actor office "机关"
entity shop "门店" {{ key shop_id "店号"  {facts} }}
{remedies}"""


def generated(seed):
    """A base of some articles, a supplement that replaces, inserts and repeals, and shops at random."""
    dice = random.Random(seed)
    numbers, letters = range(1, 6), "abc"
    vocabulary = VOCABULARY.format(
        facts="  ".join(f'fact {l} "{l}" : int' for l in letters),
        remedies="".join(f'remedy act_{n} "处理{n}" of shop {{ severity {n}  combine once }}\n' for n in numbers))

    def rule():
        tests = [f"{dice.choice(letters)} >= {dice.randint(1, 8)}" for _ in range(dice.randint(1, 2))]
        return f'for each shop when {dice.choice([" and ", " or "]).join(tests)} then office {dice.choice(["must", "may"])} act_{dice.choice(numbers)}'

    articles = {n: f'  article {n} "第{n}事" {{ paragraph 1 {{ {rule()} }} }}\n' for n in numbers}
    operations = []
    for i, n in enumerate(dice.sample(list(numbers), 3), 1):
        kind = dice.choice(["replace", "repeal", "insert"])
        if kind == "replace":
            operations.append(f'  item {i} {{ replace paragraph 1 of article {n} {{ {rule()} }} }}\n')
        elif kind == "repeal":
            operations.append(f"  item {i} {{ repeal paragraph 1 of article {n} }}\n")
        else:
            operations.append(f'  item {i} {{ insert paragraph 2 of article {n} {{ {rule()} }} }}\n')
    shops = [{"shop_id": f"S{k:03}", **{l: dice.randint(0, 9) for l in letters if dice.random() > 0.05}} for k in range(120)]
    return vocabulary, "".join(articles.values()), operations, shops


def supplement(operations):
    return 'use vocabulary\n\nsupplement made.extra "补充" amends made.base "所拟协议" {\n' + "".join(operations) + "}\n"


def blamed_alone(seed):
    with tempfile.TemporaryDirectory() as folder:
        project = pathlib.Path(folder)
        (project / "clauses").mkdir()
        vocabulary, articles, operations, shops = generated(seed)
        (project / "clauses" / "vocabulary.tiao").write_text(vocabulary)
        (project / "clauses" / "base.tiao").write_text(BASE.format(articles=articles))
        extra = project / "clauses" / "extra.tiao"
        extra.write_text(supplement(operations))
        (project / "facts.json").write_text(json.dumps({"shop": shops}))
        facts = project / "facts.json"
        report = difference("made.base@base", "made.base", facts, "2025-12-31", "--blame", project=project)
        expect(f"seed {seed}: operations", len(report["operations"]), len(operations))
        recomputed = {key: remedies(v) for key, v in verdicts("made.base", facts, "2025-12-31", project=project).items()}
        sets = {}
        for change in report["changes"]:
            sets.setdefault(tuple(change["blame"]["operations"]), []).append(change)
        for chosen, changes in sorted(sets.items()):
            extra.write_text(supplement([operations[k] for k in chosen]))
            alone = verdicts("made.base", facts, "2025-12-31", project=project)
            for change in changes:
                key = change["subject"]["entity"], change["subject"]["key"]
                expect(f"seed {seed}: {key} under {chosen}", remedies(alone[key]), recomputed[key])
            # None of them can be left out, and none is missing from a smaller set that was called the smallest.
            for k in chosen:
                less = [operations[j] for j in chosen if j != k]
                extra.write_text(supplement(less)) if less else extra.unlink()
                without = verdicts("made.base", facts, "2025-12-31", project=project)
                for change in changes:
                    key = change["subject"]["entity"], change["subject"]["key"]
                    if remedies(without[key]) == recomputed[key] and without[key]["outcome"] == change["after"]["outcome"]:
                        failures.append(f"seed {seed}: {key} has the later verdict without operation {k} of {chosen}")
        return report["differing"]


class Page(html.parser.HTMLParser):
    """What a page says in its tables; and whether every element is closed by its own tag."""
    VOID = {"meta", "input", "col", "br", "hr", "link", "img"}

    def __init__(self, text):
        super().__init__()
        self.open, self.tables, self.faults, self.ids, self.links, self.names, self.unlabelled = [], [], [], set(), set(), [], 0
        self.text, self.by_name = "", {}
        self.feed(text)
        self.close()
        if self.open:
            self.faults.append(f"never closed: {self.open}")

    def handle_starttag(self, tag, attributes):
        values = dict(attributes)
        self.names.append(tag)
        self.ids |= {values["id"]} if "id" in values else set()
        self.links |= {values["href"]} if "href" in values else set()
        self.unlabelled += tag in ("input", "select") and "label" not in self.open
        if tag == "table":
            self.tables.append([])
            self.by_name.setdefault(values.get("id") or values.get("class"), []).append(self.tables[-1])
        if tag == "tr":
            self.tables[-1].append((values, []))
        if tag in ("th", "td"):
            self.tables[-1][-1][1].append("")
            if tag == "th" and "scope" not in values:
                self.faults.append("a th without scope")
        if tag not in self.VOID:
            self.open.append(tag)

    def handle_endtag(self, tag):
        if not self.open or self.open.pop() != tag:
            self.faults.append(f"</{tag}> out of place")

    def handle_data(self, data):
        self.text += data
        if ("th" in self.open or "td" in self.open) and self.tables:
            self.tables[-1][-1][1][-1] += data


def page_of(old, new, facts, as_of, *more, project=ROOT):
    """The page says what the data says."""
    report = difference(old, new, facts, as_of, *more, project=project)
    _, out, _ = tiao("diff", old, new, "--facts", facts, "--as-of", as_of, "--format", "html", *more, project=project)
    page = Page(out)
    what = f"page of {old} {new}"
    expect(f"{what}: well-formed", page.faults, [])
    expect(f"{what}: fields without a label", page.unlabelled, 0)
    expect(f"{what}: what it loads", [n for n in page.names if n in ("link", "img", "iframe", "object")] + re.findall(r"https?://|@import|url\(|\bsrc=", out), [])
    expect(f"{what}: links that lead nowhere", {link for link in page.links if link.removeprefix("#") not in page.ids}, set())
    numbers = [int(n) for n in re.findall(r"<dd>(\d+)</dd>", out)]
    expect(f"{what}: numbers", (numbers[:3], numbers[5]), ([report["subjects"], report["differing"], report["other_remedies"]], report["another_basis"]))
    expect(f"{what}: every subject in one class", sum(numbers[2:6]), report["differing"])
    outcomes = [int(n) for table in page.by_name.get("outcomes", []) for _, cells in table[1:] for n in cells[1:]]
    expect(f"{what}: outcomes", sorted(n for n in outcomes if n) or [report["subjects"]], sorted(o["subjects"] for o in report["outcomes"]))
    counts = page.by_name.get("counts", [[("", [])]])
    told = {cells[0].split()[0]: [int(cells[k]) for k in (1, 2, 4, 5, 6)] for _, cells in counts[0][1:]}
    expect(f"{what}: remedies", told, {r["remedy"]: [r[k] for k in ("before", "after", "gained", "lost", "changed")] for r in report["remedies"]})
    changes = {f'{c["subject"]["entity"]} {c["subject"]["key"]}': c for c in report["changes"]}
    subjects = page.by_name["subjects"][0][1:]
    expect(f"{what}: subjects", sorted(cells[0] for _, cells in subjects), sorted(changes))
    signs = {"remedy_gained": "+", "remedy_lost": "-", "remedy_changed": "~"}
    weights = []
    for attributes, cells in subjects:
        change = changes[cells[0]]
        kinds = {c["kind"] for c in change["changes"]}
        expect(f"{what}: kinds", set(attributes["data-k"].split()), kinds)
        expect(f"{what}: remedies of {cells[0]}", set(attributes["data-r"].split()), {signs[c["kind"]] + c["name"] for c in change["changes"] if c["kind"] in signs})
        weights.append(0 if kinds & {"remedy_gained", "remedy_lost"} else 1 if "remedy_changed" in kinds else 2)
        if "--blame" in more:
            by = {k for c in change["changes"] for k in c.get("because_of", [])} | set(change["blame"]["operations"])
            expect(f"{what}: operations of {cells[0]}", {int(k) for k in attributes["data-o"].split()}, by)
    expect(f"{what}: other remedies first", weights, sorted(weights))
    if "--blame" in more:
        expect(f"{what}: operations", [int(cells[1]) for a, cells in counts[1] if a.get("id")], [o["subjects"] for o in report["operations"]])
    return page


def page_without_facts(old, new):
    """Of two agreements what each attaches to their concepts, of one its addresses that read otherwise."""
    code, out, _ = tiao("diff", old, new, "--format", "html")
    report = texts(old, new)
    page = Page(out)
    what = f"page of {old} {new} without facts"
    expect(f"{what}: exit code and form", (code, page.faults, page.unlabelled), (1, [], 0))
    expect(f"{what}: links that lead nowhere", {link for link in page.links if link.removeprefix("#") not in page.ids}, set())
    if "text" in report:
        expect(f"{what}: addresses", [cells[0].split()[0] for _, cells in page.by_name["texts"][0][1:]], [c["address"].split()[0] for c in report["text"]])
        return
    by_sort = {}
    for change in report["concepts"]:
        by_sort.setdefault(change["sort"], set()).add(change["concept"])
    expect(f"{what}: classes", [{cells[0] for _, cells in table[1:]} for table in page.by_name["concepts"]],
           [by_sort[sort] for sort in ("other_number", "other_result", "no_counterpart", "same") if sort in by_sort])


def many_subjects():
    """A page of thousands of subjects says what it leaves out, and still counts all."""
    with tempfile.TemporaryDirectory() as folder:
        project = pathlib.Path(folder)
        (project / "clauses").mkdir()
        (project / "clauses" / "vocabulary.tiao").write_text(VOCABULARY.format(facts='fact a "a" : int', remedies='remedy act "甲" of shop { severity 1 combine once }\n'))
        (project / "clauses" / "base.tiao").write_text(BASE.format(articles="  article 1 { for each shop when a >= 5 then office must act }\n"))
        (project / "clauses" / "extra.tiao").write_text(supplement(["  item 1 { replace article 1 { for each shop when a >= 3 then office must act } }\n"]))
        facts = project / "facts.json"
        facts.write_text(json.dumps({"shop": [{"shop_id": f"S{k:05}", "a": 2 + k % 3} for k in range(9000)]}))
        code, out, _ = tiao("diff", "made.base@base", "made.base", "--facts", facts, "--as-of", "2025-12-31", "--format", "html", project=project)
        page = Page(out)
        rows = page.by_name["subjects"][0][1:]
        expect("many subjects: exit code, form, rows", (code, page.faults, len(rows)), (1, [], 5000))
        expect("many subjects: numbers", [int(n) for n in re.findall(r"<dd>(\d+)</dd>", out)][:3], [9000, 6000, 6000])
        expect("many subjects: left out", ("1000 more are in --format csv or json" in out, "The first 1000 open to both verdicts" in out), (True, True))
        expect("many subjects: size", len(out) < 8_000_000, True)


facility = ROOT / "clauses/tianjin/facility/facts"
recompute("tianjin.facility@base", "tianjin.facility", facility, "2025-12-31")
expect("a text against itself", difference("tianjin.facility", "tianjin.facility", facility, "2025-12-31")["differing"], 0)
page_of("tianjin.facility@base", "tianjin.facility", facility, "2025-12-31", "--blame")
practitioner = ROOT / "clauses/tianjin/practitioner/facts"
recompute("tianjin.practitioner", "jining.practitioner", practitioner, "2025-12-31")
page_of("tianjin.practitioner", "jining.practitioner", practitioner, "2025-12-31")
shop = ROOT / "tests/golden/cli/project/shop"
page = page_of("draft.shop@base", "draft.shop", shop / "facts.json", "2025-12-31", "--blame", project=shop)
for said in ("late >= 2: yes (shop S2 late: 2)", "late >= 3: no (shop S2 late: 2)"):   # the facts that mattered, on the one side and on the other
    expect(f"the page says {said}", said in page.text, True)
page_of("draft.shop", "other.shop", shop / "facts.json", "2025-12-31", project=shop)
many_subjects()
if sum(blamed_alone(seed) for seed in range(6)) < 100:
    failures.append("the generated supplements hardly change anything")
def texts(old, new, *more, project=ROOT):
    code, out, _ = tiao("diff", old, new, "--format", "json", *more, project=project)
    expect(f"exit code of the texts {old} {new}", code, 1)
    return json.loads(out)


def texts_of_a_supplement():
    """Every kind of change of a text, and numbers told apart from other changes."""
    with tempfile.TemporaryDirectory() as folder:
        clauses = pathlib.Path(folder) / "clauses"
        clauses.mkdir()
        (clauses / "vocabulary.tiao").write_text(VOCABULARY.format(facts='fact a "a" : int', remedies='remedy act "甲" of shop { severity 1 combine once }\nremedy other "乙" of shop { severity 2 combine once }\n'))
        rule = "for each shop when a >= {} then office {}"
        (clauses / "base.tiao").write_text(BASE.format(articles="".join(f"  article {n} {{ {rule.format(n, 'must act')} }}\n" for n in range(1, 6))))
        (clauses / "extra.tiao").write_text(supplement([
            f"  item 1 {{ replace article 1 {{ {rule.format(7, 'must act')} }} }}\n", f"  item 2 {{ replace article 2 {{ {rule.format(2, 'may other')} }} }}\n",
            f"  item 3 {{ replace article 3 {{ {rule.format('3 and a <= 8', 'must act')} }} }}\n", "  item 4 { repeal article 5 }\n",
            f"  item 5 {{ insert article 6 {{ {rule.format(9, 'must other')} }} }}\n"]))
        found = {c["address"]: (c["kind"], c["sort"], [(w["before"], w["after"]) for w in c.get("words", [])]) for c in texts("made.base@base", "made.base", project=folder)["text"]}
        expect("text of a supplement", found, {
            "第一条": ("replaced", "other_number", [("1", "7")]), "第二条": ("replaced", "other_result", [("must act", "may other")]),
            "第三条": ("replaced", "other_rule", [("", "and a <= 8")]), "第五条": ("removed", "no_counterpart", []), "第六条": ("inserted", "no_counterpart", [])})
        expect("exit code of a text against itself", tiao("diff", "made.base", "made.base", project=folder)[0], 0)


texts_of_a_supplement()
page_without_facts("tianjin.facility@base", "tianjin.facility")
page_without_facts("tianjin.practitioner", "jining.practitioner")
concepts = {c["concept"]: c for c in texts("tianjin.practitioner", "jining.practitioner")["concepts"]}
talk = concepts.get("talk", {"sort": None, "before": [{}], "after": [{}]})
expect("talk in two cities", (talk["sort"], talk["before"][0].get("numbers"), talk["after"][0].get("numbers")), ("other_number", ["6分", "9分"], ["5分", "6分"]))
code, _, err = tiao("diff", "tianjin.practitioner", "jining.practitioner", "--facts", practitioner, "--as-of", "2025-12-31", "--blame")
expect("blame of two texts", (code, "two states of one text" in err), (2, True))

for failure in failures[:40]:
    print(failure[:400])
sys.exit(1 if failures else 0)
