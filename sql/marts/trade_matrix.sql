-- Goods trade among the members and with the world, as each end reports it.
--
-- A flow that nobody reported has no row: it is not a flow of zero. The rows of the world are sums
-- over all economies. A flow that the publisher estimated is mostly made from what the partner
-- reports. The set was closed with the year 2020.
--
-- columns:
--   indicator | code | DOTS.EXPORTS or DOTS.IMPORTS
--   flow      | code | exports (free on board) or imports (cost, insurance and freight included)
--   year      | year | year of the flow
--   reporter  | code | state that reports, or WLD
--   partner   | code | state, or WLD
--   value     | million US$ | value of the flow
--   estimated | – | whether the publisher estimated it
WITH places AS (
    SELECT DISTINCT economy FROM core.member_sets WHERE reported
    UNION ALL
    SELECT 'WLD' AS economy
)

SELECT
    c.indicator,
    CASE c.indicator WHEN 'DOTS.EXPORTS' THEN 'exports' ELSE 'imports' END AS flow,
    c.year,
    c.economy AS reporter,
    c.counterpart AS partner,
    c.value,
    coalesce(c.status = 'E', false) AS estimated
FROM core.current AS c
INNER JOIN places AS r ON r.economy = c.economy
INNER JOIN places AS p ON p.economy = c.counterpart
WHERE
    c.publisher = 'imf_dots'
    AND c.indicator IN ('DOTS.EXPORTS', 'DOTS.IMPORTS')
    AND c.year >= 1990
ORDER BY c.indicator, c.year, reporter, partner
