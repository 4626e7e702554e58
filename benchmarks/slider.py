"""A weight moved on the Tuning page in Chromium: from letting go to changed rows, and the server's part of it."""

import argparse
import json
from pathlib import Path
from typing import Any

from playwright.sync_api import Page, sync_playwright

from benchmarks import server
from benchmarks.data import WORKSPACE
from benchmarks.startup import settled
from benchmarks.timing import percentiles

ROWS = ".tb-sides"
TRACK = ".st-key-weight_similarity [role=group] > div"
PLACES = (0.2, 0.5, 0.35, 0.7, 0.9, 0.6)

CLOCK = """
const mark = "tb-sides";
window.benchFrames = [];
const Plain = window.WebSocket;
window.WebSocket = class extends Plain {
  constructor(...all) {
    super(...all);
    this.addEventListener("message", ({data}) => {
      const when = performance.now();
      if (new TextDecoder().decode(data).includes(mark)) window.benchFrames.push(["rows", when]);
    });
  }
  send(data) { window.benchFrames.push(["out", performance.now()]); super.send(data); }
};
"""
"""Notes when a message leaves the page and when one with rows arrives."""

WATCH = """
([rows]) => {
  const shown = () => Array.from(document.querySelectorAll(rows)).map(one => one.innerText).join();
  const before = shown();
  window.benchFrames.length = 0;
  window.benchMove = new Promise(resolve => {
    const observer = new MutationObserver(() => {
      if (shown() !== before && document.querySelector(rows)) {
        observer.disconnect();
        requestAnimationFrame(() => resolve(performance.now()));
      }
    });
    observer.observe(document.body, {childList: true, subtree: true, characterData: true});
  });
  addEventListener("pointerup", () => { window.benchLetGo = performance.now(); }, {once: true, capture: true});
}
"""
"""Waits for rows that read differently; the paint after them is the end."""

TAKEN = """
async () => {
  const changed = await window.benchMove;
  const asked = window.benchFrames.find(([what]) => what === "out")[1];
  const answers = window.benchFrames.filter(([what, when]) => what === "rows" && when <= changed);
  return {rows: changed - window.benchLetGo, ours: answers.at(-1)[1] - asked, waited: asked - window.benchLetGo};
}
"""


def measure(folder: Path, moves: int) -> dict[str, Any]:
    """Return milliseconds from letting go to changed rows, and from the question sent to the rows' arrival."""
    with sync_playwright() as playwright, server.app(folder) as (address, _):
        browser = playwright.chromium.launch(executable_path=server.browser_path(), args=["--no-sandbox"])
        page = browser.new_context(viewport={"width": 1280, "height": 900}).new_page()
        page.add_init_script(CLOCK)
        server.wait_until_listening(address)
        page.goto(f"{address}/tuning?workspace={WORKSPACE}")
        settled(page)
        page.wait_for_selector(ROWS, timeout=60_000)
        for turn in range(3):
            moved(page, turn)
        taken = [moved(page, turn) for turn in range(moves)]
        browser.close()
    return {part: percentiles(one[part] for one in taken) for part in ("rows", "ours", "waited")}


def moved(page: Page, turn: int) -> dict[str, float]:
    """Drag the weight to another place, wait for the rows with their new scores, and return what it took."""
    track = page.locator(TRACK).first.bounding_box()
    if track is None:
        raise SystemExit("the slider is not on the page.")
    height = track["y"] + track["height"] / 2
    at = [track["x"] + track["width"] * share for share in PLACES]
    page.mouse.move(at[turn % len(at)], height)
    page.mouse.down()
    page.mouse.move(at[(turn + 1) % len(at)], height, steps=4)
    page.evaluate(WATCH, [ROWS])
    page.mouse.up()
    taken: dict[str, float] = page.evaluate(TAKEN)
    settled(page)
    page.wait_for_timeout(300)
    return taken


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("folder", type=Path)
    parser.add_argument("--runs", type=int, default=40)
    chosen = parser.parse_args()
    print(json.dumps(measure(chosen.folder, chosen.runs)))


if __name__ == "__main__":
    main()
