package engine_test

import (
	"fmt"
	"slices"
	"testing"
	"time"

	"spasmbot/flows"
	"spasmbot/flows/catalog"
	"spasmbot/flows/lang"
	"spasmbot/flows/transcript"
	"spasmbot/storage/record"
)

// noon is when the tests begin.
var noon = transcript.Noon

func shipped(t testing.TB) *lang.Catalog {
	t.Helper()
	c, err := catalog.Load(catalog.Shipped(), "UTC")
	if err != nil {
		t.Fatal(err)
	}
	return c
}

// person is a player whose every failure ends the test.
type person struct {
	*transcript.Player
	t testing.TB
}

func newPerson(t testing.TB, c *lang.Catalog) *person {
	p := transcript.New(c)
	p.Keep = stored
	return &person{p, t}
}

// stored is a state as a store gives it back.
func stored(s flows.State) (back flows.State, err error) {
	b, err := record.Marshal(&s)
	if err == nil {
		err = record.Unmarshal(b, &back)
	}
	return back, err
}

// encoded is a state as a store keeps it.
func encoded(t testing.TB, s flows.State) []byte {
	t.Helper()
	b, err := record.Marshal(&s)
	if err != nil {
		t.Fatal(err)
	}
	return b
}

func (p *person) must(err error) {
	p.t.Helper()
	if err != nil {
		p.t.Fatal(err)
	}
}

func (p *person) state() flows.State { return p.State() }

func (p *person) store(s flows.State) {
	p.t.Helper()
	p.must(p.SetState(s))
}

// does feeds one event.
func (p *person) does(ev flows.Event) {
	p.t.Helper()
	p.must(p.Do(ev))
}

// waits lets time pass; the timers come due at their times.
func (p *person) waits(d time.Duration, each func()) {
	p.t.Helper()
	p.must(p.Wait(d, each))
}

// sleeps lets time pass while the bot is down: everything comes due at once.
func (p *person) sleeps(d time.Duration) {
	p.t.Helper()
	p.must(p.Down(d))
}

// presses presses a button by its label or its choice, on the newest message
// that has it.
func (p *person) presses(want string) {
	p.t.Helper()
	p.must(p.Press(want))
}

// intake are the answers up to the first round of cold, or to warmth, of a person whose
// pain began at the onset; between them and settled comes the clock.
func intake(onset string) []string {
	return []string{"adult", "none", "lying", "none", "none", onset, "m15", "6"}
}

// clock are the country, one that keeps UTC in winter, and the hours of sleep.
var clock = []string{"ie", "right"}

// settled are the answers from the clock to where a person is at home.
var settled = []string{"lifting", "none"}

// rested are the answers behind half an hour of rest.
var rested = []string{"none", "later"}

// toCare answers the whole intake of a person whose pain has just begun.
func (p *person) toCare() {
	p.t.Helper()
	p.does(flows.Command{Name: "spasm"})
	for _, choice := range slices.Concat(intake("now"), clock, settled) {
		p.presses(choice)
	}
	p.isAtHome()
}

// toRounds goes on from there until all that is called is called: half an hour later,
// behind the first round, the questions that follow the rest are answered.
func (p *person) toRounds() {
	p.t.Helper()
	p.toCare()
	p.waits(30*time.Minute, nil)
	for _, choice := range rested {
		p.presses(choice)
	}
	p.isAtHome()
}

// isAtHome ends the test where the person is not at home in the acute phase.
func (p *person) isAtHome() {
	p.t.Helper()
	if at := p.state().At.Step; at != "care" {
		p.t.Fatalf("the intake ends at %q", at)
	}
}

// tells types an answer.
func (p *person) tells(words string) {
	p.t.Helper()
	p.does(flows.Text{Text: words})
}

func (p *person) String() string {
	s := p.state()
	return fmt.Sprintf("at %s, stack %v, pending %v, open %v", s.At.Step, s.Stack, s.Pending, s.Open)
}
