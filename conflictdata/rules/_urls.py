"""Patterns and lists for web addresses.

The patterns use only what polars, Arrow and DuckDB have in common: no look-around, no back-references, no
capturing groups.
"""

from __future__ import annotations

import narwhals.stable.v1 as nw

# A host is a name with a dot, or an IP address in brackets. Spaces are not allowed.
_HOST = r"(?:[^\s/?#@:\[\]]+\.[^\s/?#@:\[\]]+|\[[0-9A-Fa-f:.]+\])"
_AFTER_HOST = r"(?::[0-9]{1,5})?(?:[/?#]\S*)?$"
HTTP = r"^https?://(?:[^\s/?#@]*@)?" + _HOST + _AFTER_HOST
HTTP_WITHOUT_LOGIN = r"^https?://" + _HOST + _AFTER_HOST
HOME_PAGE = r"^https?://[^/?#]+/?(?:#.*)?$"
URN = r"^urn:[a-zA-Z0-9][a-zA-Z0-9-]{0,30}[a-zA-Z0-9]:\S+$"
LOGIN = r"^[a-zA-Z][a-zA-Z0-9+.-]*://[^/?#]*@"

# Parameters that track the reader and do not identify the page. `*` matches any ending.
TRACKING = (
    "utm_*", "fbclid", "gclid", "gclsrc", "dclid", "wbraid", "gbraid", "msclkid", "yclid", "ysclid", "twclid", "ttclid",
    "igshid", "igsh", "mc_cid", "mc_eid", "mkt_tok", "_ga", "_gl", "_hsenc", "_hsmi", "vero_id", "oly_anon_id", "oly_enc_id",
    "s_cid", "cmpid", "at_medium", "at_campaign", "ocid", "ref_src", "ref_url", "spm", "scm", "rb_clickid", "wt_mc", "xtor",
)  # fmt: skip
HAS_TRACKING = r"(?i)[?&](?:" + "|".join(name.replace("*", "[a-z0-9_]*") for name in TRACKING) + r")(?:=|&|#|$)"

# Social media and forums, with all subdomains. Posts there are edited and deleted.
SOCIAL = (
    "x.com", "twitter.com", "t.me", "telegram.me", "facebook.com", "fb.com", "fb.watch", "instagram.com", "threads.net",
    "threads.com", "tiktok.com", "youtube.com", "youtu.be", "vk.com", "ok.ru", "reddit.com", "bsky.app", "mastodon.social",
    "truthsocial.com", "linkedin.com", "weibo.com", "snapchat.com", "discord.com", "discord.gg", "rumble.com", "telegra.ph",
)  # fmt: skip
IS_SOCIAL = (
    r"(?i)^https?://(?:[^/?#@]*[@.])?(?:" + "|".join(host.replace(".", r"\.") for host in SOCIAL) + r")(?:[:/?#]|$)"
)


def replace_pattern(text: nw.Expr, pattern: str, by: str = "") -> nw.Expr:
    """Replace every match of a pattern in a text."""
    return text.str.replace_all(pattern, by)
