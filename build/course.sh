# `./test course`: runs every test that carries [Row("...")], in whatever part it is, and holds what they show against the lists of the
# courses. Sourced by ./test.

course_rows=$root/tests/Balsa.Course.Tests/Data/rows.txt
course_mistakes=$root/tests/Balsa.Course.Tests/Data/mistakes.txt

# Parts with at least one such test; the lists' own tests are among them.
parts_with_rows() {
    for each in $(known_parts); do
        [ "$each" != course ] && grep -rqF '[Row("' --include='*.cs' "$root/tests/$(project_of "$each")" && echo "$each"
    done
}

# Each line of a report: result, id, test.
rows_of() {
    tr '\n' ' ' <"$1" | awk 'BEGIN { RS = "<" }
        /^test / { test = value("type") "." value("method"); result = value("result") }
        /^trait / && value("name") == "Row" { print result, value("value"), test }
        function value(name) {
            if (!match($0, " " name "=\"[^\"]*\"")) return ""
            return substr($0, RSTART + length(name) + 3, RLENGTH - length(name) - 4)
        }'
}

# Prints the table or, with --json, one object; the exit code says whether all rows are shown.
judge_rows() {
    awk -v json="$1" '
        function list(array, n,    i, text) {
            for (i = 1; i <= n; i++) text = text (i > 1 ? "," : "") "\"" array[i] "\""
            return "[" text "]"
        }
        FILENAME == ARGV[1] { if ($1 == "Fail") failed[$2] = $3; else if ($1 == "Pass" && !($2 in shown)) shown[$2] = $3; next }
        FILENAME == ARGV[2] { row[++rows] = $1; next }
        /^#/ { next }
        { mistakes++; if ($2 == "open" || ($2 == "test" && !($1 in shown))) open[++opened] = $1; if ($1 in failed) failing[++fails] = $1 }
        END {
            for (i = 1; i <= rows; i++) {
                id = row[i]
                if (id in failed) { failing[++fails] = id; by = "FAILED  " failed[id] }
                else if (id in shown) { by = shown[id]; seen = seen (seen ? "," : "") "\"" id "\":\"" shown[id] "\"" }
                else { missing[++lost] = id; by = "missing" }
                if (!json) printf "%s  %s\n", id, by
            }
            if (json) printf "{\"rows\":%d,\"missing\":%s,\"failing\":%s,\"mistakes\":%d,\"mistakesOpen\":%s,\"shown\":{%s}}\n", \
                rows, list(missing, lost), list(failing, fails), mistakes, list(open, opened), seen
            else printf "%d rows, %d missing, %d failing; %d mistakes, %d open\n", rows, lost, fails, mistakes, opened
            exit (lost + fails > 0)
        }' "$reports/course-rows.txt" "$course_rows" "$course_mistakes"
}

# Everything above the table goes to the terminal as messages: with --json the object stands alone.
run_course() { # OPTIONS OF THE TEST PROGRAM
    for each in $parts; do
        if [ "$each" = course ]; then run_part course "$@"; else run_part "$each" -trait Course=row "$@"; fi
    done >&2
    for each in $parts; do [ -f "$reports/$each.xml" ] && rows_of "$reports/$each.xml"; done >"$reports/course-rows.txt"
}
