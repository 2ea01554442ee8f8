-- The distributions that the inequality measures are computed from, one row a state.
--
-- Only states with both an outcome and a reference; who is missing stands in marts.inequality.
--
-- columns:
--   indicator  | code | catalogue id, or the id of a complement
--   year       | year | year of outcome and reference
--   weighting  | code | which outcome against which reference
--   member_set | code | which states, see core.member_sets
--   economy    | code | state
--   outcome    | depends on the weighting | what is shared out
--   reference  | depends on the weighting | what it is compared with; 1 where every state counts alike
SELECT
    o.indicator,
    o.year,
    o.weighting,
    m.member_set,
    o.economy,
    o.outcome,
    o.reference
FROM marts.outcomes AS o
INNER JOIN core.member_sets AS m ON m.economy = o.economy AND m.year = o.year
WHERE o.outcome IS NOT NULL AND o.reference IS NOT NULL
ORDER BY o.indicator, o.year, o.weighting, m.member_set, o.economy
