package engine_test

import (
	"slices"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"spasmbot/flows"
	"spasmbot/flows/plan"
)

// dayWatch holds a person whose days are planned against what the plan promises. It
// goes by what it has seen itself: entries, messages, and when something was pressed.
type dayWatch struct {
	*told
	// r is the test that fails, draws what chooses at random, nil where nothing is.
	r                  rapid.TB
	draws              *rapid.T
	rings, invitations int
	rang               []dayRing
	acted              time.Time
	// on says that a round was begun, wanted that the person has asked for it.
	on, wanted bool
	// wants is when the person has last asked for a round, or put one off.
	wants time.Time
	// last is the last start of each kind, or the take-off of a round.
	last map[string]time.Time
	// back is when the bot was last back from an absence.
	back time.Time
}

// dayRing is a ring. Free says that the plan was free to choose its time. Day is the
// date on which the person's day had begun.
type dayRing struct {
	at            time.Time
	day           string
	thing         string
	invites, free bool
}

func (d *dayWatch) zone() *time.Location { return d.Catalog.Location(d.state().Zone) }

func (d *dayWatch) fails(format string, args ...any) {
	d.r.Helper()
	d.r.Fatalf("%s\nat %s: "+format, append([]any{strings.Join(d.lines, "\n"), d.Now.In(d.zone()).Format("Mon 15:04:05")}, args...)...)
}

// begins is when the person's day began: at the last waking up.
func (d *dayWatch) begins() time.Time {
	at := plan.TimeOfDay(d.zone(), d.Now, 0, 8*60)
	if at.After(d.Now) {
		return plan.TimeOfDay(d.zone(), d.Now, -1, 8*60)
	}
	return at
}

// thingOf is what a kind of reminder is of.
func thingOf(kind string) string {
	if kind == "cold-check" || kind == "cold-off" || kind == "cold-on" {
		return "cold"
	}
	return kind
}

// check judges what a timer has brought.
func (d *dayWatch) check() {
	d.r.Helper()
	d.note()
	asked := d.asks()
	if came := d.came(); len(came) > 0 || d.rung() {
		d.judge(came, asked)
	}
	if s := d.state(); len(s.Armed()) != len(d.Timers) {
		d.fails("the state has %v armed, the store %v", s.Armed(), d.Timers)
	}
	d.leaves()
	d.Effects = nil // no event is judged twice
}

// asks reports whether a question stands.
func (d *dayWatch) asks() bool {
	at := d.state().At.Step
	return at == "question" || at == "signs_asked"
}

// came are the kinds of the reminders that came in the last event.
func (d *dayWatch) came() (kinds []string) {
	for _, e := range d.Effects {
		if record, ok := e.(flows.Record); ok && record.Entry.Kind == flows.EntryReminder {
			kinds = append(kinds, record.Entry.Step)
		}
	}
	return kinds
}

func (d *dayWatch) rung() bool {
	return slices.ContainsFunc(d.Effects, func(e flows.Effect) bool {
		say, ok := e.(flows.Say)
		return ok && !say.Message.Silent && say.Message.Edit == 0 && say.Message.Of == 0
	})
}

func (d *dayWatch) judge(came []string, asked bool) {
	d.r.Helper()
	on := d.on && !slices.Contains(came, "cold-off")
	for _, kind := range came {
		if (kind == "move" || kind == "water") && (on || asked) {
			d.fails("%s comes with a pack on (%v) or a question (%v)", kind, on, asked)
		}
		d.gap(kind)
	}
	if d.rung() {
		d.ring(came)
	}
}

// gap: nothing comes sooner than its least gap.
func (d *dayWatch) gap(kind string) {
	d.r.Helper()
	least := map[string]time.Duration{"cold-on": time.Hour, "move": 2 * time.Hour, "water": 2 * time.Hour}[kind]
	if at, ok := d.last[kind]; ok && d.Now.Sub(at) < least {
		d.fails("%s comes %v behind the last", kind, d.Now.Sub(at))
	}
	switch kind {
	case "cold-on":
		d.on, d.wanted = true, d.Now.Sub(d.wants) < 30*time.Minute
	case "cold-off":
		d.on = false
		d.last["cold-on"] = d.Now
	default:
		d.last[kind] = d.Now
	}
}

// ring judges a ring: the first thing of an event is what rings.
func (d *dayWatch) ring(came []string) {
	d.r.Helper()
	r := dayRing{at: d.Now, day: plan.Day(d.zone(), d.begins()), thing: "screen", invites: len(came) == 0} // a question of its own
	fixed := false
	if len(came) == 0 && d.Now.Equal(d.acted) {
		d.rang = append(d.rang, dayRing{at: d.Now, day: r.day, thing: "answer"}) // a take-off
		return
	}
	if len(came) > 0 {
		kind := came[0]
		r.thing, r.invites = thingOf(kind), kind != "cold-check" && kind != "cold-off" && kind != flows.KindNudge
		fixed = kind == "cold-check" || kind == "cold-off"
		r.free = !fixed && !(kind == "cold-on" && d.wanted) && kind != "rest" && kind != flows.KindNudge
	}
	local := d.Now.In(d.zone())
	awake := 8 <= local.Hour() && local.Hour() < 22 || d.Now.Sub(d.acted) < time.Hour
	if !fixed && !awake && r.thing != "rest" {
		d.fails("%v wakes the person, who was last here at %v", r, d.acted)
	}
	for _, o := range d.rang {
		if near := d.Now.Sub(o.at); !d.wanted && r.thing != o.thing && near >= 0 && near < 15*time.Minute {
			d.fails("%+v rings %v behind %+v", r, near, o)
		}
	}
	d.rang = append(d.rang, r)
	if rings, invitations := d.today(); r.free && (rings > d.rings || invitations > d.invitations) {
		d.fails("%s is ring %d, invitation %d", r.thing, rings, invitations)
	}
}

// today counts the rings since the person woke up, and those of before it that were of
// this date where the person was then.
func (d *dayWatch) today() (rings, invitations int) {
	begins := d.begins()
	for _, r := range d.rang {
		if !r.at.Before(begins) || r.day >= plan.Day(d.zone(), begins) {
			rings++
			if r.invites {
				invitations++
			}
		}
	}
	return rings, invitations
}

// leaves: what was due and has no place on this day had no room there. Where rounds are
// to come, they may have all that there is.
func (d *dayWatch) leaves() {
	d.r.Helper()
	s := d.state()
	if local := d.Now.In(d.zone()); local.Hour() < 8 || local.Hour() >= 21 || d.asks() || d.on || !s.Episode.Live() {
		return
	}
	ends := plan.TimeOfDay(d.zone(), d.begins(), 1, 8*60)
	rings, invitations := d.today()
	for _, r := range s.Pending {
		if r.Due.Before(ends) && r.Starts() && r.Track != "water" {
			rings++
			invitations++
		}
		if r.Track == "cold" && r.Due.Before(ends) {
			return
		}
	}
	for _, r := range s.Pending {
		i := slices.IndexFunc(s.Tracks, func(t flows.Track) bool { return t.Name == r.Track && t.Running && r.Starts() })
		if i < 0 || r.Due.Before(ends) || s.Tracks[i].Due.After(d.Now) || d.full(s.Tracks[i]) || d.Now.Sub(d.back) < time.Hour {
			continue
		}
		if r.Track == "water" || rings+3 <= d.rings && invitations < d.invitations {
			d.fails("%s was due at %v and is to come at %v, with room for it", r.Track, s.Tracks[i].Due, r.Due)
		}
	}
}

// full reports whether a date has had its number of a track.
func (d *dayWatch) full(tr flows.Track) bool {
	most := map[string]int{"cold": 6, "move": 4}[tr.Name]
	return most > 0 && d.scope().RoundsToday(tr.Name) >= most
}

// acts does something at random.
func (d *dayWatch) acts(zones []string) {
	minutes := func(most int) time.Duration {
		return time.Duration(rapid.IntRange(0, most).Draw(d.draws, "minutes")) * time.Minute
	}
	switch rapid.IntRange(0, 10).Draw(d.draws, "event") {
	case 0, 1, 2, 3, 4:
		d.person.waits(minutes(10*60), d.check)
	case 5:
		d.sleeps(minutes(20 * 60))
		d.back = d.Now
	case 6: // another episode: what lies behind still counts
		d.acted, d.on = d.Now, false
		d.does(flows.Command{Name: rapid.SampledFrom([]string{"spasm", "spasm", "stop"}).Draw(d.draws, "command")})
	default:
		d.press(rapid.SampledFrom([]string{"more", "ask", "answer", "answer", "pause", "resume", "no_sign", "on", "later", "skip", "again", "place"}).Draw(d.draws, "choice"), zones)
	}
	d.check()
}

func (d *dayWatch) press(choice string, zones []string) {
	if d.Press(choice) != nil {
		return
	}
	d.lines = append(d.lines, d.Now.In(d.zone()).Format("15:04 > ")+choice)
	d.acted = d.Now
	if choice == "more" || choice == "later" {
		d.wants = d.Now
	}
	if !d.round() {
		d.on = false
	}
	if d.state().At.Step == "place" {
		d.check()
		d.does(flows.Text{Text: rapid.SampledFrom(zones).Draw(d.draws, "zone")})
	}
}

// round reports whether a round is in progress.
func (d *dayWatch) round() bool {
	return slices.ContainsFunc(d.state().Tracks, func(t flows.Track) bool { return !t.On.IsZero() })
}

// TestDayRandom: whatever a person does, wherever they are and however long the bot is
// away: no two things ring in a quarter of an hour, nothing that is kept apart comes while
// a pack is on or a question stands, nobody is woken up but by what may, nothing comes
// before its least gap, the budgets are kept, and nothing is left out for which they have
// room.
func TestDayRandom(t *testing.T) {
	small, large := planned(t, "{invitations: 3, rings: 8}", ""), planned(t, "{invitations: 6, rings: 24}", "")
	zones := []string{"UTC", "Europe/Berlin", "America/New_York", "Australia/Lord_Howe", "Pacific/Auckland", "Asia/Kolkata"}
	days := []string{"2026-03-02", "2026-03-28", "2026-10-24", "2026-03-07", "2026-04-04", "2026-09-26"}
	rapid.Check(t, func(r *rapid.T) {
		d := &dayWatch{told: &told{person: newPerson(t, small)}, r: r, draws: r, rings: 8, invitations: 3, last: make(map[string]time.Time)}
		if rapid.Bool().Draw(r, "large") {
			d.Catalog, d.rings, d.invitations = large, 24, 6
		}
		d.Now, _ = time.Parse(time.DateOnly, rapid.SampledFrom(days).Draw(r, "day"))
		d.Now = d.Now.Add(time.Duration(rapid.IntRange(0, 24*60-1).Draw(r, "minute")) * time.Minute)
		d.acted = d.Now
		d.does(flows.Command{Name: "spasm"})
		d.check()
		for range rapid.IntRange(1, 40).Draw(r, "events") {
			d.acts(zones)
		}
	})
}
