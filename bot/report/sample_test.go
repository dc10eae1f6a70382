package report_test

import (
	"math/rand/v2"
	"testing"
	"time"

	"spasmbot/bot/report"
)

func zone(t testing.TB, name string) *time.Location {
	t.Helper()
	z, err := time.LoadLocation(name)
	if err != nil {
		t.Fatal(err)
	}
	return z
}

// sample is somebody in Athens on the fifth day, some of which has no letters in any
// font of ours.
func sample(t testing.TB) report.Person {
	z := zone(t, "Europe/Athens")
	at := func(day, hour, minute int) time.Time { return time.Date(2026, 10, 22+day, hour, minute, 0, 0, z) }
	p := report.Person{
		Now: at(5, 16, 40), Zone: z, Country: "GR", Lang: "en", Version: "v1.2.3",
		Name:  "Ελένη Παπαδοπούλου",
		Sleep: report.Sleep{From: 22*time.Hour + 30*time.Minute, To: 7 * time.Hour, Told: true},
		Age:   "65 or older",
		Facts: []string{"Blood thinners, clots or a bleeding problem", "Numb skin, poor circulation or diabetes"},
		Spasm: report.Spasm{
			Onset: report.Span{From: at(1, 6, 0), To: at(1, 7, 15)},
			Cause: "Lifting", Place: "Low back, left",
			Seen: []report.Seen{{By: "Physiotherapist", Found: "self-care is fine", At: at(2, 11, 20)}},
			Pain: []report.Figure{
				{At: at(1, 7, 40), Value: 8},
				{At: at(1, 12, 0), Value: 9},
				{At: at(1, 19, 0), Value: 7},
				{At: at(2, 9, 0), Value: 7},
				{At: at(2, 19, 0), Value: 6},
				{At: at(3, 9, 0), Value: 4},
				{At: at(3, 19, 0), Value: 5},
				{At: at(4, 9, 0), Value: 4},
				{At: at(4, 19, 0), Value: 3},
				{At: at(5, 9, 0), Value: 2.5},
			},
			Function: []report.Measure{
				{Name: "Walking", Unit: "min", Figures: []report.Figure{{At: at(1, 19, 0), Value: 2}, {At: at(4, 19, 0), Value: 10}}},
				{Name: "Sitting", Unit: "min", Figures: []report.Figure{{At: at(1, 19, 0), Value: 5}, {At: at(4, 19, 0), Value: 25}}},
			},
			Exercise: []string{"Stage 1 of 4, 5 times each", "Mondays, Wednesdays and Fridays at 18:00"},
		},
		Earlier: []report.Earlier{
			{Onset: time.Date(2026, 3, 2, 8, 0, 0, 0, z), Cause: "Bending"},
			{Onset: time.Date(2026, 9, 14, 8, 0, 0, 0, z), Cause: "Lifting"},
		},
	}
	for day := 1; day <= 3; day++ {
		for _, h := range []int{8, 11, 14, 17, 20} {
			p.Spasm.Done = append(p.Spasm.Done, report.Deed{Kind: report.Cold, At: at(day, h, 5), Until: at(day, h, 20), Note: "Skin fine"})
		}
	}
	p.Spasm.Done[4].Note = "Skin looked wrong"
	for day := 4; day <= 5; day++ {
		for _, h := range []int{10, 15} {
			p.Spasm.Done = append(p.Spasm.Done, report.Deed{Kind: report.Warmth, At: at(day, h, 0), Until: at(day, h, 15), Note: "Skin fine"})
		}
	}
	for day := 2; day <= 5; day++ {
		p.Spasm.Done = append(p.Spasm.Done, report.Deed{Kind: report.Moves, At: at(day, 9, 30)}, report.Deed{Kind: report.Moves, At: at(day, 13, 10)})
	}
	p.Spasm.Done = append(
		p.Spasm.Done,
		report.Deed{Kind: report.Exercise, At: at(5, 11, 0), Until: at(5, 11, 20)},
		report.Deed{Kind: report.Medicine, At: at(1, 9, 12), Note: "two of the white ones from the chemist 💊"},
		report.Deed{Kind: report.Medicine, At: at(2, 21, 0), Note: "=1+1 of the same, Ибупрофен"},
	)
	for _, s := range []string{
		"Numb between the legs", "Cannot pee, or cannot hold it", "Weak or numb in both legs", "A crash, a fall or a blow",
		"Chest pain, hard to breathe, faint", "Fever with shivers", "Tearing pain in the belly", "Pregnant: bleeding or waters",
	} {
		p.Spasm.Signs = append(
			p.Spasm.Signs,
			report.Sign{Text: s, Class: "emergency", At: at(1, 7, 20)},
			report.Sign{Text: s, Class: "emergency", At: at(5, 9, 1)},
		)
	}
	p.Spasm.Signs = append(
		p.Spasm.Signs,
		report.Sign{Text: "Pain down one leg, below the knee", Class: "within days", Answer: report.Yes, At: at(1, 8, 2)},
		report.Sign{Text: "Worse when you cough", Class: "within days", Answer: report.Unsure, At: at(1, 8, 2)},
		report.Sign{Text: "Stiff for long in the morning", Class: "within days", At: at(1, 8, 2)},
	)
	p.Spasm.Timeline = []report.Entry{
		{At: at(1, 7, 20), Kind: "command", What: "/spasm"},
		{At: at(1, 7, 40), Kind: "answer", What: "Pain, 0 to 10", Answer: "8", Value: 8.0},
		{At: at(1, 9, 12), Kind: "answer", What: "Medicine", Value: "two of the white ones, \"strong\"\nfrom the chemist"},
		{At: at(2, 21, 0), Kind: "answer", What: "Medicine", Value: "=1+1 of the same, Ибупрофен"},
		{At: at(2, 21, 1), Kind: "answer", What: "Alcohol", Value: false},
		{At: at(2, 21, 2), Kind: "answer", What: "Temperature", Value: -1.5},
		{At: at(3, 9, 0), Kind: "answer", What: "Since when", Value: at(1, 6, 0)},
	}
	return p
}

// long is a spasm of 30 days with 1,000 entries.
func long(t testing.TB) report.Person {
	p := sample(t)
	start := p.Spasm.Onset.To
	p.Now = start.Add(30*24*time.Hour + 3*time.Hour)
	dice := rand.New(rand.NewPCG(1, 2))
	p.Spasm.Pain, p.Spasm.Done, p.Spasm.Timeline = nil, nil, nil
	for i := range 1000 {
		at := start.Add(time.Duration(i) * 43 * time.Minute)
		p.Spasm.Timeline = append(p.Spasm.Timeline, report.Entry{At: at, Kind: "answer", What: "Pain", Answer: "7", Value: 7.0})
		switch i % 4 {
		case 0:
			v := max(0, 8-float64(i)/160+float64(dice.IntN(3))-1)
			p.Spasm.Pain = append(p.Spasm.Pain, report.Figure{At: at, Value: float64(int(v))})
		case 1:
			k := report.Kind(dice.IntN(5))
			d := report.Deed{Kind: k, At: at, Note: "Skin fine"}
			if k <= report.Warmth {
				d.Until = at.Add(15 * time.Minute)
			}
			p.Spasm.Done = append(p.Spasm.Done, d)
		}
	}
	return p
}
