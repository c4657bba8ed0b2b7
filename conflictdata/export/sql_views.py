"""Views of the databases, in the SQL that SQLite and DuckDB share.

`toll_points` has the rows of `cd.timeline` for all tolls (reading `stated`, everybody whom the toll counts);
`current_totals` the totals that hold.
"""

from __future__ import annotations

from collections.abc import Collection

from conflictdata.export.bundle import Bundle

# Each number of a toll on a page. A statement without a number, such as "dozens", is known by its word.
_NUMBERS = """
  SELECT toll_id AS toll, claimant_id AS claimant, outcome, unit, as_of, source_id, qualifier, low, best, high,
    COALESCE(low, best, high) AS n,
    CASE WHEN qualifier = 'range' THEN high WHEN COALESCE(low, best, high) IS NULL THEN share END AS upper,
    CASE WHEN COALESCE(low, best, high) IS NULL THEN qualifier END AS word
  FROM casualties
  WHERE relation = 'total' AND toll_id IS NOT NULL AND current = 'yes' AND scope = 'cumulative'"""
_KEY = "toll, claimant, outcome, unit, as_of, n, upper, word"
# The same number on all pages of a day. A page with "at least" opens it above; "about" counts only by itself.
_STATEMENTS = f"""
  SELECT {_KEY}, MAX(low) AS low,
    CASE WHEN SUM(CASE WHEN qualifier <> 'about' AND high IS NULL THEN 1 ELSE 0 END) = 0
      THEN MAX(CASE WHEN qualifier <> 'about' THEN high END) END AS high,
    MIN(CASE WHEN qualifier IN ('more_than', 'about', 'nearly') THEN 1 ELSE 0 END) AS rounded,
    MAX(CASE WHEN qualifier = 'more_than' THEN 1 ELSE 0 END) AS more_than,
    MAX(CASE WHEN qualifier = 'about' THEN 1 ELSE 0 END) AS about,
    MAX(CASE WHEN qualifier = 'nearly' THEN 1 ELSE 0 END) AS nearly,
    {{step}} AS step
  FROM numbers GROUP BY {_KEY}"""
_STEP = f"CASE {' '.join(f'WHEN n % {10**i} = 0 THEN {10**i}' for i in range(9, 0, -1))} ELSE 1 END"
# Rounded numbers with the numbers of the day that round to them.
_FITS = """
  SELECT r.toll, r.outcome, r.unit, r.as_of, r.n, COUNT(*) AS fitting, MIN(f.n) AS meant
  FROM statements r JOIN statements f
    ON r.toll = f.toll AND r.outcome = f.outcome AND r.unit = f.unit AND r.as_of = f.as_of
  WHERE r.rounded = 1 AND r.n > 0 AND f.rounded = 0 AND f.n IS NOT NULL
    AND (r.more_than = 0 OR (f.n > r.n AND f.n - f.n % r.step = r.n))
    AND (r.nearly = 0 OR (f.n < r.n AND f.n + (r.step - f.n % r.step) % r.step = r.n))
    AND (r.about = 0 OR (f.n <> r.n AND ABS(f.n - r.n) * 2 <= r.step))
  GROUP BY r.toll, r.outcome, r.unit, r.as_of, r.n"""
_POINTS = f"""CREATE VIEW toll_points AS
WITH numbers AS ({_NUMBERS}),
statements AS ({_STATEMENTS.replace("{step}", _STEP)}),
fits AS ({_FITS}),
carried AS (
  SELECT s.toll, s.outcome, s.unit, s.as_of, s.n, s.upper, s.word, p.source_id,
    CASE WHEN s.rounded = 1 AND f.fitting = 1 THEN f.meant ELSE s.n END AS point,
    CASE WHEN s.rounded = 1 AND f.fitting = 1 THEN 1 ELSE 0 END AS attached
  FROM statements s
  JOIN numbers p ON p.toll = s.toll AND p.outcome = s.outcome AND p.unit = s.unit AND p.as_of = s.as_of
    AND COALESCE(p.n, -1) = COALESCE(s.n, -1) AND COALESCE(p.upper, -1) = COALESCE(s.upper, -1)
    AND COALESCE(p.word, '') = COALESCE(s.word, '')
  LEFT JOIN fits f ON f.toll = s.toll AND f.outcome = s.outcome AND f.unit = s.unit AND f.as_of = s.as_of AND f.n = s.n)
SELECT s.toll, s.claimant, s.outcome, s.unit, s.as_of, s.n, s.low, s.high, COUNT(DISTINCT c.source_id) AS pages
FROM statements s
JOIN carried c ON c.toll = s.toll AND c.outcome = s.outcome AND c.unit = s.unit AND c.as_of = s.as_of
  AND COALESCE(c.point, -1) = COALESCE(s.n, -1)
  AND (c.attached = 1 OR (COALESCE(c.upper, -1) = COALESCE(s.upper, -1) AND COALESCE(c.word, '') = COALESCE(s.word, '')))
WHERE NOT EXISTS (
  SELECT 1 FROM carried d
  WHERE d.attached = 1 AND s.rounded = 1 AND d.toll = s.toll AND d.outcome = s.outcome AND d.unit = s.unit
    AND d.as_of = s.as_of AND d.n = s.n)
GROUP BY s.toll, s.claimant, s.outcome, s.unit, s.as_of, s.n, s.upper, s.word, s.low, s.high"""
_TOTALS = """CREATE VIEW current_totals AS
SELECT figure_id, conflict_id, claimant_id, outcome, unit, qualifier, low, best, high, population, population_detail,
  toll_id, event_ids, location_id, period_start, period_end, as_of, scope, basis, publisher, url
FROM casualties WHERE relation = 'total' AND current = 'yes'"""
VIEWS = {"toll_points": _POINTS, "current_totals": _TOTALS}


def list_views(bundle: Bundle, chosen: Collection[str]) -> list[str]:
    """Return the statements that create the views.

    Args:
        bundle: The tables of a version.
        chosen: The tables of the database.

    Returns:
        The statements; none if the database has no `casualties` of version 2.
    """
    columns = [item["name"] for item in bundle.list_fields("casualties")] if "casualties" in chosen else []
    return list(VIEWS.values()) if "toll_id" in columns else []
