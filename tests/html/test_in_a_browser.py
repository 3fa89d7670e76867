"""The HTML reports in a real headless Chromium: nothing leaves the file, nothing complains, axe finds nothing."""

from __future__ import annotations

import shutil
from importlib import resources
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from tests.conftest import Call

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser")
if CHROMIUM is None:
    pytest.skip("no chromium: apt-get install chromium", allow_module_level=True)
playwright = pytest.importorskip("playwright.sync_api", reason="no playwright: pip install -e '.[browser]'")
pytest.importorskip("axe_playwright_python", reason="no axe: pip install -e '.[browser]'")

AS_OF = ("--as-of", "2024-04-01")
REPORTS: dict[str, tuple[str, ...]] = {
    "overview": (),
    "page": ("zoe",),
    "why": ("zoe", "--why", "--since", "2022-01-01"),
    "hard": ("robin",),
    "empty": ("emil",),
    "shared": ("zoe", "--share"),
}
STORIES: dict[str, tuple[str, ...]] = {"year": ("2024",), "month": ("2024-03",), "quiet": ("1999",)}
PHONE, DESK = {"width": 360, "height": 740}, {"width": 1280, "height": 900}


@pytest.fixture(scope="module")  # not longer: its event loop would be in the way of other tests' questions
def browser() -> Iterator[Any]:
    with playwright.sync_playwright() as started:
        opened = started.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        yield opened
        opened.close()


@pytest.fixture
def files(call: Call, awkward: Path, tmp_path: Path) -> dict[str, Path]:
    del awkward  # it is the journal
    made = {}
    for name, args in REPORTS.items():
        made[name] = tmp_path / f"{name}.html"
        call("report", *args, *AS_OF, "--output", str(made[name])).says()
    for name, args in STORIES.items():
        made[name] = tmp_path / f"{name}.html"
        call("year", *args, "--output", str(made[name]), "--include-reflections").says()
    return made


def opened(browser: Any, file: Path, **how: Any) -> tuple[Any, list[str]]:
    """A page with everything that it asks for and everything that it complains about."""
    context = browser.new_context(**how)
    page, heard = context.new_page(), []
    page.on("console", lambda message: heard.append(f"console: {message.text}"))
    page.on("pageerror", lambda error: heard.append(f"error: {error}"))
    page.on("request", lambda request: heard.append(f"request: {request.url}"))
    page.goto(file.as_uri())
    return page, heard


def test_no_request_leaves_the_file_and_the_console_is_silent(browser: Any, files: dict[str, Path]) -> None:
    for file in files.values():
        page, heard = opened(browser, file)
        page.wait_for_load_state("networkidle")
        assert heard == [f"request: {file.as_uri()}"]
        page.context.close()


@pytest.mark.parametrize(("scheme", "size"), [("light", DESK), ("dark", PHONE)], ids=["light-desk", "dark-phone"])
def test_axe_finds_nothing(browser: Any, files: dict[str, Path], scheme: str, size: dict[str, int]) -> None:
    axe = resources.files("axe_playwright_python").joinpath("axe.min.js").read_text("utf-8")
    for name in ("overview", "why", "empty", "shared", *STORIES):
        page, _ = opened(browser, files[name], color_scheme=scheme, viewport=size)
        page.evaluate("document.querySelectorAll('details').forEach(one => one.open = true)")
        page.evaluate(axe)
        found = page.evaluate("axe.run()")
        assert len(found["passes"]) > 15, "axe has looked"
        assert [(one["id"], [node["html"] for node in one["nodes"]]) for one in found["violations"]] == [], name
        page.context.close()


@pytest.mark.parametrize("width", [320, 360, 768, 1280])
def test_nothing_is_wider_than_the_window(browser: Any, files: dict[str, Path], width: int) -> None:
    for name, file in files.items():
        page, _ = opened(browser, file, viewport={"width": width, "height": 800})
        assert page.evaluate("document.documentElement.scrollWidth") <= width, name
        page.context.close()


def test_a_page_works_without_scripts_and_by_keyboard(browser: Any, files: dict[str, Path]) -> None:
    page, _ = opened(browser, files["page"], java_script_enabled=False)
    assert page.locator("h1").inner_text() == "Zoë O'Brien-Łuk"
    table = page.get_by_role("table", name="Over time")
    assert not table.is_visible()
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    assert table.is_visible()
    page.context.close()


def test_a_screen_reader_hears_the_charts_and_the_tables(browser: Any, files: dict[str, Path]) -> None:
    page, _ = opened(browser, files["page"])
    assert page.get_by_role("img", name="Seen, doubt and unknown from Mon 15 Jan 2024 to Mon 1 Apr 2024").count() == 1
    assert page.get_by_role("img", name="seen 50 %").count() == 1
    assert page.get_by_role("heading", level=1).count() == 1
    assert page.get_by_role("rowheader", name="no channel named").count() == 1
    page.context.close()
    page, _ = opened(browser, files["overview"], viewport=PHONE)
    assert page.get_by_role("table", name="Everybody by name").get_by_role("row").count() == 6
    assert page.get_by_role("rowheader", name="李小龙").count() == 1
    page.context.close()


def test_a_screen_reader_hears_the_weeks_of_a_year_by_their_first_day(browser: Any, files: dict[str, Path]) -> None:
    page, _ = opened(browser, files["year"])
    table = page.get_by_role("table", name="How many small acts of yours each week held")
    assert table.get_by_role("row").count() == 13
    assert table.get_by_role("cell", name="Mon 25 Mar 2024: ").count() == 1
    page.context.close()


def test_on_paper_every_point_is_printed(browser: Any, files: dict[str, Path]) -> None:
    page, _ = opened(browser, files["page"])
    page.emulate_media(media="print", color_scheme="dark")
    assert page.evaluate("getComputedStyle(document.body).backgroundColor") == "rgb(255, 255, 255)"
    assert page.evaluate("document.querySelector('details table').getBoundingClientRect().height") > 100
    page.context.close()
