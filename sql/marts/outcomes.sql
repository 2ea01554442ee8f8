-- Outcome and reference of every state under every declared weighting, missing states included.
--
-- The outcome is what is shared out, the reference what it is compared with; both become shares of
-- their sums. A total of a percentage is the percentage times the population of the same year
-- (persons online), a complement is what is left to 100 (persons offline). Years are those in
-- which at least one state of the organisation's member sets has a value; a state without one has
-- its row. Bilateral series are read towards the world.
--
-- columns:
--   indicator | code | catalogue id, or the id of a complement
--   year      | year | year of outcome and reference
--   weighting | code | which outcome against which reference
--   economy   | code | state of a member set
--   outcome   | depends on the weighting | total, total per head or per dollar, or the share itself; empty where missing
--   reference | depends on the weighting | 1, population, GDP or service exports; empty where missing
WITH members AS (
    SELECT DISTINCT economy, year FROM core.member_sets
),

declared AS (
    SELECT w.indicator, w.base_indicator, w.is_complement, w.weighting, i.publisher, i.kind
    FROM core.weightings AS w
    INNER JOIN core.indicators AS i ON i.indicator = w.base_indicator
),

current_values AS (
    SELECT c.publisher, c.indicator, c.economy, c.year, c.value
    FROM core.current AS c
    INNER JOIN members AS m ON m.economy = c.economy AND m.year = c.year
    WHERE c.counterpart IN ('_Z', 'WLD')
),

years AS (
    SELECT DISTINCT publisher, indicator, year FROM current_values
),

measured AS (
    SELECT
        d.indicator,
        y.year,
        d.weighting,
        m.economy,
        d.kind,
        CASE WHEN d.is_complement THEN 100 - v.value ELSE v.value END AS value,
        n.population,
        n.gdp_usd,
        n.service_exports_usd
    FROM declared AS d
    INNER JOIN years AS y ON y.indicator = d.base_indicator AND y.publisher = d.publisher
    INNER JOIN members AS m ON m.year = y.year
    LEFT JOIN current_values AS v
        ON
            v.publisher = d.publisher
            AND v.indicator = d.base_indicator
            AND v.economy = m.economy
            AND v.year = y.year
    LEFT JOIN marts.denominators AS n ON n.economy = m.economy AND n.year = y.year
),

totals AS (
    SELECT
        *,
        CASE kind
            WHEN 'share' THEN value / 100 * population
            WHEN 'per_head' THEN value * population
            ELSE value
        END AS total
    FROM measured
)

SELECT
    indicator,
    year,
    weighting,
    economy,
    CASE weighting
        WHEN 'totals' THEN total
        WHEN 'per_capita_unweighted' THEN total / nullif(population, 0)
        WHEN 'per_capita_population' THEN total
        WHEN 'per_gdp_unweighted' THEN total / nullif(gdp_usd, 0)
        WHEN 'per_gdp_gdp' THEN total
        WHEN 'per_services_services' THEN total
        WHEN 'share_unweighted' THEN value
    END AS outcome,
    CASE weighting
        WHEN 'per_capita_population' THEN population
        WHEN 'per_gdp_gdp' THEN gdp_usd
        WHEN 'per_services_services' THEN service_exports_usd
        ELSE 1
    END AS reference
FROM totals
ORDER BY indicator, year, weighting, economy
