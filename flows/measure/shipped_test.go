package measure

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"spasmbot/flows/catalog"
	"spasmbot/flows/lang"
)

func shipped(t *testing.T) *lang.Catalog {
	t.Helper()
	c, err := catalog.Load(catalog.Shipped(), "UTC")
	if err != nil {
		t.Fatal(err)
	}
	return c
}

// TestShipped: the people of the program can be played with its flows, come to each
// of their marks, and stay within the budgets; each bound is one that there is a way
// to go from, or has no more to reach.
func TestShipped(t *testing.T) {
	reports, err := Measure(shipped(t), ShippedPeople())
	if err != nil {
		t.Fatal(err)
	}
	held, err := ShippedBudgets().Hold(reports)
	if err != nil {
		t.Fatal(err)
	}
	for _, h := range held {
		if h.Over() {
			t.Errorf("%s: %d %s, at most %d", h.Row, h.Measured, h.Figure, h.Now)
		}
		if h.ToReach != nil && *h.ToReach >= h.Now {
			t.Errorf("%s: %s is to come from %d to %d: what is reached has nothing to reach", h.Row, h.Figure, h.Now, *h.ToReach)
		}
	}
	for _, r := range reports {
		for _, m := range r.Marks {
			if m.Figures == nil {
				t.Errorf("%s never comes to %s", r.Person, m.Mark)
			}
		}
	}
}

// TestTheSameAgain: the same script gives the same figures, and the same faults, whoever
// it is of.
func TestTheSameAgain(t *testing.T) {
	c := shipped(t)
	base := ShippedPeople()
	rapid.Check(t, func(t *rapid.T) {
		p := rapid.SampledFrom(base.People).Draw(t, "person")
		p.Days = rapid.IntRange(1, 5).Draw(t, "days")
		p.Reads = fmt.Sprintf("%ds", rapid.IntRange(1, 900).Draw(t, "reads"))
		p.Begins = fmt.Sprintf("%02d:30", rapid.IntRange(0, 23).Draw(t, "begins"))
		p.Zone = rapid.SampledFrom([]string{"UTC", "America/New_York", "Asia/Kathmandu", "Pacific/Auckland"}).Draw(t, "zone")
		p.Reminded = rapid.SampledFrom([]string{"done", "skip", "worse", Leave}).Draw(t, "reminded")
		p.Otherwise = rapid.Permutation(base.Otherwise).Draw(t, "otherwise")
		life := func() string {
			people := People{Apart: base.Apart, Answers: base.Answers, Avoids: base.Avoids}
			one := p
			one.plan = schedule{apart: base.Apart, avoids: base.Avoids, sharedAnswers: base.Answers}
			if faults := one.prepare(); len(faults) > 0 {
				t.Fatal(faults)
			}
			people.People = []Person{one}
			reports, err := Measure(c, people)
			for _, r := range reports {
				if sum := total(r); sum[Screens]+sum[Typed] == 0 || sum[Screens] > sum[Rings]+sum[Silent]+sum[Edits] || sum[Invitations]+sum[Crowded] > 2*sum[Rings] {
					t.Fatalf("these figures do not go together: %v", sum)
				}
			}
			out, jsonErr := json.Marshal(reports)
			if jsonErr != nil {
				t.Fatal(jsonErr)
			}
			var table strings.Builder
			if err := WriteTable(&table, reports, nil); err != nil {
				t.Fatal(err)
			}
			return fmt.Sprint(string(out), err, table.String())
		}
		if first, second := life(), life(); first != second {
			t.Errorf("first\n%s\nthen\n%s", first, second)
		}
	})
}

// total sums up the days.
func total(r Report) Figures {
	sum := none()
	for _, day := range r.Days {
		for f, n := range day {
			sum[f] += n
		}
	}
	return sum
}
