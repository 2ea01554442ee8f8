"""What any publisher may do on the wire, each handling of it with its removal."""

from typing import Final

from tests.slow.mutation import Mutation

HTTP: Final = "pipeline/ingest/http.py"
TEST: Final = "tests/ingest/test_http.py"

MUTATIONS: Final = (
    Mutation(
        "bursts of 502, then an answer", HTTP,
        "                retry = self._again(retry, url, fault, ends)",
        "                raise self._give_up(url, str(fault), UnavailableError) from fault",
        f"{TEST}::test_what_may_pass_is_asked_again",
    ),
    Mutation(
        "bursts of 502, then an answer", HTTP,
        "    if status == 429 or status >= 500:",
        "    if status == 429:",
        f"{TEST}::test_what_may_pass_is_asked_again",
    ),
    Mutation(
        "a publisher that stays down", HTTP,
        "self._given_up_in_a_row[UnavailableError] >= DOWN_AFTER", "False",
        f"{TEST}::test_a_publisher_that_is_down_is_not_asked_for_ever",
    ),
    Mutation(
        "429 with Retry-After", HTTP,
        "        return Retry().get_retry_after(response.raw) or 0.0", "        return 0.0",
        f"{TEST}::test_retry_after_is_heeded_within_reason",
    ),
    Mutation(
        "429 with Retry-After", HTTP,
        "min(max(retry.get_backoff_time(), asked_for), MAX_WAIT_S)",
        "max(retry.get_backoff_time(), asked_for)",
        f"{TEST}::test_retry_after_is_heeded_within_reason",
    ),
    Mutation(
        "a page in HTML under 400, 403 or 200", HTTP,
        "    if _is_html(response, body):", "    if False:",
        f"{TEST}::test_an_html_page_is_reported_by_its_first_words",
    ),
    Mutation(
        "a body that changed under an unchanged date", "pipeline/ingest/refresh.py",
        "return fetched.says_the_same(self.archive.read(held))",
        "return held.vintage_basis.endswith(fetched.says)",
        "tests/ingest/test_refresh.py::"
        "test_a_body_that_changed_under_an_unchanged_date_is_a_later_snapshot",
    ),
    Mutation(
        "a date that moved with no figure changed", "pipeline/ingest/connectors.py",
        "own = self.of_series or self.lasting", "own = self.lasting",
        "tests/ingest/test_world_bank_batches.py::TestSnapshots::"
        "test_only_a_series_that_changed_has_a_new_vintage",
    ),
    Mutation(
        "no answer", HTTP,
        "allow_redirects=False, timeout=timeouts", "allow_redirects=False, timeout=None",
        f"{TEST}::test_silence_ends_at_the_timeout",
    ),
    Mutation(
        "an answer a byte at a time", HTTP,
        "            if self._now() > ends:", "            if False:",
        f"{TEST}::test_a_body_that_drips_ends_at_the_limit",
    ),
    Mutation(
        "an answer a byte at a time", HTTP,
        "response.raw.read1(_CHUNK_BYTES", "response.raw.read(_CHUNK_BYTES",
        f"{TEST}::test_a_body_that_drips_ends_at_the_limit",
    ),
    Mutation(
        "a long line", "pipeline/ingest/refresh.py",
        "ThreadPoolExecutor(self.settings.max_requests_at_once)", "ThreadPoolExecutor(1)",
        "tests/ingest/test_refresh.py::test_at_most_four_requests_are_under_way",
    ),
    Mutation(
        "more requests at once than a publisher bears", HTTP,
        "        with self._slots:", "        with self._lock if False else Lock():",
        f"{TEST}::test_four_requests_are_under_way_and_never_five",
    ),
    Mutation(
        "more requests in a second than a publisher bears", HTTP,
        "        if start > now:", "        if False:",
        f"{TEST}::test_requests_start_no_faster_than_is_polite",
    ),
    Mutation(
        "a reset in mid-body, in mid-chunk", HTTP,
        "(requests.RequestException, HTTPError, HTTPException, OSError)",
        "requests.RequestException",
        f"{TEST}::test_what_may_pass_is_asked_again", fails_with="urllib3.exceptions.ProtocolError",
    ),
    Mutation(
        "half a JSON text of the right length", HTTP,
        "        if misshapen and times >= SHAPE_TRIES:", "        if False:",
        f"{TEST}::test_an_answer_of_another_shape_is_asked_for_three_times_at_most",
    ),
    Mutation(
        "half a JSON text of the right length", HTTP,
        "            except (_TransientError, ReadError) as fault:",
        "            except _TransientError as fault:",
        f"{TEST}::test_an_answer_of_another_shape_is_asked_for_three_times_at_most",
    ),
    Mutation(
        "a Content-Length that is not true", HTTP,
        "        body = bytearray()",
        "        body = bytearray()\n        response.raw.enforce_content_length = False",
        f"{TEST}::test_what_does_not_pass_is_given_up_after_the_retries",
    ),
    Mutation(
        "gzip, whole and broken", HTTP,
        "decode_content=True", "decode_content=False",
        f"{TEST}::test_a_body_that_was_compressed_comes_unpacked",
    ),
    Mutation(
        "a body without end, plain or packed", HTTP,
        "            if len(body) > limit:", "            if False:",
        f"{TEST}::test_a_body_beyond_the_limit_is_refused",
    ),
    Mutation(
        "a byte-order mark", "pipeline/ingest/json_wire.py",
        'body.decode("utf-8-sig")', 'body.decode("utf-8")',
        "tests/ingest/test_world_bank_reply.py::test_a_byte_order_mark_is_tolerated",
    ),
    Mutation(
        "any of them, and the others whole", "pipeline/ingest/connectors.py",
        "    except ProjectError as error:\n        return error",
        "    except ProjectError as error:\n        raise error",
        "tests/ingest/test_isolation.py::test_one_that_fails_takes_no_other_with_it",
        only="test_one_that_fails and down and (imf or itu)",
    ),
    Mutation(
        "any of them, and the others whole", "pipeline/ingest/world_bank_batches.py",
        "    except ProjectError as error:\n        return series, error",
        "    except ProjectError as error:\n        raise error",
        "tests/ingest/test_isolation.py::test_one_that_fails_takes_no_other_with_it",
        only="test_one_that_fails and down and world_bank",
    ),
    Mutation(
        "any of them, and the others whole", "pipeline/ingest/refresh.py",
        "            reason = \" \".join(", "            raise\n            reason = \" \".join(",
        "tests/ingest/test_isolation.py::test_one_that_fails_takes_no_other_with_it",
        only="test_one_that_fails and half and uis",
    ),
)  # fmt: skip
