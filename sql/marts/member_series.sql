-- The paths of the members that are compared over the years: one row an indicator, state and year.
--
-- Amounts stand per head of population, for totals would compare the sizes of states; shares, rates
-- and indices as they are. Rates of growth, bilateral series and indicators of which no way is better
-- are left out: who is ahead in them has no answer.
--
-- columns:
--   indicator | code | catalogue id
--   economy   | code | state
--   year      | year | year that the value speaks of
--   value     | as the indicator's unit says, or that per head | value that is compared
--   per_head  | – | whether it is divided by the population of the same year
WITH members AS (
    SELECT DISTINCT economy FROM core.member_sets WHERE reported
),

chosen AS (
    SELECT indicator, publisher, kind IN ('stock', 'flow') AS per_head
    FROM core.indicators
    WHERE kind <> 'growth' AND direction <> 'neutral'
),

paths AS (
    SELECT
        c.indicator,
        c.economy,
        c.year,
        CASE WHEN i.per_head THEN c.value / nullif(d.population, 0) ELSE c.value END AS value,
        i.per_head
    FROM core.current AS c
    INNER JOIN chosen AS i ON i.indicator = c.indicator AND i.publisher = c.publisher
    INNER JOIN members AS m ON m.economy = c.economy
    LEFT JOIN marts.denominators AS d ON d.economy = c.economy AND d.year = c.year
    WHERE c.counterpart = '_Z'
)

SELECT indicator, economy, year, value, per_head
FROM paths
WHERE value IS NOT NULL
ORDER BY indicator, economy, year
