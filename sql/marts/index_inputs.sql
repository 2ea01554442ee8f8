-- What each composite index is computed from: one row an indicator, state and year, gaps included.
--
-- Of each year the newest value is taken that is no older than the indicator's maximum age, counted
-- from that year. It is the publisher's own value for an earlier year, with its age beside it, and
-- not filled in. A value from before a change of method does not stand for a year after it.
--
-- columns:
--   index_id   | code | index in the catalogue
--   year       | year | year of the index
--   economy    | code | state that is ranked
--   position   | – | place of the indicator in the index
--   indicator  | code | catalogue id
--   pillar     | code | pillar that it stands in
--   value      | as the indicator, times its factor over its divisor | value that is scored; empty where there is none
--   value_year | year | year that the value speaks of
--   age_years  | years | year of the index less that of the value
WITH places AS (
    SELECT p.index_id, m.year, m.economy
    FROM core.index_plans AS p
    INNER JOIN core.member_sets AS m ON m.member_set = p.member_set
    WHERE m.year >= p.first_year
),

series AS (
    SELECT
        k.index_id,
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
    INNER JOIN core.current AS c ON c.indicator = i.indicator AND c.publisher = i.publisher
    LEFT JOIN core.current AS d
        ON
            d.indicator = k.per
            AND d.counterpart = '_Z'
            AND d.economy = c.economy
            AND d.year = c.year
    WHERE c.counterpart = '_Z'
),

fitting AS (
    SELECT p.index_id, p.year, p.economy, s.indicator, s.value, s.year AS value_year
    FROM places AS p
    INNER JOIN series AS s
        ON
            s.index_id = p.index_id
            AND s.economy = p.economy
            AND s.year BETWEEN p.year - s.max_age_years AND p.year
    LEFT JOIN core.breaks AS b
        ON
            b.indicator = s.indicator
            AND (b.economy IS NULL OR b.economy = s.economy)
            AND s.year < b.last_year
            AND p.year >= b.last_year
    WHERE s.value IS NOT NULL AND b.indicator IS NULL
),

newest AS (
    SELECT index_id, year, economy, indicator, value, value_year
    FROM fitting
    QUALIFY
        row_number() OVER (
            PARTITION BY index_id, year, economy, indicator ORDER BY value_year DESC
        ) = 1
)

SELECT
    p.index_id,
    p.year,
    p.economy,
    k.position,
    k.indicator,
    k.pillar,
    n.value,
    n.value_year,
    CAST(p.year - n.value_year AS SMALLINT) AS age_years
FROM places AS p
INNER JOIN core.index_indicators AS k ON k.index_id = p.index_id
LEFT JOIN newest AS n
    ON
        n.index_id = p.index_id
        AND n.year = p.year
        AND n.economy = p.economy
        AND n.indicator = k.indicator
ORDER BY p.index_id, p.year, p.economy, k.position
