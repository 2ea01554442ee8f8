-- Every figure of a member or of the world that two compared releases do not give alike.
--
-- A figure is new, withdrawn or revised from one release to the other; what is alike is only
-- counted, in marts.revision_counts. Some copies of a release were rounded. Two values are alike
-- when they differ by no more than half a unit of the last digit, or of the last decimal place,
-- that the coarser copy gives; digits after the twelfth are taken for the arithmetic of whoever
-- made the copy. Compared are releases as published, before any correction of the catalogue.
-- Bilateral series are read towards the world. Mind "comparison": most figures stand here twice.
--
-- columns:
--   comparison  | code | release: with the release before; since: with what spoke on the day compared with
--   publisher   | code | publisher in the catalogue
--   indicator   | code | the publisher's own code
--   economy     | code | state of some member set of the organisation, or WLD
--   year        | year | year that the figure speaks of
--   vintage_old | date | day of the older release
--   vintage_new | date | day of the newer release
--   value_old   | as unit says | what the older release says; empty for what is new
--   value_new   | as unit says | what the newer release says; empty for what was withdrawn
--   kind        | code | new, revised or withdrawn
--   change      | as unit says | newer less older value, for what was revised
--   relative    | share | that in parts of the older value's size; empty where it was 0
--   beyond      | – | whether the release without the figure does not reach its economy or year at all
--   large       | – | whether it was revised by more than the indicator may plausibly change in a year
WITH members AS (
    SELECT DISTINCT economy FROM core.member_sets WHERE reported
    UNION ALL
    SELECT 'WLD' AS economy
),

cells AS (
    SELECT o.snapshot, o.indicator, o.economy, o.year, o.value
    FROM core.observations AS o
    INNER JOIN members AS m ON m.economy = o.economy
    WHERE o.counterpart IN ('_Z', 'WLD')
),

pairs AS (
    SELECT *
    FROM marts.release_pairs
    WHERE snapshot_old IS DISTINCT FROM snapshot_new
),

older AS (
    SELECT p.comparison, p.snapshot_new, c.indicator, c.economy, c.year, c.value
    FROM pairs AS p
    INNER JOIN cells AS c ON c.snapshot = p.snapshot_old AND c.indicator = p.indicator
),

newer AS (
    SELECT p.comparison, p.snapshot_new, c.indicator, c.economy, c.year, c.value
    FROM pairs AS p
    INNER JOIN cells AS c ON c.snapshot = p.snapshot_new AND c.indicator = p.indicator
),

matched AS (
    SELECT
        coalesce(n.comparison, o.comparison) AS comparison,
        coalesce(n.snapshot_new, o.snapshot_new) AS snapshot_new,
        coalesce(n.indicator, o.indicator) AS indicator,
        coalesce(n.economy, o.economy) AS economy,
        coalesce(n.year, o.year) AS year,
        o.value AS value_old,
        n.value AS value_new
    FROM older AS o
    FULL JOIN newer AS n
        ON
            n.comparison = o.comparison
            AND n.snapshot_new = o.snapshot_new
            AND n.indicator = o.indicator
            AND n.economy = o.economy
            AND n.year = o.year
    WHERE o.value IS DISTINCT FROM n.value
),

measured AS (
    SELECT
        m.economy,
        m.year,
        m.value_old,
        m.value_new,
        p.comparison,
        p.publisher,
        p.indicator,
        p.vintage_old,
        p.vintage_new,
        p.snapshot_old,
        p.snapshot_new,
        m.value_new - m.value_old AS change,
        -- Half a unit of the last digit of either value, or of the last place of either copy. The
        -- same rule stands in pipeline/measures/revisions.py; a test holds them together.
        0.5 * greatest(
            10.0 ** (floor(log10(nullif(abs(m.value_old), 0))) + 1 - least(p.digits_old, 12)),
            10.0 ** (floor(log10(nullif(abs(m.value_new), 0))) + 1 - least(p.digits_new, 12)),
            10.0 ** -least(p.place_old, p.place_new)
        ) AS rounding
    FROM matched AS m
    INNER JOIN pairs AS p
        ON
            p.comparison = m.comparison
            AND p.snapshot_new = m.snapshot_new
            AND p.indicator = m.indicator
),

held AS (
    SELECT DISTINCT snapshot, indicator, economy FROM cells
)

SELECT
    d.comparison,
    d.publisher,
    d.indicator,
    d.economy,
    d.year,
    d.vintage_old,
    d.vintage_new,
    d.value_old,
    d.value_new,
    CASE
        WHEN d.value_old IS NULL THEN 'new'
        WHEN d.value_new IS NULL THEN 'withdrawn'
        ELSE 'revised'
    END AS kind,
    d.change,
    d.change / nullif(abs(d.value_old), 0) AS relative,
    d.change IS NULL AND (
        h.economy IS NULL OR d.year NOT BETWEEN s.first_year AND s.last_year
    ) AS beyond,
    coalesce(
        CASE
            WHEN i.kind = 'share' THEN abs(d.change) > i.max_jump
            WHEN d.value_old > 0 AND d.value_new > 0
                THEN
                    greatest(d.value_new / d.value_old, d.value_old / d.value_new) > i.max_jump
        END,
        false
    ) AS large
FROM measured AS d
LEFT JOIN core.snapshots AS s
    ON
        s.snapshot = CASE WHEN d.value_old IS NULL THEN d.snapshot_old ELSE d.snapshot_new END
        AND s.indicator = d.indicator
LEFT JOIN held AS h
    ON h.snapshot = s.snapshot AND h.indicator = s.indicator AND h.economy = d.economy
LEFT JOIN core.indicators AS i ON i.indicator = d.indicator AND i.publisher = d.publisher
-- What a double cannot hold exactly is let pass: 36.65 lies half a unit from 36.7.
WHERE
    d.change IS NULL
    OR abs(d.change) > d.rounding + 1e-15 * greatest(abs(d.value_old), abs(d.value_new))
ORDER BY d.comparison, d.publisher, d.indicator, d.vintage_new, d.economy, d.year
