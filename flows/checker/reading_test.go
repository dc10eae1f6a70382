package checker

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"spasmbot/flows/lang"
)

// TestReadingTimeKeepsNoPromise: a reading time only delays, so the proof knows
// nothing of it. What is proved holds with it and without it, and what is broken is
// broken by somebody who reads first.
func TestReadingTimeKeepsNoPromise(t *testing.T) {
	for promise, broken := range map[string]bool{
		`{before: warm, require: fever.no}`:   false,
		`{before: warm, require: fever.yes}`:  true,
		`{never: warm, while: "true"}`:        true,
		`{never: warm, while: ache == "yes"}`: false,
	} {
		flow := func(no string) *lang.Catalog {
			return asking(t, promise,
				"{id: fever, ask: choice, choices: {no: {"+no+"}, yes: {next: gone}}}",
				"{id: ache, ask: choice, choices: {no: {"+no+"}, yes: {next: gone}}}")
		}
		with, without := Check(flow("after: 1m"), Options{}), Check(flow(""), Options{})
		if got := names(with); !slices.Equal(got, names(without)) || (len(got) == 1) != broken || !slices.Equal(fates(with), fates(without)) {
			t.Errorf("%s: broken are %q with a reading time and %q without, %+v and %+v", promise, got, names(without), fates(with), fates(without))
			continue
		}
		if broken && !slices.Contains(with.Violations[0].Path, "> press no") {
			t.Errorf("%s: it is broken by\n%s", promise, strings.Join(with.Violations[0].Path, "\n"))
		}
	}
}

// fates are what became of each part, and in how many situations that was seen.
func fates(r Report) (list []string) {
	for _, p := range r.Proofs {
		list = append(list, fmt.Sprintf("%s %v %d", p.Part, p.Verdict, p.States))
	}
	return list
}
