package engine_test

import (
	"slices"
	"strings"
	"testing"
	"testing/fstest"
	"time"

	"github.com/rogpeppe/go-internal/txtar"

	"spasmbot/flows"
	"spasmbot/flows/catalog"
	"spasmbot/flows/lang"
	"spasmbot/flows/transcript"
)

// withSigns loads a small set of flows that has a table of warning signs, with changes
// of its flow: what stood there, and what stands there instead.
func withSigns(t testing.TB, edits ...string) *lang.Catalog {
	t.Helper()
	archive, err := txtar.ParseFile("../catalog/testdata/signs.txtar")
	if err != nil {
		t.Fatal(err)
	}
	fsys := make(fstest.MapFS)
	for _, f := range archive.Files {
		if f.Name == "back.yaml" {
			f.Data = []byte(strings.NewReplacer(edits...).Replace(string(f.Data)))
		}
		fsys[f.Name] = &fstest.MapFile{Data: f.Data}
	}
	c, err := catalog.Load(fsys, "UTC")
	if err != nil {
		t.Fatal(err)
	}
	return c
}

// TestSignsConversation: each list shows what concerns the person and leaves out what
// they have told, a list of nothing is passed over as "none", and texts tell the sign.
func TestSignsConversation(t *testing.T) {
	for _, tt := range []struct{ script, want string }{
		{"> /back\n> press none", `
Any of these, now?
• Numb where a *saddle* touches
• A leg gives way & falls
• A crash or a fall
`},
		{"> /back\n> press hot\n> press done-2\n> press none", "And of these?\n• Fever\n"},
		{"> /back\n> press cancer\n> press hot\n> press done-3\n> press none", "And of these?\n• The cancer may be back\n• Fever\n"},
		{"> /back\n> press none\n> press none", "You said None.\n [Evening]\n"}, // nothing is asked within days
		{"> /back\n> press none\n> press any", "Which one?\n [Numb saddle] [Legs]\n [Crash]\n [Not sure] [That was a mistake (primary)]\n"},
		{"> /back\n> press man\n> press done-4\n> press none\n> press evening", "Tonight:\n• An erection is lost\n"},
		{"> /back\n> press none\n> press none\n> press evening", "timeline answer care evening\n"},
		{"> /back\n> press none\n> press any\n> press legs", "Call now. Legs: A leg gives way & falls. Will a foot not lift?\n"},
		{"> /back\n> press none\n> press any\n> press unsure", "Call now. Not sure: .\n"},
		{"> /back\n> press none\n> press any\n> text crash", "Call now. Crash: A crash or a fall. From more than your own height?\n"},
	} {
		played, err := transcript.Play(withSigns(t), tt.script)
		if err != nil {
			t.Fatal(err)
		}
		if got := squeezed(played); !strings.Contains(got, strings.TrimPrefix(tt.want, "\n")) {
			t.Errorf("after %q it lacks %q:\n%s", tt.script, tt.want, got)
		}
	}
}

// squeezed is a transcript without its margin.
func squeezed(played string) string {
	var lines []string
	for line := range strings.Lines(played) {
		line = strings.TrimSpace(line)
		if len(line) > 5 && line[1] == ':' {
			line = strings.TrimSpace(line[4:])
		}
		for _, verb := range []string{"says ", "edits ", "timeline "} {
			if rest, ok := strings.CutPrefix(line, verb); ok && verb != "timeline " {
				line = strings.TrimSpace(rest)
			} else if ok {
				line = verb + strings.TrimSpace(rest)
			}
		}
		if strings.HasPrefix(line, "[") {
			line = " " + line
		}
		lines = append(lines, line)
	}
	return strings.Join(lines, "\n") + "\n"
}

// toWhich is a person who is asked which sign it is.
func toWhich(t *testing.T) *person {
	t.Helper()
	p := newPerson(t, withSigns(t))
	p.does(flows.Command{Name: "back"})
	p.presses("none")
	p.presses("any")
	return p
}

// TestSignKeeps: the sign, its group, and the version of the table with the answer.
func TestSignKeeps(t *testing.T) {
	p := toWhich(t)
	p.presses("crash")
	s := p.state()
	if sign, group := s.Var("now_which"), s.Var("now_which_group"); sign != flows.TextOf("crash") || group != flows.TextOf("injury") {
		t.Errorf("kept are %+v and %+v", sign, group)
	}
	versions := make(map[string]int)
	for _, e := range p.Timeline {
		versions[e.Kind+" "+e.Step] = e.Signs
	}
	for what, want := range map[string]int{"answer facts": 0, "answer now_signs": 3, "answer now_which": 3, "end ": 0} {
		if got, there := versions[what]; !there || got != want {
			t.Errorf("%s goes by the version %d of the table, there: %v", what, got, there)
		}
	}
}

// TestSignAgain: a mistake leads to the other signs, without the one that was told last.
func TestSignAgain(t *testing.T) {
	p := toWhich(t)
	p.presses("mistake")
	if s := p.state(); s.Var("now_which_group") != flows.TextOf("") || !strings.Contains(p.Chat[len(p.Chat)-1].Text, "saddle") {
		t.Errorf("a choice has the group %+v: %v", s.Var("now_which_group"), p)
	}
	s := p.state()
	s.SetVar("now_which", flows.TextOf("legs"))
	p.store(s)
	p.does(flows.Command{Name: "me"})
	p.presses("hot") // and the list is shown again
	last := p.Chat[len(p.Chat)-1].Text
	if !strings.Contains(last, "saddle") || strings.Contains(last, "leg gives") {
		t.Errorf("the list is %q", last)
	}
}

// TestSignsLeftOutMeanwhile: whoever comes back to a list that has nothing for them any
// more goes on as after "none", with nothing in the timeline.
func TestSignsLeftOutMeanwhile(t *testing.T) {
	p := newPerson(t, withSigns(t))
	p.does(flows.Command{Name: "back"})
	for _, choice := range []string{"hot", "done-2", "none"} {
		p.presses(choice)
	}
	if at := p.state().At.Step; at != "today_signs" {
		t.Fatalf("the person is at %q", at)
	}
	p.does(flows.Command{Name: "me"})
	p.presses("cool")
	s := p.state()
	if s.At.Step != "care" || s.Var("today_signs") != flows.TextOf("none") || s.Var("see") != flows.TextOf("nobody") {
		t.Errorf("after the fever is gone: %q, %+v", s.At.Step, s.Vars)
	}
	if slices.ContainsFunc(p.Timeline, func(e flows.Entry) bool { return e.Step == "today_signs" || e.Step == "days_signs" }) {
		t.Errorf("the timeline tells an answer that nobody gave: %+v", p.Timeline)
	}
}

// TestSignsEdited: an edit of the table asks anew what is asked, be it that a sign has
// come to a list, or that the one which is pressed is in another class by now. An edit of
// others changes nothing, and whom nothing concerns any more goes on.
func TestSignsEdited(t *testing.T) {
	const crash = "crash: {class: emergency"
	p := toWhich(t)
	p.Catalog = withSigns(t, crash, "crash: {class: today")
	p.presses("crash")
	s := p.state()
	last := p.Timeline[len(p.Timeline)-1]
	if s.At.Step != "now_which" || last.Kind != flows.EntryStale || s.Var("now_which") != (flows.Value{}) {
		t.Fatalf("after a press of a sign that was moved away: %q, %+v", s.At.Step, last)
	}
	if list := texts(p); !slices.Contains(list, "u\n\nWhich one?") {
		t.Errorf("it is not asked anew: %q", list)
	}
	p.presses("legs")
	if s := p.state(); s.Var("now_which") != flows.TextOf("legs") {
		t.Errorf("the question that was asked anew has the answer %+v", s.Var("now_which"))
	}

	p = toWhich(t)
	p.Catalog = withSigns(t, "cancer: {class: today", "cancer: {class: days")
	p.presses("crash")
	if s := p.state(); s.Var("now_which") != flows.TextOf("crash") {
		t.Errorf("an edit of another class makes a press stale: %q", s.At.Step)
	}

	p = newPerson(t, withSigns(t))
	p.does(flows.Command{Name: "back"})
	for _, choice := range []string{"hot", "done-2", "none"} {
		p.presses(choice)
	}
	p.Catalog = withSigns(t, "fever: {class: today", "fever: {class: days")
	p.waits(25*time.Hour, nil)
	if s := p.state(); s.Var("today_signs") != flows.TextOf("none") {
		t.Errorf("whoever stood at a list that has nothing any more is at %q with %+v", s.At.Step, s.Var("today_signs"))
	}
}

func texts(p *person) []string {
	var list []string
	for _, m := range p.Chat {
		list = append(list, m.Text)
	}
	return list
}
