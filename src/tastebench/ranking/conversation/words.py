"""Words of follow-ups that are no tags: what turns the sense of a sentence, and what says nothing by itself."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Literal, TypeAlias

from tastebench.ranking.conversation.tokens import listed, phrases

Cue: TypeAlias = Literal[
    "without",  # what follows is ruled out
    "less",  # there should be less of what follows
    "degree",  # behind a negation: there should be less of it ("not so scary")
    "want",  # what follows is asked for
    "more",  # so it is, unless that is being negated ("no more", "I don't want any")
    "with",  # so it is, once a negation has found its object ("no crime, with robots")
    "known",  # an item that follows is known already
    "than",
    "enough",
    "the one",  # the item is named by what it is like
    "that",  # the item that was spoken of
    "comma",
    "and",
    "break",
]

_CUES: dict[Cue, str] = {
    "without": """no; not; without; except; except for; excluding; exclude; minus; sans; nothing; none; none of;
        never; neither; nor; anything but; everything but; all but; any but; anything except; everything except;
        apart from; other than; aside from; outside of; instead of; rather than; don't; do not; dont; doesn't; does
        not; didn't; did not; isn't; is not; aren't; wasn't; weren't; can't; cannot; cant; hate; hated; dislike;
        disliked; detest; loathe; avoid; skip; leave out; leave off; remove; drop; hide; get rid of; ditch; lose;
        omit; take out; take away; sick of; tired of; fed up with; bored of; bored with; bored by; had enough; had
        enough of; enough of; enough with; unlike; free of; forget; forget about; replace; swap; trade; spare me;
        stop; far from; nothing like; save for""",
    "less": """less; fewer; tone down; cut down on; cut back on; easy on; turn down; reduce; so much; so many;
        too; too much; too many; overly; excessively; not all""",
    "degree": """so; as; very; that; quite; such; particularly; especially; much; many; as much; as many; that
        much; that many; terribly; entirely; all that""",
    "want": """but; only; instead; not only; not just; not enough; nothing but; none but; just; mainly; plus;
        however; still; why not; i want; i'd like; i would like; i like; i love; i loved; i liked; i enjoy; i
        enjoyed; i prefer; i'd prefer; i'd rather; i need; then; how about; what about; make it; although; though;
        yet; as long as; switch to; go for""",
    "more": """more; something; some; show; give; find; want; prefer; looking for; look for; a lot of; lots of;
        plenty of; full of; extra; add; increase; let's; recommend; suggest; into; stick to; stick with; keep; maybe;
        perhaps""",
    "with": """with; about; for; like; similar to; in the style of; in the vein of; along the lines of; set in;
        where; by""",
    "known": """seen; saw; watched; i read; already read; already have; already own; already got; already bought;
        already know; i own; i have; i've got; i bought; i know""",
    "than": "than; compared to; compared with",
    "enough": "enough",
    "the one": "the one; that one; the one that; the one which",
    "that": """like that; like this; like it; of that; of this; of it; this one; loved it; liked it; enjoyed it;
        like that one; like this one; liked that; loved that; similar to it; similar to that; similar to this""",
    "and": "and; or; and or; as well as",
}

FUNCTION_WORDS = listed(
    """a an the this that these those it its it's he she they we you i me my mine your yours our us them their in on
    at of to from by for with without as is are was were be been being am do does did have has had will would can
    could should may might must not no nor or and but if then than so too very more less most least one ones some any
    all both each into"""
)
"""Never tags by themselves."""

_SHORTENED = """i'd i'm i've i'll we're we've we'd let's lets that's thats there there's here here's what's who's
it'd isn't im ive id youre whats dont cant can't won't don't doesn't didn't couldn't wouldn't shouldn't gotta gonna
wanna lemme gimme"""
_WHAT_IS_SHOWN = """film films movie movies picture pictures flick flicks item items product products thing things
stuff piece pieces article articles story stories tale tales title titles option options choice choices result
results list lists pick picks suggestion suggestions recommendation recommendations selection kind kinds sort sorts
type types style styles genre genres theme themes category categories colour colours color colors tag tags version
versions variety variation watchlist catalogue catalog shop store collection mix combination blend cross part parts
half rest end"""
_WHAT_IS_DONE = """show shows showing give gives find finds get gets getting got want wants wanted need needs needed
look looks looking watch watched watching see seeing saw seen try tried trying take takes taking go goes going come
comes coming make makes made making know knows think thinks thought feel feels feeling felt prefer prefers love loved
loves like likes liked enjoy enjoyed enjoys fancy choose picked recommend recommended suggest suggested bring put
keep stick order buy bought buying sell sells stock offer available use using work works working hear say said tell
mean means meant guess suppose start set located place happen happens feature features featuring starring stars
directed director written released release produced creator maker involve involves involving contain contains
containing include includes including concern concerns concerning revolve revolves around deals dealing about
regarding wish hoping wondering wonder seem seems appear sound sounds become stay call called allow let help done
having"""
_HOW_AND_WHEN = """really quite pretty bit little lot lots tad touch slightly somewhat much many way far even ever
still just only maybe perhaps possibly probably actually basically honestly definitely certainly absolutely totally
exactly simply mostly mainly especially particularly generally usually normally always never again already yet now
today tonight tomorrow later soon right away else also instead though although because while when where which who
whom whose what how why whether until unless anyway rather preferably ideally hopefully nearly almost hardly barely
ish themed inspired based related coloured colored alike similarly differently out up down off over under onto upon
through across along within toward towards against between among beyond near next back before after during since till
per besides otherwise moreover"""
_WHICH = """other others another different difference similar same alternative alternatives something anything
everything nothing someone anyone everyone everybody somebody nobody somewhere anywhere whole entire full few several
couple plenty enough either neither whichever whatever his her own myself itself themselves specific certain
particular proper general total first last two three four five six seven eight nine ten third hundred number level
top bottom"""
_HOW_GOOD = """good better best great greatest nice nicer fine cool perfect lovely wonderful excellent amazing
awesome brilliant fantastic super beautiful decent interesting fun favourite favourites favorite favorites bad worse
worst terrible awful horrible boring bored dull useless rubbish stupid wrong weird popular famous new fresh random
real interested interest keen fan"""
_MANNERS = """please pls plz thanks thank thx ty cheers ta sorry hi hello hey hiya yo greetings morning evening
afternoon bye goodbye ok okay k yes yeah yep yup no nope nah sure alright hmm hmmm hm mm um uh er ah oh wow whoa ooh
lol haha hahaha ha hehe heh rofl lmao omg wtf idk dunno meh ugh blah bla foo test testing buddy pal dude man guys sir
surprise surprised idea ideas clue mind matter point problem bother worry care mood spirit case instance example"""
_MEASURES = """era period decade decades year years time times old older young age ages long short high low higher
lower big large price prices priced cost costs costing money cash budget length lengths runtime min max spend pay
paying day days week weekend moment minute minutes hour hours second seconds"""

FILLERS = FUNCTION_WORDS.union(
    *map(
        listed,
        (
            _SHORTENED, _WHAT_IS_SHOWN, _WHAT_IS_DONE, _HOW_AND_WHEN, _WHICH, _HOW_GOOD, _MANNERS, _MEASURES,
        ),
    )
)  # fmt: skip
"""Say nothing of what is looked for, unless a tag is called so."""
SMALL_TALK = phrases(
    """no thanks; no thank you; thank you; good morning; good evening; good night; how are you; not sure; i don't
    know; don't know; do not know; don't know what; don't mind; i don't mind; don't care; i don't care; never mind;
    not bad; not necessarily; first of all; at first; at last; last time; last night; last week; last year; at least;
    i mean; do you have; do you have any; have you got; have you got any; got any; have any; do you know; do you know
    any; would you have; can i have; could i have; may i have; can i get; could i get; in the mood for; any of these;
    any of those; any of them; none of these; none of those; none of them; all of these; all of them; anything else;
    something else; can't you; couldn't you; don't you; why don't you; can't wait; can't decide; can't choose; cannot
    decide; don't worry; don't forget; don't get me wrong; right now; at all; as well; as usual; as before; as
    always; so far; so on; such as; not to mention; would love; i'd love; would love to; either way; by the way; once
    more; more or less; what i want; what i wanted; that is; that are; that has; that have; that was; that's; that
    does; that takes place; takes place; so that; as in; i have to; i have time for; i only have; i've got time for;
    i've been; i have been; i've always; i've never; see you later; see you; later on; oh dear; my dear; second hand;
    too bad; me too; you too; over there; best of all; if not; for once; let me think; let me see; what you have;
    what else; and also; for a change"""
)
QUESTIONS = phrases(
    """why; how; who; who's; whose; whom; when; where; where's; what; what's; whats; which; is; are; am i; was; were;
    does; did; do i; do you; do they; do these; should; will; can you explain; can you tell; can you help; can you
    remember; can you speak; can you hear; can you understand; can you talk; could you explain; could you tell; could
    you help; can i change; can i turn; can i reset; can i delete; can i export; can i log; can i save; can i return;
    can i pay; explain; tell me; help; remind me; have you seen; have you read; have you ever; repeat; go back; start
    over; log out; log in; sign in; sign out"""
)
"""A sentence that begins so asks about the program or an item …"""
REQUESTS = phrases(
    """how about; what about; what else; what other; why not; why don't you show; why don't we; what do you have;
    what have you got; what do you recommend; what would you recommend; what can you offer; what can you show; is
    there; are there; are any; is any; does it come in; do they come in; is it available in; are they available in;
    does any; do you have; do you know; do you stock; do you recommend; do you offer; do you sell; which ones; which
    of these; which of them; what if; who else; where are the; where is the one; why is there no; why are there no"""
)
"""… but one that begins so asks for items."""
PROGRAM_WORDS = listed(
    """settings setting weights slider sliders password account app website login logout button browser undo username
    csv bug bugs software algorithm chatbot ai bot prompt instructions preferences profile program assistant joke"""
)
CUES: Mapping[tuple[str, ...], Cue] = MappingProxyType(
    {phrase: cue for cue, text in reversed(_CUES.items()) for phrase in phrases(text)}
    | {(",",): "comma", (".",): "break", ("no", ","): "break", ("not", ","): "break"}
)
"""What turns the sense of a sentence; where a phrase stands twice, its first cue counts."""
