"""How the language model's words are laid out: calm, one line first, no jump when an answer comes.

The panel has its height before it is filled, and keeps it until its last part, `model_end`, is there.
"""

CSS = """
.st-key-model_panel:not(:has(.st-key-model_end)) { min-height:16rem }
.st-key-model_finding, [class*="st-key-watch_"] { min-height:2.5rem; flex-wrap:nowrap }
.st-key-model_steering { row-gap:.5rem }
.tb-summary { font-size:.92rem; line-height:1.45; min-height:1.45em; overflow-wrap:anywhere }
.tb-model { font-size:.87rem; line-height:1.35; overflow-wrap:anywhere }
.tb-model .tb-moved { white-space:nowrap }
.tb-trial :is(th, td):nth-child(3) { text-align:left }
@media (min-width: 641px) {
  [class*="st-key-proposed_"] { flex-wrap:nowrap }
  .tb-waterfall th:nth-child(1) { width:10.5rem }
}
@media (max-width: 640px) {
  .st-key-model_panel:not(:has(.st-key-model_end)) { min-height:29.5rem }
  .st-key-model_finding, [class*="st-key-watch_"] { min-height:4.8rem }
  .tb-summary { min-height:2.9em }
}
"""
