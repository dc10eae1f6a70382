package checker_test

import (
	"io/fs"
	"os"
	"strings"
	"testing"
	"testing/fstest"

	"spasmbot/flows"
	"spasmbot/flows/catalog"
	"spasmbot/flows/checker"
	"spasmbot/flows/lang"
	"spasmbot/flows/transcript"
)

// edit replaces a piece of a file, which must be there exactly once.
type edit struct{ file, old, new string }

// edited is a copy of flows with edits.
func edited(t *testing.T, from fs.FS, edits []edit) *lang.Catalog {
	t.Helper()
	files := make(fstest.MapFS)
	err := fs.WalkDir(from, ".", func(name string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		data, err := fs.ReadFile(from, name)
		files[name] = &fstest.MapFile{Data: data}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	for _, e := range edits {
		f := files[e.file]
		if f == nil || strings.Count(string(f.Data), e.old) != 1 {
			t.Fatalf("%s does not hold this once: %q", e.file, e.old)
		}
		f.Data = []byte(strings.Replace(string(f.Data), e.old, e.new, 1))
	}
	c, err := catalog.Load(files, "UTC")
	if err != nil {
		t.Fatal(err)
	}
	return c
}

// told reports whether a reminder came in the last event; "" is any.
func told(p *transcript.Player, kind string) bool {
	for _, e := range p.Effects {
		r, ok := e.(flows.Record)
		if ok && r.Entry.Kind == flows.EntryReminder && (r.Entry.Step == kind || kind == "" && r.Entry.Step != "nudge") {
			return true
		}
	}
	return false
}

func answer(p *transcript.Player, step string) string {
	s := p.State()
	return s.Var(step).Str
}

func hours(p *transcript.Player) float64 { return p.Now.Sub(p.State().Episode.Onset).Hours() }

func resting(p *transcript.Player) bool { return p.State().At.Step == "rest" }

// mutation is a mistake that an editor could make, and what then breaks.
type mutation struct {
	name  string
	edits []edit
	// want is the beginning of the invariant that breaks nearest.
	want string
	// broken sees the violation when the path is played again.
	broken func(p *transcript.Player) bool
	// walk is the walk that finds it, where all of them would take long, and states
	// how far it goes, 0 for as far as others.
	walk   string
	states int
}

// mutations are mistakes in the flows of testdata/acute, small enough for all
// walks.
var mutations = []mutation{
	{
		"the warning signs are left out",
		[]edit{{"spasm.yaml", "call: screening", "call: help"}},
		"before rest require ",
		func(p *transcript.Player) bool { return resting(p) && answer(p, "emergency_nerves") == "" },
		"", 0,
	},
	{
		"an emergency sign leads on",
		[]edit{{"screening.yaml", "emergency_body\n    ask: choice\n    choices:\n      none: {}\n      any: {next: call_emergency}", "emergency_body\n    ask: choice\n    choices:\n      none: {}\n      any: {}"}},
		"before rest require emergency_nerves",
		func(p *transcript.Player) bool { return resting(p) && answer(p, "emergency_body") == "any" },
		"", 0,
	},
	{
		"not being sure of an urgent sign leads on",
		[]edit{{"screening.yaml", "urgent_pain\n    ask: choice\n    choices:\n      none: {}\n      any: {next: see_doctor}\n      unsure: {next: see_doctor}", "urgent_pain\n    ask: choice\n    choices:\n      none: {}\n      any: {next: see_doctor}\n      unsure: {}"}},
		"before rest require doctor_today",
		func(p *transcript.Player) bool { return resting(p) && answer(p, "urgent_pain") == "unsure" },
		"", 0,
	},
	{
		"silence about a doctor's visit leads on",
		[]edit{{"screening.yaml", "nudge: 12h, timeout: 7d, next: urgent_closed", "nudge: 12h, timeout: 7d, next: return"}},
		"before rest require doctor_today",
		func(p *transcript.Player) bool { return resting(p) && answer(p, "doctor_today") == "awaited" },
		"", 0,
	},
	{
		"a third answer goes past the doctor",
		[]edit{
			{"screening.yaml", "close: {next: urgent_closed}\n    wait", "close: {next: urgent_closed}\n      later: {next: return}\n    wait"},
			{"texts/en.yaml", "  cleared: Yes, a clinician has cleared me", "  cleared: Yes, a clinician has cleared me\n  later: Later"},
		},
		"before rest require doctor_today",
		func(p *transcript.Player) bool { return resting(p) && answer(p, "doctor_today") == "later" },
		"", 0,
	},
	{
		"other answers later take an urgent sign back",
		[]edit{{"screening.yaml", `go: [{when: doctor_today == "awaited", to: see_doctor}, {to: return}]`, `go: [{when: not live, to: see_doctor}, {to: return}]`}},
		"before any_reminder require doctor_today",
		func(p *transcript.Player) bool { return told(p, "") && answer(p, "doctor_today") == "awaited" },
		"", 0,
	},
	{
		"reminders go on while a doctor is awaited",
		[]edit{{"screening.yaml", "    stop: all\n    set:", "    set:"}},
		"before any_reminder require doctor_today",
		func(p *transcript.Player) bool { return told(p, "") && answer(p, "doctor_today") == "awaited" },
		"", 0,
	},
	{
		"a minor is led on",
		[]edit{{"spasm.yaml", "minor: {next: too_young}", "minor: {}\n    next: [{when: live, to: doctor_soon}, {to: too_young}]"}},
		"before any_reminder require adult",
		func(p *transcript.Player) bool { return told(p, "") && answer(p, "adult") == "minor" },
		"", 0,
	},
	{
		"silence skips the signs for a doctor soon",
		[]edit{{"spasm.yaml", "none: {next: onset_time}\n      any: {}\n      unsure: {}\n", "none: {next: onset_time}\n      any: {}\n      unsure: {}\n    wait: {timeout: 1h, next: onset_time}\n"}},
		"before any_reminder require adult",
		func(p *transcript.Player) bool { return told(p, "") && answer(p, "doctor_soon") == "" },
		"", 0,
	},
	{
		"heat and cold are swapped",
		[]edit{
			{"spasm.yaml", "hours_since(onset) >= 72, to: heat_safety", "hours_since(onset) < 72, to: heat_safety"},
			{"spasm.yaml", "    from: onset + 72h\n", ""},
		},
		"never heat-on while hours_since(onset) < 72",
		func(p *transcript.Player) bool { return told(p, "heat-on") && hours(p) < 72 },
		"", 0,
	},
	{
		"cold has no end",
		[]edit{{"spasm.yaml", "    hours: waking\n    until: onset + 72h\n    late: expire", "    hours: waking\n    late: expire"}},
		"never cold-on while hours_since(onset) >= 72",
		func(p *transcript.Player) bool { return told(p, "cold-on") && hours(p) >= 72 },
		"", 0,
	},
	{
		"heat begins half a day early",
		[]edit{
			{"spasm.yaml", "    from: onset + 72h\n", "    from: onset + 60h\n"},
			{"spasm.yaml", "wait: {until: onset + 72h, hours: waking, next: heat_switch}", "wait: {until: onset + 60h, hours: waking, next: heat_switch}"},
		},
		"never heat-on while hours_since(onset) < 72",
		func(p *transcript.Player) bool { return told(p, "heat-on") && hours(p) < 72 },
		"", 0,
	},
	{
		"cold in spite of a reason against it",
		[]edit{{"spasm.yaml", "none: {next: cold_ready}\n      any: {}", "none: {next: cold_ready}\n      any: {next: cold_ready}"}},
		`before cold-on require cold_safety`,
		func(p *transcript.Player) bool { return told(p, "cold-on") && answer(p, "cold_safety") == "any" },
		"", 0,
	},
	{
		"heat when nobody has answered",
		[]edit{{"spasm.yaml", "unsure: {}\n    wait: {nudge: 3h, timeout: 24h, hours: waking, next: care_heat}", "unsure: {}\n    wait: {nudge: 3h, timeout: 24h, hours: waking, next: heat_ready}"}},
		`before heat-on require heat_safety`,
		func(p *transcript.Player) bool { return told(p, "heat-on") && answer(p, "heat_safety") == "" },
		"", 0,
	},
	{
		"water without its question",
		[]edit{{"spasm.yaml", `{when: water_safety == "none", to: water_start}`, `{when: live, to: water_start}`}},
		`before water require water_safety`,
		func(p *transcript.Player) bool { return told(p, "water") && answer(p, "water_safety") != "none" },
		"", 0,
	},
	{
		"worse starts cold for everybody",
		[]edit{{"worse.yaml", `cold_ready == "ready" and hours_since(onset) < 72`, `hours_since(onset) < 72`}},
		`before cold-on require cold_safety`,
		func(p *transcript.Player) bool { return told(p, "cold-on") && answer(p, "cold_safety") != "none" },
		"", 0,
	},
	{
		"cold as often as anybody likes",
		[]edit{{"spasm.yaml", "    gap: 2h\n    least_gap: 1h\n    most_per_day: 6\n    hours: waking\n    until: onset + 72h", "    gap: 1h\n    least_gap: 1h\n    hours: waking\n    until: onset + 72h"}, {"spasm.yaml", "  - {before: cold-on, require", "  - {never: cold-on, while: rounds_today(\"cold\") > 6}\n  - {before: cold-on, require"}},
		"never cold-on while rounds_today",
		func(p *transcript.Player) bool { return told(p, "cold-on") },
		"cold", 0,
	},
	{
		"stop only says so",
		[]edit{{"stop.yaml", "    end: stopped\n", ""}},
		checker.RuleStop,
		func(p *transcript.Player) bool { return p.State().Episode.Live() },
		"", 0,
	},
}

// TestMutations: each mistake is caught by the invariant that it breaks, and
// the path printed leads there when it is played again.
func TestMutations(t *testing.T) {
	for _, m := range mutations {
		t.Run(m.name, func(t *testing.T) { m.test(t, os.DirFS("testdata/acute")) })
	}
	for _, m := range shippedMutations {
		t.Run("shipped/"+m.name, func(t *testing.T) { m.test(t, catalog.Shipped()) })
	}
}

func (m mutation) test(t *testing.T, from fs.FS) {
	c := edited(t, from, m.edits)
	r := checker.Check(c, checker.Options{First: true, Walk: m.walk, MaxStates: m.states})
	t.Logf("%d states", r.States)
	for _, v := range r.Violations {
		if !strings.HasPrefix(v.Invariant, m.want) {
			t.Errorf("broke %s %q: %s\n%s", v.Source, v.Invariant, v.What, strings.Join(v.Path, "\n"))
			continue
		}
		t.Logf("%s %s: %s\n%s", v.Source, v.Invariant, v.What, strings.Join(v.Path, "\n"))
		replay(t, c, v.Path, m.broken)
	}
	if len(r.Violations) == 0 {
		t.Errorf("nothing was found; want %q", m.want)
	}
}

// replay plays a path and demands that its last input breaks something.
func replay(t *testing.T, c *lang.Catalog, path []string, broken func(*transcript.Player) bool) {
	t.Helper()
	p := transcript.New(c)
	for i, line := range path {
		seen := false
		err := p.Input(strings.TrimPrefix(line, "> "), func() { seen = seen || broken(p) })
		if err != nil {
			t.Fatalf("%s: %v", line, err)
		}
		if last := i == len(path)-1; last && !seen {
			t.Errorf("played again, %q breaks nothing", line)
		}
	}
}
