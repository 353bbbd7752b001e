-- The lowest twentieth: by the scores at which the tail of a group surely, and possibly, ends. A range is its two ends.
CREATE TABLE judged AS
WITH low AS (
  SELECT kind, district, lo, row_number() OVER (PARTITION BY kind, district ORDER BY lo) AS place, count(*) OVER (PARTITION BY kind, district) AS n
  FROM clinics WHERE takes_part AND NOT deferred
), high AS (
  SELECT kind, district, hi, row_number() OVER (PARTITION BY kind, district ORDER BY hi) AS place, count(*) OVER (PARTITION BY kind, district) AS n
  FROM clinics WHERE takes_part AND NOT deferred
), cut_low AS (
  SELECT kind, district, max(CASE WHEN place * 20 <= n THEN lo END) AS known, min(CASE WHEN place * 20 > n THEN lo END) AS ranged FROM low GROUP BY kind, district
), cut_high AS (
  SELECT kind, district, max(CASE WHEN place * 20 <= n THEN hi END) AS possible FROM high GROUP BY kind, district
), tail AS (
  SELECT c.clinic, c.lo, c.hi,
    CASE WHEN NOT c.takes_part OR c.deferred THEN 0
         WHEN c.hi <= CASE WHEN c.lo = c.hi THEN coalesce(l.known, -1) ELSE l.ranged END THEN 1
         WHEN c.lo > coalesce(h.possible, -1) THEN 0 END AS in_tail
  FROM clinics c LEFT JOIN cut_low l ON l.kind = c.kind AND l.district = c.district LEFT JOIN cut_high h ON h.kind = c.kind AND h.district = c.district
)
SELECT clinic, in_tail, CASE WHEN in_tail = 0 OR lo >= 8000 THEN 0 WHEN in_tail = 1 AND hi < 8000 THEN 1 END AS end_agreement FROM tail;
