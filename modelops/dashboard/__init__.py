"""One page that tells an admin how the product is: healthy or not, how accurate, who waits, what the last model changed, what to do next.

``selectors.dashboard`` gathers, in a bounded number of statements; the modules here decide and draw without a database: ``actions`` orders
what to do next, ``headline`` says how accurate, ``change`` what a deployment changed, ``drawings`` makes the charts, ``sheets`` the same as
CSV. ``station`` is the seam to the processes, which ``modelops`` may not import: ``workers`` registers how they are looked at.
"""
