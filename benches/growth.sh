#!/usr/bin/env bash
# How the CPU time of a command grows with its input: growth.sh [-n SIZE] [NAME...]
#
# Each case writes a workspace of n, 2n and 4n items and runs one command over it. The exponent is
# the binary logarithm of the last doubling: 1 is linear, 2 is quadratic. A case fails above 1.3.
# Without names all cases run. An import that fails measures nothing, so it fails the run. POSTHOC is the binary (default: target/release/posthoc).
#
# A new case is a function gen_NAME, which writes n items into the current folder, and one line at
# the end: growth NAME ARGUMENTS...
set -euo pipefail
cd "$(dirname "$0")/.."
posthoc=$(realpath "${POSTHOC:-target/release/posthoc}")
base=1000
if [ "${1:-}" = -n ]; then base=$2; shift 2; fi
chosen=" $* "
most=1.3
failed=0
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
export POSTHOC_CACHE="$work/cache" HOME="$work"

head_of() { printf 'schema: posthoc/v1\nid: %s\ntitle: Title of %s\n' "$1" "$1"; }
minute() { # awk: minute i as an instant
    echo 'function at(i) { return sprintf("2026-%02d-%02dT%02d:%02d:00Z", 1 + int(i / 40320) % 12, 1 + int(i / 1440) % 28, int(i / 60) % 24, i % 60) }'
}
each() { awk -v n="$1" "$(minute) BEGIN { for (i = 0; i < n; i++) $2 }"; }

# --- check, show, render, stats ---------------------------------------------------------------
gen_findings() { # every entry has a finding
    { head_of a; echo 'timeline:'; each "$1" 'printf "  - {at: %s, text: Line %d., source: S%d}\n", at(i), i, i'; } > incidents/a.yaml
}
gen_sources() { # every source has a finding, in a map whose keys the quick reading leaves to the parser
    { head_of a; echo 'sources:'; each "$1" 'printf "  \"S%d\": {title: Source %d}\n", i, i'; } > incidents/a.yaml
}
gen_same_ids() { # one id many times in one file
    { head_of a; echo 'root_causes:'; each "$1" 'printf "  - {id: r, text: Cause %d.}\n", i'; } > incidents/a.yaml
}
gen_same_files() { # one id in many files
    each "$1" 'printf "schema: posthoc/v1\nid: a\ntitle: A\n" > ("incidents/a" i ".yaml")'
}
gen_headings() { { head_of a; echo 'summary: |'; each "$1" 'print "  ## same\n"'; } > incidents/a.yaml; }
gen_brackets() {
    { head_of a; printf 'summary: "'; each "$1" 'printf "["'; each "$1" 'printf "]"'; echo '"'; } > incidents/a.yaml
}
gen_yaml_brackets() { # brackets that are no text
    { head_of a; printf 'summary: '; each "$1" 'printf "["'; each "$1" 'printf "]"'; echo; } > incidents/a.yaml
}
gen_aliases() { # every entry is an alias of the first, and has a finding
    { head_of a; printf 'timeline:\n  - &e {at: 2026-01-01T00:00Z, text: The queue was full., source: S1}\n'; each "$1" 'print "  - *e"'; } > incidents/a.yaml
}
gen_anchors() { # an alias of each entry
    { head_of a; echo 'timeline:'; each "$1" 'printf "  - {at: %s, text: &t%d Line %d., source: *t%d}\n", at(i), i, i, i'; } > incidents/a.yaml
}
gen_stars() { { head_of a; printf 'summary: "'; each "$1" 'printf "*a_ "'; echo '"'; } > incidents/a.yaml; }
gen_windows() { # every window overlaps every other
    { head_of a; printf 'impact:\n  windows:\n'; each "$1" 'printf "    - {start: %s, end: 2027-01-01T00:00Z, services: [s%d]}\n", at(i), i % 7'; } > incidents/a.yaml
}
gen_same_entries() {
    { head_of a; echo 'timeline:'; each "$1" 'print "  - {at: 2026-01-01T00:00Z, text: The queue was full and nothing was sent for a while.}"'; } > incidents/a.yaml
}
gen_entries() {
    { head_of a; echo 'timeline:'; each "$1" 'printf "  - {at: %s, text: The queue of shard %d was full and nothing was sent.}\n", at(i), i'; } > incidents/a.yaml
}
gen_follow_ups() { # many open follow-ups, half of them overdue
    { head_of a; echo 'action_items:'; each "$1" 'printf "  - {id: f%d, text: Alert on queue %d., owner: o%d, due: 2026-01-01, addresses: [r%d]}\n", i, i, i, i'; } > incidents/a.yaml
}
gen_incidents() {
    each "$1" '{ f = "incidents/a" i ".yaml"; printf "schema: posthoc/v1\nid: a%d\ntitle: The queue of shard %d\nservices: [s%d]\nmilestones: {impact_start: %s, resolved_at: 2026-12-30T00:00Z}\n", i, i, i % 9, at(i) > f; close(f) }'
}
gen_duplicates() { # a chain of duplicates
    each "$1" '{ f = "incidents/a" i ".yaml"; printf "schema: posthoc/v1\nid: a%d\ntitle: The queue\nrelated: [{id: a%d, kind: duplicate_of}]\n", i, (i + 1) % n > f; close(f) }'
}
gen_series() { # one Prometheus range answer with many series
    head_of a > incidents/a.yaml
    { printf '{"status":"success","data":{"resultType":"matrix","result":['; each "$1" 'printf "%s{\"metric\":{\"__name__\":\"queue\",\"shard\":\"%d\"},\"values\":[[1767225600,\"%d\"],[1767225660,\"1\"]]}", (i ? "," : ""), i, i'; echo ']}}'; } > in.json
}

# --- import ------------------------------------------------------------------------------------
# Statuspage's JSON around the incidents that the standard input has.
page() { { printf '{"page":{"id":"p","name":"P","url":"https://status.example.com"},"incidents":['; cat; echo ']}'; } > in.json; }
gen_page_incidents() {
    each "$1" 'printf "%s{\"id\":\"i%d\",\"name\":\"The queue of shard %d\",\"status\":\"resolved\",\"impact\":\"minor\",\"created_at\":\"%s\",\"resolved_at\":\"2027-01-01T00:00:00Z\",\"incident_updates\":[{\"id\":\"u%d\",\"status\":\"investigating\",\"body\":\"We look into it.\",\"created_at\":\"%s\"}]}", (i ? "," : ""), i, i, at(i), i, at(i)' | page
}
gen_page_same_title() { # one title and one day, so that every id needs a number
    each "$1" 'printf "%s{\"id\":\"i%d\",\"name\":\"API\",\"status\":\"investigating\",\"impact\":\"minor\",\"created_at\":\"2026-03-17T%02d:%02d:00Z\",\"incident_updates\":[]}", (i ? "," : ""), i, int(i / 60) % 24, i % 60' | page
}
gen_page_same_id() { # one record, given again and again
    each "$1" 'printf "%s{\"id\":\"i\",\"name\":\"API\",\"status\":\"investigating\",\"created_at\":\"2026-03-17T00:00:00Z\",\"incident_updates\":[{\"id\":\"u%d\",\"status\":\"investigating\",\"body\":\"Post %d.\",\"created_at\":\"%s\"}]}", (i ? "," : ""), i, i, at(i)' | page
}
gen_page_posts() { # one incident with many posts, each with components of its own
    { printf '{"id":"i","name":"API","status":"investigating","impact":"minor","created_at":"2026-01-01T00:00:00Z","incident_updates":['
        each "$1" 'printf "%s{\"id\":\"u%d\",\"status\":\"investigating\",\"body\":\"Post %d.\",\"created_at\":\"%s\",\"affected_components\":[{\"code\":\"c%d\",\"name\":\"Part %d\",\"old_status\":\"operational\",\"new_status\":\"partial_outage\"}]}", (i ? "," : ""), i, i, at(i), i, i'
        echo ']}'; } | page
}
gen_page_again() { # the same page a second time: everything is there
    gen_page_incidents "$1"
    "$posthoc" import in.json
}
gen_alerts_into() { # many alerts become entries of one incident
    head_of a > incidents/a.yaml
    { printf '['; each "$1" 'printf "%s{\"fingerprint\":\"f%d\",\"labels\":{\"alertname\":\"Queue\",\"shard\":\"%d\"},\"annotations\":{},\"startsAt\":\"%s\",\"endsAt\":\"2027-01-01T00:00:00Z\",\"generatorURL\":\"\",\"receivers\":[],\"updatedAt\":\"%s\",\"status\":{\"state\":\"active\",\"silencedBy\":[],\"inhibitedBy\":[]}}", (i ? "," : ""), i, i, at(i), at(i)'; echo ']'; } > in.json
}
gen_notice_into() { # one webhook message has many alerts
    head_of a > incidents/a.yaml
    { printf '{"version":"4","groupKey":"{}","truncatedAlerts":0,"status":"resolved","receiver":"r","groupLabels":{},"commonLabels":{},"commonAnnotations":{},"externalURL":"","alerts":['; each "$1" 'printf "%s{\"status\":\"resolved\",\"fingerprint\":\"f%d\",\"labels\":{\"alertname\":\"Queue\",\"shard\":\"%d\"},\"annotations\":{},\"startsAt\":\"%s\",\"endsAt\":\"2027-01-01T00:00:00Z\",\"generatorURL\":\"\"}", (i ? "," : ""), i, i, at(i)'; echo ']}'; } > in.json
}
gen_feed() {
    { echo '<?xml version="1.0"?><rss version="2.0"><channel><title>P</title><link>https://status.example.com/</link>'
        each "$1" 'printf "<item><title>The queue of shard %d</title><guid>https://status.example.com/incidents/%d</guid><link>https://status.example.com/incidents/%d</link><pubDate>Tue, 17 Mar 2026 %02d:%02d:00 +0000</pubDate><description>Resolved: the queue is empty again.</description></item>\n", i, i, i, int(i / 60) % 24, i % 60'
        echo '</channel></rss>'; } > in.xml
}
gen_write_up() { # a long timeline in Markdown
    { printf '# Incident of 17 March 2026\n\nAll times in UTC.\n\n## Timeline\n\n'
        each "$1" 'printf "- 2026-03-17 %02d:%02d The queue of shard %d was full.\n", int(i / 60) % 24, i % 60, i'; } > in.md
}
gen_write_up_sections() {
    { printf '# Incident of 17 March 2026\n\nAll times in UTC. An incident.\n\n## Timeline\n\n- 2026-03-17 10:00 It began.\n\n'
        each "$1" 'printf "## Part %d\n\nThe queue of shard %d was full.\n\n", i, i'; } > in.md
}
gen_write_up_html() {
    { echo '<html><head><title>The queue</title></head><body><h1>Incident of 17 March 2026</h1><p>All times in UTC.</p><h2>Timeline</h2><ul>'
        each "$1" 'printf "<li>2026-03-17 %02d:%02d The queue of shard %d was full.</li>\n", int(i / 60) % 24, i % 60, i'; echo '</ul></body></html>'; } > in.html
}

# --- measuring ---------------------------------------------------------------------------------
cpu_of() { # the least CPU seconds of three runs
    local best=
    for _ in 1 2 3; do
        local spent
        spent=$( { TIMEFORMAT='%U %S'; time timeout 120 "$posthoc" --now 2026-06-01T00:00:00Z "$@" > /dev/null 2>&1 || true; } 2>&1 | awk '{ print $1 + $2 }')
        best=$(awk -v a="${best:-$spent}" -v b="$spent" 'BEGIN { print (a < b) ? a : b }')
        # A slow run is long enough to be exact.
        awk -v t="$spent" 'BEGIN { exit !(t > 3) }' && break
    done
    echo "$best"
}
workspace() { rm -rf "$work/w"; mkdir -p "$work/w/incidents"; : > "$work/w/posthoc.toml"; cd "$work/w"; }
growth() {
    local name=$1 times=() size; shift
    case "$chosen" in "  ") ;; *" $name "*) ;; *) return 0 ;; esac
    for size in 1 2 4; do
        workspace
        "gen_${name//-/_}" $((base * size)) > /dev/null 2>&1
        if [ "$1" = import ] && ! "$posthoc" "$@" > "$work/out" 2>&1; then
            echo "$name: the import failed:"; tail -3 "$work/out"; failed=1; return 0
        fi
        times+=("$(cpu_of "$@")")
    done
    awk -v name="$name" -v n="$base" -v a="${times[0]}" -v b="${times[1]}" -v c="${times[2]}" -v start="$idle" -v most="$most" '
        function net(t) { return (t > start) ? t - start : 0 }
        BEGIN {
            # Less than this cannot be told from noise.
            exact = net(b) >= 0.02
            exponent = exact ? log(net(c) / net(b)) / log(2) : 0
            bad = exact && exponent > most
            printf "%-18s %6d %6.2f s  %6d %6.2f s  %6d %6.2f s  %s%s\n", name, n, a, 2 * n, b, 4 * n, c, exact ? sprintf("n^%.2f", exponent) : "too fast to measure", bad ? "  TOO STEEP" : ""
            exit bad
        }' || failed=1
}

workspace
head_of a > incidents/a.yaml
idle=$(cpu_of check)

growth findings      check
growth sources       check
growth same-ids      check
growth same-files    check
growth headings      render a --to html --out out
growth brackets      render a --to html --out out
growth yaml-brackets check
growth aliases       check
growth anchors       check
growth stars         render a --to html --out out
growth windows       check
growth same-entries  check
growth entries       check
growth follow-ups    check
growth incidents     check
growth duplicates    stats
growth series        import in.json --into a --dry-run
growth page-incidents     import in.json --dry-run
growth page-same-title    import in.json --dry-run
growth page-same-id       import in.json --dry-run
growth page-posts         import in.json --dry-run
growth page-again         import in.json --dry-run
growth alerts-into        import in.json --into a --dry-run
growth notice-into        import in.json --into a --dry-run
growth feed               import in.xml --dry-run
growth write-up           import in.md --dry-run
growth write-up-sections  import in.md --dry-run
growth write-up-html      import in.html --dry-run
exit $failed
