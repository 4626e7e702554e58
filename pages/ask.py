"""Ask: what answers this person's question, and how far does the person bend the answer?"""

from tastebench.ui import style
from tastebench.ui.ask import controls, conversation, live, looks, starting, state
from tastebench.ui.language_model import looks as model_looks
from tastebench.ui.page import guarded, page

opened = page("Ask", needs_persona=True)
style.apply(model_looks.CSS + looks.CSS)
with guarded():
    state.arrive()
    workspace, persona_id = opened.space, opened.persona_id or ""
    view = controls.choose_view(workspace, persona_id)
    conversation.draw(workspace, persona_id, view)
    if not view.question:
        starting.draw(workspace, persona_id)
    else:
        asking = live.Asking(opened.bench, workspace, persona_id, tuple(workspace.tags()))
        (live.draw if view.about.model.rerank else live.draw_alone)(asking)
