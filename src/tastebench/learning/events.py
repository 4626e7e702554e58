"""What single events of a log say: amount, liking, order."""

from collections.abc import Mapping

import numpy as np

from tastebench.domain.columns import Bools, Float, Ints, LogColumns
from tastebench.domain.interaction import LIKED_ACTIONS, LIKED_WEIGHT


def amounts(log: LogColumns, action_weights: Mapping[str, float]) -> Float:
    """Return each event's signed weight before decay.

    The action's weight (0 for an unknown action), or w × the largest action weight where the event has an
    explicit weight w.
    """
    table = np.array([action_weights.get(name, 0.0) for name in log.action_names], dtype=np.float64)
    largest = max(action_weights.values(), default=0.0)
    own = table[log.actions] if len(table) else np.zeros(len(log))
    return np.where(np.isnan(log.weights), own, log.weights * largest)


def liked(log: LogColumns) -> Bools:
    """Tell for each event whether it is a like; the columnar twin of `interaction.is_liked`."""
    by_action = np.array([name in LIKED_ACTIONS for name in log.action_names], dtype=np.bool_)
    own = by_action[log.actions] if len(by_action) else np.zeros(len(log), dtype=np.bool_)
    decided = (log.weights >= LIKED_WEIGHT) | (log.weights < 0)
    return np.where(decided, log.weights > 0, own)


def disliked(log: LogColumns) -> Bools:
    """Tell for each event whether it is a dislike; the columnar twin of `interaction.is_disliked`."""
    by_action = np.array([name == "dislike" for name in log.action_names], dtype=np.bool_)
    own = by_action[log.actions] if len(by_action) else np.zeros(len(log), dtype=np.bool_)
    return np.where(np.isnan(log.weights), own, log.weights <= -LIKED_WEIGHT)


def purchased(log: LogColumns) -> Bools:
    """Tell for each event whether it is a purchase."""
    by_action = np.array([name == "purchase" for name in log.action_names], dtype=np.bool_)
    return by_action[log.actions] if len(by_action) else np.zeros(len(log), dtype=np.bool_)


def action_ranks(log: LogColumns) -> Ints:
    """Return each event's place of its action's name in the alphabet: part of the event order."""
    ranks = np.empty(len(log.action_names), dtype=np.int64)
    ranks[np.argsort(np.array(log.action_names, dtype=np.str_))] = np.arange(len(log.action_names))
    return ranks[log.actions] if len(ranks) else np.zeros(len(log), dtype=np.int64)


def event_order(log: LogColumns) -> Ints:
    """Return the rows in event order: time, item, action, weight. It doesn't depend on the order of recording."""
    return np.lexsort((np.nan_to_num(log.weights), action_ranks(log), log.items, log.at))
