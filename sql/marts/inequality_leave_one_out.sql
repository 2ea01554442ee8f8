-- The Theil index with each state left out in turn: which one makes the figure.
--
-- Ten states are a census, so robustness is shown by leaving one out and not by a test of
-- significance. marts.inequality says whether the whole cell may be shown.
--
-- columns:
--   indicator  | code | catalogue id, or the id of a complement
--   year       | year | year of the distribution
--   weighting  | code | which outcome against which reference
--   member_set | code | which states, see core.member_sets
--   left_out   | code | state that is left out
--   n          | states | states that remain
--   theil_t    | nats | Theil T of those that remain; empty where it is not defined
--   change     | nats | that less the Theil T of all
--   ceiling    | nats | largest Theil T that those that remain could have
SELECT
    indicator,
    year,
    weighting,
    member_set,
    left_out,
    n,
    theil_t,
    change,
    ceiling
FROM measures.inequality_leave_one_out
ORDER BY indicator, year, weighting, member_set, left_out
