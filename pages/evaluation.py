"""Evaluation: is it better, for whom, and how sure are we?"""

from tastebench.ui import style
from tastebench.ui.components import notes
from tastebench.ui.evaluation import looks, measuring, runs, searching
from tastebench.ui.page import guarded, page
from tastebench.ui.tuning import saying

opened = page("Evaluation")
style.apply(looks.CSS)
with guarded():
    workspace = opened.space
    saying.show()
    notes(runs.take_url(workspace))
    view = runs.choose_view(workspace)
    (searching if view == "search" else measuring).draw(opened.bench, workspace)
    runs.write_url(workspace, view)
