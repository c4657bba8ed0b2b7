#!/usr/bin/env bash
# One check of conflict data as a step of a workflow: find out what is to be checked, check it, and say so in
# annotations (stdout), in the job summary ($GITHUB_STEP_SUMMARY) and in outputs ($GITHUB_OUTPUT).
#
# Everything comes in through the environment:
#   INPUT_PATHS, INPUT_CHANGED_ONLY, INPUT_BASE, INPUT_VERSION, INPUT_FAIL_ON   the inputs of action.yml
#   PYTHON         the Python to install with
#   CONFLICTDATA   the command where it is installed already; then nothing is installed
#
# Exit codes are those of `conflictdata validate`: 0 clean, 1 findings that fail the check, 2 it could not be carried out.
# Runs in bash 3.2 as well (macOS): no mapfile, no empty arrays under `set -u`.
set -euo pipefail

readonly MANY=1000          # changed pages from which on everything is checked at once
readonly SUMMARY=900000     # bytes; a job summary above 1 MiB is thrown away whole

paths=${INPUT_PATHS:-seeds}
changed_only=${INPUT_CHANGED_ONLY:-false}
base=${INPUT_BASE:-}
fail_on=${INPUT_FAIL_ON:-error}
temp=${RUNNER_TEMP:-${TMPDIR:-/tmp}}
summary=${GITHUB_STEP_SUMMARY:-/dev/null}
outputs=${GITHUB_OUTPUT:-/dev/null}
command=${CONFLICTDATA:-}
report=''
files=()

escaped() { # a text as the message of a workflow command
  local text=${1//'%'/%25}
  text=${text//$'\r'/%0D}
  printf '%s' "${text//$'\n'/%0A}"
}

output() { # name, value
  printf '%s=%s\n' "$1" "$2" >>"$outputs"
}

notice() {
  printf '::notice title=conflictdata::%s\n' "$(escaped "$1")"
}

finish() { # ok, errors, warnings, exit code
  output ok "$1"
  output errors "$2"
  output warnings "$3"
  output report "$report"
  output command "$command"
  exit "$4"
}

refuse() { # the check cannot be carried out
  printf '::error title=conflictdata::%s\n' "$(escaped "$1")"
  printf '**The check did not finish.** %s\n' "The log of the step says why." >>"$summary"
  finish false '' '' 2
}

check_inputs() {
  case $changed_only in true | false) ;; *) refuse "changed-only is true or false, not '$changed_only'" ;; esac
  case $fail_on in error | warning) ;; *) refuse "fail-on is error or warning, not '$fail_on'" ;; esac
}

install() { # into an environment of its own, so that nothing of the calling job changes
  local home="$temp/conflictdata-env" what=${GITHUB_ACTION_PATH:-.}
  # -I: a folder `pip` or `venv` in the repository that is checked must not be imported.
  "${PYTHON:-python3}" -I -m venv "$home" >&2 || refuse "no environment could be made with ${PYTHON:-python3}"
  "$home/bin/python" -I -m pip install --quiet --disable-pip-version-check "$what" >&2 ||
    refuse "conflictdata could not be installed"
  command="$home/bin/conflictdata"
}

whole() { # path, reason: check all of it
  notice "$1: everything is checked: $2"
  files+=("$1")
}

is_page() { # sources/<folder>/<page>.yaml
  [[ $1 == sources/*/*.yaml && $1 != sources/*/*/* ]]
}

start_of() { # folder: the commit from which the change starts
  local commit
  commit=$(git -C "$1" rev-parse --verify --quiet --end-of-options "$base^{commit}") || return 1
  git -C "$1" merge-base "$commit" HEAD
}

add_changed() { # folder of seeds: its changed pages, or all of it
  local folder=$1 from name pages=() other=''
  [[ -n $base ]] || { whole "$folder" 'no base is given' && return; }
  from=$(start_of "$folder" 2>/dev/null) ||
    { whole "$folder" "the base is not in this clone (fetch-depth: 0 fetches it)" && return; }
  git -C "$folder" diff --quiet "$from" HEAD -- ':(top).github/workflows' ':(top)conflictdata' ||
    { whole "$folder" 'what checks it changed' && return; }
  git -C "$folder" diff --quiet --no-renames --diff-filter=D "$from" HEAD -- . ||
    { whole "$folder" 'a file is gone, and others may lean on it' && return; }
  while IFS= read -r -d '' name; do
    if is_page "$name"; then pages+=("$folder/$name"); else other=$name; fi
  done < <(git -C "$folder" diff -z --relative --name-only --no-renames --diff-filter=d "$from" HEAD -- .)
  if [[ -n $other ]]; then
    whole "$folder" "$other changed, and pages may lean on it"
  elif ((${#pages[@]} > MANY)); then
    whole "$folder" "${#pages[@]} pages changed"
  elif ((${#pages[@]})); then
    files+=("${pages[@]}")
  fi
}

choose() { # fills `files`
  local path
  while IFS= read -r path; do
    [[ -n $path ]] || continue
    [[ $path == /* ]] || path="./$path" # a name that starts with a dash is no option
    [[ -e $path ]] || refuse "$path does not exist"
    if [[ $changed_only == true && (-d $path/sources || -d $path/reference) ]]; then
      add_changed "${path%/}"
    else
      files+=("$path")
    fi
  done <<<"$paths"
}

count() { # errors and warnings of the JSON report
  "${command%/*}/python" -I -c '
import json, sys
with open(sys.argv[1], encoding="utf-8") as file:
    found = [finding["severity"] for finding in json.load(file)["findings"]]
print(found.count("error"), found.count("warning"))' "$report/report.json"
}

summarize() {
  if (($(wc -c <"$report/report.md") <= SUMMARY)); then
    cat "$report/report.md" >>"$summary"
  else # whole lines of it
    head -c "$SUMMARY" "$report/report.md" | sed '$d' >>"$summary"
    printf '\n\nThe report goes on: report.md and report.json hold all of it.\n' >>"$summary"
  fi
}

check() {
  local code=0 errors warnings
  report=$(mktemp -d "$temp/conflictdata-report.XXXXXX")
  "$command" validate --format github \
    --report "json=$report/report.json" --report "markdown=$report/report.md" -- "${files[@]}" || code=$?
  # A program that broke off ends in 1 as well; it has written no report.
  [[ $code -le 1 && -s $report/report.json && -s $report/report.md ]] ||
    refuse "conflictdata validate ended with exit code $code; see the lines above"
  read -r errors warnings < <(count)
  summarize
  if [[ $code -eq 0 && $fail_on == warning && $warnings -gt 0 ]]; then code=1; fi
  finish "$([[ $code -eq 0 ]] && echo true || echo false)" "$errors" "$warnings" "$code"
}

check_inputs
choose
[[ -n $command ]] || install
if ((${#files[@]} == 0)); then
  notice 'nothing to check: no page was changed'
  printf 'Nothing to check: no page was changed.\n' >>"$summary"
  finish true 0 0 0
fi
check
