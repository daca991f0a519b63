"""Vendors and layouts by chance: the parts of ``layout`` put together in other ways, with other words."""

from mlcore.dataset.synthetic.composed.company import compose_vendor

__all__ = ["compose_vendor"]
