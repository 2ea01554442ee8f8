-- What each state adds to the Theil index, so that the parts sum to theil_t.
--
-- A state adds s ln(s/p), where s is its share of the outcome and p its share of the reference. It
-- is negative for a state that has less than its share. marts.inequality says whether the cell may
-- be shown.
--
-- columns:
--   indicator  | code | catalogue id, or the id of a complement
--   year       | year | year of the distribution
--   weighting  | code | which outcome against which reference
--   member_set | code | which states, see core.member_sets
--   economy    | code | state
--   outcome_share | share | share of the outcome, s
--   reference_share | share | share of the reference, p
--   contribution | nats | s ln(s/p); 0 where s is 0
SELECT
    indicator,
    year,
    weighting,
    member_set,
    economy,
    outcome_share,
    reference_share,
    contribution
FROM measures.inequality_contributions
ORDER BY indicator, year, weighting, member_set, economy
