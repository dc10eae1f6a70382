package ask

import (
	"strings"
	"testing"

	"spasmbot/flows"
)

// telling is a reader who has told a sign before, and whom only some concern.
type telling struct {
	reader
	told, only string
}

func (v telling) Var(name string) flows.Value {
	if name == "before" {
		return flows.TextOf(v.told)
	}
	return flows.Value{}
}

func (v telling) Concerns(sign string) bool { return v.only == "" || sign == v.only }

// TestSelection: a list has the signs of its class and moments that concern the
// person and that they have not told. Whom none concerns has answered "none".
func TestSelection(t *testing.T) {
	for _, tt := range []struct {
		class, told, only, want string
		asked                   []string
	}{
		{class: "emergency", want: "saddle legs crash fever"},
		{class: "emergency", asked: []string{"begin"}, want: "saddle legs fever"},
		{class: "emergency", asked: []string{"evening", "noon"}, want: "crash"},
		{class: "emergency", told: "legs", want: "saddle crash fever"},
		{class: "emergency", only: "crash", want: "crash"},
		{class: "emergency", only: "crash", told: "crash"},
		{class: "today", want: "cancer"},
		{class: "days"},
	} {
		values := map[string]any{"choices": []string{"unsure", "none", "any"}, "class": tt.class, "but": "before"}
		if tt.asked != nil {
			values["asked"] = tt.asked
		}
		q := question(t, signsKind{}, values).(AboutSigns)
		v := telling{both, tt.told, tt.only}
		var ids []string
		for _, s := range q.About().For(v) {
			ids = append(ids, s.ID)
		}
		if got := strings.Join(ids, " "); got != tt.want || q.LeftOut(v) != (tt.want == "") {
			t.Errorf("%+v: lists %q, left out: %v", tt, got, q.LeftOut(v))
		}
		if got := q.Unasked(); got != Answer("none", flows.TextOf("none")) {
			t.Errorf("whoever is not asked has answered %+v", got)
		}
	}
}

// TestSignKeeps: the group is kept with the sign, "" with a choice, and of a sign that
// was moved to another class it is still known.
func TestSignKeeps(t *testing.T) {
	q := ofEachKind(t)["sign"]
	for answer, group := range map[string]string{"saddle": "nerves", "cancer": "illness", "unsure": "", "gone": ""} {
		s := flows.State{}
		s.SetVar("step_group", flows.TextOf("old"))
		q.Keep(both, &s, "step", flows.TextOf(answer))
		if got := s.Var("step_group"); got != flows.TextOf(group) {
			t.Errorf("%s has the group %+v", answer, got)
		}
	}
	for answer, want := range map[string]string{"cancer": "the cancer_name", "unsure": "UNSURE", "gone": "gone"} {
		if got := q.Label(both, flows.TextOf(answer)); got != want {
			t.Errorf("%s reads %q", answer, got)
		}
	}
}

// TestSignsChoices: a list of signs has three answers, in any order.
func TestSignsChoices(t *testing.T) {
	for _, ids := range [][]string{{"none", "any"}, {"none", "any", "unsure", "later"}, {"none", "any", "maybe"}} {
		w := &written{values: map[string]any{"choices": ids, "class": "today"}}
		if _ = (signsKind{}).Read(w); len(w.faults) != 1 || !strings.Contains(w.faults[0], "offer none, any and unsure") {
			t.Errorf("%v: %q", ids, w.faults)
		}
	}
}
