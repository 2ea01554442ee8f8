"""Charts drawn at once, or promised and drawn elsewhere: the same pictures."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from threading import Event, current_thread
from typing import Any

import pytest

from pipeline.report.charts import drawing as drawing_module
from pipeline.report.charts.canvas import Canvas, Tick
from pipeline.report.charts.drawing import draw, drawing, drawn
from pipeline.report.charts.scale import Frame, Scale
from pipeline.second_process import SecondProcess

REFUSED = {"$schema": "https://vega.github.io/schema/vega-lite/v6.json", "mark": "no such mark"}


@pytest.fixture(scope="module")
def second() -> Iterator[SecondProcess]:
    process = SecondProcess()
    yield process
    process.close()


def canvas(value: float) -> Canvas:
    """One dot and an axis."""
    made = Canvas(Frame(200, 100, 20, 20, 10, 20, Scale(0, 10, 0, 160), Scale(0, 10, 70, 0)))
    made.axes(x=[Tick(0, "none"), Tick(10, "ten")], y=[Tick(5, "half")])
    made.dots([{"x": value, "y": value, "colour": "#123456"}])
    return made


def test_a_promised_picture_is_the_one_that_is_drawn_at_once(second: SecondProcess) -> None:
    with drawing(second) as promises:
        promised = [canvas(value).svg() for value in (1, 2)]

    assert not any("<svg" in text for text in promised)
    kept = [promises.kept(text) for text in promised]
    assert kept == [canvas(value).svg() for value in (1, 2)]
    assert kept[0] != kept[1]
    assert all(picture.startswith("<svg") for picture in kept)


def test_what_nobody_has_begun_is_drawn_here_and_nothing_is_drawn_twice(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    here: list[str] = []

    def noted(specification: dict[str, Any]) -> str:
        here.append(current_thread().name)
        return draw(specification)

    begun, go_on = Event(), Event()

    def held() -> None:
        begun.set()
        go_on.wait()

    expected = [canvas(value).svg() for value in (1, 2, 3)]
    monkeypatch.setattr(drawing_module, "draw", noted)
    with ThreadPoolExecutor(max_workers=1) as thread:
        # The other has begun something, and so cannot take what is asked of it yet.
        thread.submit(held)
        begun.wait()
        with drawing(thread) as promises:
            promised = [canvas(value).svg() for value in (1, 2, 3)]
            promises.share()
        go_on.set()
        assert [promises.kept(text) for text in promised] == expected
    assert here == [current_thread().name] * 3


def test_what_the_other_has_drawn_is_not_drawn_here(monkeypatch: pytest.MonkeyPatch) -> None:
    with ThreadPoolExecutor(max_workers=1) as thread, drawing(thread) as promises:
        promised = [canvas(value).svg() for value in (1, 2)]
        thread.submit(int).result()  # all that was asked before is done
        monkeypatch.setattr(drawing_module, "draw", None)
        promises.share()
        assert all(promises.kept(text).startswith("<svg") for text in promised)


def test_what_was_drawn_at_once_stands_for_itself(second: SecondProcess) -> None:
    picture = canvas(3).svg()
    with drawing(second) as promises:
        assert promises.kept(picture) == picture


def test_outside_of_the_block_nothing_is_promised() -> None:
    with ThreadPoolExecutor(max_workers=1) as thread:
        with pytest.raises(ZeroDivisionError), drawing(thread):
            raise ZeroDivisionError
        assert canvas(4).svg().startswith("<svg")


def test_a_chart_that_is_refused_is_so_where_it_is_kept(second: SecondProcess) -> None:
    with pytest.raises(ValueError, match="Vega-Lite to SVG conversion failed"):
        draw(REFUSED)
    with drawing(second) as promises:
        promised = drawn(REFUSED)
    with pytest.raises(ValueError, match="Vega-Lite to SVG conversion failed"):
        promises.kept(promised)
