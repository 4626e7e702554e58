"""How the language model's words are laid out: calm, one line first, no jump when an answer comes."""

CSS = """
.st-key-model_panel:empty { min-height:14rem }
.st-key-model_finding, .st-key-watch_judging { min-height:2.5rem }
.st-key-model_steering { row-gap:.5rem }
.tb-summary { font-size:.92rem; line-height:1.45; min-height:1.45em; overflow-wrap:anywhere }
.tb-model { font-size:.87rem; line-height:1.35; overflow-wrap:anywhere }
.tb-model .tb-moved { white-space:nowrap }
@media (min-width: 641px) {
  [class*="st-key-proposed_"], .st-key-model_finding, [class*="st-key-watch_"] { flex-wrap:nowrap }
  .tb-waterfall th:nth-child(1) { width:10.5rem }
}
.tb-trial :is(th, td):nth-child(3) { text-align:left }
"""
