"""The tool from outside: what it promises on real clauses and facts, and on input that is wrong.

usage: e2e.py TIAO SOURCE_DIR [unittest arguments]
"""
import json
import os
import pathlib
import re
import shutil
import signal
import subprocess
import sys
import tempfile
import time
import unittest

TIAO = pathlib.Path(sys.argv[1]).resolve()
ROOT = pathlib.Path(sys.argv[2]).resolve()
# Built with sanitizers the tool is some ten times slower: tests whose size is free are smaller by this.
SANITIZED = "TIAO_SANITIZED" in os.environ
SLOWER = 10 if SANITIZED else 1
LIMIT = 600 * SLOWER   # seconds for one call
TOWN = ROOT / "tests/golden/cli/project"

VERDICT_KEYS = ["agreement", "edition", "status", "agreement_hash", "as_of", "subject", "outcome", "remedies", "concurrence", "head_not_supplied",
                "findings", "duties", "reports", "flags", "needs", "readings", "readings_stopped", "otherwise", "conventions",
                "not_applicable", "not_covered", "errors"]
REMEDY_KEYS = ["remedy", "label", "actor", "modality", "in_principle", "alternative", "state", "phase", "heaviest", "target", "params",
               "includes", "choice", "cites", "needs"]


class Case(unittest.TestCase):
    def setUp(self):
        self.folder = pathlib.Path(tempfile.mkdtemp(prefix="tiao-e2e-"))
        self.addCleanup(shutil.rmtree, self.folder)

    def tiao(self, *arguments, cwd=ROOT, code=0, **environment):
        env = {"PATH": os.environ["PATH"], "LANG": "C.UTF-8", "TIAO_CACHE_DIR": str(self.folder / "cache")} | environment
        done = subprocess.run([TIAO, *map(str, arguments)], cwd=cwd, env=env, capture_output=True, timeout=LIMIT)
        self.assertEqual(done.returncode, code, done.stderr.decode(errors="replace")[:2000])
        return done

    def write(self, name, content):
        path = self.folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
        return path


class RealRegimes(Case):
    regimes = [("tianjin.practitioner", "clauses/tianjin/practitioner/facts"), ("jining.practitioner", "clauses/jining/practitioner/facts"),
               ("region.facility", "clauses/region/facility/facts"), ("tianjin.facility_2025", "clauses/tianjin/facility/facts")]

    def verdicts(self, agreement, facts, *more, **environment):
        out = self.folder / "verdicts.ndjson"
        self.tiao("run", agreement, "--facts", facts, "--as-of", "2025-12-31", "--format", "ndjson", "--out", out, *more, **environment)
        return out.read_bytes()

    def test_packed_facts_give_the_same_verdicts(self):
        for agreement, facts in self.regimes:
            with self.subTest(agreement):
                packed = self.folder / f"{agreement}.tiaof"
                self.assertIn(b"packed", self.tiao("facts", "pack", agreement, "--facts", facts, "--out", packed).stderr)
                expected = self.verdicts(agreement, facts)
                for engine in ("jit", "interp"):
                    for jobs in ("1", "3"):
                        self.assertEqual(self.verdicts(agreement, packed, "--engine", engine, "--jobs", jobs), expected)
                again = self.folder / "again.tiaof"
                self.tiao("facts", "pack", agreement, "--facts", packed, "--out", again, "--jobs", "1")
                self.assertEqual(again.read_bytes(), packed.read_bytes())
        agreement, facts = self.regimes[0]
        packed = self.folder / f"{agreement}.tiaof"
        explain = ["explain", agreement, "--as-of", "2025-12-31", "--case", "P0042", "--what-if", "--facts"]
        self.assertEqual(self.tiao(*explain, packed).stdout, self.tiao(*explain, facts).stdout)
        diff = ["diff", "tianjin.facility@base", "tianjin.facility_2025", "--as-of", "2025-12-31", "--format", "json", "--facts"]
        self.assertEqual(self.tiao(*diff, self.folder / "tianjin.facility_2025.tiaof", code=1).stdout, self.tiao(*diff, "clauses/tianjin/facility/facts", code=1).stdout)
        # Known by its first bytes; two texts of different registers: told, or the same as from the facts themselves.
        renamed = self.folder / "renamed.json"
        renamed.write_bytes(packed.read_bytes())
        self.assertEqual(self.verdicts(agreement, renamed), self.verdicts(agreement, facts))
        diff = ["diff", "tianjin.practitioner", "jining.practitioner", "--as-of", "2025-12-31", "--format", "json", "--facts"]
        self.assertIn(b"is not what it was when the facts were packed", self.tiao(*diff, packed, code=2).stderr)

    def test_packed_facts_that_are_damaged_or_of_other_registers_are_refused(self):
        (agreement, facts), (other, _) = self.regimes[0], self.regimes[2]
        packed = self.folder / "facts.tiaof"
        self.tiao("facts", "pack", agreement, "--facts", facts, "--out", packed)
        whole = packed.read_bytes()
        run = ["--as-of", "2025-12-31", "--out", self.folder / "verdicts.json", "--facts"]
        refused = self.tiao("run", other, *run, packed, code=2)
        self.assertIn(b"is not what it was when the facts were packed", refused.stderr)
        for broken in (whole[:-64], whole[:1000], whole[:len(whole) // 2] + bytes([whole[len(whole) // 2] ^ 1]) + whole[len(whole) // 2 + 1:]):
            refused = self.tiao("run", agreement, *run, self.write("broken.tiaof", broken), code=2)
            self.assertIn(b"the packed facts are damaged", refused.stderr)
            self.assertIn(b"tiao facts pack", refused.stderr)
        self.assertFalse((self.folder / "verdicts.json").exists())
        self.tiao("facts", "pack", agreement, "--facts", self.write("bad/incident.csv", "incident_id\n"), "--out", self.folder / "bad.tiaof")
        self.tiao("facts", "pack", agreement, "--facts", self.write("bad/practitioner.csv", "person\nP1\n"), "--out", packed, code=2)
        self.assertEqual(packed.read_bytes(), whole)

    def test_facts_do_not_depend_on_threads(self):
        for agreement, facts in self.regimes[:2]:
            with self.subTest(agreement):
                made = []
                for jobs in ("1", "2", "5"):
                    packed = self.folder / f"{jobs}.tiaof"
                    self.tiao("facts", "pack", agreement, "--facts", facts, "--out", packed, "--jobs", jobs)
                    made.append(packed.read_bytes())
                self.assertEqual(made[0], made[1])
                self.assertEqual(made[0], made[2])

    def test_engines_give_the_same_bytes_over_the_shipped_facts(self):
        for agreement, facts in self.regimes:
            with self.subTest(agreement):
                chosen = self.verdicts(agreement, facts)
                self.assertEqual(chosen, self.verdicts(agreement, facts, "--engine", "jit"))
                self.assertEqual(chosen, self.verdicts(agreement, facts, "--engine", "interp"))

    def test_the_shipped_cases_of_facilities_show_every_consequence(self):
        expected = {
            "region.facility": [   # by article, from 61 to 66
                "facility_demands", "ask_coordination", "demand_correction", "interview", "rectify_in_time", "hold_disbursement", "pay_held_fees",
                "refuse_or_recover", "breach_penalty", "refuse_payment", "recover_paid", "suspend_agreement", "settle_suspension_fees",
                "publish_status", "extend_to_staff_or_dept", "terminate_agreement"],
            "tianjin.facility_2025": [
                "settle_directly", "reimburse_later", "buy_excess", "not_buy_excess", "end_agreement", "no_next_agreement", "recover_payment", "suspend_settlement",
                "suspend_service", "suspend_agreement", "terminate_agreement", "points", "end_eligibility", "ask_opinion", "suspend_doctor",
                "suspend_doctor_longer", "rectify_doctor", "no_doctor_annex_next_year"]}
        for agreement, facts in self.regimes[2:]:
            verdicts = [json.loads(line) for line in self.verdicts(agreement, facts).decode().splitlines()]
            applied = {r["remedy"] for v in verdicts for r in v["remedies"] if r["state"] == "applies"}
            self.assertEqual([r for r in expected[agreement] if r not in applied], [])
            cases = [v["outcome"] for v in verdicts if v["subject"]["entity"] == "facility_case"]
            self.assertEqual(len(cases), 400)
            self.assertTrue(280 <= cases.count("decided") <= 360, cases.count("decided"))
            # Every register and parameter that the agreement reads is there: nothing waits for one.
            self.assertEqual({n["kind"] for v in verdicts for n in v["needs"]} - {"fact", "judgment", "reading", "text"}, set())

    def test_bytes_depend_on_nothing_but_the_case(self):
        agreement, facts = self.regimes[1]
        for engine in ("jit", "interp"):
            verdicts = lambda *more, **environment: self.verdicts(agreement, facts, "--engine", engine, *more, **environment)
            first = verdicts()
            self.assertEqual(first, verdicts())   # now from the cache
            self.assertEqual(first, verdicts("--jobs", "1"))
            self.assertEqual(first, verdicts("--lang", "zh", LANG="zh_CN.UTF-8", TZ="Asia/Shanghai"))
            self.assertEqual(first, verdicts(TIAO_CACHE_DIR="/proc/nowhere"))

    def test_what_is_kept_stands_writers_at_once_and_damage(self):
        agreement, facts = self.regimes[1]
        run = [TIAO, "run", agreement, "--facts", facts, "--as-of", "2025-12-31", "--format", "ndjson", "--engine", "jit"]
        cache = self.folder / "cache"
        env = {"PATH": os.environ["PATH"], "TIAO_CACHE_DIR": str(cache)}
        at_once = [subprocess.Popen(run, cwd=ROOT, env=env, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL) for _ in range(3)]
        said = {process.communicate(timeout=LIMIT)[0] for process in at_once}
        self.assertEqual(said, {self.verdicts(agreement, facts, "--engine", "interp")})
        kept = sorted(cache.iterdir())
        self.assertTrue(all(path.suffix == ".obj" for path in kept), kept)   # nobody left half a file
        whole = {path: path.read_bytes() for path in kept}
        for damage in (lambda b: b[:len(b) // 2], lambda b: b[:-1] + bytes([b[-1] ^ 1]), lambda b: b"", lambda b: bytes(len(b))):
            for path, content in whole.items():
                path.write_bytes(damage(content))
            self.assertEqual(subprocess.run(run, cwd=ROOT, env=env, capture_output=True, timeout=LIMIT).stdout, next(iter(said)))
            self.assertEqual({path: path.read_bytes() for path in sorted(cache.iterdir())}, whole)   # made again

    def test_every_verdict_keeps_the_contract(self):
        for agreement, facts in self.regimes:
            keys, unexplained = [], []
            for line in self.verdicts(agreement, facts).decode().splitlines():
                verdict = json.loads(line)
                self.assertEqual(list(verdict), [k for k in VERDICT_KEYS if k in verdict])
                self.assertIn("remedies", verdict)
                self.assertIn("needs", verdict)
                for empty in (k for k, v in verdict.items() if v in ([], {}) and k not in ("remedies", "needs")):
                    self.fail(f"empty {empty}")
                for remedy in verdict["remedies"]:
                    self.assertEqual(list(remedy), [k for k in REMEDY_KEYS if k in remedy])
                    self.assertTrue(remedy["cites"])
                undetermined = any(r["state"] == "undetermined" for r in verdict["remedies"])
                if undetermined:
                    self.assertIn(verdict["outcome"], ("undetermined", "error"))
                if verdict["outcome"] == "undetermined" and not verdict["needs"]:
                    unexplained.append(line)
                keys.append((verdict["subject"]["entity"], verdict["subject"]["key"]))
            self.assertEqual(unexplained, [])
            for entity in {e for e, _ in keys}:
                mine = [k for e, k in keys if e == entity]
                self.assertEqual(mine, sorted(mine))

    def test_all_formats_speak_of_the_same_remedies(self):
        agreement, facts = self.regimes[0]
        verdicts = [json.loads(line) for line in self.verdicts(agreement, facts).decode().splitlines()]
        remedies = sum(len(v["remedies"]) for v in verdicts)
        csv = self.tiao("run", agreement, "--facts", facts, "--as-of", "2025-12-31", "--format", "csv").stdout.decode().splitlines()
        self.assertEqual(len(csv) - 1, remedies + sum(not v["remedies"] for v in verdicts))
        whole = json.loads(self.tiao("run", agreement, "--facts", facts, "--as-of", "2025-12-31", "--format", "json").stdout)
        self.assertEqual(whole, verdicts)

    def test_check_coverage_and_scenarios_are_clean(self):
        self.tiao("check", "clauses")
        self.tiao("test", "clauses")
        report = json.loads(self.tiao("coverage", "tianjin.practitioner", "--format", "json").stdout)
        self.assertEqual(report["totals"]["articles"], "42/42")
        self.assertEqual(report["missing"], 0)
        report = json.loads(self.tiao("coverage", "jining.practitioner", "--format", "json").stdout)
        self.assertEqual(report["missing"], 0)

    def test_explanations_of_many_cases(self):
        for agreement, facts in self.regimes:
            for verdict in [json.loads(line) for line in self.verdicts(agreement, facts).decode().splitlines()][::150 * SLOWER]:
                case = f"{verdict['subject']['entity']}:{verdict['subject']['key']}"
                arguments = ["explain", agreement, "--facts", facts, "--as-of", "2025-12-31", "--case", case]
                self.assertEqual(json.loads(self.tiao(*arguments, "--format", "json").stdout)["verdict"], verdict)
                self.assertIn(verdict["subject"]["key"], self.tiao(*arguments, "--lang", "zh").stdout.decode())


class BadFacts(Case):
    def refused(self, facts, *words):
        out = self.folder / "out.json"
        done = self.tiao("run", "town.people", "--facts", facts, "--as-of", "2025-12-31", "--format", "json", "--out", out, cwd=TOWN, code=2)
        self.assertEqual([p for p in self.folder.iterdir() if p.name.startswith("out.json")], [])
        text = done.stderr.decode()
        for word in words:
            self.assertIn(word, text)

    def test_bytes_that_are_not_utf8(self):
        self.refused(self.write("facts.json", b'{"person":[{"number":"\xff\xfe"}]}'), "facts.json")

    def test_json_that_breaks_off(self):
        self.refused(self.write("facts.json", '{"person":[{"number":"P1"'), "facts.json")

    def test_empty_folder(self):
        (self.folder / "facts").mkdir()
        self.refused(self.folder / "facts", "facts")

    def test_line_of_a_hundred_megabytes(self):
        line = b'{"number":"' + b"x" * (100 << 20) + b'"}\n'
        self.refused(self.write("facts/person.ndjson", line), "person.ndjson", "longer")
        self.refused(self.write("csv/person.csv", b"number\n" + b"x" * (100 << 20) + b"\n"), "person.csv", "longer")

    def test_unknown_names_wrong_values_and_dangling_references(self):
        self.refused(self.write("facts.json", '{"person":[{"numbr":"P1"}]}'), "numbr", 'did you mean "number"')
        self.refused(self.write("facts.json", '{"persons":[]}'), "persons")
        self.refused(self.write("facts.json", '{"clinic":[{"code":"C1"},{"code":"C1"}]}'), "C1", "not unique")
        self.refused(self.write("facts.json", '{"clinic":[],"person":[{"number":"P1","clinic":"C9"}]}'), "C9")
        self.refused(self.write("facts.json", '{"clinic":[{"code":"C1","head_count":99999999999999999999}]}'), "head_count")
        self.refused(self.write("facts.json", '{"parameters":{"start":"2025-13-01"}}'), "2025-13-01")

    def test_no_right_to_read(self):
        path = self.write("facts.json", "{}")
        path.chmod(0)
        if not os.access(path, os.R_OK):
            self.refused(path, "facts.json")


class BadClauses(Case):
    person = 'entity person "人员" { key number "编号"  fact age "年龄" : int }\nremedy warn of person { severity 1 }\n'

    def found(self, text, *codes, name="draft.tiao"):
        path = self.write(name, text)
        done = self.tiao("check", path, "--format", "json", cwd=self.folder, code=1)
        text = done.stdout.decode()
        json.loads(text)
        for code in codes:
            self.assertIn(code, text)

    def test_bytes_that_are_not_utf8(self):
        self.found(b'agreement town.x "\xff" { }', "invalid_utf8")

    def test_a_hundred_megabytes(self):
        self.found(b"# " + b"x" * (100 << 20) + b"\n", "file_too_large")
        self.found(b"agreement town.x " + b"(" * (10 << 20), "nesting_too_deep")

    def test_ten_thousand_brackets(self):
        self.found('agreement town.x { article 1 when ' + "(" * 10000 + "1" + ")" * 10000 + " }", "nesting_too_deep")

    def test_long_chains(self):
        frame = lambda body: self.person + 'agreement town.x { subject person\narticle 1 { ' + body + ' } }\n'
        for step in (1, -1):   # each rests on the one before, or on the one after
            for count, code in ((150, 0), (3000, 1)):
                ends = list(range(count))[::step]
                chain = "".join(f"define d{i} of person : int means " + ("age" if i == ends[0] else f"d{i - step} + 1") + "\n" for i in range(count))
                path = self.write("chain.tiao", frame(chain + f"for each person when d{ends[-1]} over 1 then must warn"))
                done = self.tiao("check", path, cwd=self.folder, code=code)
                self.assertEqual(b"too_many" in done.stdout, code == 1)
        self.write("round/one.tiao", 'use two\nentity lodger "房客" { key number "编号" }\n')
        self.tiao("check", self.write("round/two.tiao", "use one\n"), self.folder / "round/one.tiao", cwd=self.folder)
        self.tiao("check", "round/two.tiao", "round/one.tiao", cwd=self.folder)
        self.tiao("check", "../round", cwd=self.folder / "round")
        self.tiao("check", self.write("itself.tiao", "use itself\n"), cwd=self.folder)
        self.found(frame("define f (x: int) means f(x) + 1  for each person when f(age) over 1 then must warn"), "cyclic_definition")
        for operator in ("and", "or", "+", "-", "*"):
            term = "age over 1" if operator in ("and", "or") else "1"
            text = frame("for each person when " + ("" if term != "1" else "age over ") + f" {operator} ".join([term] * 10000) + " then must warn")
            done = subprocess.run([TIAO, "check", self.write("draft.tiao", text)], cwd=self.folder, capture_output=True, timeout=LIMIT)
            self.assertIn(done.returncode, (0, 1))

    def test_long_lists(self):
        text = self.person + 'agreement town.x { subject person\narticle 1 { for each person when age over greatest(' + ", ".join(map(str, range(10000))) + ") then must warn } }\n"
        self.tiao("check", self.write("draft.tiao", text), cwd=self.folder)
        listed = ", ".join(str(i * 7919 % 10007) for i in range(5000))
        self.assertEqual(self.tiao("eval", f"greatest({listed})").stdout, str(max(i * 7919 % 10007 for i in range(5000))).encode() + b"\n")
        self.assertEqual(self.tiao("eval", f"least({listed}, 0.5 - 1)").stdout, b"-0.5\n")

    def test_prefixes_without_end(self):
        for before in ("not ", "- ", "-", "if true take 1 otherwise "):
            self.found(f'agreement town.x {{ article 1 when {before * 10000} 1 }}', "nesting_too_deep")

    def test_the_same_unknown_character_again_and_again(self):
        path = self.write("draft.tiao", 'unit mark "分"\n' + "`" * (4 << 20) + "\nunit point ?? \"点\" ?\n")
        done = self.tiao("check", path, "--format", "json", cwd=self.folder, code=1)
        self.assertEqual(done.stdout.count(b"unknown_character"), 3)

    def test_several_mistakes_in_one_run(self):
        path = self.write("draft.tiao", 'unit\nentity a { fact }\nremedy warn of { }\n')
        done = self.tiao("check", path, cwd=self.folder, code=1)
        self.assertGreaterEqual(done.stdout.decode().count("error["), 2)

    def test_meaning(self):
        entity = self.person
        frame = lambda body: entity + 'agreement town.x { subject person\n' + body + '\n}\n'
        self.found(entity + entity, "name_twice")
        self.found(frame("article 1 { for each person when any item of article 9 then must warn }"), "address_not_found")
        self.found(frame("article 1 { define a of person : int means b  define b of person : int means a  for each person when a over 1 then must warn }"),
                   "cyclic_definition")
        self.found(frame("article 1 { for each person table t (age) hit unique { | age | out | | 1..5 | 1 | | 5..9 | 2 | | otherwise | 3 | } "
                         "when t(age) over 1 then must warn }"), "overlap")


class Surroundings(Case):
    def test_data_on_standard_output_and_nothing_else(self):
        done = self.tiao("run", "town.people", "--facts", "facts.json", "--as-of", "2025-12-31", "--format", "json", cwd=TOWN)
        json.loads(done.stdout)
        self.assertIn(b"subjects", done.stderr)
        self.assertNotIn(b"\x1b", done.stderr)

    def test_file_is_replaced_whole(self):
        out = self.write("out.csv", "old")
        self.tiao("run", "town.people", "--facts", "facts.json", "--as-of", "2025-12-31", "--format", "csv", "--out", out, cwd=TOWN)
        self.assertTrue(out.read_text().startswith("agreement,"))
        self.assertEqual([p.name for p in self.folder.iterdir() if "out" in p.name], ["out.csv"])

    def many_people(self, count):
        facts = self.write("many/person.ndjson", "".join(f'{{"number":"P{i}","clinic":"C{i}"}}\n' for i in range(count)))
        self.write("many/clinic.ndjson", "".join(f'{{"code":"C{i}"}}\n' for i in range(count)))
        return facts.parent

    def test_the_summary_names_the_engine_that_was_chosen(self):
        run = ("run", "town.people", "--facts", "facts.json", "--as-of", "2025-12-31")
        self.assertIn(b"engine auto (interpreter), 15 rows", self.tiao(*run, cwd=TOWN).stderr)
        self.assertIn("引擎 auto（解释执行），事实 15 行".encode(), self.tiao(*run, "--lang", "zh", cwd=TOWN).stderr)
        self.assertIn(b"engine jit, 15 rows", self.tiao(*run, "--engine", "jit", cwd=TOWN).stderr)
        # Only compiled code keeps to a limit of memory.
        self.assertIn(b"engine auto (compiled before)", self.tiao(*run, "--max-memory", "1000", cwd=TOWN).stderr)
        self.assertIn(b"engine auto (quick compile)", self.tiao(*run, "--max-memory", "1000", cwd=TOWN, TIAO_CACHE_DIR="").stderr)
        if not SANITIZED:
            many = self.many_people(300000)
            said = self.tiao("run", "town.people", "--facts", many, "--as-of", "2025-12-31", "--out", self.folder / "out.txt", cwd=TOWN).stderr
            self.assertIn(b"engine auto (full compile)", said)

    def test_one_kernel_of_the_plan_is_shown_alone(self):
        plan = self.tiao("dump", "town.people", "--stage", "plan", cwd=TOWN).stdout.decode()
        names = re.findall(r"kernel (kernel_\d+) ", plan)
        whole = self.tiao("dump", "town.people", "--stage", "llvm", cwd=TOWN).stdout.decode()
        shown = [name for name in names if f"@{name}(" in whole]
        self.assertTrue(shown)
        for name in (shown[0], shown[-1]):
            alone = self.tiao("dump", "town.people", "--stage", "llvm", "--kernel", name, cwd=TOWN).stdout.decode()
            self.assertIn(alone, whole)
            self.assertTrue(alone.startswith("define ") and alone.endswith("}\n"), alone[:200])
            self.assertEqual(re.findall(r"^define .*@(\w+)\(", alone, re.M), [name])

    def test_the_plan_of_a_run_says_what_it_would_take(self):
        run = ("run", "town.people", "--as-of", "2025-12-31", "--explain-plan", "--facts")
        said = []
        for count in (1000, 100000 // SLOWER):
            plan = self.tiao(*run, self.many_people(count), cwd=TOWN)
            self.assertEqual(plan.stderr, b"")
            text = plan.stdout.decode()
            self.assertIn(f"  person: {count}\n", text)
            number, unit = re.search(r"about (\d+) (B|kB|MB) at most", text).groups()
            said.append(int(number) * {"B": 1, "kB": 1000, "MB": 1000000}[unit] / count)
        self.assertLess(abs(said[0] / said[1] - 1), 0.2)   # it grows with the facts
        self.assertFalse((self.folder / "cache").exists() and any((self.folder / "cache").glob("*.part")))

    def test_a_signal_leaves_no_part_of_a_file(self):
        facts = self.many_people(100000 // SLOWER)
        out = self.write("out.ndjson", "old")
        parts = lambda: [p for p in self.folder.iterdir() if p.name.startswith("out.ndjson.")]
        for told in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
            with self.subTest(told):
                run = subprocess.Popen([TIAO, "run", "town.people", "--facts", facts, "--as-of", "2025-12-31", "--format", "ndjson", "--out", out], cwd=TOWN,
                                       stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
                while not parts() and run.poll() is None:
                    time.sleep(0.001)
                self.assertTrue(parts())
                run.send_signal(told)
                self.assertEqual(run.wait(600), -told)
                self.assertEqual(parts(), [])
                self.assertEqual(out.read_text(), "old")

    def test_a_file_that_may_grow_no_further_is_told(self):
        if not shutil.which("prlimit"):
            self.skipTest("no prlimit")
        out = self.write("out.ndjson", "old")
        done = subprocess.run(["prlimit", "--fsize=4096", "--", TIAO, "run", "town.people", "--facts", self.many_people(100), "--as-of", "2025-12-31", "--format", "ndjson",
                               "--out", out], cwd=TOWN, env=os.environ | {"TIAO_CACHE_DIR": ""}, capture_output=True, timeout=LIMIT)
        self.assertEqual(done.returncode, 2, done.stderr)
        self.assertIn(b"out.ndjson", done.stderr)
        self.assertEqual([p.name for p in self.folder.iterdir() if p.name.startswith("out.ndjson")], ["out.ndjson"])
        self.assertEqual(out.read_text(), "old")

    def test_closed_standard_streams_get_nothing_of_the_files(self):
        run = ["run", "town.people", "--facts", "facts.json", "--as-of", "2025-12-31", "--format", "json"]
        whole = self.tiao(*run, cwd=TOWN).stdout
        for closed in ("2>&-", "<&-", "<&- >&- 2>&-"):
            out = self.folder / "closed.json"
            done = subprocess.run(["sh", "-c", f'"$0" "$@" {closed}', TIAO, *run, "--out", out], cwd=TOWN, capture_output=True, timeout=LIMIT)
            self.assertEqual(done.returncode, 0)
            self.assertEqual(out.read_bytes(), whole)
        self.assertEqual(subprocess.run(["sh", "-c", '"$0" "$@" >&-', TIAO, *run], cwd=TOWN, capture_output=True, timeout=LIMIT).returncode, 2)

    def test_full_device_is_told(self):
        if not os.path.exists("/dev/full"):
            self.skipTest("no /dev/full")
        run = ("run", "town.people", "--facts", "facts.json", "--as-of", "2025-12-31")
        self.tiao(*run, "--out", "/dev/full", cwd=TOWN, code=2)
        explain = ("explain", "town.people", "--facts", "facts.json", "--as-of", "2025-12-31", "--case", "P1")
        for arguments in (run, (*run, "--format", "csv"), explain, ("check", "--format", "json"), ("test",), ("coverage", "town.people"),
                          ("dump", "town.people"), ("eval", "1 + 1"), ("--help",), ("--version",)):
            with self.subTest(arguments), open("/dev/full", "wb") as full:
                done = subprocess.run([TIAO, *arguments], cwd=TOWN, stdout=full, stderr=subprocess.PIPE, timeout=LIMIT)
                self.assertEqual(done.returncode, 2)
                self.assertIn(b"writing", done.stderr)

    def test_batch_of_hostile_lines(self):
        lines = [b"1+1", b"", b"(", b"\xff\xfe", b"1\0+1", b"9" * 400, b"(" * 10000 + b"1" + b")" * 10000, b"not " * 10000 + b"true", b"- " * 10000 + b"1",
                 b"true and " * 10000 + b"true", b"x" * 1000000, b"1e999999", b"date 0000-00-00", b"date 9999-12-31 + 1 day", b"1" + b" " * (100 << 20), b"1 + 2"]
        done = self.tiao("eval", "--batch", self.write("lines.txt", b"\r\n".join(lines)))
        answers = [json.loads(line) for line in done.stdout.splitlines()]
        self.assertEqual([a["error"]["code"] if "error" in a else a["value"] for a in answers],
                         [2, "unexpected_end", "unexpected_end", "invalid_utf8", "unknown_character", "number_too_large", "nesting_too_deep", "nesting_too_deep",
                          "nesting_too_deep", True, "unknown_name", "unknown_unit", "invalid_date", "date_out_of_range", "file_too_large", 3])
        for unreadable in (self.folder, "/proc/self/mem", self.folder / "nowhere"):
            self.assertIn(b"cannot read", self.tiao("eval", "--batch", unreadable, code=2).stderr)

    def test_the_last_day_of_the_calendar(self):
        run = ("run", "town.people", "--facts", "facts.json", "--format", "json", "--as-of")
        for day in ("9999-12-31", "0001-01-01"):
            compiled = self.tiao(*run, day, "--engine", "jit", cwd=TOWN).stdout
            self.assertEqual(compiled, self.tiao(*run, day, "--engine", "interp", cwd=TOWN).stdout)
            json.loads(compiled)

    def test_too_little_memory_is_a_limit(self):
        if not shutil.which("prlimit") or SANITIZED:
            self.skipTest("no prlimit, or a build that reserves all addresses")
        done = subprocess.run(["prlimit", "--data=60000000", "--", TIAO, "run", "town.people", "--facts", self.many_people(300000), "--as-of", "2025-12-31", "--format", "json",
                               "--out", self.folder / "out.json"], cwd=TOWN, capture_output=True, timeout=LIMIT)
        self.assertEqual(done.returncode, 3, done.stderr)
        self.assertIn(b"out of memory", done.stderr)
        self.assertFalse([p for p in self.folder.iterdir() if p.name.startswith("out.json")])

    def test_standard_library_is_found_from_anywhere(self):
        self.assertEqual(self.tiao("eval", "1 + 1", cwd="/").stdout, b"2\n")


if __name__ == "__main__":
    unittest.main(argv=[sys.argv[0], *sys.argv[3:]])
