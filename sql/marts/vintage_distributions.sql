-- The distributions behind the leading indices as each release made them look.
--
-- For headline indicators, the members, and the two weightings that the findings lead with: against
-- GDP, and every state alike. A row of dates begins with the indicator's first release; there is
-- a date wherever the indicator or, against GDP, the GDP series was released. As of that date each
-- series is its newest release, whole, as published.
--
-- columns:
--   seen_from | date | day as of which the figures are taken
--   indicator | code | catalogue id, or the id of a complement
--   year      | year | year of outcome and reference
--   weighting | code | per_gdp_gdp or share_unweighted
--   economy   | code | state
--   outcome   | depends on the weighting | total, or the share itself; empty where missing
--   reference | depends on the weighting | GDP, or 1; empty where missing
WITH releases AS (
    SELECT s.publisher, s.indicator, s.vintage, s.snapshot
    FROM core.snapshots AS s
    INNER JOIN core.indicators AS i ON i.indicator = s.indicator AND i.publisher = s.publisher
    WHERE s.rank_in_vintage = 1 AND i.headline
),

declared AS (
    SELECT w.indicator, w.base_indicator, w.is_complement, w.weighting
    FROM core.weightings AS w
    INNER JOIN core.indicators AS i ON i.indicator = w.base_indicator
    WHERE i.headline AND w.weighting IN ('per_gdp_gdp', 'share_unweighted')
),

dates AS (
    SELECT DISTINCT
        d.indicator,
        d.base_indicator,
        d.is_complement,
        d.weighting,
        r.vintage AS seen_from
    FROM declared AS d
    INNER JOIN releases AS r
        ON
            r.indicator = d.base_indicator
            OR (d.weighting = 'per_gdp_gdp' AND r.indicator = 'NY.GDP.MKTP.CD')
),

spoke AS (
    SELECT
        t.indicator,
        t.base_indicator,
        t.is_complement,
        t.weighting,
        t.seen_from,
        arg_max(r.snapshot, r.vintage) FILTER (WHERE r.indicator = t.base_indicator) AS snapshot,
        arg_max(r.snapshot, r.vintage) FILTER (WHERE r.indicator = 'NY.GDP.MKTP.CD')
            AS gdp_snapshot
    FROM dates AS t
    INNER JOIN releases AS r ON r.vintage <= t.seen_from
    GROUP BY t.indicator, t.base_indicator, t.is_complement, t.weighting, t.seen_from
),

members AS (
    SELECT economy, year FROM core.member_sets WHERE reported
),

cells AS (
    SELECT o.snapshot, o.indicator, o.economy, o.year, o.value
    FROM core.observations AS o
    INNER JOIN releases AS r ON r.snapshot = o.snapshot AND r.indicator = o.indicator
    INNER JOIN members AS m ON m.economy = o.economy AND m.year = o.year
    WHERE o.counterpart IN ('_Z', 'WLD')
),

years AS (
    SELECT DISTINCT
        s.indicator,
        s.base_indicator,
        s.is_complement,
        s.weighting,
        s.seen_from,
        s.snapshot,
        s.gdp_snapshot,
        c.year
    FROM spoke AS s
    INNER JOIN cells AS c ON c.snapshot = s.snapshot AND c.indicator = s.base_indicator
)

SELECT
    y.seen_from,
    y.indicator,
    y.year,
    y.weighting,
    m.economy,
    CASE WHEN y.is_complement THEN 100 - v.value ELSE v.value END AS outcome,
    CASE y.weighting WHEN 'per_gdp_gdp' THEN g.value ELSE 1 END AS reference
FROM years AS y
INNER JOIN members AS m ON m.year = y.year
LEFT JOIN cells AS v
    ON
        v.snapshot = y.snapshot
        AND v.indicator = y.base_indicator
        AND v.economy = m.economy
        AND v.year = y.year
LEFT JOIN cells AS g
    ON
        g.snapshot = y.gdp_snapshot
        AND g.indicator = 'NY.GDP.MKTP.CD'
        AND g.economy = m.economy
        AND g.year = y.year
ORDER BY y.seen_from, y.indicator, y.year, y.weighting, m.economy
