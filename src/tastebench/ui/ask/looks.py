"""How both lists are laid out: rows that read at a glance, one list under the other on a narrow screen."""

_FAINT = "color-mix(in srgb, currentColor 16%, transparent)"
_HIDDEN = "position:absolute;width:1px;height:1px;overflow:hidden;clip-path:inset(50%);white-space:nowrap"
_LISTS = ".st-key-ask_lists"
_ROW = f'{_LISTS} :is([class*="st-key-plain_"], [class*="st-key-personal_"])'
_CELL = f'{_ROW} [data-testid="stColumn"]:not(.st-key-breakdown *)'

CSS = f"""
.tb-ask-head {{ font-size:1.05rem; font-weight:600; margin:0; padding:0; display:flex; flex-wrap:wrap; gap:0 .6rem;
  align-items:baseline }}
.tb-ask-head span {{ font-size:.87rem; font-weight:400; opacity:.85 }}
{_ROW} {{ border-top:1px solid {_FAINT}; padding-top:.35rem }}
{_ROW} .tb-sum {{ grid-template-columns:2.9rem 1fr }}
{_ROW} .tb-sum b {{ text-align:left }}
{_CELL} {{ min-width:0 }}
{_CELL}:first-child {{ flex:0 0 2rem }}
{_CELL}:nth-child(3) {{ flex:0 0 2.5rem }}
{_LISTS} .stButton button p {{ text-align:left }}
{_LISTS} [class*="st-key-open_"] button {{ min-height:0; padding:0; text-align:left }}
{_LISTS} [class*="st-key-open_"] button p {{ font-weight:600 }}
{_LISTS} [class*="st-key-did_"] button [data-testid="stMarkdownContainer"] {{ {_HIDDEN} }}
.st-key-ask_personal .tb-parts {{ grid-template-columns:minmax(0,1fr) 3rem 3rem }}
.st-key-ask_plain .tb-waterfall th:nth-child(1) {{ width:7rem }}
.st-key-ask_plain .tb-waterfall th:nth-child(n+3) {{ width:3.7rem }}
.st-key-ask_plain .tb-waterfall td {{ white-space:nowrap }}
.st-key-ask_plain .st-key-breakdown [data-testid="stHorizontalBlock"] {{ flex-wrap:wrap }}
.st-key-ask_plain .st-key-breakdown [data-testid="stColumn"] {{ flex:1 1 100% }}
@media (max-width: 640px) {{
  {_LISTS} [data-testid="stColumn"]:has(> * .st-key-ask_personal) {{ order:-1 }}
}}
"""
