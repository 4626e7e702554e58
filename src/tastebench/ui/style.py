"""How lists and breakdowns are laid out: rows that read at a glance, cards on a narrow screen."""

import streamlit as st

_LIST = ".st-key-recommendations_list"
_CELL = f'{_LIST} [data-testid="stColumn"]:not(.st-key-breakdown *)'
_HIDDEN = "position:absolute;width:1px;height:1px;overflow:hidden;clip-path:inset(50%);white-space:nowrap"
_PAPER = "light-dark(#ffffff, #20262e)"
_FAINT = "color-mix(in srgb, currentColor 16%, transparent)"

CSS = f"""
.tb-facts {{ display:flex; flex-wrap:wrap; gap:.2rem 1rem; align-items:baseline }}
.tb-facts > span {{ opacity:.85 }}
.tb-place {{ display:flex; flex-direction:column; align-items:flex-end; line-height:1.2;
  font-variant-numeric:tabular-nums; position:relative }}
.tb-place b {{ font-weight:600 }}
.tb-moved {{ font-size:.75rem; opacity:.8 }}
.tb-tags {{ line-height:1.2 }}
.tb-tags span, .tb-lines span {{ max-width:100%; overflow:hidden; text-overflow:ellipsis; vertical-align:bottom }}
.tb-why {{ font-size:.87rem; line-height:1.3; opacity:.85 }}
.tb-sum {{ display:grid; grid-template-columns:3.1rem 1fr; gap:.6rem; align-items:center;
  font-variant-numeric:tabular-nums }}
.tb-sum b {{ text-align:right; font-weight:600 }}
.tb-table {{ border-collapse:collapse; width:100%; font-size:.9rem; font-variant-numeric:tabular-nums }}
.tb-table th, .tb-table td {{ padding:.3rem .5rem; border-bottom:1px solid {_FAINT}; text-align:right;
  font-weight:400 }}
.tb-table th {{ font-size:.8rem; opacity:.8 }}
.tb-table th:first-child, .tb-table td:first-child {{ text-align:left }}
.tb-table tr:last-child td {{ border-bottom:none }}
.tb-table .tb-total td {{ font-weight:600 }}
.tb-waterfall th:nth-child(1) {{ width:9.5rem }}
.tb-waterfall th:nth-child(n+3) {{ width:5rem }}
.tb-table .tb-lane {{ position:relative; text-align:left }}
.tb-step {{ position:absolute; top:.3rem; bottom:.3rem; box-sizing:border-box; min-width:1px }}
.tb-zero {{ position:absolute; top:0; bottom:0; border-left:1px solid currentColor; opacity:.5 }}
.tb-none {{ border:1px solid color-mix(in srgb, currentColor 45%, transparent); border-radius:4px; padding:0 .35rem;
  font-size:.8rem; opacity:.85; white-space:nowrap }}
.tb-swatch {{ display:inline-block; width:.7em; height:.7em; margin-right:.45em; border-radius:2px }}
.tb-parts {{ display:grid; grid-template-columns:minmax(0,1fr) 5rem 3.4rem; gap:.2rem .6rem; align-items:center;
  font-size:.9rem; font-variant-numeric:tabular-nums }}
.tb-parts > span:nth-child(3n) {{ text-align:right }}
.tb-rest > summary {{ cursor:pointer; padding:.3rem 0; opacity:.8 }}
.tb-part {{ display:block; height:.6rem; border-radius:2px }}
.tb-lines {{ font-size:.9rem; line-height:1.5 }}
.tb-bars {{ display:grid; grid-template-columns:9.5rem minmax(0,1fr) 3.4rem; gap:.35rem .8rem; align-items:center;
  font-size:.9rem; font-variant-numeric:tabular-nums; max-width:46rem }}
.tb-bars-plain {{ grid-template-columns:9.5rem minmax(0,1fr) }}
.tb-bars:not(.tb-bars-plain) > span:nth-child(3n) {{ text-align:right }}
.tb-said.tb-said {{ margin:0; padding-left:1.2rem; line-height:1.55 }}
.tb-said li {{ margin:0; padding:0; font-size:1rem }}
.tb-table .tb-exact {{ font-size:.75rem; white-space:nowrap; opacity:.85 }}
.st-key-breakdown {{ container-type:inline-size }}
@container (max-width: 46rem) {{ .tb-table .tb-exact {{ display:none }} }}
{_LIST} .stButton button p {{ text-align:left }}
{_LIST} [class*="st-key-open_"] button {{ min-height:0; padding:0; text-align:left }}
{_LIST} [class*="st-key-open_"] button p {{ font-weight:600 }}
[class*="st-key-feedback_"] button {{ min-height:2.25rem; min-width:2.25rem; padding:.25rem .4rem }}
[class*="st-key-feedback_"] button [data-testid="stMarkdownContainer"] {{ {_HIDDEN} }}
{_LIST} > [data-testid="stLayoutWrapper"] {{ border-top:1px solid {_FAINT}; padding-top:.35rem }}
[data-testid="stLayoutWrapper"]:has(> .st-key-list_head) {{ flex:1 1 20rem }}
.st-key-list_head {{ flex-wrap:nowrap }}
.st-key-list_head > :first-child {{ flex:0 1 auto; min-width:0 }}
[data-testid="stLayoutWrapper"]:has(> .st-key-undo_bar) {{ position:absolute }}
.st-key-undo_bar {{ position:fixed; bottom:1.25rem; left:50%; transform:translateX(-50%); width:max-content;
  max-width:calc(100vw - 2rem); z-index:1000; background:{_PAPER}; box-shadow:0 4px 18px rgba(0,0,0,.28) }}
[data-testid="stMainBlockContainer"]:has(.st-key-undo_bar) {{ padding-bottom:8rem }}
.tb-narrow {{ display:none }}
@media (min-width: 641px) {{
  [data-testid="stColumn"]:has(.st-key-stage_1) {{ position:sticky; top:3.5rem; align-self:flex-start }}
}}
.tb-heading {{ font-size:.95rem; font-weight:600; margin:.6rem 0 .25rem; padding:0 }}
.tb-weights-head, .tb-figures {{ display:grid; gap:.5rem; font-variant-numeric:tabular-nums }}
.tb-weights-head {{ grid-template-columns:1fr 3.6rem 3.9rem; font-size:.8rem; opacity:.85 }}
.tb-weights-head span:first-child {{ font-weight:600; font-size:1rem }}
.tb-weights-head span:nth-child(n+2), .tb-figures > * {{ text-align:right }}
.tb-figures {{ grid-template-columns:1fr 1fr }}
.tb-rest {{ font-size:.8rem; opacity:.8 }}
.tb-verdict {{ font-weight:600; margin:0 0 .4rem }}
.tb-sides {{ display:grid; grid-template-columns:repeat(2, minmax(0, 1fr)); gap:0 1.5rem }}
.tb-list.tb-list {{ list-style:none; margin:0; padding:0 }}
.tb-list.tb-list li {{ display:grid; grid-template-columns:1.4rem minmax(0,1fr) auto 2.6rem; gap:0 .4rem; margin:0;
  font-size:.94rem;
  padding:.35rem 0 .45rem; border-top:1px solid {_FAINT}; align-items:baseline;
  font-variant-numeric:tabular-nums; position:relative }}
.tb-rank {{ text-align:right; opacity:.8 }}
.tb-name {{ overflow:hidden; text-overflow:ellipsis; white-space:nowrap }}
.tb-sign {{ font-size:.78rem; white-space:nowrap }}
.tb-list b {{ text-align:right; font-weight:600 }}
.tb-bar {{ grid-column:2 / -1 }}
.tb-panel td:nth-child(n+5), .tb-panel th:nth-child(n+5) {{ text-align:left }}
@media (max-width: 640px) {{
  .tb-sides {{ grid-template-columns:minmax(0,1fr); gap:.75rem }}
  {_CELL} {{ min-width:0 }}
  {_CELL}:nth-child(1) {{ flex:0 0 2.2rem }}
  {_CELL}:nth-child(2) {{ flex:1 1 calc(100% - 4rem) }}
  {_CELL}:nth-child(n+3) {{ flex:1 1 100% }}
  .tb-bars {{ grid-template-columns:7rem minmax(0,1fr) 3.4rem }}
  .tb-bars-plain {{ grid-template-columns:7rem minmax(0,1fr) }}
  .tb-waterfall th:nth-child(1) {{ width:8rem }}
  .tb-waterfall th:nth-child(2) {{ width:45% }}
  .tb-waterfall th:nth-child(n+3) {{ width:auto }}
  .tb-waterfall :is(th, td):nth-child(n+3):not(:last-child) {{ display:none }}
  .tb-narrow {{ display:block }}
}}
"""


def apply(more: str = "") -> None:
    """Send the style sheet and `more` rules; it takes no room on the page."""
    st.html(f"<style>{CSS}{more}</style>")
