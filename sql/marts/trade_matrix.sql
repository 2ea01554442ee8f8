-- Goods trade among the members and with the world, as each end reports it, from one publisher.
--
-- Which publisher that is, for all years and both flows, core.goods_series says. A flow that nobody
-- reported has no row: it is not a flow of zero. The rows of the world are sums over all economies.
-- A flow with a flag is the publisher's estimate, mostly made from what the partner reports.
--
-- columns:
--   indicator | code | series that the flow stands in
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
    g.flow,
    c.year,
    c.economy AS reporter,
    c.counterpart AS partner,
    c.value / g.per_million AS value,
    coalesce(c.status, '') <> '' AS estimated
FROM core.current AS c
INNER JOIN core.goods_series AS g
    ON g.publisher = c.publisher AND g.indicator = c.indicator AND g.state = 'speaks'
INNER JOIN places AS r ON r.economy = c.economy
INNER JOIN places AS p ON p.economy = c.counterpart
WHERE c.year >= 1990
ORDER BY c.indicator, c.year, reporter, partner
