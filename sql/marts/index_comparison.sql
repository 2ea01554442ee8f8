-- The ranks of the index beside those of the United Nations' and the ITU's, in years that both have.
--
-- Ranks are among the states that both have a value of, 1 for the best. The correlation is that of
-- ranks (Spearman). The other indices are made for other questions: where a rank differs, one is not
-- wrong. A rank of the index comes with its interval in marts.index_scores.
--
-- columns:
--   index_id    | code | index in the catalogue
--   indicator   | code | the other: EGDI or GCI
--   year        | year | year of both
--   economy     | code | state
--   index_rank  | rank | by the arithmetic score, among those compared
--   other_rank  | rank | by the other index, among those compared
--   difference  | places | index_rank less other_rank: above 0 the other ranks the state higher
--   n           | states | states compared
--   spearman    | −1 to 1 | correlation of both ranks over these states
WITH pairs AS (
    SELECT s.index_id, c.indicator, s.year, s.economy, s.score, c.value
    FROM marts.index_scores AS s
    INNER JOIN core.current AS c ON c.economy = s.economy AND c.year = s.year
    WHERE
        s.aggregation = 'arithmetic'
        AND s.published
        AND c.indicator IN ('EGDI', 'GCI')
        AND c.counterpart = '_Z'
),

placed AS (
    SELECT
        *,
        count(*) OVER of_all AS n,
        rank() OVER (PARTITION BY index_id, indicator, year ORDER BY score DESC)
        + (count(*) OVER (PARTITION BY index_id, indicator, year, score) - 1) / 2 AS index_rank,
        rank() OVER (PARTITION BY index_id, indicator, year ORDER BY value DESC)
        + (count(*) OVER (PARTITION BY index_id, indicator, year, value) - 1) / 2 AS other_rank
    FROM pairs
    WINDOW of_all AS (PARTITION BY index_id, indicator, year)
),

ranked AS (
    SELECT i.index_id, count(DISTINCT m.economy) AS size
    FROM core.index_plans AS i
    INNER JOIN core.member_sets AS m ON m.member_set = i.member_set
    GROUP BY i.index_id
),

agreement AS (
    SELECT index_id, indicator, year, corr(index_rank, other_rank ORDER BY economy) AS spearman
    FROM placed
    GROUP BY index_id, indicator, year
)

SELECT
    p.index_id,
    p.indicator,
    p.year,
    p.economy,
    p.index_rank,
    p.other_rank,
    p.index_rank - p.other_rank AS difference,
    CAST(p.n AS SMALLINT) AS n,
    a.spearman
FROM placed AS p
INNER JOIN agreement AS a
    ON a.index_id = p.index_id AND a.indicator = p.indicator AND a.year = p.year
INNER JOIN ranked AS r ON r.index_id = p.index_id
WHERE 10 * p.n >= 7 * r.size
ORDER BY p.index_id, p.indicator, p.year, p.economy
