#!/usr/bin/env bash
# Measures the whole program, as a person runs it, and prints each figure beside its target.
#
#   benches/whole.sh [RUNS]                        10 runs of each by default, after 2 that are not counted
#   benches/whole.sh --against COMMIT [RUNS]       each command in turn by this program and by that of COMMIT
#
# With --against, each row is the median of the differences of the pairs: on a busy machine both halves of
# a pair are slowed alike. The program of COMMIT is built in a worktree that is removed afterwards.
#
# Needs hyperfine and python3. A slow result is a row of the table, never a failure: machines differ.
set -u
cd "$(dirname "$0")/.." || exit 0
against=
if [ "${1:-}" = --against ]; then against=${2:?a commit}; shift 2; fi
runs=${1:-10}
for tool in hyperfine python3; do
  command -v "$tool" >/dev/null || { echo "whole.sh: $tool is not installed; nothing measured" >&2; exit 0; }
done
cargo build --release --locked --bin posthoc --example generate || { echo "whole.sh: the build failed" >&2; exit 0; }

work=$(mktemp -d) || exit 0
trap 'rm -rf "$work"' EXIT
target=${CARGO_TARGET_DIR:-target}
posthoc=$(realpath "$target/release/posthoc")
generate=$target/release/examples/generate
mkdir "$work/results"
before=
if [ -n "$against" ]; then
  trap 'git worktree remove --force "$work/before" 2>/dev/null; rm -rf "$work"' EXIT
  git worktree add --quiet --detach "$work/before" "$against" || { echo "whole.sh: no commit $against" >&2; exit 0; }
  old_target=$(realpath -m "$target/against")
  (cd "$work/before" && CARGO_TARGET_DIR="$old_target" cargo build --release --locked --bin posthoc) \
    || { echo "whole.sh: the build of $against failed" >&2; exit 0; }
  before=$old_target/release/posthoc
fi
"$generate" --four-pages --seed 1 --out "$work/one"
"$generate" --count 1000 --seed 1 --out "$work/thousand"
"$generate" --count 10000 --seed 1 --out "$work/tenthousand"
bytes=$(find "$work/tenthousand" -name '*.yaml' -printf '%s\n' | awk '{sum += $1} END {printf "%.1f", sum / 1e6}')

# measure NAME TARGET_MS COMMAND…: one row of results; a command that fails says so in its row.
measure() {
  local name=$1 target_ms=$2; shift 2
  if [ -n "$before" ]; then pairs "$name" "$@"; return; fi
  local json=$work/results/run.json seconds
  # `check` ends with 1 where it finds something, which is no failure here.
  rm -f "$json"
  hyperfine --shell=none --warmup 2 --runs "$runs" --ignore-failure --style none --export-json "$json" "$*" >/dev/null 2>"$work/results/why"
  if seconds=$(python3 -c '
import json, sys
result = json.load(open(sys.argv[1]))["results"][0]
worst = max(result["exit_codes"])
sys.exit(f"it ended with {worst}") if worst > 1 else print(result["median"])' "$json" 2>"$work/results/why"); then
    last=$(python3 -c 'import sys; print(round(float(sys.argv[1]) * 1000, 1))' "$seconds")
    row "$name" "$last" "$target_ms" ms
  else
    printf '%-44s %12s %12s   %s\n' "$name" failed "$target_ms ms" "$(tail -n 1 "$work/results/why")"
  fi
}

# pairs NAME COMMAND…: runs a command of this program and then of the other, again and again.
pairs() {
  local name=$1; shift
  last=0
  python3 - "$name" "$runs" "$before" "$@" <<'P'
import statistics, subprocess, sys, time

name, runs, before, (after, *arguments) = sys.argv[1], int(sys.argv[2]), sys.argv[3], sys.argv[4:]

def seconds(program):
    start = time.perf_counter()
    done = subprocess.run([program, *arguments], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    if done.returncode > 1:
        sys.exit(f"{name:<44} ended with {done.returncode}: {program}")
    return time.perf_counter() - start

pairs = [(seconds(before), seconds(after)) for _ in range(runs + 2)][2:]
old, new = (statistics.median(side) for side in zip(*pairs))
change = statistics.median(after / before - 1 for before, after in pairs)
print(f"{name:<44} {old * 1000:9.1f} ms {new * 1000:9.1f} ms   {change:+.1%}")
P
}

# peak NAME TARGET_MB COMMAND…: the largest resident set of one run, in 10^6 bytes.
peak() {
  [ -z "$before" ] || return 0
  local name=$1 target_mb=$2 kib; shift 2
  kib=$(python3 -c '
import resource, subprocess, sys
done = subprocess.run(sys.argv[1:], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
print(resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss if done.returncode == 0 else "failed")' "$@")
  if [ "$kib" = failed ]; then
    printf '%-44s %12s %12s\n' "$name" failed "$target_mb MB"
  else
    row "$name" "$(python3 -c 'import sys; print(round(int(sys.argv[1]) * 1024 / 1e6, 1))' "$kib")" "$target_mb" MB
  fi
}

row() {
  local verdict
  verdict=$(python3 -c 'import sys; print("within" if float(sys.argv[1]) <= float(sys.argv[2]) else "over")' "$2" "$3")
  printf '%-44s %12s %12s   %s\n' "$1" "$2 $4" "$3 $4" "$verdict"
}

if [ -n "$before" ]; then
  printf '%-44s %12s %12s   %s\n' "what (median of $runs pairs)" "$against" this change
else
  printf '%-44s %12s %12s\n' "what (median of $runs)" measured target
fi
measure 'start (--version)'                          5 "$posthoc" --version
measure 'one report of four pages to PDF'           60 "$posthoc" -C "$work/one" render four-pages --to pdf --out "$work/out"
peak    'one report of four pages to PDF, memory'   80 "$posthoc" -C "$work/one" render four-pages --to pdf --out "$work/out"
measure 'one report of four pages to HTML'          12 "$posthoc" -C "$work/one" render four-pages --to html --out "$work/out"
measure '1,000 reports to HTML'                    500 "$posthoc" -C "$work/thousand" render --to html --out "$work/out"
measure "stats over 10,000 files ($bytes MB)"      700 "$posthoc" -C "$work/tenthousand" stats
stats_ms=$last
measure "check over the same, 1.3 x stats"  "$(python3 -c 'import sys; print(round(float(sys.argv[1]) * 1.3))' "$stats_ms")" "$posthoc" -C "$work/tenthousand" check
pages=$(command -v pdfinfo >/dev/null && find "$work/out" -name 'four-pages*.pdf' -exec pdfinfo {} + 2>/dev/null | awk '/^Pages: / {print $2}')
[ -n "${pages:-}" ] && echo "The four-page report has $pages pages."
exit 0
