-- The series of goods trade by partner that the catalogue declares, and which of them speak.
--
-- One publisher speaks for the whole picture: all years, both flows, every state. A balance, both
-- ends of a flow and a path over the years would otherwise set one publisher's method against
-- another's, and a step where they meet would be taken for trade. Of the publishers that have both
-- flows, in one year at least, for seven of ten states of the set that is reported on, the one that
-- the catalogue prefers most speaks; where none has that much, the one preferred most of those held.
-- So a set that has taken another's place speaks from its first release on, and not on the strength
-- of half an answer. Claims name their series and are asked of it, whoever speaks here.
--
-- columns:
--   publisher   | code | publisher in the catalogue
--   indicator   | code | catalogue id
--   flow        | code | exports or imports
--   per_million | units | the series' units in a million US$
--   preference  | – | the publisher's: the higher, the rather
--   n_values    | values | values as of the date, with all partners
--   first_year  | year | earliest year with a value
--   last_year   | year | latest year with a value
--   n_reporters | states | most states of the set with both flows of this publisher in one year
--   state       | – | speaks; stands back (another publisher speaks); not held
WITH members AS (
    SELECT DISTINCT economy FROM core.member_sets WHERE reported
),

held AS (
    SELECT
        c.publisher,
        c.indicator,
        count(*) AS n_values,
        min(c.year) AS first_year,
        max(c.year) AS last_year
    FROM core.current AS c
    INNER JOIN staging.goods_series AS g
        ON g.publisher = c.publisher AND g.indicator = c.indicator
    GROUP BY c.publisher, c.indicator
),

ends AS (
    SELECT g.publisher, c.year, c.economy, count(DISTINCT g.flow) AS flows
    FROM core.current AS c
    INNER JOIN staging.goods_series AS g
        ON g.publisher = c.publisher AND g.indicator = c.indicator
    INNER JOIN members AS r ON r.economy = c.economy
    INNER JOIN members AS p ON p.economy = c.counterpart
    WHERE c.year >= 1990
    GROUP BY g.publisher, c.year, c.economy
),

years AS (
    SELECT publisher, year, count(*) AS n_reporters
    FROM ends
    WHERE flows = 2
    GROUP BY publisher, year
),

publishers AS (
    SELECT
        g.publisher,
        max(g.preference) AS preference,
        coalesce(max(y.n_reporters), 0) AS n_reporters
    FROM staging.goods_series AS g
    INNER JOIN held AS h ON h.publisher = g.publisher AND h.indicator = g.indicator
    LEFT JOIN years AS y ON y.publisher = g.publisher
    GROUP BY g.publisher
),

chosen AS (
    SELECT p.publisher
    FROM publishers AS p
    CROSS JOIN (SELECT count(*) AS size FROM members) AS m
    ORDER BY 10 * p.n_reporters >= 7 * m.size DESC, p.preference DESC
    LIMIT 1
)

SELECT
    g.publisher,
    g.indicator,
    g.flow,
    g.per_million,
    g.preference,
    coalesce(h.n_values, 0) AS n_values,
    h.first_year,
    h.last_year,
    CAST(coalesce(p.n_reporters, 0) AS SMALLINT) AS n_reporters,
    CASE
        WHEN h.n_values IS NULL THEN 'not held'
        WHEN c.publisher IS NOT NULL THEN 'speaks'
        ELSE 'stands back'
    END AS state
FROM staging.goods_series AS g
LEFT JOIN held AS h ON h.publisher = g.publisher AND h.indicator = g.indicator
LEFT JOIN publishers AS p ON p.publisher = g.publisher
LEFT JOIN chosen AS c ON c.publisher = g.publisher
ORDER BY g.publisher, g.indicator
