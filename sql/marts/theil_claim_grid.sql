-- The article's 0.77 against every index that it could have meant.
--
-- The article reports a Theil index of 0.77 for ICT service exports across the organisation's
-- states; years, members, weights and unit are not known. Here are the eight members up to 2022
-- and the same with Belarus up to 2021, five years, every weighting, and the measures that might
-- be called by that name. Many cells come near, so none is identified.
--
-- columns:
--   indicator  | code | BX.GSR.CCIS.CD, or BX.GSR.CCIS.ZS for its share of service exports
--   member_set | code | which states, see core.member_sets
--   year       | year | year of the distribution
--   measure    | code | column of marts.inequality, or a rescaled theil_t
--   weighting  | code | which outcome against which reference
--   n          | states | states in the distribution
--   members    | codes | those states
--   value      | depends on the measure | the index
--   distance   | depends on the measure | value less 0.77
--   near       | – | whether the value rounds to 0.77
--   published  | – | whether coverage is enough for the cell to be shown
WITH candidates AS (
    SELECT *
    FROM marts.inequality
    WHERE
        indicator IN ('BX.GSR.CCIS.CD', 'BX.GSR.CCIS.ZS')
        AND theil_t IS NOT NULL
        AND (
            (member_set = 'sco_8' AND year BETWEEN 2018 AND 2022)
            OR (member_set = 'sco_9_belarus' AND year BETWEEN 2018 AND 2021)
        )
),

measured AS (
    SELECT *, 'theil_t' AS measure, theil_t AS value FROM candidates
    UNION ALL
    SELECT *, 'theil_t_normalised' AS measure, theil_t / ln(n) AS value
    FROM candidates
    WHERE weighting NOT IN ('per_capita_population', 'per_gdp_gdp', 'per_services_services')
    UNION ALL
    SELECT *, 'theil_t_bits' AS measure, theil_t / ln(2) AS value FROM candidates
    UNION ALL
    SELECT *, 'theil_l' AS measure, theil_l AS value FROM candidates
    UNION ALL
    SELECT *, 'gini' AS measure, gini AS value FROM candidates
    UNION ALL
    SELECT *, 'gini_corrected' AS measure, gini_corrected AS value
    FROM candidates
    WHERE gini_corrected IS NOT NULL
    UNION ALL
    SELECT *, 'atkinson_1' AS measure, atkinson_1 AS value FROM candidates
    UNION ALL
    SELECT *, 'herfindahl' AS measure, herfindahl AS value FROM candidates WHERE weighting = 'totals'
)

SELECT
    indicator,
    member_set,
    year,
    measure,
    weighting,
    n,
    members,
    value,
    value - 0.77 AS distance,
    -- Half-up, as pipeline/rounding does it.
    value >= 0.765 AND value < 0.775 AS near,
    published
FROM measured
ORDER BY indicator, member_set, year, measure, weighting
