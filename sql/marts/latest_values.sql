-- The newest value of every indicator for each member and for the world, with its age.
--
-- Members are those of every member set: in an edition about another bloc its states too.
--
-- A row stands here even where nothing was ever published. A value older than the indicator's
-- maximum age is no value: it stays visible in "value", but not in "published_value" (Iran's last
-- receipts for intellectual property are 0, for the year 2000). Bilateral series are read towards
-- the world.
--
-- columns:
--   indicator     | code | catalogue id
--   economy       | code | state of a member set, or WLD
--   year          | year | year of the newest value; empty where there is none
--   value         | as unit says | newest value, however old
--   unit          | – | unit in the catalogue
--   age_years     | years | as-of year less the value's year
--   max_age_years | years | oldest age at which a value may be published
--   recent        | – | whether the value is young enough
--   published_value | as unit says | the value where it is recent, otherwise empty
--   reason        | – | why there is no published value; empty where there is one
--   snapshot      | code | snapshot of the value
--   vintage       | date | day of that snapshot's release
--   status        | code | the publisher's flag
WITH places AS (
    SELECT DISTINCT economy FROM core.member_sets
    UNION ALL
    SELECT 'WLD' AS economy
),

newest AS (
    SELECT c.publisher, c.indicator, c.economy, c.year, c.value, c.snapshot, c.vintage, c.status
    FROM core.current AS c
    WHERE c.counterpart IN ('_Z', 'WLD')
    QUALIFY row_number() OVER (
        PARTITION BY c.publisher, c.indicator, c.economy ORDER BY c.year DESC, c.counterpart
    ) = 1
),

aged AS (
    SELECT
        i.indicator,
        p.economy,
        n.year,
        n.value,
        i.unit,
        CAST(date_part('year', b.as_of) - n.year AS SMALLINT) AS age_years,
        i.max_age_years,
        n.snapshot,
        n.vintage,
        n.status
    FROM core.indicators AS i
    CROSS JOIN places AS p
    CROSS JOIN core.build AS b
    LEFT JOIN newest AS n
        ON n.publisher = i.publisher AND n.indicator = i.indicator AND n.economy = p.economy
)

SELECT
    indicator,
    economy,
    year,
    value,
    unit,
    age_years,
    max_age_years,
    coalesce(age_years <= max_age_years, false) AS recent,
    CASE WHEN age_years <= max_age_years THEN value END AS published_value,
    CASE
        WHEN year IS NULL THEN 'no value in the release'
        WHEN age_years > max_age_years
            THEN 'no recent value: the newest is for ' || year || ', ' || age_years
                || ' years back; at most ' || max_age_years
    END AS reason,
    snapshot,
    vintage,
    status
FROM aged
ORDER BY indicator, economy
