#!/usr/bin/env bash
# What a reviewer reads, into the folder given: review.md (the report of the check, the change as a table), report.json, and
# number.txt (the change's number, for the job that comments). The table goes to the job summary too.
#
# Environment: CONFLICTDATA the command, REPORT the folder of the check's report, BASE the revision before the change,
# NUMBER the number of the pull request or nothing.
set -euo pipefail

folder=${1:?the folder to write to}
mkdir -p "$folder"
cp "$REPORT/report.json" "$folder/report.json"
printf '%s\n' "${NUMBER:-}" >"$folder/number.txt"

if ! base=$(git rev-parse --verify --quiet --end-of-options "${BASE:-}^{commit}"); then
  printf 'The change cannot be shown: what stood before it is not in this clone.\n' >"$folder/diff.md"
elif ! "$CONFLICTDATA" diff --git "$base..HEAD" --format markdown >"$folder/diff.md"; then
  printf 'The change cannot be shown: one of its two ends cannot be read.\n' >"$folder/diff.md"
fi

cat "$folder/diff.md" >>"${GITHUB_STEP_SUMMARY:-/dev/null}"
{ cat "$REPORT/report.md" && printf '\n' && cat "$folder/diff.md"; } >"$folder/review.md"
