// One peer over the tables that tiao_bench wrote: decides the jobs that are there, and prints times and counts as JSON.
//   node run.mjs duckdb|polars FOLDER THREADS REPETITIONS
// What is timed begins with tables in memory and ends with tables in memory; reading the files is not part of it.
import { existsSync, readFileSync } from "node:fs";
import { join, dirname } from "node:path";
import { fileURLToPath } from "node:url";

const [peer, folder, threads, repetitions] = [process.argv[2], process.argv[3], Number(process.argv[4]), Number(process.argv[5])];
const here = dirname(fileURLToPath(import.meta.url));
const jobs = { F: ["cases"], P: ["incidents", "persons"], tail: ["clinics"] };
const file = (table) => join(folder, `${table}.csv`);
const header = (table) => readFileSync(file(table), { encoding: "utf8", flag: "r" }).slice(0, 4000).split("\n", 1)[0].split(",");
const isTruth = (column) => !["loss", "impact", "person", "facility", "behaviour", "day", "lo", "hi", "clinic", "kind", "district"].includes(column);
const counted = {
  F: { decided: null },
  P: { outcomes: ["warn_person", "suspend_eligibility", "end_eligibility"], shares: ["suspend_settlement", "suspend_agreement"] },
  tail: { judged: ["in_tail", "end_agreement"] },
};

// One thread: the processor's time, on which others on the machine weigh little. More: what the clock on the wall says.
const seconds_now = () => {
  if (threads !== 1) return performance.now() / 1000;
  const { user, system } = process.cpuUsage();
  return (user + system) / 1e6;
};

async function timed(work, reset) {
  let best = Infinity;
  for (let i = 0; i < repetitions; ++i) {
    await reset();
    const start = seconds_now();
    await work();
    best = Math.min(best, seconds_now() - start);
  }
  return best;
}

async function duckdb() {
  const { DuckDBInstance, version } = await import("@duckdb/node-api");
  const connection = await (await DuckDBInstance.create(":memory:", { threads: String(threads) })).connect();
  const rows = async (sql) => (await connection.runAndReadAll(sql)).getRows();
  const results = {};
  for (const [job, tables] of Object.entries(jobs)) {
    if (!tables.every((t) => existsSync(file(t)))) continue;
    for (const t of tables) {
      const types = header(t).map((c) => `'${c}': '${isTruth(c) ? "BOOLEAN" : "INTEGER"}'`).join(", ");
      await connection.run(`CREATE TABLE ${t} AS SELECT * FROM read_csv('${file(t)}', header = true, columns = {${types}})`);
    }
    const name = { F: "breach", P: "points", tail: "tail" }[job];
    const sql = readFileSync(join(here, `${name}.sql`), "utf8");
    const made = Object.keys(counted[job]);
    const seconds = await timed(
      () => connection.run(sql),
      async () => { for (const t of made) await connection.run(`DROP TABLE IF EXISTS ${t}`); },
    );
    const counts = {};
    for (const t of made) {
      const columns = counted[job][t] ?? (await rows(`DESCRIBE ${t}`)).map((r) => r[0]);
      const sums = columns.map((c) => `CAST(count(*) FILTER (WHERE CAST(${c} AS BOOLEAN)) AS INTEGER), CAST(count(*) - count(${c}) AS INTEGER)`);
      const [row] = await rows(`SELECT ${sums.join(", ")} FROM ${t}`);
      columns.forEach((c, i) => (counts[c] = [Number(row[2 * i]), Number(row[2 * i + 1])]));
    }
    results[job] = { seconds, counts };
    for (const t of [...tables, ...made]) await connection.run(`DROP TABLE ${t}`);
  }
  return { version: version(), results };
}

async function polars() {
  const { default: pl } = await import("nodejs-polars");
  const read = (table) => {
    const columns = header(table);
    let frame = pl.readCSV(file(table), { schema: Object.fromEntries(columns.map((c) => [c, pl.Int32])) });
    return frame.withColumns(...columns.filter(isTruth).map((c) => pl.col(c).cast(pl.Bool)));
  };
  const truth = (yes, no) => pl.when(yes).then(pl.lit(1)).when(no).then(pl.lit(0)).otherwise(pl.lit(null));
  const any = (columns) => pl.anyHorizontal(columns);
  const programs = {
    F: ({ cases }) => {
      const sizes = [13, 7, 11, 11, 12];
      const items = [];
      let at = 0;
      for (const n of sizes) items.push(cases.columns.slice(at, (at += n)).map((c) => pl.col(c)));
      const lasts = ["item_62_13", "item_63_7", "item_64_11"];
      const c = pl.col;
      const plan = cases
        .lazy()
        .withColumns(
          ...items.map((of, a) => any(a < 3 ? of.slice(0, -1) : of).alias(`named_${62 + a}`)),
          c("impact").gtEq(1).alias("wide"),
          c("loss").gtEq(2).or(c("impact").gtEq(1)).alias("large"),
          c("vile_nature").or(c("loss").gtEq(3)).or(c("impact").gtEq(2)).alias("grave"),
        )
        .withColumns(...lasts.map((name, a) => items[a].at(-1).and(c(`named_${62 + a}`).not()).alias(name)))
        .withColumns(...[62, 63, 64, 65, 66].map((a, i) => (i < 3 ? c(`named_${a}`).or(c(lasts[i])) : c(`named_${a}`)).alias(`any_${a}`)))
        .withColumns(
          c("established").and(c("any_62")).alias("head_62"),
          c("established").and(c("any_63")).alias("part_1"),
          c("established").and(c("any_62")).and(c("wide")).alias("part_2"),
          c("established").and(c("any_64")).alias("part_3"),
          c("established").and(c("any_62").or(c("any_63"))).and(c("large")).alias("part_4"),
          c("established").and(c("any_65")).alias("part_5"),
          c("established").and(c("any_64")).and(c("large").or(c("intent_to_defraud"))).alias("part_6"),
          c("established").and(c("any_66")).alias("part_7"),
          c("established").and(any([62, 63, 64, 65].map((a) => c(`any_${a}`)))).and(c("grave")).alias("part_8"),
        )
        .withColumns(...[1, 3, 5, 7].map((p, i) => c(`part_${p}`).or(c(`part_${p + 1}`)).alias(`head_${63 + i}`)))
        .withColumns(
          c("head_62").alias("interview"),
          c("head_62").or(c("head_63")).alias("rectify_in_time"),
          c("head_63").alias("hold_disbursement"),
          any([c("head_64"), c("head_65"), c("head_66")]).alias("refuse_or_recover"),
          any([c("head_64"), c("head_65"), c("head_66")]).alias("breach_penalty"),
          c("head_65").or(c("head_66")).alias("extend_to_staff_or_dept"),
          c("head_65").alias("suspend_agreement"),
          c("head_65").alias("settle_suspension_fees"),
          c("head_66").alias("terminate_agreement"),
          c("head_65").or(c("head_66")).alias("publish_status"),
        )
        .select(
          ...lasts, ...[1, 2, 3, 4, 5, 6, 7, 8].map((p) => `part_${p}`), ...[62, 63, 64, 65, 66].map((a) => `head_${a}`), "interview", "rectify_in_time", "hold_disbursement",
          "refuse_or_recover", "breach_penalty", "extend_to_staff_or_dept", "suspend_agreement", "settle_suspension_fees", "terminate_agreement", "publish_status",
        );
      return async () => ({ decided: await plan.collect() });
    },
    P: ({ incidents, persons }) => {
      const c = pl.col;
      const months = (end) => pl.when(c(end).gtEq(11)).then(pl.lit(6)).when(c(end).gtEq(10)).then(pl.lit(4)).when(c(end).gtEq(9)).then(pl.lit(2)).otherwise(pl.lit(0));
      const followed = incidents
        .lazy()
        .filter(c("day").ltEq(1155))
        .groupBy(["person", "behaviour"])
        .agg(c("day").min().alias("day"), c("lo").max().alias("lo"), c("hi").max().alias("hi"))
        .withColumns(pl.when(c("day").gtEq(1096)).then(pl.lit(3)).when(c("day").gtEq(731)).then(pl.lit(2)).when(c("day").gtEq(365)).then(pl.lit(1)).otherwise(pl.lit(0)).alias("year"))
        .groupBy(["person", "year"])
        .agg(c("lo").sum().alias("lo"), c("hi").sum().alias("hi"))
        .withColumns(months("lo").alias("months_lo"), months("hi").alias("months_hi"))
        .withColumns(
          truth(c("lo").gtEq(6).and(c("hi").lt(9)), c("hi").lt(6).or(c("lo").gtEq(9))).alias("warn_person"),
          truth(c("lo").gtEq(9).and(c("hi").lt(12)), c("hi").lt(9).or(c("lo").gtEq(12))).alias("suspend_eligibility"),
          truth(c("lo").gtEq(12), c("hi").lt(12)).alias("end_eligibility"),
          pl.when(c("year").eq(3)).then(pl.lit(0))
            .when(c("lo").gtEq(12).or(c("lo").gtEq(9).and(c("year").eq(2)).and(c("months_lo").gt(2)))).then(pl.lit(1))
            .when(c("hi").lt(12).and(c("hi").lt(9).or(c("year").lt(2)).or(c("months_hi").ltEq(2)))).then(pl.lit(0))
            .otherwise(pl.lit(null)).alias("running"),
        );
      const runs = [c("running").eq(1).fillNull(false).alias("surely"), c("running").eq(1).fillNull(true).alias("possibly")];
      const most = [c("surely").max().alias("surely"), c("possibly").max().alias("possibly")];
      const known = [c("surely").fillNull(false).cast(pl.Int32).alias("surely"), c("possibly").fillNull(false).cast(pl.Int32).alias("possibly")];
      const heads = [c("person").count().cast(pl.Int32).alias("staff"), c("surely").sum().alias("lo"), c("possibly").sum().alias("hi")];
      const measures = [
        truth(c("lo").mul(5).gtEq(c("staff")).and(c("hi").mul(2).lt(c("staff"))), c("hi").mul(5).lt(c("staff")).or(c("lo").mul(2).gtEq(c("staff")))).alias("suspend_settlement"),
        truth(c("lo").mul(2).gtEq(c("staff")), c("hi").mul(2).lt(c("staff"))).alias("suspend_agreement"),
      ];
      return async () => {
        const outcomes = await followed.collect();
        const people = outcomes.lazy().withColumns(...runs).groupBy("person").agg(...most);
        const shares = await persons.lazy().join(people, { on: "person", how: "left" }).withColumns(...known).groupBy("facility").agg(...heads).withColumns(...measures).collect();
        return { outcomes, shares };
      };
    },
    tail: ({ clinics }) => {
      const c = pl.col;
      const among = clinics.lazy().filter(c("takes_part").and(c("deferred").not()));
      const cut = (score, name, compare) =>
        among
          .sort(["kind", "district", score])
          .withColumns(c("clinic").cumCount().over("kind", "district").cast(pl.Int32).alias("place"), c("clinic").count().over("kind", "district").cast(pl.Int32).alias("n"))
          .filter(compare(c("place").mul(20)))
          .groupBy(["kind", "district"])
          .agg((name === "ranged" ? c(score).min() : c(score).max()).alias(name));
      const plan = clinics
        .lazy()
        .join(cut("lo", "known", (p) => p.ltEq(c("n"))), { on: ["kind", "district"], how: "left" })
        .join(cut("lo", "ranged", (p) => p.gt(c("n"))), { on: ["kind", "district"], how: "left" })
        .join(cut("hi", "possible", (p) => p.ltEq(c("n"))), { on: ["kind", "district"], how: "left" })
        .withColumns(
          pl.when(c("takes_part").not().or(c("deferred"))).then(pl.lit(0))
            .when(c("hi").ltEq(pl.when(c("lo").eq(c("hi"))).then(c("known").fillNull(-1)).otherwise(c("ranged")))).then(pl.lit(1))
            .when(c("lo").gt(c("possible").fillNull(-1))).then(pl.lit(0))
            .otherwise(pl.lit(null)).alias("in_tail"),
        )
        .withColumns(truth(c("in_tail").eq(1).and(c("hi").lt(8000)), c("in_tail").eq(0).or(c("lo").gtEq(8000))).alias("end_agreement"))
        .select("clinic", "in_tail", "end_agreement");
      return async () => ({ judged: await plan.collect() });
    },
  };
  const results = {};
  for (const [job, tables] of Object.entries(jobs)) {
    if (!tables.every((t) => existsSync(file(t)))) continue;
    const frames = Object.fromEntries(tables.map((t) => [t, read(t)]));
    const run = programs[job](frames);   // expressions are made here: that is reading the rules
    let made;
    const seconds = await timed(async () => { made = await run(); }, async () => { made = undefined; });
    const counts = {};
    for (const [t, wanted] of Object.entries(counted[job]))
      for (const c of wanted ?? made[t].columns) {
        const column = made[t].getColumn(c);
        counts[c] = [Number(column.cast(pl.Int64).sum() ?? 0), column.nullCount()];
      }
    results[job] = { seconds, counts };
  }
  return { version: pl.version, results };
}

const told = await (peer === "duckdb" ? duckdb() : polars());
console.log(JSON.stringify({ peer, threads, ...told }));
process.exit(0);
