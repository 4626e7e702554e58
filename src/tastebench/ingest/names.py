"""Column names that people use, by the field they feed; compared without case, spaces and signs."""

import re
import unicodedata
from collections.abc import Collection, Iterable, Sequence

_WORDS = re.compile(r"[^0-9a-z]+")

ITEM_REFERENCE = (
    "itemid movieid filmid productid bookid trackid songid videoid articleid contentid showid gameid courseid recipeid "
    "listingid tconst sku asin parentasin stockcode productcode itemcode isbn isbn13 target item product movie film "
    "book track article"
)
ITEM_ID = (
    "itemid movieid filmid productid bookid trackid songid videoid articleid contentid showid gameid courseid recipeid "
    "listingid tconst id sku asin parentasin stockcode productcode itemcode isbn isbn13 handle slug key code item "
    "product movie film book track article"
)
TITLE = (
    "title name itemname itemtitle productname producttitle productdisplayname movietitle filmtitle booktitle "
    "trackname primarytitle originaltitle headline label item product movie film"
)
DESCRIPTION = (
    "description desc itemdescription productdescription longdescription shortdescription overview summary plot "
    "synopsis abstract about details text body content blurb bodyhtml"
)
CREATOR = (
    "creator creators director directors author authors artist artists artistname brand brandname maker manufacturer "
    "designer developer vendor seller store publisher studio composer writer"
)
CREATED_AT = (
    "createdat created creationdate createddate dateadded addedat added addeddate publishedat datepublished listedat "
    "availablefrom onlinesince"
)
AVAILABLE = "available isavailable availability instock active isactive enabled published orderable"
FACETS = (
    "genres genre categories category maincategory subcategory categorycode categoryname producttype department "
    "themes theme topics topic tags tag keywords keyword subjects subject moods mood styles style era eras decade "
    "tools tool collections collection interests cuisine languages materials material"
)

PERSONA_ID = (
    "personaid persona userid customerid visitorid memberid reviewerid accountid clientid personid shopperid buyerid "
    "playerid readerid viewerid profileid uid user customer visitor member reviewer account client person profile "
    "username reviewername cookieid deviceid sessionid session"
)
ACTION = (
    "action actiontype event eventtype eventname interaction interactiontype behavior behaviour behaviortype "
    "behaviourtype activity activitytype verb feedback type"
)
TIME = (
    "at timestamp ts time datetime eventtime eventtimestamp eventdate eventdatetime occurredat happenedat createdat "
    "created date tdat when unixreviewtime reviewtime reviewdate sorttimestamp purchasedat orderdate purchasedate "
    "orderpurchasetimestamp invoicedate ratedat dateadded updatedat"
)
RATING = "rating stars score overall userrating reviewscore reviewrating bookrating rate grade"
WEIGHT = "weight signedweight affinity preferencevalue"
TARGET_KIND = "targetkind targettype"

INVOICE = "invoiceno invoice invoiceid invoicenumber orderid orderno ordernumber order transactionid basketid receiptno"
STOCK_CODE = "stockcode productcode itemcode sku productid itemid articleno asin product item"
INVOICE_TEXT = "description productdescription itemdescription productname itemname title name desc"
QUANTITY = "quantity qty units count amount pieces"
PRICE = "unitprice price priceperunit itemprice priceeach"
CUSTOMER = "customerid customer customerno customernumber clientid userid memberid buyerid shopperid user"
COUNTRY = "country countryname countrycode region market"

PERSONA_FIELDS = {
    "persona_id": "personaid id userid customerid memberid uid username",
    "name": "name fullname displayname personaname title persona",
    "description": "description desc about bio biography summary text",
    "face": "face emoji initials avatar",
    "skill_level": "skilllevel skill level experience",
    "communication_style": "communicationstyle style tone",
    "origin": "origin",
}

_ACTION_WORDS = {
    "view": "pageview viewed watch watched read play played listen listened",
    "click": "clicked open opened",
    "like": "liked thumbsup upvote",
    "favorite": "favourite favorited fav bookmark save saved wishlist addtowishlist",
    "add_to_cart": "addtocart cart basket addtobasket addedtocart",
    "purchase": "purchased buy bought order ordered transaction sale checkout",
    "dislike": "disliked thumbsdown downvote",
    "follow": "followed subscribe subscribed",
}
ACTION_NAMES = {word: action for action, words in _ACTION_WORDS.items() for word in words.split()}
"""What files call the usual actions, bare (see `bare`)."""

YEAR_IN_TITLE = re.compile(r"\(((?:18|19|20|21)\d\d)\)\s*$")

_OTHER_IDS = frozenset(
    ["orderid", "sessionid", "eventid", "invoiceid", "transactionid", "impressionid", "rowid", "imdbid", "tmdbid"]
)


def bare(name: str) -> str:
    """Return a column name in lower case without accents, spaces and signs.

    Examples
    --------
    >>> bare("User_ID"), bare("movieId"), bare("Prix (é)")
    ('userid', 'movieid', 'prixe')
    """
    plain = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode().lower()
    return _WORDS.sub("", plain)


def all_named(columns: Sequence[str], names: str, taken: Collection[str] = ()) -> list[str]:
    """Return the columns not taken that bear one of `names`, the likeliest name first.

    Examples
    --------
    >>> all_named(("id", "movieId", "title"), "movieid id")
    ['movieId', 'id']
    """
    free: dict[str, str] = {}
    for column in columns:
        if column not in taken:
            free.setdefault(bare(column), column)
    return [free[name] for name in names.split() if name in free]


def first_ending_in_id(columns: Iterable[str], taken: Collection[str] = ()) -> str:
    """Return the first column not taken whose name ends in "id" and isn't an order's or session's; "" for none."""
    for column in columns:
        name = bare(column)
        if column not in taken and name.endswith("id") and name not in _OTHER_IDS:
            return column
    return ""
