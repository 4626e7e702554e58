"""Starting the app on existing data: from the command to the first page in the browser."""

import argparse
import json
import time
from pathlib import Path
from typing import Any

from playwright.sync_api import Page, sync_playwright

from benchmarks import server
from benchmarks.timing import percentiles

IDLE = '[data-testid="stApp"][data-test-script-state="notRunning"]'


def settled(page: Page) -> None:
    """Return once the page has its heading and its script has come to rest."""
    page.wait_for_selector("h1", state="visible", timeout=60_000)
    page.wait_for_selector(IDLE, state="attached", timeout=60_000)
    if page.locator('[data-testid="stException"]').count():
        raise SystemExit(f"{page.url} shows an exception.")


def measure(folder: Path, runs: int) -> dict[str, Any]:
    """Return seconds from the command to Home, and from there to the first list."""
    home, first_list, memory = [], [], 0.0
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=server.browser_path(), args=["--no-sandbox"])
        for _ in range(runs):
            page = browser.new_context(viewport={"width": 1280, "height": 900}).new_page()
            begun = time.perf_counter()
            with server.app(folder) as (address, process):
                server.wait_until_listening(address)
                page.goto(address)
                settled(page)
                home.append(time.perf_counter() - begun)
                begun = time.perf_counter()
                page.goto(f"{address}/recommendations")
                settled(page)
                first_list.append(time.perf_counter() - begun)
                memory = max(memory, server.memory_megabytes(process.pid) or 0.0)
                page.context.close()
        browser.close()
    return {"home": percentiles(home), "list": percentiles(first_list), "memory": memory}


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("folder", type=Path)
    parser.add_argument("--runs", type=int, default=5)
    chosen = parser.parse_args()
    print(json.dumps(measure(chosen.folder, chosen.runs)))


if __name__ == "__main__":
    main()
