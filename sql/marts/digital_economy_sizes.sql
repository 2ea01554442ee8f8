-- Sizes of national digital economies as they are reported, by definition, with what they would be of
-- the state's output.
--
-- Figures of different definitions stand an order of magnitude apart. They are never added, averaged
-- or ranked. Beside each is the state's export of ICT services of the same year, by one definition.
--
-- columns:
--   size        | code | id in the catalogue
--   economy     | code | state
--   band        | code | core, narrow, broad or undefined
--   year        | year | year that it speaks of
--   value       | as unit says | size as reported
--   unit        | – | billion US$, trillion yuan or % of GDP
--   bound       | code | exactly, about or above
--   definition  | – | what is counted
--   reported_by | – | who says so
--   note        | – | what to know before using it
--   of_gdp_pct  | % | the size in percent of gross domestic product, as reported or computed
--   of_gdp_basis | code | reported or computed; empty where it is not known
--   ict_exports_usd | current US$ | exports of ICT services in that year
--   ict_exports_of_gdp_pct | % | those in percent of gross domestic product
--   reason      | – | why the size is not set against output; empty where it is
SELECT
    s.size,
    s.economy,
    s.band,
    s.year,
    s.value,
    s.unit,
    s.bound,
    s.definition,
    s.reported_by,
    s.note,
    CASE s.unit
        WHEN '% of GDP' THEN s.value
        WHEN 'billion US$' THEN 100 * 1e9 * s.value / nullif(d.gdp_usd, 0)
    END AS of_gdp_pct,
    CASE
        WHEN s.unit = '% of GDP' THEN 'reported'
        WHEN s.unit = 'billion US$' AND d.gdp_usd > 0 THEN 'computed'
    END AS of_gdp_basis,
    x.value_usd AS ict_exports_usd,
    x.of_gdp_pct AS ict_exports_of_gdp_pct,
    CASE
        WHEN s.unit = 'trillion yuan' THEN 'no exchange rate is in the archive'
        WHEN s.unit = 'billion US$' AND NOT coalesce(d.gdp_usd > 0, false)
            THEN 'no gross domestic product for ' || s.year
    END AS reason
FROM core.digital_economy_sizes AS s
LEFT JOIN marts.denominators AS d ON d.economy = s.economy AND d.year = s.year
LEFT JOIN marts.digital_service_exports AS x
    ON x.indicator = 'BX.GSR.CCIS.CD' AND x.economy = s.economy AND x.year = s.year
ORDER BY s.size
