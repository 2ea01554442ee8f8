-- The member sets' own sums and means, with how much of the set stands behind each.
--
-- The catalogue says for each indicator whether members are added up or averaged, and by which
-- weight. An aggregate is published when at least 70 % of the states (seven of ten) and 80 % of
-- the weight are present. The weight of a mean is its declared weight, that of a sum is population;
-- both are of the same year. Where a missing state's weight is unknown, so is the coverage.
-- Bilateral series are read towards the world.
--
-- columns:
--   indicator  | code | catalogue id
--   year       | year | year of the values
--   member_set | code | which states, see core.member_sets
--   value      | as unit says | sum or weighted mean over the states present
--   unit       | – | unit in the catalogue
--   method     | – | "sum" or "mean weighted by" an indicator
--   n          | states | states present
--   members    | codes | states present, sorted, with a space between
--   missing    | codes | states of the set that are not present
--   coverage   | share | share of the set's weight that is present, 0 to 1
--   published  | – | whether the coverage is enough
--   reason     | – | why it is not published; empty where it is
WITH declared AS (
    SELECT
        indicator,
        publisher,
        unit,
        aggregation,
        coalesce(aggregation_weight, 'SP.POP.TOTL') AS weight_indicator
    FROM core.indicators
    WHERE aggregation IN ('sum', 'weighted_mean')
),

current_values AS (
    SELECT publisher, indicator, economy, year, value
    FROM core.current
    WHERE counterpart IN ('_Z', 'WLD')
),

weights AS (
    SELECT v.indicator, v.economy, v.year, v.value
    FROM current_values AS v
    INNER JOIN core.indicators AS i ON i.indicator = v.indicator AND i.publisher = v.publisher
),

years AS (
    SELECT DISTINCT d.indicator, m.member_set, v.year
    FROM declared AS d
    INNER JOIN current_values AS v ON v.indicator = d.indicator AND v.publisher = d.publisher
    INNER JOIN core.member_sets AS m ON m.economy = v.economy AND m.year = v.year
),

cells AS (
    SELECT
        y.indicator,
        y.year,
        y.member_set,
        m.economy,
        d.unit,
        d.aggregation,
        d.weight_indicator,
        v.value,
        w.value AS weight,
        v.value IS NOT NULL AND (d.aggregation = 'sum' OR w.value IS NOT NULL) AS present
    FROM years AS y
    INNER JOIN declared AS d ON d.indicator = y.indicator
    INNER JOIN core.member_sets AS m ON m.member_set = y.member_set AND m.year = y.year
    LEFT JOIN current_values AS v
        ON
            v.indicator = d.indicator
            AND v.publisher = d.publisher
            AND v.economy = m.economy
            AND v.year = y.year
    LEFT JOIN weights AS w
        ON w.indicator = d.weight_indicator AND w.economy = m.economy AND w.year = y.year
),

aggregates AS (
    SELECT
        indicator,
        year,
        member_set,
        any_value(unit) AS unit,
        CASE
            WHEN any_value(aggregation) = 'sum' THEN sum(value ORDER BY economy)
            ELSE
                sum(value * weight ORDER BY economy) FILTER (WHERE present)
                / nullif(sum(weight ORDER BY economy) FILTER (WHERE present), 0)
        END AS value,
        CASE
            WHEN any_value(aggregation) = 'sum' THEN 'sum'
            ELSE 'mean weighted by ' || any_value(weight_indicator)
        END AS method,
        any_value(weight_indicator) AS weight_indicator,
        count(*) AS size,
        count(*) FILTER (WHERE present) AS n,
        coalesce(string_agg(economy, ' ' ORDER BY economy) FILTER (WHERE present), '') AS members,
        coalesce(string_agg(economy, ' ' ORDER BY economy) FILTER (WHERE NOT present), '')
            AS missing,
        string_agg(economy, ' ' ORDER BY economy) FILTER (WHERE weight IS NULL) AS unweighed,
        CASE
            WHEN count(weight) = count(*)
                THEN
                    coalesce(sum(weight ORDER BY economy) FILTER (WHERE present), 0)
                    / nullif(sum(weight ORDER BY economy), 0)
        END AS coverage
    FROM cells
    GROUP BY indicator, year, member_set
),

judged AS (
    SELECT
        *,
        CASE
            WHEN 10 * n < 7 * size
                THEN n || ' of ' || size || ' states have a value; at least '
                    || CAST(ceil(0.7 * size) AS INTEGER) || ' are needed'
            WHEN coverage IS NULL
                THEN 'coverage is unknown: no ' || weight_indicator || ' for ' || unweighed
            WHEN coverage < 0.8
                THEN 'the states with a value hold ' || CAST(floor(100 * coverage) AS INTEGER)
                    || ' % of the weight; at least 80 % is needed'
        END AS reason
    FROM aggregates
)

SELECT
    indicator,
    year,
    member_set,
    value,
    unit,
    method,
    CAST(n AS SMALLINT) AS n,
    members,
    missing,
    coverage,
    reason IS NULL AS published,
    reason
FROM judged
ORDER BY indicator, year, member_set
