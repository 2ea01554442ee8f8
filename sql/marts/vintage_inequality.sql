-- The leading Theil indices of the members as each release made them look.
--
-- The same year seen from different years. The measure is computed by pipeline/measures from
-- marts.vintage_distributions. As in marts.inequality, a cell is published when at least seven of
-- ten members are in it and they hold 80 % of the reference weight of all of them.
--
-- columns:
--   seen_from | date | day as of which the figures are taken
--   indicator | code | catalogue id, or the id of a complement
--   year      | year | year of the distribution
--   weighting | code | per_gdp_gdp or share_unweighted
--   n         | states | states in the distribution
--   members   | codes | those states, sorted, with a space between
--   theil_t   | nats | Theil T
--   coverage  | share | share of the reference weight of all members that is present, 0 to 1
--   published | – | whether the cell may be shown
WITH coverage AS (
    SELECT
        seen_from,
        indicator,
        year,
        weighting,
        count(*) AS size,
        count(*) FILTER (WHERE outcome IS NOT NULL AND reference IS NOT NULL) AS n,
        coalesce(
            string_agg(economy, ' ' ORDER BY economy)
                FILTER (WHERE outcome IS NOT NULL AND reference IS NOT NULL),
            ''
        ) AS members,
        CASE
            WHEN count(reference) = count(*)
                THEN
                    coalesce(sum(reference ORDER BY economy) FILTER (WHERE outcome IS NOT NULL), 0)
                    / nullif(sum(reference ORDER BY economy), 0)
        END AS coverage
    FROM marts.vintage_distributions
    GROUP BY seen_from, indicator, year, weighting
)

SELECT
    c.seen_from,
    c.indicator,
    c.year,
    c.weighting,
    CAST(c.n AS SMALLINT) AS n,
    c.members,
    t.theil_t,
    c.coverage,
    10 * c.n >= 7 * c.size AND coalesce(c.coverage >= 0.8, false) AND t.theil_t IS NOT NULL
        AS published
FROM coverage AS c
LEFT JOIN measures.vintage_theil AS t
    ON
        t.seen_from = c.seen_from
        AND t.indicator = c.indicator
        AND t.year = c.year
        AND t.weighting = c.weighting
ORDER BY c.seen_from, c.indicator, c.year, c.weighting
