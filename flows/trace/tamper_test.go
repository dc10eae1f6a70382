package trace_test

import (
	"fmt"
	"maps"
	"os"
	"slices"
	"testing"
	"time"

	"spasmbot/flows"
	"spasmbot/flows/lang"
	"spasmbot/flows/trace"
)

// threeDays is a conversation of some days, with rounds, reminders and rest.
func threeDays(t testing.TB, c *lang.Catalog) *diary {
	t.Helper()
	src, err := os.ReadFile("../engine/testdata/persona_three_days.txt")
	if err != nil {
		t.Fatal(err)
	}
	d := newDiary(c)
	d.play(t, string(src))
	return d
}

// tampering changes an entry, or what is around it. It is false where there is
// nothing of that kind to change.
type tampering func(c *lang.Catalog, list []record, i int) ([]record, bool)

var tamperings = map[string]tampering{
	"an entry is removed": func(_ *lang.Catalog, list []record, i int) ([]record, bool) {
		if list[i]["kind"] == flows.EntryStart || list[i+1]["record"] != "entry" {
			return nil, false
		}
		return slices.Delete(list, i, i+1), true
	},
	"an entry is removed and the others are numbered anew": func(_ *lang.Catalog, list []record, i int) ([]record, bool) {
		return renumbered(slices.Delete(list, i, i+1)), true
	},
	"two entries are swapped": func(_ *lang.Catalog, list []record, i int) ([]record, bool) {
		a, b := list[i], list[i+1]
		if b["record"] != "entry" || a["update_id"] == b["update_id"] {
			return nil, false
		}
		for _, field := range []string{"kind", "step", "choice", "value"} {
			a[field], b[field] = b[field], a[field]
		}
		return list, !same(a, b)
	},
	"an answer is none of the question's": func(_ *lang.Catalog, list []record, i int) ([]record, bool) {
		list[i]["choice"] = "nonsense"
		return list, list[i]["kind"] == flows.EntryAnswer
	},
	"an answer is another of the question's": func(c *lang.Catalog, list []record, i int) ([]record, bool) {
		step := c.Step(list[i]["step"].(string))
		if list[i]["kind"] != flows.EntryAnswer || step == nil {
			return nil, false
		}
		for _, row := range step.Question.Buttons(c.View(&flows.State{}, step)) {
			for _, b := range row {
				if b.Does.Choice != list[i]["choice"] {
					list[i]["choice"], list[i]["value"] = b.Does.Choice, b.Does.Value.Any()
					return list, true
				}
			}
		}
		return nil, false
	},
	"an entry has another value": func(_ *lang.Catalog, list []record, i int) ([]record, bool) {
		list[i]["value"] = 77
		return list, true
	},
	"a step is another": func(c *lang.Catalog, list []record, i int) ([]record, bool) {
		if c.Step(list[i]["step"].(string)) == nil {
			return nil, false
		}
		list[i]["step"] = map[bool]string{true: "rest", false: "pain"}[list[i]["step"] == "pain"]
		return list, true
	},
	"a reminder is of another kind": func(_ *lang.Catalog, list []record, i int) ([]record, bool) {
		if list[i]["kind"] != flows.EntryReminder {
			return nil, false
		}
		list[i]["step"] = map[bool]string{true: "water", false: "move"}[list[i]["step"] == "move"]
		return list, true
	},
	"a take-off is an hour later":  shifted("heat-off", time.Hour),
	"a take-off is a minute early": shifted("heat-off", -time.Minute),
	"a reminder is an hour early":  shifted("water", -time.Hour),
	"a round is an hour early":     shifted("heat-on", -time.Hour),
	"a reminder comes twice": func(_ *lang.Catalog, list []record, i int) ([]record, bool) {
		if list[i]["kind"] != flows.EntryReminder || list[i]["step"] == "nudge" {
			return nil, false
		}
		twice := maps.Clone(list[i])
		twice["at"] = list[i]["at"].(time.Time).Add(time.Minute)
		return renumbered(slices.Insert(list, i+1, twice)), true
	},
	"a reminder comes at night": func(_ *lang.Catalog, list []record, i int) ([]record, bool) {
		at, ok := list[i]["at"].(time.Time)
		next, more := list[i+1]["at"].(time.Time)
		if !ok || !more {
			return nil, false
		}
		night := time.Date(at.Year(), at.Month(), at.Day(), 3, 0, 0, 0, time.UTC).Add(24 * time.Hour)
		if next.Before(night) {
			return nil, false
		}
		woken := maps.Clone(list[i])
		woken["at"], woken["kind"], woken["step"], woken["choice"], woken["value"], woken["update_id"] = night, flows.EntryReminder, "water", "", nil, nil
		return renumbered(slices.Insert(list, i+1, woken)), true
	},
	"an entry is invented": func(_ *lang.Catalog, list []record, i int) ([]record, bool) {
		more := maps.Clone(list[i])
		more["kind"], more["step"], more["choice"], more["value"], more["update_id"] = flows.EntryAnswer, "pain", "3", 3.0, 9999
		return renumbered(slices.Insert(list, i+1, more)), true
	},
	"the end is cut off": func(_ *lang.Catalog, list []record, i int) ([]record, bool) {
		end := slices.IndexFunc(list, func(r record) bool { return r["record"] == "person" })
		return slices.Delete(list, i+1, end), i+1 < end
	},
}

// shifted moves a reminder, unless the entries would no longer be in order.
func shifted(kind string, by time.Duration) tampering {
	return func(_ *lang.Catalog, list []record, i int) ([]record, bool) {
		if list[i]["step"] != kind || list[i]["kind"] != flows.EntryReminder {
			return nil, false
		}
		list[i]["at"] = list[i]["at"].(time.Time).Add(by)
		return list, true
	}
}

func same(a, b record) bool {
	return a["kind"] == b["kind"] && a["step"] == b["step"] && a["choice"] == b["choice"] && a["value"] == b["value"]
}

// renumbered numbers the entries anew, as somebody does who covers tracks.
func renumbered(list []record) []record {
	seq := 0
	for _, r := range list {
		if r["record"] == "entry" {
			seq++
			r["seq"] = seq
		}
	}
	return list
}

// blind are the kinds of tampering that cannot always be seen, with the share that is
// to be. The others always are.
var blind = map[string]float64{
	// A press of "Done" changes nothing, and what was to come while nothing shows
	// that the bot worked may not have come.
	"an entry is removed and the others are numbered anew": 0.7,
	"two entries are swapped":                              0.8,
	// The bot may have been away for that hour, where nothing shows that it worked.
	"a take-off is an hour later": 0.6,
	// The flow may go the same way from it, and ask anew before the export.
	"an answer is another of the question's": 0.5,
}

// most is how many entries a kind of tampering is tried on: where a share of them is
// wanted, or with SPASMBOT_LONG=1, more, which takes some minutes.
func most(kind string) int {
	if _, share := blind[kind]; share || os.Getenv("SPASMBOT_LONG") != "" {
		return 8
	}
	return 3
}

// TestTampering wants what was tampered with to be refused, whichever entry it is.
func TestTampering(t *testing.T) {
	c := shipped(t)
	d := threeDays(t, c)
	accepts(t, c, d.export())
	for name, tamper := range tamperings {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			var places []int
			for i, r := range d.export() {
				if r["record"] == "entry" {
					if _, ok := tamper(c, d.export(), i); ok {
						places = append(places, i)
					}
				}
			}
			if len(places) == 0 {
				t.Fatal("there is nothing to tamper with")
			}
			tried, missed := 0, []string{}
			for k := 0; k < len(places); k += 1 + len(places)/most(name) {
				list, _ := tamper(c, d.export(), places[k])
				tried++
				if !slices.ContainsFunc(judged(t, c, list), func(f trace.Finding) bool { return f.Verdict == trace.Refused && f.Entry > 0 && f.Why != "" }) {
					r := d.export()[places[k]]
					missed = append(missed, fmt.Sprintf("entry %v: %v %v %v", r["seq"], r["kind"], r["step"], r["choice"]))
				}
			}
			seen := float64(tried-len(missed)) / float64(tried)
			t.Logf("%d of %d were seen, not %q", tried-len(missed), tried, missed)
			if share, ok := blind[name]; !ok && seen < 1 || seen < share {
				t.Errorf("%.0f%% were seen", 100*seen)
			}
		})
	}
}
