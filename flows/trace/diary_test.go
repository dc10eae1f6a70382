package trace_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"
	"time"

	"spasmbot/flows"
	"spasmbot/flows/catalog"
	"spasmbot/flows/lang"
	"spasmbot/flows/trace"
	"spasmbot/flows/transcript"
)

func shipped(t testing.TB) *lang.Catalog {
	t.Helper()
	c, err := catalog.Load(catalog.Shipped(), "UTC")
	if err != nil {
		t.Fatal(err)
	}
	return c
}

const user = 42

// record is a line of an export.
type record map[string]any

// diary is a player who writes down what an export would say.
type diary struct {
	*transcript.Player
	updates int64
	noted   int // entries
	entries []record
	rows    map[uint64]*flows.Episode
	// The clock was put back from an instant to another.
	setFrom, setTo time.Time
}

func newDiary(c *lang.Catalog) *diary {
	return &diary{Player: transcript.New(c), rows: make(map[uint64]*flows.Episode)}
}

// note writes down what the last event has brought; byPerson says whose it was.
func (d *diary) note(byPerson bool) {
	var update any
	if byPerson {
		d.updates++
		update = 1000 + d.updates
	}
	if slices.Contains(d.Effects, flows.Effect(flows.Forget{})) {
		d.noted, d.entries = 0, nil // no export knows of what was before
		clear(d.rows)
	}
	s := d.State()
	for ; d.noted < len(d.Timeline); d.noted++ {
		e := d.Timeline[d.noted]
		row := d.rows[e.Episode]
		switch e.Kind {
		case flows.EntryStart:
			d.rows[e.Episode] = &flows.Episode{Number: e.Episode, Flow: e.Step, Started: e.At, Flows: d.Catalog.Fingerprint}
		case flows.EntryEnd:
			row.Ended, row.Outcome = e.At, e.Choice
		}
		d.entries = append(d.entries, record{
			"record": "entry", "user": user, "episode": nameOf(e.Episode), "seq": e.Seq, "at": e.At,
			"kind": e.Kind, "step": e.Step, "choice": e.Choice, "value": e.Value, "update_id": update,
		})
		if e.Signs != 0 {
			d.entries[len(d.entries)-1]["signs_version"] = e.Signs
		}
	}
	if s.Episode.Number > 0 {
		row := s.Episode
		d.rows[row.Number] = &row
	}
}

func nameOf(episode uint64) string { return fmt.Sprintf("%d-e%d", user, episode) }

// play performs the inputs of a transcript.
func (d *diary) play(t testing.TB, src string) {
	t.Helper()
	for line := range strings.Lines(src) {
		input, ok := strings.CutPrefix(strings.TrimSpace(line), ">")
		if !ok {
			continue
		}
		d.input(t, strings.TrimSpace(input))
	}
}

func (d *diary) input(t testing.TB, input string) {
	t.Helper()
	word, _, _ := strings.Cut(input, " ")
	byPerson := !slices.Contains([]string{"wait", "down", "setback", "speaks", "blocks"}, word)
	was := d.Now
	if err := d.Input(input, func() { d.note(byPerson) }); err != nil {
		t.Fatalf("%s: %v", input, err)
	}
	if word == "setback" {
		d.setFrom, d.setTo = was, d.Now
	}
}

// export is what an export would say.
func (d *diary) export() []record {
	var list []record
	for _, number := range slices.Sorted(maps.Keys(d.rows)) {
		row := d.rows[number]
		rec := record{
			"record": "episode", "user": user, "episode": nameOf(number), "flow": row.Flow, "onset": known(row.Onset),
			"started": known(row.Started), "ended": known(row.Ended), "outcome": row.Outcome, "version": flows.Version(row.Flows),
		}
		if row.Edited > 0 {
			rec["edited"] = row.Edited
		}
		list = append(list, rec)
	}
	for _, e := range d.entries {
		list = append(list, maps.Clone(e))
	}
	s := d.State()
	facts := make(map[string]any)
	for _, v := range s.Vars {
		facts[v.Name] = v.Any()
	}
	var past []record
	for _, p := range s.Past {
		past = append(past, record{"flow": p.Flow, "onset": p.Onset, "mark": p.Mark})
	}
	return append(list, record{"record": "person", "user": user, "lang": s.Lang, "zone": s.Zone, "facts": facts, "past": past},
		record{"record": "clock", "alive": d.Now, "speed": 1, "set_back_from": known(d.setFrom), "set_back_to": known(d.setTo)})
}

// without leaves out the episodes before one, as a bot does that keeps nothing for
// ever.
func without(list []record, kept uint64) []record {
	return slices.DeleteFunc(list, func(r record) bool {
		name, ok := r["episode"].(string)
		for number := uint64(1); ok && number < kept; number++ {
			if name == nameOf(number) {
				return true
			}
		}
		return false
	})
}

func known(t time.Time) any {
	if t.IsZero() {
		return nil
	}
	return t
}

// lines spells an export.
func lines(t testing.TB, list []record) *bytes.Buffer {
	t.Helper()
	var b bytes.Buffer
	for _, rec := range list {
		if err := json.NewEncoder(&b).Encode(rec); err != nil {
			t.Fatal(err)
		}
	}
	return &b
}

func judged(t testing.TB, c *lang.Catalog, list []record) []trace.Finding {
	t.Helper()
	e, err := trace.Read(lines(t, list))
	if err != nil {
		t.Fatal(err)
	}
	return trace.Judge(c, e)
}

// accepts demands that every timeline is accepted.
func accepts(t testing.TB, c *lang.Catalog, list []record) {
	t.Helper()
	found := judged(t, c, list)
	if len(found) == 0 {
		t.Error("no timeline was judged")
	}
	for _, f := range found {
		if f.Verdict != trace.Accepted {
			t.Errorf("%s is %s at entry %d: %s", f.Episode, f.Verdict, f.Entry, f.Why)
		}
	}
}
