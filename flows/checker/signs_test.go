package checker

import (
	"fmt"
	"io/fs"
	"maps"
	"regexp"
	"slices"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/rogpeppe/go-internal/txtar"

	"spasmbot/flows/catalog"
	"spasmbot/flows/checker/model"
	"spasmbot/flows/lang"
	"spasmbot/flows/signs"
)

// withSigns is a small set of flows that has a table of warning signs, with changes:
// what stood there, and what stands there instead.
func withSigns(t testing.TB, edits ...string) fstest.MapFS {
	t.Helper()
	archive, err := txtar.ParseFile("../catalog/testdata/signs.txtar")
	if err != nil {
		t.Fatal(err)
	}
	fsys := make(fstest.MapFS)
	for _, f := range archive.Files {
		fsys[f.Name] = &fstest.MapFile{Data: f.Data}
	}
	for i := 0; i < len(edits); i += 2 {
		text := string(fsys["back.yaml"].Data)
		if strings.Count(text, edits[i]) != 1 {
			t.Fatalf("%q stands there %d times", edits[i], strings.Count(text, edits[i]))
		}
		fsys["back.yaml"] = &fstest.MapFile{Data: []byte(strings.Replace(text, edits[i], edits[i+1], 1))}
	}
	return fsys
}

func mustLoad(t testing.TB, fsys fs.FS) *lang.Catalog {
	t.Helper()
	c, err := catalog.Load(fsys, "UTC")
	if err != nil {
		t.Fatal(err)
	}
	return c
}

// moved is the flows with signs in other classes, by their names. It changes what a
// clinician would: one word of the table for each sign.
func moved(t testing.TB, fsys fs.FS, classes map[string]signs.Class) fs.FS {
	t.Helper()
	names, err := fs.Glob(fsys, "*.yaml")
	if err != nil {
		t.Fatal(err)
	}
	out, left := make(fstest.MapFS), maps.Clone(classes)
	err = fs.WalkDir(fsys, ".", func(name string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		data, err := fs.ReadFile(fsys, name)
		if slices.Contains(names, name) {
			text := string(data)
			for _, id := range slices.Sorted(maps.Keys(left)) {
				line := regexp.MustCompile(`(?m)^(  ` + id + `:\s*\{?\s*class:\s*)[a-z]+`)
				if line.MatchString(text) {
					text = line.ReplaceAllString(text, "${1}"+string(classes[id]))
					delete(left, id)
				}
			}
			data = []byte(text)
		}
		out[name] = &fstest.MapFile{Data: data}
		return err
	})
	if err != nil || len(left) > 0 {
		t.Fatalf("these signs were not found in the files: %v, %v", left, err)
	}
	return out
}

// assignments are ways to put the signs of some flows into classes: all as high and all
// as low as they may be, and some by which each sign comes to each of its classes.
func assignments(c *lang.Catalog) []map[string]signs.Class {
	list := make([]map[string]signs.Class, 2+len(signs.Classes()))
	for i := range list {
		list[i] = make(map[string]signs.Class)
		for k, s := range c.SignTable().Signs {
			open := signs.Open(s.ID)
			switch i {
			case 0:
				list[i][s.ID] = open[0]
			case 1:
				list[i][s.ID] = open[len(open)-1]
			default:
				list[i][s.ID] = open[(k+i)%len(open)]
			}
		}
	}
	return list
}

// singles are the ways to move one sign to another class.
func singles(c *lang.Catalog) []map[string]signs.Class {
	var list []map[string]signs.Class
	for _, s := range c.SignTable().Signs {
		for _, class := range signs.Open(s.ID) {
			if class != s.Class {
				list = append(list, map[string]signs.Class{s.ID: class})
			}
		}
	}
	return list
}

// provesWhereverSignsAre proves the promises of some flows with their signs in other
// classes, and returns what does not hold, by the classes. A promise is stated over
// classes, and must not rest on where the table happens to have a sign.
func provesWhereverSignsAre(t *testing.T, fsys fs.FS, ways []map[string]signs.Class) map[string][]string {
	t.Helper()
	wrong := make(map[string][]string)
	for _, way := range ways {
		c := mustLoad(t, moved(t, fsys, way))
		for id, class := range way {
			if got := c.Sign(id).Class; got != class {
				t.Fatalf("%s was moved to %s, and is %s", id, class, got)
			}
		}
		r := Check(c, Options{ProofsOnly: true})
		var list []string
		for _, v := range r.Violations {
			list = append(list, v.Invariant)
		}
		for _, p := range r.Open() {
			list = append(list, p.Promise+": not judged: "+p.What)
		}
		if len(list) > 0 {
			wrong[fmt.Sprint(way)] = list
		}
	}
	return wrong
}

// TestPromisesHoldInEveryClass: what is promised of the small set holds wherever its
// signs are.
func TestPromisesHoldInEveryClass(t *testing.T) {
	fsys := withSigns(t)
	c := mustLoad(t, fsys)
	ways := append(assignments(c), singles(c)...)
	if len(ways) != 10 {
		t.Fatalf("%d ways to put the signs into classes, want 10: %v", len(ways), ways)
	}
	if wrong := provesWhereverSignsAre(t, fsys, ways); len(wrong) > 0 {
		t.Errorf("these do not hold: %v", wrong)
	}
}

// TestPromisesThatRestOnAClass: a promise that holds as the table is, and would not if
// a sign was moved, is found; so is one that flows break which pass a list by.
func TestPromisesThatRestOnAClass(t *testing.T) {
	const promise = "invariants:\n"
	fsys := withSigns(t, promise, promise+"  - {never: doctor, while: today_which_group == \"injury\"}\n")
	c := mustLoad(t, fsys)
	if wrong := provesWhereverSignsAre(t, fsys, []map[string]signs.Class{{}}); len(wrong) > 0 {
		t.Errorf("as the table is: %v", wrong)
	}
	wrong := provesWhereverSignsAre(t, fsys, singles(c))
	if list := wrong["map[crash:today]"]; len(wrong) != 1 || len(list) != 1 || !strings.Contains(list[0], "never doctor while today_which_group") {
		t.Errorf("with signs moved: %v", wrong)
	}

	fsys = withSigns(t, "unsure: {next: today_which}}", "unsure: {}}")
	wrong = provesWhereverSignsAre(t, fsys, []map[string]signs.Class{{}})
	if list := wrong["map[]"]; len(list) != 1 || !strings.Contains(list[0], "before any_reminder require") {
		t.Errorf("of flows that go on from an unsure answer: %v", wrong)
	}
}

// TestModelKnowsWhomSignsConcern: the model leads past a list that has nothing for
// somebody, to it whoever is on it, and to a sign only whom that concerns.
func TestModelKnowsWhomSignsConcern(t *testing.T) {
	m := newSubject(mustLoad(t, withSigns(t)))
	for _, tt := range []struct {
		step, cond string
		comes      bool
	}{
		{"care", `facts == "none" and me_now == "" and today_signs == "none"`, true},
		{"today_signs", `facts == "none" and me_now == ""`, false},
		{"today_signs", `asks_fever and not asks_cancer`, true},
		{"today_signs", `asks_cancer and not asks_fever`, true},
		{"care", `facts_hot and me_now == "cool" and today_signs == "none"`, true},
		{"days_signs", `now_signs == "none"`, false},
		{"evening_signs", `facts_man`, true},
		{"evening_signs", `not facts_man and me_now == ""`, false},
		{"hospital", `now_which == "erection" and facts_man and now_which_group == "nerves"`, true},
		{"hospital", `now_which == "erection" and not facts_man and me_now == ""`, false},
		{"hospital", `now_which == "erection" and now_which_group == "injury"`, false},
		{"hospital", `now_which == "crash" and told == "crash"`, false},
		{"hospital", `now_which == "legs" and told == "legs"`, true},
		{"again", `now_which == "mistake" and now_which_group == ""`, true},
		{"doctor", `today_which == "crash"`, false},
	} {
		cond, err := lang.CompileExpr(tt.cond, m.c.Vars, lang.BoolType)
		if err != nil {
			t.Fatal(err)
		}
		out := m.theModel().Reach([]string{tt.step}, cond, true, model.Limits{States: 5_000, All: 10_000}, model.Hints{})
		if comes := out.Way != nil; comes != tt.comes || !comes && !out.Whole {
			t.Errorf("somebody comes to %s with %s: %v, after the whole search: %v", tt.step, tt.cond, comes, out.Whole)
		}
	}
}

// TestNotesGoByEveryClass: what only a move of a sign would bring about is not told to
// be of no use; what no move brings about is.
func TestNotesGoByEveryClass(t *testing.T) {
	told := func(edits ...string) string {
		var list []string
		for _, n := range Notes(mustLoad(t, withSigns(t, edits...))) {
			list = append(list, n.String())
		}
		return strings.Join(list, "\n")
	}
	// Nothing is asked within days: not the list, not which one it is, and nobody comes to seen.
	if got := told(); got != "" {
		t.Errorf("of flows with an empty class: %s", got)
	}
	const asks = "illness: {next: seen}"
	if got := told(asks, "illness: {next: clear}", "injury: {next: clear}", "injury: {next: seen}"); !strings.Contains(got, "nobody comes to seen") {
		t.Errorf("of a step to which only a sign below its floor would lead: %q", got)
	}
}

// TestShippedPromisesHoldInEveryClass: what is promised of the flows that come with the
// program holds wherever a clinician puts its signs.
func TestShippedPromisesHoldInEveryClass(t *testing.T) {
	fsys := catalog.Shipped()
	for way, list := range provesWhereverSignsAre(t, fsys, assignments(mustLoad(t, fsys))) {
		t.Errorf("with %s: %s", way, strings.Join(list, "\n"))
	}
}
