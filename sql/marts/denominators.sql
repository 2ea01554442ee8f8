-- What totals are divided by: population, GDP and service exports, by economy and year.
--
-- A denominator is always of the same year as the value it divides. The service exports that the
-- publisher gives in dollars (BX.GSR.NFSV.CD) are taken only where their snapshot is at most three
-- years older than the as-of date; the last open copy is of 2013. Otherwise they are derived from
-- the ICT service exports and their share: BX.GSR.CCIS.CD / (BX.GSR.CCIS.ZS / 100). The choice
-- holds for all economies and years alike, so that the two bases never stand in one index.
--
-- columns:
--   economy        | code | ISO 3166 alpha-3, or the code of an aggregate
--   year           | year | year of the three denominators
--   population     | persons | SP.POP.TOTL
--   gdp_usd        | current US$ | NY.GDP.MKTP.CD
--   service_exports_usd | current US$ | exports of services, published or derived as said above
--   service_exports_basis | – | "published" or "derived"; empty where there is no value
WITH wide AS (
    SELECT
        economy,
        year,
        max(value) FILTER (WHERE indicator = 'SP.POP.TOTL') AS population,
        max(value) FILTER (WHERE indicator = 'NY.GDP.MKTP.CD') AS gdp_usd,
        max(value) FILTER (WHERE indicator = 'BX.GSR.NFSV.CD') AS published_usd,
        max(value) FILTER (WHERE indicator = 'BX.GSR.CCIS.CD') AS ict_usd,
        max(value) FILTER (WHERE indicator = 'BX.GSR.CCIS.ZS') AS ict_pct
    FROM core.current
    WHERE
        publisher = 'world_bank_wdi'
        AND counterpart = '_Z'
        AND indicator IN (
            'SP.POP.TOTL', 'NY.GDP.MKTP.CD', 'BX.GSR.NFSV.CD', 'BX.GSR.CCIS.CD', 'BX.GSR.CCIS.ZS'
        )
    GROUP BY economy, year
),

basis AS (
    SELECT
        coalesce(
            (
                SELECT max(s.vintage) FROM core.snapshots AS s
                WHERE s.indicator = 'BX.GSR.NFSV.CD' AND s.is_current
            ) >= b.as_of - INTERVAL 3 YEAR,
            false
        ) AS is_published
    FROM core.build AS b
),

chosen AS (
    SELECT
        w.economy,
        w.year,
        w.population,
        w.gdp_usd,
        CASE
            WHEN b.is_published THEN w.published_usd
            ELSE w.ict_usd / nullif(w.ict_pct / 100, 0)
        END AS service_exports_usd,
        CASE WHEN b.is_published THEN 'published' ELSE 'derived' END AS basis
    FROM wide AS w
    CROSS JOIN basis AS b
)

SELECT
    economy,
    year,
    population,
    gdp_usd,
    service_exports_usd,
    CASE WHEN service_exports_usd IS NOT NULL THEN basis END AS service_exports_basis
FROM chosen
ORDER BY economy, year
