package engine_test

import (
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"

	"spasmbot/flows"
	"spasmbot/flows/button"
	"spasmbot/flows/catalog"
	"spasmbot/flows/engine"
	"spasmbot/flows/lang"
)

// moment is a point of a conversation: the state, the time, and every button
// that was shown until then.
type moment struct {
	state   flows.State
	now     time.Time
	buttons []string
}

// conversation is a person who presses the first button of whatever comes, and
// lets the timers pass in between.
func conversation(tb testing.TB, c *lang.Catalog, length int) []moment {
	tb.Helper()
	m := moment{state: flows.State{User: 7}, now: time.Date(2026, 11, 1, 8, 0, 0, 0, time.UTC)}
	var all []moment
	ev := flows.Event(flows.Command{Name: "spasm"})
	for range length {
		all = append(all, m)
		next, effects := engine.Step(c, m.state, ev, m.now)
		m = moment{next, m.now.Add(30 * time.Second), slices.Clone(m.buttons)}
		var press string
		for _, data := range shown(effects) {
			m.buttons = append(m.buttons, data)
			if press == "" {
				press = data
			}
		}
		switch {
		case press != "":
			ev = flows.Button{Data: press, Message: int64(len(all))}
		case len(next.Pending) > 0:
			first := slices.MinFunc(next.Pending, func(a, b flows.Reminder) int { return a.Due.Compare(b.Due) })
			m.now = first.Due
			ev = flows.Due{IDs: []uint64{first.ID}}
		default:
			ev = flows.Command{Name: "spasm"}
		}
	}
	return all
}

// shown lists the data of the buttons that are shown by effects.
func shown(effects []flows.Effect) (data []string) {
	for _, e := range effects {
		if say, ok := e.(flows.Say); ok {
			for _, row := range say.Message.Keyboard {
				for _, k := range row {
					if k.Data != "" {
						data = append(data, k.Data)
					}
				}
			}
		}
	}
	return data
}

// FuzzCallback presses arbitrary data at any point of a conversation. What is
// on no button in force moves nothing; and whatever comes, the state stays one that
// can be stored and gone on from, and remains the person's own.
func FuzzCallback(f *testing.F) {
	c, err := catalog.Load(catalog.Shipped(), "UTC")
	if err != nil {
		f.Fatal(err)
	}
	moments := conversation(f, c, 60)
	for i, m := range moments {
		if len(m.buttons) == 0 {
			continue
		}
		data := m.buttons[len(m.buttons)-1]
		f.Add(uint(i), data, int64(i))
		// The same choice on the message before and the one to come, and of
		// another state.
		if d, ok := button.Parse(data); ok {
			for _, other := range []button.Data{
				{Kind: d.Kind, Message: d.Message - 1, Choice: d.Choice},
				{Kind: d.Kind, Message: d.Message + 1, Choice: d.Choice},
				{Kind: d.Kind, Seal: 1, Message: d.Message, Choice: d.Choice},
			} {
				f.Add(uint(i), other.String(), int64(i))
			}
		}
	}
	for i, data := range []string{"", "s", "s1", "s0.99.none", "s0.-1.none", "r0.1.done", "r0.18446744073709551616.stop", "s0.2.", ".", "s0.02.none", "r0.0.done", "\x00\xff", strings.Repeat("9", 64)} {
		f.Add(uint(i*4), data, int64(0))
	}
	f.Fuzz(func(t *testing.T, at uint, data string, message int64) {
		m := moments[at%uint(len(moments))]
		before := m.state.Clone()
		after, effects := engine.Step(c, m.state, flows.Button{Data: data, Message: message}, m.now)
		if !reflect.DeepEqual(m.state, before) {
			t.Fatal("the state that was given has changed")
		}
		if after.User != before.User {
			t.Fatalf("the state is another person's: %d", after.User)
		}
		d, _ := button.Parse(data)
		// A choice of the question in force answers it, whichever message it is said to be on.
		onOne := slices.ContainsFunc(m.buttons, func(other string) bool {
			o, _ := button.Parse(other)
			o.Message = max(o.Message, d.Message)
			return d.Kind == button.Screen && o == d
		})
		outdated := d.Seal != before.Seal || d.Kind == button.Screen && (d.Message < before.Asked || d.Message > before.Messages)
		if (outdated || !onOne && !slices.Contains(m.buttons, data)) && (after.At != before.At || after.Episode != before.Episode || len(after.Stack) != len(before.Stack)) {
			t.Errorf("%q, which is on no button in force, led from %+v to %+v", data, before.At, after.At)
		}
		checkEffects(t, before, after, effects)
		again, err := stored(after)
		if err != nil {
			t.Fatal(err)
		}
		// The conversation can go on from what was stored.
		engine.Step(c, again, flows.Command{Name: "spasm"}, m.now.Add(time.Minute))
	})
}

// checkEffects demands that numbers go on from the state's, and that messages
// can be sent.
func checkEffects(t *testing.T, before, after flows.State, effects []flows.Effect) {
	t.Helper()
	messages, entries := before.Messages, before.Entries
	for _, e := range effects {
		switch e := e.(type) {
		case flows.Say:
			if messages++; e.Message.Number != messages || e.Message.Text == "" && e.Message.Edit == 0 && e.Message.Of == 0 {
				t.Errorf("message %+v behind number %d", e.Message, messages-1)
			}
		case flows.Record:
			if entries++; e.Entry.Seq != entries {
				t.Errorf("entry %d behind %d", e.Entry.Seq, entries-1)
			}
		}
	}
	for _, data := range shown(effects) {
		if len(data) > 64 {
			t.Errorf("a button with %d bytes", len(data))
		}
	}
	if len(effects) > 0 && effects[0] == flows.Effect(flows.Forget{}) {
		messages, entries = 0, 0 // nothing of the person is left
	}
	if after.Messages != messages || after.Entries != entries {
		t.Errorf("the state counts %d messages and %d entries, want %d and %d", after.Messages, after.Entries, messages, entries)
	}
}
