package plan_test

import (
	"strings"
	"testing"
	"time"

	"spasmbot/flows"
	"spasmbot/flows/plan"
)

// agenda writes a plan down: a line for each instant.
func agenda(entries []plan.Entry) string {
	var lines []string
	for i := range entries {
		e := &entries[i]
		what := e.Thing
		switch e.Phase {
		case flows.PhaseLook:
			what += " look"
		case flows.PhaseTakeOff:
			what += " off"
		}
		switch {
		case e.Left != plan.Comes:
			lines = append(lines, what+": "+string(e.Left))
			continue
		case e.With == plan.Answer:
			what = "answer + " + what
		case e.With != "":
			lines[len(lines)-1] += " + " + what
			continue
		case e.Silent:
			what = "(" + what + ")"
		case e.Invites:
			what += "!"
		}
		lines = append(lines, e.At.Format("15:04 ")+what)
	}
	return strings.Join(lines, "\n")
}

// someone has everything armed that a person has on a day of cold.
func someone(due time.Time) []plan.Thing {
	going := flows.Track{Running: true}
	hour := time.Hour
	return []plan.Thing{
		{Name: "cold", Class: plan.ClassRound, Due: due, Look: 10 * time.Minute, Track: going, Rules: plan.Rules{Hold: 20 * time.Minute, Gap: 2 * hour, Least: hour, MostPerDay: 6}},
		{Name: "evening", Class: plan.ClassCheckIn, Due: due, Track: going, Rules: plan.Rules{Gap: time.Minute, Least: time.Minute, Times: []int{19*60 + 30}}},
		{Name: "move", Class: plan.ClassMove, Due: due.Add(90 * time.Minute), Track: going, Rules: plan.Rules{Gap: 3 * hour, Least: 2 * hour, MostPerDay: 4}},
		{Name: "water", Class: plan.ClassWater, Due: due.Add(hour), Silent: true, Track: going, Rules: plan.Rules{Gap: 2 * hour, Least: 2 * hour, MostPerDay: 8}},
	}
}

// TestDays: plans to be read. "!" invites, "+" rides on the message before it, brackets
// are silent.
func TestDays(t *testing.T) {
	day := plan.Window{From: 8 * 60, To: 22 * 60}
	for name, test := range map[string]struct {
		at     string
		policy func(*plan.Policy)
		stands func(*plan.Situation)
		things func([]plan.Thing) []plan.Thing
		want   string
	}{
		"a day": {at: "Mon 08:00", want: `
08:00 cold!
08:10 cold look
08:20 cold off
09:00 (water)
10:24 cold!
10:34 cold look
10:44 cold off + move
11:00 (water)
12:48 cold!
12:58 cold look
13:08 cold off + move + water
15:08 (water)
15:12 cold!
15:22 cold look
15:32 cold off + move
17:08 (water)
17:36 cold!
17:46 cold look
17:56 cold off + move
19:08 (water)
20:00 cold!
20:10 cold look
20:20 cold off + evening
21:08 (water)
`},
		"three invitations": {at: "Mon 08:00", policy: func(p *plan.Policy) { p.Invitations = 3 }, want: `
08:00 cold!
08:10 cold look
08:20 cold off
09:00 (water)
11:00 (water)
13:00 (water)
14:00 cold!
14:10 cold look
14:20 cold off + move
15:00 (water)
17:00 (water)
19:00 (water)
20:00 cold!
20:10 cold look
20:20 cold off + evening + move
21:00 (water)
`},
		"seven rings": {at: "Mon 08:00", policy: func(p *plan.Policy) { p.Rings = 7 }, want: `
08:00 cold!
08:10 cold look
08:20 cold off
09:00 (water)
11:00 (water)
13:00 (water)
15:00 (water)
17:00 (water)
19:00 (water)
19:30 evening!
20:00 cold!
20:10 cold look
20:20 cold off + move
21:00 (water)
`},
		"no rounds": {at: "Mon 08:00", things: func(t []plan.Thing) []plan.Thing { return t[1:] }, want: `
09:00 (water)
09:30 move!
11:00 (water)
12:30 move!
13:00 (water)
15:00 (water)
15:30 move!
17:00 (water)
18:30 move!
19:00 (water)
19:30 evening!
21:00 (water)
`},
		"no rounds, one invitation": {at: "Mon 16:00", policy: func(p *plan.Policy) { p.Invitations = 1 }, things: func(t []plan.Thing) []plan.Thing { return t[1:] }, want: `
17:00 (water)
19:00 (water)
19:30 evening!
21:00 (water)
move: budget
`},
		"a question stands": {at: "Mon 18:00", stands: func(s *plan.Situation) { s.Question = true }, want: `
18:00 cold!
18:10 cold look
18:20 cold off
19:30 evening!
20:20 cold!
20:30 cold look
20:40 cold off
move: question
water: question
`},
		"signs are to be asked": {at: "Mon 17:50", things: func(t []plan.Thing) []plan.Thing {
			return append(t, plan.Thing{Name: "signs", Class: plan.ClassSafety, Due: t[0].Due, Once: true})
		}, want: `
17:50 signs!
18:05 cold!
18:15 cold look
18:25 cold off + move
18:50 (water)
19:30 evening!
20:25 cold!
20:35 cold look
20:45 cold off + move
20:50 (water)
`},
		"a pack is on": {at: "Mon 17:50", stands: func(s *plan.Situation) {
			s.On = []plan.Pack{{Thing: "cold", Look: s.Now.Add(2 * time.Minute), Ends: s.Now.Add(12 * time.Minute)}}
		}, things: func(t []plan.Thing) []plan.Thing {
			t[0].Track.On, t[0].Track.Ends, t[0].Track.Last = t[0].Due.Add(-8*time.Minute), t[0].Due.Add(12*time.Minute), t[0].Due.Add(-8*time.Minute)
			t[2].Due, t[3].Due = t[0].Due, t[0].Due.Add(5*time.Minute)
			return t
		}, want: `
17:52 cold look
18:02 cold off + move + water
19:30 evening!
20:02 cold!
20:12 cold look
20:22 cold off + move + water
`},
		"in the night": {at: "Mon 02:00", stands: func(s *plan.Situation) { s.Heard = s.Now.Add(-4 * time.Hour) }, want: `
cold: later
move: later
water: later
evening: later
`},
		"awake in the night": {at: "Mon 02:00", want: `
02:00 cold!
02:10 cold look
02:20 cold off
move: later
water: later
evening: later
`},
		"after an absence": {at: "Mon 17:50", things: func(t []plan.Thing) []plan.Thing {
			for i := range t {
				t[i].Due = t[i].Due.Add(-5 * time.Hour)
			}
			return t
		}, want: `
17:50 cold!
18:00 cold look
18:10 cold off + move + water
19:30 evening!
20:10 cold!
20:20 cold look
20:30 cold off + move + water
`},
		"evening rides early": {at: "Mon 17:40", things: func(t []plan.Thing) []plan.Thing {
			t[1].Rules.Times = []int{20*60 + 30}
			return t[:2]
		}, want: `
17:40 cold!
17:50 cold look
18:00 cold off
20:00 cold!
20:10 cold look
20:20 cold off + evening
`},
		"signs are to be asked soon": {at: "Mon 17:50", things: func(t []plan.Thing) []plan.Thing {
			return append(t[:1], plan.Thing{Name: "signs", Class: plan.ClassSafety, Due: t[0].Due.Add(30 * time.Minute), Once: true})
		}, want: `
18:20 signs!
18:35 cold!
18:45 cold look
18:55 cold off
20:55 cold!
21:05 cold look
21:15 cold off
`},
		"two packs are on": {at: "Mon 21:00", stands: func(s *plan.Situation) {
			s.On = []plan.Pack{{Thing: "cold", Ends: s.Now.Add(10 * time.Minute)}, {Thing: "heat", Ends: s.Now.Add(30 * time.Minute)}}
		}, things: func(t []plan.Thing) []plan.Thing {
			t[2].Due = t[2].Due.Add(-80 * time.Minute)
			return t[2:3]
		}, want: `
21:10 cold off
21:30 heat off + move
`},
		"a long pack is on": {at: "Mon 18:00", stands: func(s *plan.Situation) {
			s.On = []plan.Pack{{Thing: "heat", Ends: s.Now.Add(90 * time.Minute)}}
		}, things: func(t []plan.Thing) []plan.Thing {
			t[0].Due, t[0].Look, t[0].Rules.Hold = t[0].Due.Add(30*time.Minute), 0, 80*time.Minute
			return t[:1]
		}, want: `
19:30 heat off
19:45 cold!
21:05 cold off
`},
		"every five minutes": {at: "Mon 21:30", things: func(t []plan.Thing) []plan.Thing {
			t[2].Due, t[2].Rules = t[0].Due, plan.Rules{Gap: 5 * time.Minute, MostPerDay: 4}
			return t[2:3]
		}, want: `
21:30 move!
21:35 move!
21:40 move!
21:45 move!
`},
		"a sound for what is silent": {at: "Mon 20:20", policy: func(p *plan.Policy) {
			p.Order = []plan.Class{plan.ClassWater, plan.ClassMove}
		}, things: func(t []plan.Thing) []plan.Thing {
			t[2].Due = t[3].Due.Add(5 * time.Minute)
			return t[2:]
		}, want: `
21:20 (water)
21:25 move!
`},
		"over the edge of the day": {at: "Mon 07:25", policy: func(p *plan.Policy) { p.Rings = 3 }, things: func(t []plan.Thing) []plan.Thing {
			t[0].Due, t[2].Due = t[0].Due.Add(20*time.Minute), t[0].Due
			return t[:3]
		}, want: `
07:45 cold!
07:55 cold look
08:05 cold off + move
evening: later
`},
		"it is over": {at: "Mon 18:00", things: func(t []plan.Thing) []plan.Thing {
			t[3].Rules.Until = t[3].Due.Add(-time.Minute)
			return t[3:]
		}, want: `
water: over
`},
		"rounds give way": {at: "Mon 18:00", policy: func(p *plan.Policy) { p.Order = []plan.Class{plan.ClassWater, plan.ClassRound} }, things: func(t []plan.Thing) []plan.Thing {
			t[3].Due = t[0].Due.Add(10 * time.Minute)
			return []plan.Thing{t[0], t[3]}
		}, want: `
18:10 (water)
18:25 cold!
18:35 cold look
18:45 cold off
20:10 (water)
20:45 cold!
20:55 cold look
21:05 cold off
`},
		"an answer": {at: "Mon 17:50", stands: func(s *plan.Situation) {
			s.Answers, s.Rang = true, []flows.Ring{{At: s.Now.Add(-4 * time.Minute), Thing: "signs", Invites: true}}
		}, things: func(t []plan.Thing) []plan.Thing {
			t[2].Due, t[3].Due = t[0].Due.Add(-3*time.Minute), t[0].Due.Add(3*time.Minute)
			return t
		}, want: `
17:50 answer + move
17:53 (water)
18:01 cold!
18:11 cold look
18:21 cold off
19:30 evening!
19:53 (water)
20:21 cold!
20:31 cold look
20:41 cold off + move
21:53 (water)
`},
	} {
		t.Run(name, func(t *testing.T) {
			p, now := usual(), monday(t, test.at)
			s := plan.Situation{Now: now, Zone: time.UTC, Waking: day, Heard: now}
			things := someone(now)
			if test.policy != nil {
				test.policy(&p)
			}
			if test.stands != nil {
				test.stands(&s)
			}
			if test.things != nil {
				things = test.things(things)
			}
			for i := range things { // what comes at times of day is due at one
				if r := things[i].Rules; len(r.Times) > 0 {
					r.Zone = time.UTC
					things[i].Due, _ = r.First(&things[i].Track, things[i].Due, r.Least)
				}
			}
			if got := "\n" + agenda(p.Plan(s, things)) + "\n"; got != test.want {
				t.Errorf("got%swant%s", got, test.want)
			}
		})
	}
}

// TestMoved: an entry says what has moved it.
func TestMoved(t *testing.T) {
	now := monday(t, "Mon 12:00")
	walk := plan.Thing{Name: "move", Class: plan.ClassMove, Due: now, Once: true, Track: flows.Track{Running: true}}
	for name, test := range map[string]struct {
		policy plan.Policy
		stands plan.Situation
		want   flows.Move
	}{
		"nothing":            {},
		"a pack":             {stands: plan.Situation{On: []plan.Pack{{Thing: "cold", Ends: now.Add(time.Hour)}}}, want: flows.MovedByPack},
		"a question":         {stands: plan.Situation{Question: true}, want: flows.MovedByQuestion},
		"another ring":       {stands: plan.Situation{Rang: []flows.Ring{{At: now.Add(-time.Minute), Thing: "pain"}}}, want: flows.MovedByRing},
		"the budget":         {policy: plan.Policy{Invitations: -1}, want: flows.MovedByBudget},
		"whoever sleeps now": {stands: plan.Situation{Waking: plan.Window{From: 13 * 60, To: 22 * 60}}, want: flows.MovedBySleep},
	} {
		t.Run(name, func(t *testing.T) {
			p, s := test.policy, test.stands
			p.Quarter, p.Apart = 15*time.Minute, []plan.Class{plan.ClassMove}
			s.Now, s.Zone = now, time.UTC
			for _, e := range p.Plan(s, []plan.Thing{walk}) {
				if e.Thing == "move" && e.Moved != test.want {
					t.Errorf("moved by %q, want %q: %+v", e.Moved, test.want, e)
				}
			}
		})
	}
}
