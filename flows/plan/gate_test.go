package plan_test

import (
	"testing"
	"time"

	"pgregory.net/rapid"

	"spasmbot/flows"
	"spasmbot/flows/plan"
)

// cold is a round, and water a recurrence.
func cold() plan.Rules {
	return plan.Rules{
		Zone: time.UTC, Hold: 20 * time.Minute, Gap: 3 * time.Hour, Least: time.Hour, MostPerDay: 3,
		Waking: plan.Window{From: 8 * 60, To: 22 * 60}, Grace: 15 * time.Minute,
	}
}

func water() plan.Rules {
	return plan.Rules{Zone: time.UTC, Gap: 2 * time.Hour, Least: 2 * time.Hour, Grace: 15 * time.Minute}
}

// TestWhyNot asks the gate about each of its bounds in turn.
func TestWhyNot(t *testing.T) {
	at := func(s string) time.Time { return monday(t, s) }
	armed := func(due, now string) plan.Start { return plan.Start{At: at(now), Armed: true, Due: at(due)} }
	could := func(now string) plan.Start { return plan.Start{At: at(now)} }
	for name, test := range map[string]struct {
		rules func() plan.Rules
		bound func(*plan.Rules)
		track flows.Track
		start plan.Start
		want  plan.Reason
	}{
		"it may":                  {rules: cold, start: armed("Mon 12:00", "Mon 12:00"), track: flows.Track{Running: true}},
		"a round is on":           {rules: cold, start: could("Mon 12:00"), track: flows.Track{On: at("Mon 11:50")}, want: plan.On},
		"the gap of a round":      {rules: cold, start: could("Mon 12:00"), track: flows.Track{Off: at("Mon 11:01")}, want: plan.Gap},
		"the gap is over":         {rules: cold, start: could("Mon 12:00"), track: flows.Track{Off: at("Mon 11:00")}},
		"it was a recurrence":     {rules: cold, start: could("Mon 12:00"), track: flows.Track{Off: at("Mon 11:00"), Last: at("Mon 11:59")}, want: plan.Gap},
		"of a recurrence":         {rules: water, start: could("Mon 12:00"), track: flows.Track{Last: at("Mon 10:01")}, want: plan.Gap},
		"the day is full":         {rules: cold, start: could("Mon 12:00"), track: flows.Track{Day: "2026-03-02", Today: 3}, want: plan.Full},
		"another day was":         {rules: cold, start: could("Tue 12:00"), track: flows.Track{Day: "2026-03-02", Today: 3}},
		"it is early":             {rules: cold, bound: func(r *plan.Rules) { r.From = at("Mon 12:01") }, start: could("Mon 12:00"), want: plan.Early},
		"too late to end in time": {rules: cold, bound: func(r *plan.Rules) { r.Until = at("Mon 12:19") }, start: could("Mon 12:00"), want: plan.Late},
		"just in time":            {rules: cold, bound: func(r *plan.Rules) { r.Until = at("Mon 12:20") }, start: could("Mon 12:00")},
		"nobody asks at night":    {rules: cold, start: could("Mon 23:00")},
		"stopped":                 {rules: cold, start: armed("Mon 12:00", "Mon 12:00"), want: plan.Stopped},
		"at night":                {rules: cold, start: armed("Mon 23:00", "Mon 23:00"), track: flows.Track{Running: true}, want: plan.Hours},
		"it would end at night":   {rules: cold, start: armed("Mon 21:41", "Mon 21:41"), track: flows.Track{Running: true}, want: plan.Hours},
		"a little late":           {rules: cold, start: armed("Mon 21:39", "Mon 21:54"), track: flows.Track{Running: true}},
		"later than that":         {rules: cold, start: armed("Mon 21:38", "Mon 21:54"), track: flows.Track{Running: true}, want: plan.Hours},
		"on a day without": {
			rules: water, bound: func(r *plan.Rules) { r.Days = []time.Weekday{time.Tuesday} },
			start: armed("Mon 12:00", "Mon 12:00"), track: flows.Track{Running: true}, want: plan.OffDay,
		},
		"late from a day with": {
			rules: water, bound: func(r *plan.Rules) { r.Days = []time.Weekday{time.Monday} },
			start: armed("Mon 23:00", "Tue 02:00"), track: flows.Track{Running: true},
		},
		"the night has moved it": {
			rules: water, bound: func(r *plan.Rules) {
				r.Days, r.Times, r.Waking = []time.Weekday{time.Monday}, []int{23 * 60}, plan.Window{From: 8 * 60, To: 22 * 60}
			},
			start: armed("Tue 08:00", "Tue 08:00"), track: flows.Track{Running: true},
		},
		"the condition": {
			rules: water, bound: func(r *plan.Rules) { r.When = func(now time.Time) bool { return now.Hour() != 12 } },
			start: armed("Mon 12:00", "Mon 12:00"), track: flows.Track{Running: true}, want: plan.When,
		},
	} {
		r := test.rules()
		if test.bound != nil {
			test.bound(&r)
		}
		if got := r.WhyNot(&test.track, test.start); got != test.want {
			t.Errorf("%s: %q, want %q", name, got, test.want)
		}
	}
}

// drawn are rules and a track of any kind. A span of nothing is as likely as any.
func drawn(t *rapid.T) (plan.Rules, flows.Track, time.Time) {
	now := time.Date(2026, 3, 2, 0, 0, 0, 0, time.UTC).Add(time.Duration(rapid.IntRange(0, 14*24*60).Draw(t, "now")) * time.Minute)
	minutes := func(name string, most int) time.Duration {
		return time.Duration(rapid.IntRange(0, most).Draw(t, name)) * time.Minute
	}
	past := func(name string) time.Time {
		if rapid.Bool().Draw(t, "no "+name) {
			return time.Time{}
		}
		return now.Add(-minutes(name, 30*60))
	}
	zone := rapid.SampledFrom([]string{"UTC", "Europe/Berlin", "America/Lima", "Pacific/Kiritimati"}).Draw(t, "zone")
	loc, err := time.LoadLocation(zone)
	if err != nil {
		t.Fatal(err)
	}
	r := plan.Rules{
		Zone: loc, Hold: minutes("hold", 60), Least: minutes("least", 8*60), MostPerDay: rapid.IntRange(0, 3).Draw(t, "most"),
		Grace: minutes("grace", 60),
		Days:  rapid.SliceOfNDistinct(rapid.Map(rapid.IntRange(0, 6), func(n int) time.Weekday { return time.Weekday(n) }), 0, 3, rapid.ID).Draw(t, "days"),
	}
	r.Gap = r.Least + minutes("gap", 8*60)
	if rapid.Bool().Draw(t, "waking") {
		r.Waking = plan.Window{From: rapid.IntRange(0, 23).Draw(t, "wakes") * 60}
		r.Waking.To = (r.Waking.From + 60*rapid.IntRange(2, 20).Draw(t, "day")) % (24 * 60)
	}
	if r.Hold == 0 {
		r.Times = rapid.SliceOfNDistinct(rapid.Map(rapid.IntRange(0, 23), func(n int) int { return n * 60 }), 0, 1, rapid.ID).Draw(t, "times")
	}
	if rapid.Bool().Draw(t, "opens") {
		r.From = now.Add(minutes("from", 20*60) - 10*time.Hour)
	}
	tr := flows.Track{
		Running: true, Off: past("off"), Last: past("last"),
		Day: plan.Day(loc, now.Add(-minutes("day", 30*60))), Today: rapid.IntRange(0, 4).Draw(t, "today"),
	}
	return r, tr, now
}

// TestFirstMay: the gate lets in what it has named as the first instant, by either
// gap, and what it keeps out is let in later.
func TestFirstMay(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		r, tr, now := drawn(t)
		for _, gap := range []time.Duration{r.Least, r.Gap} {
			first, ok := r.First(&tr, now, gap)
			if !ok || first.Before(now) {
				t.Fatalf("from %v on the first is %v, %v", now, first, ok)
			}
			if why := r.WhyNot(&tr, plan.Start{At: first, Armed: true, Due: first}); why != plan.May {
				t.Fatalf("at %v, the first from %v on, it may not start: %q", first, now, why)
			}
		}
		why := r.WhyNot(&tr, plan.Start{At: now, Armed: true, Due: now})
		if first, _ := r.First(&tr, now, r.Least); why != plan.May && !first.After(now) {
			t.Fatalf("kept out at %v (%q), it would be armed for that very instant", now, why)
		}
	})
}

// TestNothingEarlier: between an instant and the first at which a track may start
// there is none, minute by minute.
func TestNothingEarlier(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		r, tr, now := drawn(t)
		r.Times = nil // by times of day there are few instants
		first, _ := r.First(&tr, now, r.Least)
		for at := now; at.Before(first); at = at.Add(time.Minute) {
			if why := r.WhyNot(&tr, plan.Start{At: at, Armed: true, Due: at}); why == plan.May {
				t.Fatalf("the first from %v on is %v, and at %v it may start already", now, first, at)
			}
		}
	})
}

// TestAwake: whoever has just asked is awake, and takes it on any day.
func TestAwake(t *testing.T) {
	r := cold()
	r.Days = []time.Weekday{time.Sunday}
	start := plan.Start{At: monday(t, "Mon 23:30"), Armed: true, Due: monday(t, "Mon 23:30")}
	if why := r.WhyNot(&flows.Track{Running: true}, start); why != plan.Hours {
		t.Errorf("by itself: %q", why)
	}
	awake := r.Awake()
	if why := awake.WhyNot(&flows.Track{Running: true}, start); why != plan.May {
		t.Errorf("asked for: %q", why)
	}
}

// TestWanted tells sleep from the number of a date, and that nothing has moved a start.
func TestWanted(t *testing.T) {
	for name, test := range map[string]struct {
		from, at string
		track    flows.Track
		first    string
		by       flows.Move
	}{
		"by day":           {from: "Mon 12:00", at: "Mon 12:00", first: "Mon 12:00"},
		"at night":         {from: "Mon 23:00", at: "Tue 08:00", first: "Mon 23:00", by: flows.MovedBySleep},
		"the date is full": {from: "Mon 12:00", at: "Tue 08:00", track: flows.Track{Day: "2026-03-02", Today: 3}, first: "Mon 12:00", by: flows.MovedByDay},
	} {
		t.Run(name, func(t *testing.T) {
			rules := cold()
			at, _ := rules.First(&test.track, monday(t, test.from), rules.Least)
			if !at.Equal(monday(t, test.at)) {
				t.Fatalf("it comes at %v", at)
			}
			first, by := rules.Wanted(&test.track, monday(t, test.from), rules.Least, at)
			if !first.Equal(monday(t, test.first)) || by != test.by {
				t.Errorf("wanted at %v, moved by %q; want %s, %q", first, by, test.first, test.by)
			}
		})
	}
}
