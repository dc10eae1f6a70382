package diff_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/rogpeppe/go-internal/txtar"

	"spasmbot/flows/catalog"
	"spasmbot/flows/diff"
	"spasmbot/flows/lang"
)

// withSigns loads a small set of flows that has a table of warning signs, with edits.
func withSigns(t *testing.T, edits ...string) *lang.Catalog {
	t.Helper()
	archive, err := txtar.ParseFile("../catalog/testdata/signs.txtar")
	if err != nil {
		t.Fatal(err)
	}
	fsys := make(fstest.MapFS)
	for _, f := range archive.Files {
		fsys[f.Name] = &fstest.MapFile{Data: []byte(strings.NewReplacer(edits...).Replace(string(f.Data)))}
	}
	c, err := catalog.Load(fsys, "UTC")
	if err != nil {
		t.Fatal(err)
	}
	return c
}

// TestCompareSigns: a change of class is told in words, other changes as well, and each
// step that asks otherwise by them.
func TestCompareSigns(t *testing.T) {
	now := withSigns(t, "signs_version: 3", "signs_version: 4", "cancer: {class: today", "cancer: {class: days",
		`source: "a rule"`, `source: "a rule", signed_by: "C. Clinician"`, "  legs: {class", "  belly: {class",
		"  legs: A", "  belly: A", "legs_", "belly_", "  fever: Fever", "  fever: Hot")
	var got []string
	for _, ch := range diff.Compare(withSigns(t), now) {
		got = append(got, strings.TrimSpace(fmt.Sprintf("%s %s: %s", ch.Kind, ch.What, ch.Detail)))
	}
	want := []string{
		"changed signs: version 3 → 4",
		"changed sign cancer: today → days",
		"changed sign crash: signed_by  → signed_by C. Clinician",
		"texts sign fever: en.signs.fever",
		"removed sign legs:",
		"added sign belly: emergency",
	}
	for _, line := range want {
		if !slices.Contains(got, line) {
			t.Errorf("%q is not told: %q", line, got)
		}
	}
	var asked []string
	for _, line := range got {
		if step, ok := strings.CutPrefix(line, "changed step back."); ok {
			asked = append(asked, strings.TrimSuffix(step, ":"))
		}
	}
	if want := []string{"now_signs", "today_signs", "days_signs", "now_which", "again", "today_which", "days_which"}; !slices.Equal(asked, want) {
		t.Errorf("told to ask otherwise are %v, want %v", asked, want)
	}
	if same := diff.Compare(withSigns(t), withSigns(t)); len(same) > 0 {
		t.Errorf("the same flows differ: %v", same)
	}
}
