-- Facts that claims rest on beside published series: of the register of members, and of inequality.
--
-- The register is the catalogue's own and has no release. The indices are those of the ICT service
-- exports of the eight members until 2022, as the article may have meant them: of all that are
-- published in marts.theil_claim_grid, the Theil T that comes nearest to 0.77; how many indices
-- of any kind round to it; and what is left, by year, of the index against GDP when the state that
-- makes most of it is left out.
--
-- columns:
--   fact    | code | which fact, as the catalogue's claims name it
--   economy | code | state, or the member set that the article's bloc is read as
--   year    | year | year that the fact speaks of
--   value   | depends on the fact | members; years; year; nats; indices; % of the index
--   series  | codes | indicators that it is computed from, with a space between; empty: the register
WITH membership AS (
    SELECT 'members' AS fact, 'sco_10' AS economy, year, CAST(count(*) AS DOUBLE) AS value
    FROM core.member_sets
    WHERE member_set = 'sco_dated'
    GROUP BY year
    UNION ALL
    SELECT 'accession_year' AS fact, m.economy, m.year, CAST(year(s.since) AS DOUBLE) AS value
    FROM core.member_sets AS m
    INNER JOIN core.memberships AS s ON s.bloc = m.bloc AND s.economy = m.economy
    WHERE m.member_set = 'sco_dated' AND year(s.since) <= m.year AND s.until IS NULL
    UNION ALL
    SELECT DISTINCT
        'years_since_foundation' AS fact,
        'sco_10' AS economy,
        m.year,
        CAST(m.year - year(b.founded) AS DOUBLE) AS value
    FROM core.member_sets AS m
    INNER JOIN core.blocs AS b ON b.bloc = m.bloc
    WHERE m.member_set = 'sco_dated'
),

theil AS (
    SELECT
        year,
        value,
        row_number() OVER (ORDER BY abs(distance), indicator, member_set, year, weighting) AS place
    FROM marts.theil_claim_grid
    WHERE published AND measure = 'theil_t'
),

near AS (
    SELECT count(*) AS cells
    FROM marts.theil_claim_grid
    WHERE near AND published
),

whole AS (
    SELECT indicator, year, weighting, member_set, theil_t
    FROM marts.inequality
    WHERE
        indicator = 'BX.GSR.CCIS.CD'
        AND weighting = 'per_gdp_gdp'
        AND member_set = 'sco_8'
        AND published
        AND theil_t > 0
),

left_over AS (
    SELECT w.year, 100 * min(o.theil_t) / w.theil_t AS value
    FROM whole AS w
    INNER JOIN marts.inequality_leave_one_out AS o
        ON
            o.indicator = w.indicator
            AND o.year = w.year
            AND o.weighting = w.weighting
            AND o.member_set = w.member_set
    GROUP BY w.year, w.theil_t
),

indices AS (
    SELECT 'theil_nearest_to_claim' AS fact, year, value FROM theil WHERE place = 1
    UNION ALL
    SELECT 'theil_cells_near_claim' AS fact, t.year, CAST(n.cells AS DOUBLE) AS value
    FROM near AS n
    CROSS JOIN theil AS t
    WHERE t.place = 1
    UNION ALL
    SELECT 'theil_left_without_one_pct' AS fact, year, value FROM left_over
)

SELECT fact, economy, year, value, '' AS series FROM membership
UNION ALL
SELECT fact, 'sco_10' AS economy, year, value, 'BX.GSR.CCIS.CD NY.GDP.MKTP.CD' AS series
FROM indices
ORDER BY fact, economy, year
