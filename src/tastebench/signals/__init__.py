"""Signals: pure scorers over Evidence, one file each, in an ordered registry."""

from tastebench.signals.base import Signal
from tastebench.signals.registry import REGISTRY, on_demand, resolved

__all__ = ["REGISTRY", "Signal", "on_demand", "resolved"]
