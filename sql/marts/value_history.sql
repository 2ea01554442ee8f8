-- What each release said of a headline figure: the same year seen from different years.
--
-- For the members and the world, by the releases that spoke. A figure that a release leaves out has
-- no row. Copies were rounded more or less; the values stand as they are.
--
-- columns:
--   indicator | code | headline indicator of the catalogue
--   economy   | code | state of some member set of the organisation, or WLD
--   year      | year | year that the figure speaks of
--   vintage   | date | day of the release
--   value     | as unit says | value that it gives
--   unit      | – | unit in the catalogue
--   snapshot  | code | snapshot of the release
WITH members AS (
    SELECT DISTINCT economy FROM core.member_sets WHERE reported
    UNION ALL
    SELECT 'WLD' AS economy
)

SELECT
    o.indicator,
    o.economy,
    o.year,
    o.vintage,
    o.value,
    o.unit,
    o.snapshot
FROM core.observations AS o
INNER JOIN core.indicators AS i ON i.indicator = o.indicator AND i.publisher = o.publisher
INNER JOIN core.snapshots AS s ON s.snapshot = o.snapshot AND s.indicator = o.indicator
INNER JOIN members AS m ON m.economy = o.economy
WHERE i.headline AND s.rank_in_vintage = 1 AND o.counterpart IN ('_Z', 'WLD')
ORDER BY o.indicator, o.economy, o.year, o.vintage
