-- Exports of ICT and of digitally deliverable services of the members and the world, in dollars, per
-- head and as shares.
--
-- What stands beside the reported sizes of digital economies: one definition for all. ICT services are
-- telecommunications, computer and information services; digitally deliverable ones may be delivered
-- over networks, whether they were or not, and hold the former.
--
-- columns:
--   indicator   | code | BX.GSR.CCIS.CD or UNCTAD.DDS.EXPORTS
--   economy     | code | state, or WLD
--   year        | year | year of the exports
--   value_usd   | current US$ | exports
--   per_head_usd | current US$ | exports per head of population
--   of_gdp_pct  | % | exports in percent of gross domestic product
--   of_service_exports_pct | % | exports in percent of all service exports
WITH places AS (
    SELECT DISTINCT economy FROM core.member_sets WHERE reported
    UNION ALL
    SELECT 'WLD' AS economy
),

exports AS (
    SELECT
        c.indicator,
        c.economy,
        c.year,
        CASE c.indicator WHEN 'UNCTAD.DDS.EXPORTS' THEN 1e6 * c.value ELSE c.value END AS value_usd
    FROM core.current AS c
    INNER JOIN places AS p ON p.economy = c.economy
    WHERE c.indicator IN ('BX.GSR.CCIS.CD', 'UNCTAD.DDS.EXPORTS') AND c.counterpart = '_Z'
)

SELECT
    e.indicator,
    e.economy,
    e.year,
    e.value_usd,
    e.value_usd / nullif(d.population, 0) AS per_head_usd,
    100 * e.value_usd / nullif(d.gdp_usd, 0) AS of_gdp_pct,
    100 * e.value_usd / nullif(d.service_exports_usd, 0) AS of_service_exports_pct
FROM exports AS e
LEFT JOIN marts.denominators AS d ON d.economy = e.economy AND d.year = e.year
ORDER BY e.indicator, e.economy, e.year
