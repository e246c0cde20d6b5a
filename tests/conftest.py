"""Settings of the whole suite.

Property tests draw the same examples in every run, so that a change is judged by what it changes;
``HYPOTHESIS_PROFILE=search`` looks for new ones.
"""

from __future__ import annotations

import os

from hypothesis import settings

settings.register_profile("fixed", derandomize=True, deadline=None)
settings.register_profile("search", deadline=None, max_examples=500)
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "fixed"))
