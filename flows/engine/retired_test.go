package engine_test

import (
	"slices"
	"strings"
	"testing"
	"time"

	"spasmbot/flows"
	"spasmbot/flows/lang"
	"spasmbot/flows/markup"
)

// packs is a flow with one round and one reminder, under names of a test, and what
// it has retired.
func packs(t *testing.T, round, reminder, retired string) *lang.Catalog {
	t.Helper()
	var starts, timing, texts string
	if round != "" {
		starts += "  - {id: go_" + round + ", start: " + round + "}\n"
		timing += "rounds: {" + round + ": {hold: 20m, check: 8m, gap: 2h, most_per_day: 3}}\n"
		for _, kind := range []string{"-on", "-check", "-off"} {
			texts += round + kind + ": {text: \"" + round + kind + "\"}\n"
		}
		texts = strings.Replace(texts, "-off\"", "-off {next}\", last: \"last "+round+"-off\", cut: \"cut "+round+"\"", 1)
	}
	if reminder != "" {
		starts += "  - {id: go_" + reminder + ", start: " + reminder + "}\n"
		timing += "reminders: {" + reminder + ": {every: 3h, first: 3h, late: drop}}\n"
		texts += reminder + ": {text: \"" + reminder + " {count}\"}\n"
	}
	return tiny(t, `
flow: spasm
episode: true
commands: [spasm]
steps:
`+starts+`
  - {id: hub, ask: choice, choices: {over: {}}, wait: {timeout: 90d, next: over}}
  - {id: over, end: over}
`+timing+retired, `hub: {text: "How is it?", over: Over}
`+texts)
}

// begun is a person who began five minutes ago, with the pack of a round on.
func begun(t *testing.T, c *lang.Catalog) *person {
	t.Helper()
	p := newPerson(t, c)
	p.does(flows.Command{Name: "spasm"})
	p.waits(5*time.Minute, nil)
	return p
}

// hears lists what the person was told of rounds and reminders, without markup.
func (p *person) hears() []string {
	var list []string
	for _, m := range p.Chat {
		if m.Text != "How is it?" {
			list = append(list, m.Text[:min(len(m.Text), strings.IndexByte(m.Text+"<", '<'))])
		}
	}
	return list
}

// refusal is what a start with a catalog says about one person.
func (p *person) refusal(c *lang.Catalog) string {
	st, s := make(lang.Stranded), p.state()
	st.Note(c, &s)
	if err := st.Err(); err != nil {
		_, line, _ := strings.Cut(err.Error(), "\n")
		return line
	}
	return ""
}

// TestStrandedTracks: flows without a round or a reminder that somebody has on or
// armed must say what becomes of it.
func TestStrandedTracks(t *testing.T) {
	was := packs(t, "cold", "water", "")
	on := begun(t, was)
	armed := begun(t, was)
	armed.waits(time.Hour, nil)
	over := begun(t, was)
	over.presses("over")
	old := begun(t, was)
	s := old.state()
	s.Tracks[0].OffText = "" // as a program wrote it that did not keep it
	old.store(s)

	const write = `write under retired in flow "spasm": cold: {moved_to: another of its kind}, or cold: {ends: true}`
	for name, test := range map[string]struct {
		is               *lang.Catalog
		on, armed, muted string
	}{
		"the same": {was, "", "", ""},
		"gone": {
			packs(t, "", "water", ""),
			`"cold" of flow "spasm" is gone: 1 live episode has it on: ` + write,
			`"cold" of flow "spasm" is gone: 1 live episode has it armed: ` + write,
			`"cold" of flow "spasm" is gone, and how to tell of its take-off was not kept by the program of then: 1 live episode has it on: keep the round until it is over`,
		},
		"moved":              {packs(t, "ice", "water", "retired: {cold: {moved_to: ice}}\n"), "", "", "keep the round until it is over"},
		"moved twice":        {packs(t, "pack", "water", "retired: {cold: {moved_to: ice}, ice: {moved_to: pack}}\n"), "", "", "keep the round until it is over"},
		"ends":               {packs(t, "", "water", "retired: {cold: {ends: true}}\n"), "", "", "keep the round until it is over"},
		"moved to the wrong": {packs(t, "", "water", "retired: {cold: {moved_to: water}}\n"), "is moved to what is of another kind: 1", "is moved to what is of another kind: 1", "keep the round until it is over"},
		"a reminder of its name": {
			packs(t, "", "cold", "retired: {water: {ends: true}}\n"),
			`is of another kind now: 1 live episode has it on: give the new one another name, and ` + write,
			`is of another kind now: 1 live episode has it armed: give the new one`,
			"keep the round until it is over",
		},
		"a reminder gone": {
			packs(t, "cold", "", ""),
			`"water" of flow "spasm" is gone: 1 live episode has it armed: write under retired in flow "spasm": water:`,
			`"water" of flow "spasm" is gone: 1 live episode has it armed`,
			`"water" of flow "spasm" is gone: 1 live episode has it armed`,
		},
	} {
		for who, want := range map[*person]string{on: test.on, armed: test.armed, old: test.muted, over: ""} {
			if got := who.refusal(test.is); (got == "") != (want == "") || !strings.Contains(got, want) {
				t.Errorf("%s: refused with %q, want %q in it", name, got, want)
			}
		}
		if same := test.is.StepsFingerprint() == was.StepsFingerprint(); same != (name == "the same") {
			t.Errorf("%s: the fingerprint is the same: %t", name, same)
		}
	}
	if a, b := packs(t, "cold", "", ""), packs(t, "", "cold", ""); a.StepsFingerprint() == b.StepsFingerprint() {
		t.Error("nobody would be asked when a round becomes a reminder")
	}
	if a, b := packs(t, "", "water", "retired: {cold: {ends: true}}\n"), packs(t, "", "water", "retired: {cold: {moved_to: water}}\n"); a.StepsFingerprint() == b.StepsFingerprint() {
		t.Error("nobody would be asked when a round is moved elsewhere")
	}
}

// TestStrandedTracksAreCounted: one line for each, with those who have it on and
// those who have it armed.
func TestStrandedTracksAreCounted(t *testing.T) {
	was, st := packs(t, "cold", "water", ""), make(lang.Stranded)
	for _, d := range []time.Duration{0, 0, time.Hour} {
		p := begun(t, was)
		p.waits(d, nil)
		s := p.state()
		st.Note(packs(t, "", "", ""), &s)
	}
	err := st.Err()
	if err == nil || !strings.Contains(err.Error(), "\n\"cold\" of flow \"spasm\" is gone: 2 live episodes have it on, 1 live episode has it armed: write") ||
		!strings.Contains(err.Error(), "\n\"water\" of flow \"spasm\" is gone: 3 live episodes have it armed: write") {
		t.Error(err)
	}
}

// TestRetiredRoundIsTakenOff: whoever has a pack on is told to take it off at the
// time that was promised, in the words of that round, whatever the flows say now.
func TestRetiredRoundIsTakenOff(t *testing.T) {
	for name, test := range map[string]struct {
		is   *lang.Catalog
		want []string // in the next five hours
	}{
		"it just ends":        {packs(t, "", "", "retired: {cold: {ends: true}}\n"), []string{"last cold-off"}},
		"another goes on":     {packs(t, "ice", "", "retired: {cold: {moved_to: ice}}\n"), []string{"ice-check", "cold-off ", "ice-on", "ice-off ", "ice-on", "ice-off "}},
		"nobody has asked":    {packs(t, "", "", ""), []string{"last cold-off"}},
		"a reminder by then":  {packs(t, "", "cold", ""), []string{"cold-off ", "cold 2"}},
		"moved to a reminder": {packs(t, "", "water", "retired: {cold: {moved_to: water}}\n"), []string{"last cold-off"}},
	} {
		p := begun(t, packs(t, "cold", "", ""))
		p.Catalog = test.is
		p.waits(14*time.Minute, nil)
		if got := p.hears(); strings.Contains(strings.Join(got, ","), "off") {
			t.Errorf("%s: taken off early: %q", name, got)
		}
		p.waits(time.Minute, nil)
		if s := p.state(); slices.ContainsFunc(s.Tracks, func(tr flows.Track) bool { return !tr.On.IsZero() || tr.OffText != "" }) {
			t.Errorf("%s: after its time the round is %+v", name, s.Tracks)
		}
		p.waits(5*time.Hour, nil)
		if got := p.hears()[1:]; !slices.Equal(got, test.want) {
			t.Errorf("%s: told %q, want %q", name, got, test.want)
		}
	}
}

// TestKeptWordsAreFilledIn: the words of a take-off that were kept show what the
// person has answered, though the flows ask it no more, and never grow longer than
// Telegram takes.
func TestKeptWordsAreFilledIn(t *testing.T) {
	told := func(source string, answer flows.Value) string {
		p := begun(t, packs(t, "cold", "", ""))
		s := p.state()
		s.Tracks[0].OffText, s.Tracks[0].OffLast = source, ""
		s.SetVar("where", answer)
		p.store(s)
		p.Catalog = packs(t, "", "", "retired: {cold: {ends: true}}\n")
		p.waits(15*time.Minute, nil)
		return p.last()
	}
	if got := told("Off your {where}.", flows.TextOf("knee & foot")); got != "Off your knee &amp; foot." {
		t.Errorf("told %q", got)
	}
	if got := told("Off after {where}.", flows.NumberOf(20)); got != "Off after 20." {
		t.Errorf("told %q", got)
	}
	long := strings.Repeat("Off. ", 700)
	if got, want := told(long+"{where}", flows.TextOf(strings.Repeat("a", 900))), long+"–"; got != want {
		t.Errorf("told %d units, the last %q", markup.Length(got), got[len(got)-20:])
	}
}

// TestRetiredRoundIsCutShort: an episode that ends takes the pack of a retired round
// off at once.
func TestRetiredRoundIsCutShort(t *testing.T) {
	for name, is := range map[string]*lang.Catalog{
		"it just ends":    packs(t, "", "", "retired: {cold: {ends: true}}\n"),
		"another goes on": packs(t, "ice", "", "retired: {cold: {moved_to: ice}}\n"),
	} {
		p := begun(t, packs(t, "cold", "", ""))
		p.Catalog = is
		p.does(flows.Command{Name: "stop"})
		if got := p.last(); got != "last cold-off" {
			t.Errorf("%s: /stop says %q", name, got)
		}
	}
	p := begun(t, packs(t, "cold", "", ""))
	p.does(flows.Command{Name: "stop"})
	if got := p.last(); got != "cut cold" {
		t.Errorf("of a round that is not retired /stop says %q", got)
	}
}

// TestRetiredCallIsSkipped: who has not put it on can still say so.
func TestRetiredCallIsSkipped(t *testing.T) {
	for name, test := range map[string]struct {
		is   *lang.Catalog
		next []string
	}{
		"it just ends":    {packs(t, "", "", "retired: {cold: {ends: true}}\n"), nil},
		"another goes on": {packs(t, "ice", "", "retired: {cold: {moved_to: ice}}\n"), []string{"Mon 14:05"}},
	} {
		p := begun(t, packs(t, "cold", "", ""))
		p.Catalog = test.is
		p.presses("Skip")
		p.waits(time.Hour, nil)
		if got := p.armed("ice-on"); !slices.Equal(got, test.next) || len(p.hears()) != 1 {
			t.Errorf("%s: after the skip %q, next at %q", name, p.hears(), got)
		}
	}
}

// TestRetiredStartsGoOn: what is armed comes at its time under the new name, with
// the gap and the number of the day behind it; what just ends comes no more.
func TestRetiredStartsGoOn(t *testing.T) {
	was := packs(t, "cold", "water", "")
	p := begun(t, was)
	p.waits(time.Hour, nil)
	p.Catalog = packs(t, "ice", "tea", "retired: {cold: {moved_to: ice}, water: {moved_to: tea}}\n")
	p.does(flows.Unsupported{})
	if ice, tea := p.armed("ice-on"), p.armed("tea"); !slices.Equal(ice, []string{"Mon 14:20"}) || !slices.Equal(tea, []string{"Mon 15:00"}) {
		t.Fatalf("ice is armed at %q, tea at %q", ice, tea)
	}
	p.waits(10*time.Hour, nil)
	if ice, tea := days(p.fired("ice-on")), days(p.fired("tea")); ice != "Mon 14:20, Mon 16:40" || tea != "Mon 15:00, Mon 18:00, Mon 21:00" {
		t.Errorf("ice came at %q, tea at %q; with the one of before, ice has had its three of the day", ice, tea)
	}
	for _, tr := range p.state().Tracks {
		if tr.Name == "cold" || tr.Name == "water" {
			t.Errorf("%q is still there", tr.Name)
		}
	}

	p = begun(t, was)
	p.waits(time.Hour, nil)
	p.Catalog = packs(t, "", "", "retired: {cold: {ends: true}, water: {ends: true}}\n")
	p.does(flows.Unsupported{})
	if cold, water := p.armed("cold-on"), p.armed("water"); len(cold)+len(water) != 0 {
		t.Errorf("cold is armed at %q, water at %q", cold, water)
	}
	before := len(p.Chat)
	p.waits(24*time.Hour, nil)
	if s := p.state(); len(p.Chat) != before || slices.ContainsFunc(s.Pending, flows.Reminder.Starts) || p.refusal(packs(t, "", "", "")) != "" {
		t.Errorf("what has ended: %q, armed %v, refused with %q", p.hears(), s.Pending, p.refusal(packs(t, "", "", "")))
	}
}

// TestRetiredStartsAreLate: the edit makes nothing punctual that was late.
func TestRetiredStartsAreLate(t *testing.T) {
	p := begun(t, packs(t, "cold", "water", ""))
	p.Catalog = packs(t, "ice", "tea", "retired: {cold: {moved_to: ice}, water: {moved_to: tea}}\n")
	p.sleeps(4 * time.Hour)
	if got := p.hears(); len(got) != 2 || !strings.HasPrefix(got[1], "cold-off ") || strings.Contains(p.last(), "tea") {
		t.Errorf("after the outage: %q", got)
	}
	if got := p.armed("tea"); !slices.Equal(got, []string{"Mon 19:05"}) {
		t.Errorf("the next tea is at %q", got)
	}
}

// TestRetiredIntoAnother: two rounds that become one have one next start; while each
// has a pack on, each is taken off.
func TestRetiredIntoAnother(t *testing.T) {
	two := func(first string) *lang.Catalog {
		return tiny(t, `
flow: spasm
episode: true
commands: [spasm]
steps:
  - {id: go_cold, start: cold}
  - {id: go_ice, start: ice}
  - {id: hub, ask: choice, choices: {over: {}}, wait: {timeout: 90d, next: over}}
  - {id: over, end: over}
rounds:
  cold: {hold: 20m, gap: 2h}
  ice: {hold: 30m, gap: 3h, first: `+first+`}
`, `
hub: {text: "How is it?", over: Over}
cold-on: {text: cold-on}
cold-off: {text: cold-off}
ice-on: {text: ice-on}
ice-off: {text: ice-off}
`)
	}
	for first, want := range map[string]string{
		"0m": "cold-off 12:20, ice-off 12:30, ice-on 14:30, ice-off 14:50", // both are on
		"1h": "cold-off 12:20, ice-on 14:20, ice-off 14:40",                // one is on, the other armed
	} {
		p := newPerson(t, two(first))
		p.does(flows.Command{Name: "spasm"})
		p.waits(5*time.Minute, nil)
		p.Catalog = packs(t, "ice", "", "retired: {cold: {moved_to: ice}}\n")
		var got []string
		said := len(p.Chat)
		p.waits(4*time.Hour, func() {
			for _, m := range p.Chat[said:] {
				if word, _, _ := strings.Cut(m.Text, " "); strings.HasSuffix(word, "-on") || strings.HasSuffix(word, "-off") {
					got = append(got, word+" "+p.Now.Format("15:04"))
				} else if _, last, ok := strings.Cut(m.Text, "last "); ok {
					got = append(got, last+" "+p.Now.Format("15:04"))
				}
			}
			said = len(p.Chat)
		})
		if tr := p.state().Tracks; first == "0m" && (len(tr) != 1 || tr[0].Today != 3 || tr[0].Total != 3) {
			t.Errorf("what has been is not one: %+v", tr)
		}
		if strings.Join(got, ", ") != want {
			t.Errorf("first %s: %q, want %q", first, strings.Join(got, ", "), want)
		}
	}
}

// TestRetiredWhileAway: whoever had blocked the bot comes back to what is in its
// place.
func TestRetiredWhileAway(t *testing.T) {
	p := begun(t, packs(t, "cold", "water", ""))
	p.does(flows.Blocked{})
	p.Catalog = packs(t, "ice", "", "retired: {cold: {moved_to: ice}, water: {ends: true}}\n")
	if got := p.refusal(packs(t, "ice", "", "")); !strings.Contains(got, `"cold" of flow "spasm" is gone: 1 live episode has it on`) {
		t.Errorf("refused with %q", got)
	}
	p.waits(3*time.Hour, nil)
	p.does(flows.Unblocked{})
	if got := p.armed("ice-on"); !slices.Equal(got, []string{"Mon 17:05"}) || len(p.armed("water")) != 0 {
		t.Errorf("after the return ice is armed at %q, water at %q", got, p.armed("water"))
	}
}
