-- Which two releases of a series are compared, and how finely each gives its values.
--
-- Two comparisons stand here. "release": each release with the one before it, in the order of
-- vintages; of several snapshots of one vintage only the one that speaks takes part. "since": what
-- speaks now with what spoke on the day that core.build compares with, a year before the as-of date
-- where it names none; there may have been nothing then, or the same snapshot.
--
-- columns:
--   comparison   | code | release or since
--   publisher    | code | publisher in the catalogue
--   indicator    | code | the publisher's own code
--   vintage_old  | date | day of the older release; empty where there was none
--   vintage_new  | date | day of the newer release
--   snapshot_old | code | snapshot of the older release
--   snapshot_new | code | snapshot of the newer release
--   digits_old   | digits | most significant digits of a value in the older one
--   digits_new   | digits | most significant digits of a value in the newer one
--   place_old    | decimals | last decimal place of a value in the older one
--   place_new    | decimals | last decimal place of a value in the newer one
WITH releases AS (
    SELECT publisher, indicator, vintage, snapshot, finest_digits, finest_place
    FROM core.snapshots
    WHERE rank_in_vintage = 1
),

in_a_row AS (
    SELECT
        publisher,
        indicator,
        vintage AS vintage_new,
        snapshot AS snapshot_new,
        finest_digits AS digits_new,
        finest_place AS place_new,
        lag(vintage) OVER series AS vintage_old,
        lag(snapshot) OVER series AS snapshot_old,
        lag(finest_digits) OVER series AS digits_old,
        lag(finest_place) OVER series AS place_old
    FROM releases
    WINDOW series AS (PARTITION BY publisher, indicator ORDER BY vintage)
),

earlier AS (
    SELECT r.publisher, r.indicator, r.vintage, r.snapshot, r.finest_digits, r.finest_place
    FROM releases AS r
    CROSS JOIN core.build AS b
    WHERE r.vintage <= coalesce(b.since, b.as_of - INTERVAL 1 YEAR)
    QUALIFY row_number() OVER (PARTITION BY r.publisher, r.indicator ORDER BY r.vintage DESC) = 1
)

SELECT
    'release' AS comparison,
    publisher,
    indicator,
    vintage_old,
    vintage_new,
    snapshot_old,
    snapshot_new,
    digits_old,
    digits_new,
    place_old,
    place_new
FROM in_a_row
WHERE snapshot_old IS NOT NULL
UNION ALL
SELECT
    'since' AS comparison,
    n.publisher,
    n.indicator,
    o.vintage AS vintage_old,
    n.vintage AS vintage_new,
    o.snapshot AS snapshot_old,
    n.snapshot AS snapshot_new,
    o.finest_digits AS digits_old,
    n.finest_digits AS digits_new,
    o.finest_place AS place_old,
    n.finest_place AS place_new
FROM core.snapshots AS n
LEFT JOIN earlier AS o ON o.publisher = n.publisher AND o.indicator = n.indicator
WHERE n.is_current
ORDER BY comparison, publisher, indicator, vintage_new
