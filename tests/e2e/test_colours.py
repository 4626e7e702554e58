"""Light and dark: text that can be read on its ground, and signals that keep their colours."""

import pytest
from playwright.sync_api import Browser, Page, expect

from tastebench.signals import REGISTRY
from tests.e2e.conftest import Server, settled, watched

FAINT = """() => {
  const parse = text => { const [r, g, b, a = 1] = text.match(/[\\d.]+/g).map(Number); return [r, g, b, a]; };
  const over = ([r, g, b, a], ground) => [r, g, b].map((part, at) => part * a + ground[at] * (1 - a));
  const light = colour => colour.map(part => part / 255)
    .map(part => part <= .04045 ? part / 12.92 : ((part + .055) / 1.055) ** 2.4)
    .reduce((sum, part, at) => sum + part * [.2126, .7152, .0722][at], 0);
  const contrast = (one, other) => {
    const [dark, bright] = [light(one), light(other)].sort((x, y) => x - y);
    return (bright + .05) / (dark + .05);
  };
  const ground = it => {
    if (it.dataset.testid === "stSliderThumbValue") return ground(it.closest("[data-testid=stSlider]"));  // drawn above
    const below = it.parentElement ? ground(it.parentElement) : [255, 255, 255];
    return over(parse(getComputedStyle(it).backgroundColor), below);
  };
  const opacity = it => it ? Number(getComputedStyle(it).opacity) * opacity(it.parentElement) : 1;
  const aside = "style, script, noscript, canvas, .js-plotly-plot, :disabled, [aria-disabled=true]";
  const faint = [], walk = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  window.measured = 0;
  while (walk.nextNode()) {
    const it = walk.currentNode.parentElement, text = walk.currentNode.data.trim(), box = it.getBoundingClientRect();
    const shown = it.checkVisibility() && box.width > 1 && box.height > 1 && opacity(it) > 0;
    if (!/[\\p{L}\\d]/u.test(text) || !shown || it.closest(aside)) continue;
    const back = ground(it), [r, g, b, a] = parse(getComputedStyle(it).color);
    const ratio = contrast(back, over([r, g, b, a * opacity(it)], back));
    if (ratio < 4.5) faint.push(`${ratio.toFixed(2)} : 1, ${text.slice(0, 40)}`);
    window.measured += 1;
  }
  return faint;
}"""
"""Every visible text whose contrast with its ground is below 4.5 : 1, but for what is disabled and for pictures."""

PAGES = ("recommendations", "tuning", "personas", "interactions", "catalogue", "")


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_text_can_be_read_and_signals_keep_their_colours(scheme: str, films: Server, browser: Browser) -> None:
    with watched(browser, color_scheme=scheme) as context:
        page = context.new_page()
        for path in PAGES:
            page.goto(films.url(path, workspace="films", persona="maya", item="night-moves-1975"))
            settled(page)
            expect(page.get_by_test_id("stApp")).to_have_css("color-scheme", scheme)
            assert page.evaluate(FAINT) == [], path or "home"
            assert page.evaluate("measured") > 30
            if path == "recommendations":
                keep_their_colours(page)


def keep_their_colours(page: Page) -> None:
    """Hold that the parts of the bars have the colours of their signals."""
    for signal in REGISTRY.values():
        parts = page.locator(f'.tb-sum [title^="{signal.label} +"]')
        colours = parts.evaluate_all("all => all.map(it => getComputedStyle(it).backgroundColor)")
        red, green, blue = (int(signal.colour[at : at + 2], 16) for at in (1, 3, 5))
        assert set(colours) == {f"rgb({red}, {green}, {blue})"}
