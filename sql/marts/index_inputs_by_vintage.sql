-- What the index could have been computed from on past days: one row a day, indicator, state and year.
--
-- As marts.index_inputs, of each series from the release that was its newest on that day, whole, as
-- published: a correction of the catalogue is not made backwards. The days are the ends of years
-- since the index begins, the ends of the last twelve months, and the as-of date; of each day the
-- three full years before it are asked for.
--
-- columns:
--   index_id   | code | index in the catalogue
--   seen_from  | date | day as of which the figures are taken
--   year       | year | year of the index
--   economy    | code | state that is ranked
--   position   | – | place of the indicator in the index
--   indicator  | code | catalogue id
--   pillar     | code | pillar that it stands in
--   value      | as the indicator, times its factor over its divisor | value that is scored; empty where there was none
--   value_year | year | year that the value speaks of
--   age_years  | years | year of the index less that of the value
--   released   | – | whether any release of the indicator was held by that day
WITH days AS (
    SELECT DISTINCT make_date(y.year, 12, 31) AS seen_from
    FROM (SELECT DISTINCT year FROM core.member_sets) AS y
    UNION
    SELECT last_day(CAST(b.as_of - to_months(CAST(m.back AS INTEGER)) AS DATE)) AS seen_from
    FROM core.build AS b
    CROSS JOIN (SELECT unnest(range(1, 13)) AS back) AS m
    UNION
    SELECT as_of AS seen_from FROM core.build
),

places AS (
    SELECT p.index_id, d.seen_from, m.year, m.economy
    FROM core.index_plans AS p
    CROSS JOIN core.build AS b
    INNER JOIN days AS d ON d.seen_from <= b.as_of
    INNER JOIN core.member_sets AS m
        ON
            m.member_set = p.member_set
            AND m.year >= p.first_year
            AND m.year BETWEEN year(d.seen_from) - 3 AND year(d.seen_from) - 1
),

wanted AS (
    SELECT indicator FROM core.index_indicators
    UNION
    SELECT per AS indicator FROM core.index_indicators WHERE per IS NOT NULL
),

releases AS (
    SELECT s.indicator, s.vintage, s.snapshot
    FROM core.snapshots AS s
    INNER JOIN core.indicators AS i ON i.indicator = s.indicator AND i.publisher = s.publisher
    INNER JOIN wanted AS w ON w.indicator = s.indicator
    WHERE s.rank_in_vintage = 1
),

spoke AS (
    SELECT d.seen_from, r.indicator, arg_max(r.snapshot, r.vintage) AS snapshot
    FROM (SELECT DISTINCT seen_from FROM places) AS d
    INNER JOIN releases AS r ON r.vintage <= d.seen_from
    GROUP BY d.seen_from, r.indicator
),

held AS (
    SELECT o.snapshot, o.indicator, o.economy, o.year, o.value
    FROM core.observations AS o
    INNER JOIN (SELECT DISTINCT snapshot, indicator FROM spoke) AS s
        ON s.snapshot = o.snapshot AND s.indicator = o.indicator
    INNER JOIN (SELECT DISTINCT economy FROM places) AS e ON e.economy = o.economy
    WHERE o.counterpart = '_Z'
),

cells AS (
    SELECT s.seen_from, h.indicator, h.economy, h.year, h.value
    FROM spoke AS s
    INNER JOIN held AS h ON h.snapshot = s.snapshot AND h.indicator = s.indicator
),

series AS (
    SELECT
        k.index_id,
        c.seen_from,
        k.indicator,
        c.economy,
        c.year,
        CASE
            WHEN k.per IS NULL THEN c.value * k.times
            ELSE c.value / nullif(d.value, 0) * k.times
        END AS value,
        i.max_age_years
    FROM core.index_indicators AS k
    INNER JOIN core.indicators AS i ON i.indicator = k.indicator
    INNER JOIN cells AS c ON c.indicator = k.indicator
    LEFT JOIN cells AS d
        ON
            d.indicator = k.per
            AND d.seen_from = c.seen_from
            AND d.economy = c.economy
            AND d.year = c.year
),

newest AS (
    SELECT
        p.index_id,
        p.seen_from,
        p.year,
        p.economy,
        s.indicator,
        s.value,
        s.year AS value_year
    FROM places AS p
    INNER JOIN series AS s
        ON
            s.index_id = p.index_id
            AND s.seen_from = p.seen_from
            AND s.economy = p.economy
            AND s.year BETWEEN p.year - s.max_age_years AND p.year
    LEFT JOIN core.breaks AS b
        ON
            b.indicator = s.indicator
            AND (b.economy IS NULL OR b.economy = s.economy)
            AND s.year < b.last_year
            AND p.year >= b.last_year
    WHERE s.value IS NOT NULL AND b.indicator IS NULL
    QUALIFY
        row_number() OVER (
            PARTITION BY p.index_id, p.seen_from, p.year, p.economy, s.indicator
            ORDER BY s.year DESC
        ) = 1
)

SELECT
    p.index_id,
    p.seen_from,
    p.year,
    p.economy,
    k.position,
    k.indicator,
    k.pillar,
    n.value,
    n.value_year,
    CAST(p.year - n.value_year AS SMALLINT) AS age_years,
    s.snapshot IS NOT NULL AS released
FROM places AS p
INNER JOIN core.index_indicators AS k ON k.index_id = p.index_id
LEFT JOIN spoke AS s ON s.seen_from = p.seen_from AND s.indicator = k.indicator
LEFT JOIN newest AS n
    ON
        n.index_id = p.index_id
        AND n.seen_from = p.seen_from
        AND n.year = p.year
        AND n.economy = p.economy
        AND n.indicator = k.indicator
ORDER BY p.index_id, p.seen_from, p.year, p.economy, k.position
