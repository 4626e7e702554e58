"""Everyday words for tags: they apply where a workspace has such a tag, and mean nothing where it hasn't."""

from collections.abc import Iterator, Mapping
from typing import TypeVar

from tastebench.ranking.conversation.tokens import variants, words_of

T = TypeVar("T")

_WORDS = {
    "action": "explosive; action packed; fights; stunts",
    "adventure": "adventurous; swashbuckling; quest; quests",
    "animation": "animated; cartoon; cartoons; anime",
    "biography": "biographical; biopic; biopics",
    "children|kids|child|family": "children's; child; kid; kids; kid's; kids'; little ones; toddler; toddlers",
    "christmas": "xmas; christmassy; christmasy; yuletide; festive",
    "comedy|humor|humour": "funny; funnier; funniest; hilarious; humorous; humor; humour; comic; comical; comedic; "
    "laugh; laughs; laughing; lighthearted; light hearted; lighter; something light; silly; amusing; cheerful; "
    "feel good",
    "coming of age": "growing up; teen; teens; teenage; teenagers; adolescence",
    "corruption": "corrupt",
    "crime": "criminal; criminals; gangster; gangsters; mafia; mob; mobsters; cop; cops",
    "decoration|decorations|home": "decor; decorative; home decor",
    "detective": "sleuth; sleuths; private eye; private eyes; gumshoe; investigator; investigators",
    "documentary": "doc; docs; docu; nonfiction; non fiction; true story; true stories; factual",
    "drama": "dramatic; sad; sadder; serious; emotional; tearjerker; tear jerker; tragic",
    "dreams": "dreamy; dreamier; dreamlike; surreal; nightmares",
    "family": "family friendly; child friendly; kid friendly; for all ages",
    "fantasy": "magical; fairy tale; fairy tales; fairytale",
    "food|cooking|kitchen": "cooking; culinary; cuisine; eating; baking; foodie",
    "friendship": "friends; buddies; buddy; friendly",
    "games": "playing",
    "garden": "gardening; outdoor; outdoors",
    "gifts|gift": "present; presents; gifting",
    "heist": "robbery; robberies; caper; capers; bank job; bank robbers",
    "history|historical": "historic; historical; period piece; period pieces",
    "home": "household; house; homeware",
    "horror": "scary; scarier; scariest; scare; spooky; spookier; creepy; creepier; frightening; terrifying; gory",
    "jewellery|jewelry": "jewelry; jewelery; jewels; bling",
    "kitchen": "kitchenware; cookware; cooking; baking",
    "lighting": "light; lights; lamp; lamps",
    "los angeles": "la; l a; hollywood",
    "music": "musicians; musician; songs",
    "musical": "sing; singing; song and dance; dancing; broadway",
    "mystery": "mysterious; whodunit; whodunits; whodunnit; whodunnits; murder mystery; murder mysteries",
    "new york": "nyc; new york city; manhattan; ny",
    "noir": "noirish; film noir; films noirs; neo noir; hardboiled; hard boiled",
    "paranoia": "paranoid; conspiracy; conspiracies",
    "paris": "parisian",
    "poetry": "poetic; poet; poets; poem; poems",
    "red": "reddish",
    "revenge": "vengeance; vengeful; payback",
    "road trip": "road movie; road movies; on the road",
    "robots": "robotic; android; androids; cyborg; cyborgs",
    "romance|love": "romantic; love; love story; love stories; falling in love; date night; rom",
    "science fiction|sci fi": "sci fi; scifi; sf; futuristic; dystopian",
    "silver": "silvery",
    "slow-burn": "slow; slower; slow paced; slow moving; slow burning; slow burner; unhurried",
    "space": "outer space; astronauts; spaceships",
    "sport|sports": "sporty",
    "stationery": "stationary; writing; notepaper; office supplies",
    "storage": "storing; organiser; organisers; organizer; organizers; containers",
    "survival": "surviving; survive; survivor; survivors",
    "thriller": "thrilling; suspense; suspenseful; tense; tenser; gripping; nail biting; edge of my seat",
    "time travel": "time travelling; time traveling; time traveller; time travellers; time machine",
    "travel": "travelling; traveling",
    "war": "wartime; soldiers; battles; battlefield; world war; second world war; first world war; world war two; "
    "world war ii; world war one; ww2; wwii; ww1; wwi",
    "western": "cowboy; cowboys; wild west; gunslingers",
    "whimsical": "quirky; quirkier; whimsy; playful; zany; offbeat",
}
"""Tags, the first that exists counting, and what stands for them: adjectives and other names. A kind of thing, such as
a necklace among jewellery, is better searched for in words.
"""
_TOGETHER = {
    "romcom": ("romance", "comedy"),
    "rom com": ("romance", "comedy"),
    "rom coms": ("romance", "comedy"),
    "romcoms": ("romance", "comedy"),
    "dramedy": ("drama", "comedy"),
    "dramedies": ("drama", "comedy"),
    "comedy drama": ("comedy", "drama"),
    "space opera": ("science fiction", "space"),
}
"""One word for several tags: it applies where all of them exist."""


def everyday_forms(known: Mapping[tuple[str, ...], tuple[T, ...]]) -> dict[tuple[str, ...], tuple[T, ...]]:
    """Return the everyday words, each in words, that stand for tags in `known` (the wordings of tags there are).

    Examples
    --------
    >>> forms = everyday_forms({("comedy",): ("Comedy",)})
    >>> forms[("funnier",)], ("scary",) in forms
    (('Comedy',), False)
    """
    found = dict(_single(known))
    for word, names in _TOGETHER.items():
        tags = [known.get(words_of(name), ()) for name in names]
        if all(tags):
            found[words_of(word)] = tuple(tag for some in tags for tag in some)
    return found


def _single(known: Mapping[tuple[str, ...], tuple[T, ...]]) -> Iterator[tuple[tuple[str, ...], tuple[T, ...]]]:
    for names, words in reversed(_WORDS.items()):
        forms = [form for name in names.split("|") for form in variants(words_of(name))]
        tags = next((known[form] for form in forms if form in known), ())
        if tags:
            yield from ((words_of(word), tags) for word in words.split("; "))
