package engine_test

import (
	"slices"
	"strings"
	"testing"
	"time"

	"spasmbot/flows"
	"spasmbot/flows/places"
)

// travels tells another country under /help, and where it has several clocks the
// last of its cities.
func (p *person) travels(code string) {
	p.t.Helper()
	p.does(flows.Command{Name: "me"})
	p.presses("place")
	p.tells(places.CountryName(code, "en"))
	if p.state().At.Step == "number_known" {
		p.presses("unknown")
	}
	if cities := places.Cities(code, p.Now); len(cities) > 1 {
		p.presses(cities[len(cities)-1].ID)
	}
}

// TestNoPlaceBringsAnythingNearer: wherever a person travels to, no round begins
// within its gap and nothing that comes again and again within its own.
func TestNoPlaceBringsAnythingNearer(t *testing.T) {
	p := newPerson(t, shipped(t))
	p.toRounds()
	p.waits(3*time.Hour, p.answersEverything)
	home, least := p.state(), make(map[string]time.Time)
	for _, tr := range home.Tracks {
		switch {
		case tr.Name == "cold" && !tr.Off.IsZero():
			least[tr.Name] = tr.Off.Add(2 * time.Hour)
		case tr.Name == "water" || tr.Name == "move":
			least[tr.Name] = tr.Last.Add(2 * time.Hour)
		}
	}
	if len(least) != 3 {
		t.Fatalf("only %v have begun", least)
	}
	zones, chat := make(map[string]bool), slices.Clone(p.Chat)
	for _, code := range places.Countries() {
		p.store(home)
		p.Chat = slices.Clone(chat)
		p.travels(code)
		s := p.state()
		if got, _ := places.CityOf(s.Zone, code); got.Zone != s.Zone || s.Zone == "" {
			t.Errorf("in %s the zone is %q", code, s.Zone)
		}
		zones[s.Zone] = true
		armed := 0
		for _, r := range s.Pending {
			if due, ok := least[r.Track]; ok && r.Starts() {
				armed++
				if r.Due.Before(due) {
					t.Errorf("in %s %s comes at %v, before %v", code, r.Kind, r.Due, due)
				}
			}
		}
		if armed != len(least) {
			t.Errorf("in %s %d of %d are armed", code, armed, len(least))
		}
	}
	if len(zones) < 200 {
		t.Errorf("only %d zones were travelled to", len(zones))
	}
}

// TestOffsetOfAnEarlierEdition: whoever told an hour, and no country, to an earlier
// edition is reminded by that offset until the next evening look asks for the
// country. What they answered to the earlier question of that name is none.
func TestOffsetOfAnEarlierEdition(t *testing.T) {
	p := newPerson(t, shipped(t))
	p.toRounds()
	s := p.state()
	s.Zone = "Etc/GMT-2"
	s.Vars = slices.DeleteFunc(s.Vars, func(v flows.Var) bool { return strings.HasPrefix(v.Name, "in_c") })
	s.SetVar("country", flows.TextOf("eu"))
	s.SetVar("number_asked", flows.BoolOf(true))
	p.store(s)
	p.waits(20*time.Hour, nil) // what is armed already keeps its time
	asked := time.Time{}
	p.waits(28*time.Hour, func() {
		if p.state().At.Step == "in_country" && asked.IsZero() {
			asked = p.Now
			p.presses("de")
			p.presses("right")
		}
		p.answersEverything()
	})
	if asked.IsZero() {
		t.Fatal("nobody asked for the country")
	}
	// 19:00 two hours ahead of UTC, or behind a round; the flows of today begin in winter.
	if at := asked.Format("15:04"); at < "17:00" || at > "18:30" {
		t.Errorf("the evening look asked at %s in UTC", at)
	}
	if zone := p.state().Zone; zone != "Europe/Berlin" {
		t.Errorf("the zone is %q", zone)
	}
	looks := p.fired("check-in")
	if last := looks[len(looks)-1]; !last.Due.After(asked) || last.Due.Format("15:04") < "08:00" || last.Due.Hour() > 9 {
		t.Errorf("the look of the next morning came at %v", last.Due)
	}
}

// TestOffsetInThePlan: whoever exercises by an offset of an earlier edition is asked for
// their country behind the next session, and from then on is reminded at the hour
// that they chose by their own clock.
func TestOffsetInThePlan(t *testing.T) {
	p := newPerson(t, shipped(t))
	p.does(flows.Command{Name: "exercise"})
	for _, choice := range []string{"adult", "exercises", "none", "none", "none", "2", "can", "can", "none", "daily", "ie", "right", "10"} {
		p.presses(choice)
	}
	s := p.state()
	s.Zone = "Etc/GMT+3"
	s.Vars = slices.DeleteFunc(s.Vars, func(v flows.Var) bool { return v.Name == "in_country" || v.Name == "clock_told" })
	p.store(s)
	asked := 0
	p.presses("session")
	for range 20 {
		switch p.state().At.Step {
		case "in_country":
			asked++
			p.tells("Germany")
		case "clock_right":
			p.presses("right")
		case "home":
		default:
			p.presses("done")
		}
	}
	if asked != 1 || p.state().Zone != "Europe/Berlin" {
		t.Fatalf("asked %d times, in %q, at %s", asked, p.state().Zone, p.state().At.Step)
	}
	if got := p.armed("exercise"); !slices.Equal(got, []string{"Tue 09:00"}) { // ten in Berlin
		t.Errorf("the next exercises come at %v", got)
	}
}

// TestPlaceIsKept: the country and the city last from one spasm to the next, and
// are not asked twice. Who says that the clock is wrong tells both anew.
func TestPlaceIsKept(t *testing.T) {
	p := newPerson(t, shipped(t))
	p.does(flows.Command{Name: "spasm"})
	for _, choice := range slices.Concat(intake("now"), []string{"us"}) {
		p.presses(choice)
	}
	if zone := p.state().Zone; zone != "" {
		t.Errorf("before the city is told the zone is %q", zone)
	}
	p.presses("chicago")
	p.presses("wrong")
	if s := p.state(); s.At.Step != "in_country" || s.Var("in_city").Str != "" {
		t.Fatalf("where the clock is wrong the person is at %s, in the city %v", s.At.Step, s.Var("in_city"))
	}
	p.presses("us")
	p.presses("chicago")
	for _, choice := range slices.Concat([]string{"right"}, settled) {
		p.presses(choice)
	}
	p.does(flows.Command{Name: "stop"})
	p.waits(48*time.Hour, nil)
	p.does(flows.Command{Name: "spasm"})
	for _, choice := range intake("now")[1:] {
		p.presses(choice)
	}
	if at, zone := p.state().At.Step, p.state().Zone; at != "trigger" || zone != "America/Chicago" {
		t.Fatalf("the second time the person is at %s, in %q", at, zone)
	}
	p.travels("JP")
	if zone := p.state().Zone; zone != "Asia/Tokyo" || !strings.Contains(p.last(), p.Now.Add(9*time.Hour).Format("Monday 15:04")) {
		t.Errorf("in Japan the person is in %s, and the clock is told as %q", zone, p.last())
	}
	p.does(flows.Command{Name: "me"})
	p.presses("place")
	p.presses("us")
	if zone := p.state().Zone; zone != "Asia/Tokyo" {
		t.Errorf("before the next city is told the zone is %q", zone)
	}
	if p.presses("honolulu"); p.state().Zone != "Pacific/Honolulu" {
		t.Errorf("on Hawaii the zone is %q", p.state().Zone)
	}
	// A city belongs to its country.
	p.travels("GB")
	if s := p.state(); s.Var("in_city").Str != "" {
		t.Errorf("in Britain the city is %v", s.Var("in_city"))
	}
}

// TestQuestionsOfAnEarlierEdition: whoever stands at a question about the clock or
// the number that is gone is asked for their country, or shown what is known of them.
func TestQuestionsOfAnEarlierEdition(t *testing.T) {
	for at, want := range map[flows.Place]string{
		{Flow: "clock", Step: "hour"}: "in_country", {Flow: "clock", Step: "sleep"}: "in_country", {Flow: "number", Step: "country"}: "in_country",
		{Flow: "help", Step: "help_clock"}: "me_what",
	} {
		p := newPerson(t, shipped(t))
		p.does(flows.Command{Name: "spasm"})
		for _, choice := range intake("now") {
			p.presses(choice)
		}
		s := p.state()
		s.At.Flow, s.At.Step, s.At.Version, s.At.Hash, s.At.Question = at.Flow, at.Step, 1, 1, 1
		p.store(s)
		p.tells("7")
		if got := p.state().At.Step; got != want {
			t.Errorf("from %s they go to %q", at.Step, got)
		}
	}
}
