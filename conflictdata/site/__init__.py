"""A site of static pages: one per conflict, toll, event, source, claimant and place, complete without JavaScript.

```python
from conflictdata import loading
from conflictdata.site import build_site

build_site(loading.bundle(), Path("build/site"))
```
"""

from conflictdata.site.builder import SiteOptions, SiteSummary, build_site

__all__ = ["SiteOptions", "SiteSummary", "build_site"]
