"""Conversation: what somebody says after a list was shown, read in the context of that list."""

from tastebench.ranking.conversation.reading import read_follow_up
from tastebench.ranking.conversation.saying import phrase, said
from tastebench.ranking.conversation.values import FollowUp, Shown, ShownItem, Tag, Vocabulary
from tastebench.ranking.conversation.wish import Wish

__all__ = ["FollowUp", "Shown", "ShownItem", "Tag", "Vocabulary", "Wish", "phrase", "read_follow_up", "said"]
