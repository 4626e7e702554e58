"""Small views that pages share: empty states, figures, tags, health rows, things shown as they are."""

from collections.abc import Callable, Iterable, Sequence

import streamlit as st

from tastebench.ui.format import escape_html, prose

CHIP = (
    "display:inline-block;padding:.05rem .5rem;margin:.1rem .25rem .1rem 0;border-radius:999px;"
    "border:1px solid rgba(138,138,138,.5);font-size:.82rem;white-space:nowrap"
)

_ICON = "font-family:'Material Symbols Rounded';font-size:2.6rem;line-height:1.2;opacity:.7"


def empty_state(
    icon: str,
    title: str,
    sentence: str,
    button: str = "",
    *,
    key: str = "empty",
    on_click: Callable[..., None] | None = None,
) -> bool:
    """Show that there is nothing yet and what to do about it; tell whether its one button was pressed.

    Parameters
    ----------
    icon : str
        A Material Symbols name such as "movie"; the font comes with Streamlit.
    """
    with st.container(border=True, horizontal_alignment="center", key=f"{key}_state"):
        st.html(
            f'<div style="text-align:center;padding:2rem 1rem .5rem"><div style="{_ICON}" aria-hidden="true">'
            f'{escape_html(icon)}</div><div style="font-size:1.25rem;font-weight:600">{escape_html(title)}</div>'
            f'<div style="opacity:.8;max-width:34rem;margin:.4rem auto">{escape_html(sentence)}</div></div>'
        )
        pressed = bool(button) and st.button(button, type="primary", key=f"{key}_button", on_click=on_click)
        st.space("small")
    return pressed


def message(text: str, next_step: str = "", *, wrong: bool = False) -> None:
    """Say calmly what is the matter and what to do; red only where something is wrong."""
    body = prose(text) + (f"  \n{prose(next_step)}" if next_step else "")
    (st.error if wrong else st.info)(body)


def notes(sentences: Iterable[str]) -> None:
    """Show notes (fallbacks, limits) as quiet sentences."""
    for sentence in sentences:
        st.caption(prose(sentence))


def prose_line(text: str) -> None:
    """Show a sentence of ours that may hold text from data, as wide as there is room."""
    st.markdown(prose(text), width="stretch")


def figures(values: Sequence[tuple[str, str, str]]) -> None:
    """Show up to five figures in an equal row: label, value, hint, all in our own words (they are read as Markdown)."""
    for column, (label, value, hint) in zip(st.columns(len(values)), values, strict=True):
        column.metric(label, value, help=hint or None, border=True, height="stretch")


def plain(text: str, *, style: str = "", tag: str = "div") -> None:
    """Show text from data letter by letter, without Markdown."""
    st.html(f'<{tag} style="{style}">{escape_html(text)}</{tag}>')


def chips(tags: Iterable[str]) -> str:
    """Return tags as small outlined words, in HTML for `st.html`."""
    return "".join(f'<span style="{CHIP}">{escape_html(tag)}</span>' for tag in tags)


def screen_reader(words: str) -> str:
    """Return words that only screen readers get, in HTML for `st.html`."""
    style = "position:absolute;width:1px;height:1px;overflow:hidden;clip-path:inset(50%);white-space:nowrap"
    return f'<span style="{style}">{escape_html(words)}</span>'


def card_title(name: str, note: str = "", badge: str = "") -> None:
    """Show the head of a card: a name and a note from data, and a badge in our own words."""
    mark = f'<span style="{CHIP};font-weight:400;margin-left:.5rem">{escape_html(badge)}</span>' if badge else ""
    st.html(
        f'<div style="font-size:1.1rem;font-weight:600;overflow-wrap:anywhere">{escape_html(name)}{mark}</div>'
        f'<div style="opacity:.75;font-size:.88rem;min-height:1.3em">{escape_html(note)}</div>'
    )


def figure_list(values: Iterable[tuple[str, str, str]]) -> None:
    """Show a card's figures, one per line: label, value, hint."""
    rows = "".join(
        f'<div style="display:flex;justify-content:space-between;gap:1rem" title="{escape_html(hint)}">'
        f'<span style="opacity:.75">{escape_html(label)}</span>'
        f'<span style="font-variant-numeric:tabular-nums">{escape_html(value)}</span></div>'
        for label, value, hint in values
    )
    st.html(f'<div style="font-size:.92rem;line-height:1.65;max-width:30rem">{rows}</div>')
