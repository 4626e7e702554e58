"""Catalogue: what can be recommended. Search it, look at one item, see it as a map, bring more in."""

from tastebench.ui.catalogue import detail, listing, mapview, state
from tastebench.ui.importing import flow
from tastebench.ui.page import guarded, page

here = page("Catalogue")
view = state.switch()
opened = state.opened_item()
with guarded():
    flow.progress(here.bench, here.space)
    if opened is not None:
        detail.draw(here.space, opened)
    elif view == "Items":
        listing.draw(here.space)
    elif view == "Map":
        mapview.draw(here.space, here.persona_id)
    else:
        flow.draw(here.bench, here.space)
