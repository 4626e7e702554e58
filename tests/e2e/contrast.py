"""Whether what a page says can be read: contrast as WCAG 2 counts it, of every text with the ground it stands on."""

from playwright.sync_api import Page

LEAST = 4.5

_FAINT = """least => {
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
    if (ratio < least) faint.push(`${ratio.toFixed(2)} : 1, ${text.slice(0, 40)}`);
    window.measured += 1;
  }
  return faint;
}"""


def hard_to_read(page: Page, tries: int = 20) -> list[str]:
    """Return each visible text that stays below 4.5 : 1, what is disabled and pictures left out, with its contrast.

    What is redrawn fades for a moment, and colours change by transition: it is measured again, for up to five seconds.
    """
    faint: list[str] = page.evaluate(_FAINT, LEAST)
    for _ in range(tries):
        if not faint and page.evaluate("measured") > 30:
            return []
        page.wait_for_timeout(250)
        faint = page.evaluate(_FAINT, LEAST)
    assert page.evaluate("measured") > 30, "there is hardly any text to measure"
    return faint
