-- Points: a range is its two ends. Days are counted from 2023-01-01; 1155 is the day on which all is looked at, 2026-03-01.
CREATE TABLE outcomes AS
WITH acts AS (
  SELECT person, min(day) AS day, max(lo) AS lo, max(hi) AS hi FROM incidents WHERE day <= 1155 GROUP BY person, behaviour
), totals AS (
  SELECT person, CASE WHEN day >= 1096 THEN 3 WHEN day >= 731 THEN 2 WHEN day >= 365 THEN 1 ELSE 0 END AS year, sum(lo) AS lo, sum(hi) AS hi
  FROM acts GROUP BY 1, 2
), terms AS (
  SELECT *, CASE WHEN lo >= 11 THEN 6 WHEN lo >= 10 THEN 4 WHEN lo >= 9 THEN 2 ELSE 0 END AS months_lo,
    CASE WHEN hi >= 11 THEN 6 WHEN hi >= 10 THEN 4 WHEN hi >= 9 THEN 2 ELSE 0 END AS months_hi
  FROM totals
)
SELECT person, year, lo, hi, months_lo, months_hi,
  CASE WHEN lo >= 6 AND hi < 9 THEN 1 WHEN hi < 6 OR lo >= 9 THEN 0 END AS warn_person,
  CASE WHEN lo >= 9 AND hi < 12 THEN 1 WHEN hi < 9 OR lo >= 12 THEN 0 END AS suspend_eligibility,
  CASE WHEN lo >= 12 THEN 1 WHEN hi < 12 THEN 0 END AS end_eligibility,
  -- Still running: ended, or suspended from the year after for longer than the two months that have passed of 2026.
  CASE WHEN year = 3 THEN 0 WHEN lo >= 12 OR (lo >= 9 AND year = 2 AND months_lo > 2) THEN 1
       WHEN hi < 12 AND (hi < 9 OR year < 2 OR months_hi <= 2) THEN 0 END AS running
FROM terms;
CREATE TABLE shares AS
WITH people AS (
  SELECT person, max(running) AS surely, max(CASE WHEN running IS NULL THEN 1 ELSE running END) AS possibly FROM outcomes GROUP BY person
), heads AS (
  SELECT p.facility, count(*) AS staff, sum(CASE WHEN o.surely = 1 THEN 1 ELSE 0 END) AS lo, sum(CASE WHEN o.possibly = 1 THEN 1 ELSE 0 END) AS hi
  FROM persons p LEFT JOIN people o ON o.person = p.person GROUP BY p.facility
)
SELECT facility, staff, lo, hi,
  CASE WHEN lo * 5 >= staff AND hi * 2 < staff THEN 1 WHEN hi * 5 < staff OR lo * 2 >= staff THEN 0 END AS suspend_settlement,
  CASE WHEN lo * 2 >= staff THEN 1 WHEN hi * 2 < staff THEN 0 END AS suspend_agreement
FROM heads;
