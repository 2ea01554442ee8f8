-- How much of a series two compared releases give alike, for the members and the world.
--
-- One row a pair of releases. What marts.revisions lists is counted here by kind, beside what is
-- alike (within the rounding of the coarser copy) and is listed nowhere.
--
-- columns:
--   comparison  | code | release: with the release before; since: with what spoke on the day compared with
--   publisher   | code | publisher in the catalogue
--   indicator   | code | the publisher's own code
--   vintage_old | date | day of the older release; empty where there was none
--   vintage_new | date | day of the newer release
--   n_new       | values | values that only the newer release has
--   n_new_beyond | values | those of economies or years that the older one does not reach
--   n_revised   | values | values that were changed
--   n_large     | values | those changed by more than the indicator may plausibly change in a year
--   n_withdrawn | values | values that only the older release has
--   n_withdrawn_beyond | values | those of economies or years that the newer one does not reach
--   n_unchanged | values | values that are alike in both
--   largest_relative | share | largest revision in parts of the older value, whatever its sign
--   median_relative  | share | median size of a revision in parts of the older value
WITH members AS (
    SELECT DISTINCT economy FROM core.member_sets WHERE reported
    UNION ALL
    SELECT 'WLD' AS economy
),

sizes AS (
    SELECT o.snapshot, o.indicator, count(*) AS n_values
    FROM core.observations AS o
    INNER JOIN members AS m ON m.economy = o.economy
    WHERE o.counterpart IN ('_Z', 'WLD')
    GROUP BY o.snapshot, o.indicator
),

kinds AS (
    SELECT
        comparison,
        publisher,
        indicator,
        vintage_new,
        count(*) FILTER (WHERE kind = 'new') AS n_new,
        count(*) FILTER (WHERE kind = 'new' AND beyond) AS n_new_beyond,
        count(*) FILTER (WHERE kind = 'revised') AS n_revised,
        count(*) FILTER (WHERE large) AS n_large,
        count(*) FILTER (WHERE kind = 'withdrawn') AS n_withdrawn,
        count(*) FILTER (WHERE kind = 'withdrawn' AND beyond) AS n_withdrawn_beyond,
        max(abs(relative)) AS largest_relative,
        median(abs(relative)) AS median_relative
    FROM marts.revisions
    GROUP BY comparison, publisher, indicator, vintage_new
)

SELECT
    p.comparison,
    p.publisher,
    p.indicator,
    p.vintage_old,
    p.vintage_new,
    coalesce(k.n_new, 0) AS n_new,
    coalesce(k.n_new_beyond, 0) AS n_new_beyond,
    coalesce(k.n_revised, 0) AS n_revised,
    coalesce(k.n_large, 0) AS n_large,
    coalesce(k.n_withdrawn, 0) AS n_withdrawn,
    coalesce(k.n_withdrawn_beyond, 0) AS n_withdrawn_beyond,
    coalesce(o.n_values, 0) - coalesce(k.n_revised, 0) - coalesce(k.n_withdrawn, 0)
        AS n_unchanged,
    k.largest_relative,
    k.median_relative
FROM marts.release_pairs AS p
LEFT JOIN kinds AS k
    ON
        k.comparison = p.comparison
        AND k.publisher = p.publisher
        AND k.indicator = p.indicator
        AND k.vintage_new = p.vintage_new
LEFT JOIN sizes AS o ON o.snapshot = p.snapshot_old AND o.indicator = p.indicator
ORDER BY p.comparison, p.publisher, p.indicator, p.vintage_new
