package app_test

import (
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"testing"
	"testing/fstest"
	"time"

	"spasmbot/bot/app"
	"spasmbot/bot/report"
	"spasmbot/flows"
	"spasmbot/flows/catalog"
	"spasmbot/flows/lang"
	"spasmbot/flows/transcript"
)

const accountFlow = `flow: spasm
version: 1
episode: true
commands: [spasm]
worse: stop
stop: stop
history: why
waking: {from: up_at, to: bed_at}
papers:
  pain: pain
  function: [walk]
  cold: [pack]
  moves: [stroll]
  medicine: [pill]
  since: begun_at
  country: land
  older: elder
  cause: why
  facts: facts
  seen: by
  found: fine
signs_version: 1
signs:
  numb: {class: emergency, group: nerves, asked: begin, source: s}
  weak: {class: emergency, group: nerves, asked: begin, source: s}
  bleed: {class: emergency, group: nerves, asked: begin, of: facts_thin, source: s}
default_wait: {timeout: 1h, next: over}
steps:
  - {id: facts, ask: ticks, choices: {thin: {}, heart: {}}}
  - {id: alarm, ask: signs, class: emergency, choices: {none: {}, any: {}, unsure: {}}}
  - {id: alarm_today, ask: signs, class: today, choices: {none: {}, any: {}, unsure: {}}}
  - {id: alarm_days, ask: signs, class: days, choices: {none: {}, any: {}, unsure: {}}}
  - {id: which, ask: sign, class: emergency, groups: {nerves: {}}, choices: {unsure: {}}}
  - {id: rest, ask: signs, class: emergency, but: which, choices: {none: {}, any: {}, unsure: {}}}
  - {id: set_off, set: {onset: now, begun_at: now - 2h, elder: "true", up_at: "7", bed_at: "23", land: '"us"'}, go: why}
  - {id: why, ask: choice, choices: {lift: {}, bend: {}}}
  - {id: hurts, ask: scale, measure: pain}
  - {id: walks, ask: number, least: 0, most: 60, measure: walk}
  - {id: pill, ask: text, least: 1, most: 300}
  - {id: by, ask: choice, choices: {doctor: {}, nobody: {}}}
  - {id: fine, ask: choice, choices: {yes: {}}}
  - {id: pack_on, start: pack}
  - {id: stroll_on, start: stroll}
  - {id: care, ask: choice, choices: {better: {}}, wait: {timeout: 1d, next: over}}
  - {id: over, end: recovered}
rounds:
  pack: {hold: 20m, check: 10m, gap: 2h, wrong: skin}
reminders:
  stroll: {every: 2h}
`

const accountTexts = `stopped: {text: Stopped.}
facts: {text: "?", thin: Blood thinners, heart: Heart disease, none: None}
alarm: {text: "{signs}", none: None, any: Yes, unsure: Not sure}
alarm_today: {text: "{signs}", none: None, any: Yes, unsure: Not sure}
alarm_days: {text: "{signs}", none: None, any: Yes, unsure: Not sure}
which: {text: "?", unsure: Not sure}
rest: {text: "{signs}", none: None, any: Yes, unsure: Not sure}
signs: {numb: Numb there, numb_name: Numb, numb_more: "?", weak: Weak legs, weak_name: Weak, weak_more: "?", bleed: Bleeding, bleed_name: B, bleed_more: "?"}
why: {text: "?", lift: Lifting, bend: Bending}
hurts: {text: "?"}
walks: {text: "*Minutes?*", invalid: "?"}
pill: {text: "?", invalid: "?"}
by: {text: "?", doctor: A doctor, nobody: Nobody}
fine: {text: "?", "yes": All is well}
care: {text: "?", better: Better}
over: {text: Good bye.}
pack-on: {text: On}
pack-check: {text: Look, done_label: Skin is fine, wrong_label: Skin looks wrong}
pack-off: {text: Off}
skin_seen: {text: Rest}
stroll: {text: Walk}
buttons: {done: Done, skip: Skip, worse: Worse, stop: Stop, private: Private}
system: {nudge: n, stale: s, unexpected: u, use_buttons: b, unknown_command: c, idle: i, group: g, updated: Updated.}
menu: {}
`

func accountCatalog(t *testing.T) *lang.Catalog {
	t.Helper()
	c, err := catalog.Load(fstest.MapFS{
		"spasm.yaml":    &fstest.MapFile{Data: []byte(accountFlow)},
		"stop.yaml":     &fstest.MapFile{Data: []byte("flow: stop\nversion: 1\ncommands: [stop]\nwhile: live\nsteps: [{id: stopped, end: stopped}]\n")},
		"skin.yaml":     &fstest.MapFile{Data: []byte("flow: skin\nversion: 1\nsteps: [{id: skin_seen}]\n")},
		"texts/en.yaml": &fstest.MapFile{Data: []byte(accountTexts)},
	}, "Europe/Athens")
	if err != nil {
		t.Fatal(err)
	}
	return c
}

var accountStart = time.Date(2026, 3, 2, 8, 0, 0, 0, time.UTC)

func minute(m int) time.Time { return accountStart.Add(time.Duration(m) * time.Minute) }

// kept is a person with a timeline, an entry a minute unless it says otherwise.
func kept(entries ...flows.Entry) app.Kept {
	e := flows.Episode{Number: 1, Flow: "spasm", Started: accountStart, Onset: accountStart}
	k := app.Kept{State: flows.State{User: 7, Episode: e}, Episodes: []flows.Episode{e}}
	for i, entry := range entries {
		entry.Seq, entry.Episode = uint64(i+1), 1
		if entry.At.IsZero() {
			entry.At = minute(i)
		}
		k.Entries = append(k.Entries, entry)
	}
	return k
}

func answer(step, choice string, value any) flows.Entry {
	return flows.Entry{Kind: flows.EntryAnswer, Step: step, Choice: choice, Value: value}
}

func reminded(kind string, at int, by int64) flows.Entry {
	return flows.Entry{Kind: flows.EntryReminder, Step: kind, At: minute(at), UpdateID: by}
}

func said(kind, choice string, at int) flows.Entry {
	return flows.Entry{Kind: flows.EntryAnswer, Step: kind, Choice: choice, At: minute(at)}
}

func account(t *testing.T, k app.Kept) report.Person {
	return app.Account(accountCatalog(t), k, "v1", minute(600))
}

func same(t *testing.T, what string, got, want any) {
	t.Helper()
	if !reflect.DeepEqual(got, want) {
		t.Errorf("%s:\n got %+v\nwant %+v", what, got, want)
	}
}

func TestAccount(t *testing.T) {
	k := kept(
		answer("why", "lift", "lift"), answer("why", "bend", "bend"),
		answer("hurts", "", 8.0), answer("walks", "", 3.0), answer("hurts", "", 5.0),
		answer("pill", "", "two white ones"),
		answer("by", "doctor", "doctor"), answer("fine", "yes", "yes"), answer("by", "nobody", "nobody"),
		answer("why", lang.BackChoice, nil),
	)
	s := &k.State
	s.SetVar("facts", flows.TextOf("heart"))
	s.SetVar("facts_heart", flows.BoolOf(true))
	s.SetVar("elder", flows.BoolOf(true))
	s.SetVar("land", flows.TextOf("us"))
	s.SetVar("begun_at", flows.InstantOf(minute(-120)))
	s.Past = []flows.Past{{Flow: "spasm", Onset: minute(-90000), Mark: "lift"}, {Flow: "spasm", Onset: accountStart, Mark: "lift"}, {Flow: "gone", Onset: minute(-80000), Mark: "x"}}
	p := account(t, k)
	same(t, "country", p.Country, "us")
	same(t, "zone", p.Zone.String(), "Europe/Athens")
	same(t, "age", p.Age, "65 or older")
	same(t, "facts", p.Facts, []string{"Heart disease"})
	same(t, "earlier", p.Earlier, []report.Earlier{{Onset: minute(-90000), Cause: "Lifting"}})
	same(t, "sleep", p.Sleep, report.Sleep{From: 22 * time.Hour, To: 8 * time.Hour})
	s.SetVar("up_at", flows.NumberOf(7))
	s.SetVar("bed_at", flows.NumberOf(23))
	same(t, "sleep, as told", account(t, k).Sleep, report.Sleep{From: 23 * time.Hour, To: 7 * time.Hour, Told: true})
	same(t, "onset", p.Spasm.Onset, report.Span{From: minute(-120), To: minute(0)})
	same(t, "cause", p.Spasm.Cause, "Bending")
	same(t, "pain", p.Spasm.Pain, []report.Figure{{At: minute(2), Value: 8}, {At: minute(4), Value: 5}})
	same(t, "function", p.Spasm.Function, []report.Measure{{Name: "Minutes?", Figures: []report.Figure{{At: minute(3), Value: 3}}}})
	same(t, "medicine", p.Spasm.Done, []report.Deed{{Kind: report.Medicine, At: minute(5), Note: "two white ones"}})
	same(t, "seen", p.Spasm.Seen, []report.Seen{{By: "A doctor", Found: "All is well", At: minute(7)}})
	same(t, "timeline", len(p.Spasm.Timeline), len(k.Entries))
	same(t, "a line of it", p.Spasm.Timeline[1], report.Entry{At: minute(1), Kind: "answer", What: "why", Answer: "Bending", Value: "bend"})
}

// What was taken back is in none of the papers.
func TestAccountOfWhatWasTakenBack(t *testing.T) {
	anew := answer("hurts", "", 3.0)
	anew.Anew = true
	changed := answer("hurts", "", 4.0)
	changed.Undoes = 4
	p := account(t, kept(answer("hurts", "", 9.0), answer("walks", lang.BackChoice, nil), anew, answer("hurts", "", 8.0), changed))
	same(t, "pain", p.Spasm.Pain, []report.Figure{{At: minute(2), Value: 3}, {At: minute(4), Value: 4}})
	for _, line := range p.Spasm.Timeline {
		if line.Value == 9.0 || line.Value == 8.0 {
			t.Errorf("the table has %+v", line)
		}
	}
}

// What nobody has asked is told apart from what is not so.
func TestAccountOfWhatWasNotAsked(t *testing.T) {
	p := account(t, kept())
	if p.Age != "" || p.Facts != nil || p.Spasm.Seen != nil {
		t.Errorf("nobody has asked, and there is %q, %#v and %#v", p.Age, p.Facts, p.Spasm.Seen)
	}
	k := kept(answer("by", "nobody", "nobody"))
	k.State.SetVar("facts", flows.TextOf("none"))
	k.State.SetVar("elder", flows.BoolOf(false))
	p = account(t, k)
	if p.Age != "under 65" || p.Facts == nil || p.Spasm.Seen == nil || len(p.Facts)+len(p.Spasm.Seen) > 0 {
		t.Errorf("it was asked, and there is %q, %#v and %#v", p.Age, p.Facts, p.Spasm.Seen)
	}
}

// A round counts if somebody has said that it was on, from when they said it.
func TestAccountRounds(t *testing.T) {
	cold := func(from, until int, note string) report.Deed {
		d := report.Deed{Kind: report.Cold, At: minute(from), Note: note}
		if until > 0 {
			d.Until = minute(until)
		}
		return d
	}
	for name, c := range map[string]struct {
		entries []flows.Entry
		want    []report.Deed
	}{
		"begun":          {[]flows.Entry{reminded("pack-on", 10, 5), reminded("pack-off", 30, 0)}, []report.Deed{cold(10, 30, "")}},
		"called":         {[]flows.Entry{reminded("pack-on", 10, 0), said("pack-on", "on", 14), reminded("pack-off", 34, 0)}, []report.Deed{cold(14, 34, "")}},
		"since the call": {[]flows.Entry{reminded("pack-on", 10, 0), said("pack-on", "since", 19), reminded("pack-off", 30, 0)}, []report.Deed{cold(10, 30, "")}},
		"unanswered":     {[]flows.Entry{reminded("pack-on", 10, 0), reminded("pack-off", 30, 0)}, nil},
		"it was on":      {[]flows.Entry{reminded("pack-on", 10, 0), reminded("pack-off", 30, 0), said("pack-off", "done", 31)}, []report.Deed{cold(10, 30, "")}},
		"it was not":     {[]flows.Entry{reminded("pack-on", 10, 0), reminded("pack-off", 30, 0), said("pack-off", "skip", 31)}, nil},
		"not now":        {[]flows.Entry{reminded("pack-on", 10, 0), said("pack-on", "skip", 11), reminded("pack-off", 30, 0)}, nil},
		"later":          {[]flows.Entry{reminded("pack-on", 10, 0), said("pack-on", "later", 11), reminded("pack-on", 20, 0), said("pack-on", "on", 21), reminded("pack-off", 41, 0)}, []report.Deed{cold(21, 41, "")}},
		"fine":           {[]flows.Entry{reminded("pack-on", 10, 5), said("pack-check", "done", 20), reminded("pack-off", 30, 0)}, []report.Deed{cold(10, 30, "Skin is fine")}},
		"wrong":          {[]flows.Entry{reminded("pack-on", 10, 5), said("pack-check", "wrong", 20)}, []report.Deed{cold(10, 20, "Skin looks wrong")}},
		"wrong, late":    {[]flows.Entry{reminded("pack-on", 10, 5), reminded("pack-off", 30, 0), said("pack-check", "wrong", 40)}, []report.Deed{cold(10, 30, "Skin looks wrong")}},
		"stopped": {
			[]flows.Entry{reminded("pack-on", 10, 5), reminded("pack-on", 200, 0), said("pack-on", "on", 201), reminded("pack-off", 221, 0)},
			[]report.Deed{cold(10, 0, ""), cold(201, 221, "")},
		},
		"still on": {[]flows.Entry{reminded("pack-on", 590, 5)}, []report.Deed{cold(590, 0, "")}},
		"a walk":   {[]flows.Entry{reminded("stroll", 10, 0), said("stroll", "done", 15), said("stroll", "did", 16), said("stroll", "skip", 17)}, []report.Deed{{Kind: report.Moves, At: minute(15)}, {Kind: report.Moves, At: minute(16)}}},
	} {
		same(t, name, account(t, kept(c.entries...)).Spasm.Done, c.want)
	}
}

// A sign counts as not there only if it was asked of everybody.
func TestAccountSigns(t *testing.T) {
	sign := func(text string, a report.Answer, at int) report.Sign {
		return report.Sign{Text: text, Class: "emergency", Answer: a, At: minute(at)}
	}
	for name, c := range map[string]struct {
		entries []flows.Entry
		want    []report.Sign
	}{
		"none": {[]flows.Entry{answer("alarm", "none", "none")}, []report.Sign{sign("Numb there", report.No, 0), sign("Weak legs", report.No, 0)}},
		"one":  {[]flows.Entry{answer("alarm", "any", "any"), answer("which", "bleed", "bleed")}, []report.Sign{sign("Bleeding", report.Yes, 1)}},
		"not sure of one, and none of the others": {
			[]flows.Entry{answer("alarm", "unsure", "unsure"), answer("which", "weak", "weak"), answer("rest", "none", "none"), answer("which", "numb", "numb")},
			[]report.Sign{sign("Weak legs", report.Unsure, 1), sign("Numb there", report.No, 2), sign("Numb there", report.Yes, 3)},
		},
		"nobody knows which": {
			[]flows.Entry{answer("alarm", "any", "any"), answer("which", "unsure", "unsure")},
			[]report.Sign{sign("Numb there / Weak legs / Bleeding", report.Yes, 0)},
		},
		"asked again": {
			[]flows.Entry{answer("alarm", "any", "any"), answer("alarm", "none", "none")},
			[]report.Sign{sign("Numb there / Weak legs / Bleeding", report.Yes, 0), sign("Numb there", report.No, 1), sign("Weak legs", report.No, 1)},
		},
	} {
		same(t, name, account(t, kept(c.entries...)).Spasm.Signs, c.want)
	}
}

// The account is of the last spasm, and of what has followed it.
func TestAccountOfTheLast(t *testing.T) {
	k := kept(answer("hurts", "", 9.0), answer("hurts", "", 4.0), answer("hurts", "", 1.0))
	k.Entries[1].Episode, k.Entries[2].Episode = 2, 3
	ended := flows.Episode{Number: 2, Flow: "spasm", Onset: minute(1), Ended: minute(2), Outcome: "recovered"}
	k.Episodes = append(k.Episodes, ended)
	k.State.Episode = ended
	p := account(t, k)
	same(t, "the end", p.Spasm.Ended, minute(2))
	k.State.Episode = flows.Episode{Number: 3, Flow: "after"}
	k.Episodes = append(k.Episodes, k.State.Episode)
	p = account(t, k)
	same(t, "pain", p.Spasm.Pain, []report.Figure{{At: minute(1), Value: 4}, {At: minute(2), Value: 1}})
	same(t, "the end before what follows", p.Spasm.Ended, time.Time{})
	same(t, "nobody", account(t, app.Kept{}).Spasm, report.Spasm{})
}

// TestPapersOfConversations makes all papers of everybody whom the engine's transcripts
// know, with the flows that come with the program.
func TestPapersOfConversations(t *testing.T) {
	files, err := filepath.Glob("../../flows/engine/testdata/*.txt")
	if err != nil || len(files) == 0 {
		t.Fatal("no transcripts", err)
	}
	c, err := catalog.Load(catalog.Shipped(), "UTC")
	if err != nil {
		t.Fatal(err)
	}
	if got := len(c.Papers().Lines()); got < 10 {
		t.Errorf("the papers are made from %d things", got)
	}
	var all report.Spasm
	facts, function := 0, 0
	for _, name := range files {
		p := app.Account(c, lived(t, c, name), "v1", transcript.Noon.Add(40*24*time.Hour))
		for paper, write := range map[string]func(report.Person) ([]byte, error){
			"page": report.Report, "calendar": report.Calendar, "table": report.CSV, "data": report.JSON,
		} {
			if _, err := write(p); err != nil {
				t.Errorf("%s: %s: %v", filepath.Base(name), paper, err)
			}
		}
		s := p.Spasm
		for _, d := range s.Done {
			if took := d.Until.Sub(d.At); !d.Until.IsZero() && (took <= 0 || took > 21*time.Minute) {
				t.Errorf("%s: %+v took %v", filepath.Base(name), d, took)
			}
		}
		facts += len(p.Facts)
		function = max(function, len(s.Function))
		all.Pain, all.Done, all.Signs, all.Seen = append(all.Pain, s.Pain...), append(all.Done, s.Done...), append(all.Signs, s.Signs...), append(all.Seen, s.Seen...)
		if s.Cause != "" {
			all.Cause = s.Cause
		}
	}
	if function != 6 {
		t.Errorf("of what is hard the papers tell %d things, want 6: worst, sleep, getting up, dressing, walking, sitting", function)
	}
	kinds := make(map[report.Kind]int)
	for _, d := range all.Done {
		kinds[d.Kind]++
	}
	if len(all.Pain) < 20 || len(all.Signs) < 100 || len(all.Seen) == 0 || all.Cause == "" || facts == 0 || len(kinds) < 4 {
		t.Errorf("of all conversations the papers tell little: %d figures, %d signs, %d looks, %d facts, %v", len(all.Pain), len(all.Signs), len(all.Seen), facts, kinds)
	}
}

// lived plays the inputs of a transcript, and returns what a store would keep.
func lived(t *testing.T, c *lang.Catalog, name string) app.Kept {
	t.Helper()
	src, err := os.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	p := transcript.New(c)
	var k app.Kept
	for line := range strings.Lines(string(src)) {
		input, ok := strings.CutPrefix(strings.TrimSpace(line), "> ")
		if !ok {
			continue
		}
		before := len(p.Timeline)
		if p.Input(input, func() {}) != nil {
			break // flows were edited since: the engine's own test says so, and a half of it will do here
		}
		for i := before; i < len(p.Timeline); i++ {
			if !strings.HasPrefix(input, "wait") && !strings.HasPrefix(input, "down") {
				p.Timeline[i].UpdateID = int64(i + 1)
			}
		}
	}
	k.State, k.Entries = p.State(), p.Timeline
	for _, e := range k.Entries {
		if e.Kind == flows.EntryStart {
			k.Episodes = append(k.Episodes, flows.Episode{Number: e.Episode, Flow: e.Step, Started: e.At})
		}
	}
	if n := len(k.Episodes); n > 0 {
		k.Episodes[n-1] = k.State.Episode
	}
	return k
}
