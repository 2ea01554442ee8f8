-- How far the publishers agree, concept by concept: pairs of figures, share that agrees, largest gap.
--
-- One row a concept and other series (or declared figure), over all published pairs of
-- marts.publisher_agreement, and beside it of the newest year that has one.
--
-- columns:
--   concept             | code | id in the catalogue
--   preferred_indicator | code | series that the report uses
--   publisher           | code | publisher of the other series; empty for a declared figure
--   indicator           | code | code of the other series; id of a declared figure
--   n                   | pairs | figures compared
--   n_within            | pairs | those that agree
--   within_pct          | % | that share
--   median_distance     | as tolerance_measure | half of the pairs are no farther apart
--   tolerance           | as tolerance_measure | how far apart they may be
--   tolerance_measure   | code | percent or units
--   first_year          | year | first year compared
--   last_year           | year | last year compared
--   n_last              | pairs | figures compared in that year
--   n_within_last       | pairs | those that agree
--   largest_distance    | as tolerance_measure | the pair farthest apart in all years
--   largest_economy     | code | its state
--   largest_counterpart | code | its partner; _Z where figures are not by partner
--   largest_year        | year | its year
WITH compared AS (
    SELECT
        concept,
        preferred_indicator,
        publisher,
        indicator,
        economy,
        counterpart,
        year,
        distance,
        within_tolerance,
        tolerance,
        tolerance_measure,
        max(year) OVER (PARTITION BY concept, indicator) AS last_year,
        row_number() OVER (
            PARTITION BY concept, indicator
            ORDER BY distance DESC, economy, counterpart, year DESC
        ) AS place
    FROM marts.publisher_agreement
    WHERE published
)

SELECT
    concept,
    any_value(preferred_indicator) AS preferred_indicator,
    any_value(publisher) AS publisher,
    indicator,
    count(*) AS n,
    count(*) FILTER (WHERE within_tolerance) AS n_within,
    100 * count(*) FILTER (WHERE within_tolerance) / count(*) AS within_pct,
    median(distance) AS median_distance,
    any_value(tolerance) AS tolerance,
    any_value(tolerance_measure) AS tolerance_measure,
    min(year) AS first_year,
    max(year) AS last_year,
    count(*) FILTER (WHERE year = last_year) AS n_last,
    count(*) FILTER (WHERE year = last_year AND within_tolerance) AS n_within_last,
    max(distance) AS largest_distance,
    any_value(economy) FILTER (WHERE place = 1) AS largest_economy,
    any_value(counterpart) FILTER (WHERE place = 1) AS largest_counterpart,
    any_value(year) FILTER (WHERE place = 1) AS largest_year
FROM compared
GROUP BY concept, indicator
ORDER BY concept, indicator
