package report

import (
	"cmp"
	"encoding/json"
	"slices"
	"time"
)

// Person is what the papers of a person tell. What is not known is zero, and is left
// out of them or said to be unknown.
type Person struct {
	// Now is when the papers are made.
	Now time.Time
	// Zone is where the person is; all times are told there. Nil is UTC.
	Zone *time.Location
	// Country, as in ISO 3166 ("US"), decides the size of the paper.
	Country string
	// Dark says that the person's chat is dark, and the chart for it with it.
	Dark bool
	// Keep is how long is kept what is over; 0 is until it is deleted by hand.
	Keep time.Duration
	// Lang is the language of Words, as an IETF tag.
	Lang string
	// Words are what the papers say of themselves; nil is [English].
	Words *Words
	// Version is that of the bot.
	Version string

	// Name is how the person is called. If it is empty, the page leaves a line for it.
	Name string
	// Sleep is when the person sleeps.
	Sleep Sleep
	// Age is how old they are, in words.
	Age string
	// Facts are what lastingly matters, such as "blood thinners". They are nil if nobody
	// has asked, and empty if there are none.
	Facts []string

	Spasm Spasm
	// Earlier spasms, in any order.
	Earlier []Earlier
	// Plan is what lies ahead, for the calendar.
	Plan []Appointment
	// Records are whatever else is kept of the person, each a JSON object as
	// "spasmbot export" prints it.
	Records []json.RawMessage
}

// Sleep is when a person sleeps, as times of the day since midnight. If both are the
// same, nobody knows. Told says that the person has told them; else they are a guess.
type Sleep struct {
	From, To time.Duration
	Told     bool
}

// Span is between two instants: nobody knows when in it.
type Span struct {
	From time.Time `json:"from,omitzero"`
	To   time.Time `json:"to,omitzero"`
}

// Spasm is one spasm, as the person has told of it.
type Spasm struct {
	Onset Span `json:"onset"`
	// Cause is what set it off, and Place where it hurts.
	Cause string `json:"cause,omitzero"`
	Place string `json:"place,omitzero"`
	// Ended is zero while it lasts. Outcome says how it ended.
	Ended   time.Time `json:"ended,omitzero"`
	Outcome string    `json:"outcome,omitzero"`

	// Signs holds every answer about a warning sign, in any order.
	Signs []Sign `json:"signs,omitzero"`
	// Seen tells who has had a look at the person. It is nil if nobody has asked, and empty
	// if nobody has.
	Seen []Seen `json:"seen,omitzero"`
	// Pain is from 0 to 10.
	Pain []Figure `json:"pain,omitzero"`
	// Function is what else was measured again and again, such as minutes of walking.
	Function []Measure `json:"function,omitzero"`
	// Done is what the person has done.
	Done []Deed `json:"done,omitzero"`
	// Exercise says where the person stands in the exercises, a line each.
	Exercise []string `json:"exercise,omitzero"`
	// Timeline is everything that happened, for the tables.
	Timeline []Entry `json:"timeline,omitzero"`
}

// Figure is a number that a person gave.
type Figure struct {
	At    time.Time `json:"at"`
	Value float64   `json:"value"`
}

// Measure is what was measured again and again. Unit is written behind each value.
type Measure struct {
	Name    string   `json:"name"`
	Unit    string   `json:"unit,omitzero"`
	Figures []Figure `json:"figures"`
}

// Answer is what a person said of a warning sign.
type Answer uint8

// The answers.
const (
	No Answer = iota
	Unsure
	Yes
)

// Sign is an answer about a warning sign. Class says how urgent it is, in words.
type Sign struct {
	Text   string    `json:"text"`
	Class  string    `json:"class,omitzero"`
	Answer Answer    `json:"answer"`
	At     time.Time `json:"at"`
}

// Seen tells of a look that somebody had at the person. Found is what they said of it.
type Seen struct {
	By    string    `json:"by"`
	Found string    `json:"found,omitzero"`
	At    time.Time `json:"at"`
}

// Kind is a kind of what people do for their backs.
type Kind uint8

// The kinds, in the order in which the papers name them.
const (
	Cold Kind = iota
	Warmth
	Moves
	Exercise
	Medicine
	kinds int = iota
)

// Deed is something that a person did. Until is zero if it took no time to speak of.
// Note says how it went, or what was taken, in the person's own words.
type Deed struct {
	Kind  Kind      `json:"kind"`
	At    time.Time `json:"at"`
	Until time.Time `json:"until,omitzero"`
	Note  string    `json:"note,omitzero"`
}

// Earlier is a spasm that is over.
type Earlier struct {
	Onset time.Time `json:"onset,omitzero"`
	Cause string    `json:"cause,omitzero"`
}

// Entry is a line of the timeline. Value is nil, a string, a float64, a bool or a
// time.Time.
type Entry struct {
	At     time.Time `json:"at"`
	Kind   string    `json:"kind"`
	What   string    `json:"what,omitzero"`
	Answer string    `json:"answer,omitzero"`
	Value  any       `json:"value,omitzero"`
}

// Appointment is something that lies ahead, once or on days of the week.
type Appointment struct {
	// ID tells it from the person's others, and stays when the calendar is made anew.
	ID          string
	Title, Note string
	// At is when it begins, the first time if it comes again, and Length how long it
	// takes.
	At     time.Time
	Length time.Duration
	// Days are those of the week on which it comes again until Until; empty is once.
	Days  []time.Weekday
	Until time.Time
}

func (p Person) words() *Words {
	if p.Words == nil {
		return English()
	}
	return p.Words
}

// local is an instant by the person's clock.
func (p Person) local(t time.Time) time.Time {
	if p.Zone == nil {
		return t.UTC()
	}
	return t.In(p.Zone)
}

// midnight is when the day of an instant begins, and days later. Where the clock is
// put forward at midnight, the day begins an hour later.
func (p Person) midnight(t time.Time, days int) time.Time {
	t = p.local(t)
	y, m, d := t.Date()
	midnight := time.Date(y, m, d+days, 0, 0, 0, 0, t.Location())
	// Of two midnights time.Date may choose either, and of none the day before.
	if want := time.Date(y, m, d+days, 12, 0, 0, 0, t.Location()).Day(); midnight.Day() != want {
		midnight = midnight.Add(time.Hour)
	}
	return midnight
}

// day counts the days of the spasm from 1, that of the latest onset.
func (p Person) day(t time.Time) int {
	date := func(t time.Time) time.Time {
		y, m, d := p.local(t).Date()
		return time.Date(y, m, d, 0, 0, 0, 0, time.UTC)
	}
	return int(date(t).Sub(date(p.begin()))/(24*time.Hour)) + 1
}

// begin is the first instant that the papers speak of.
func (p Person) begin() time.Time {
	s := p.Spasm
	if !s.Onset.To.IsZero() {
		return s.Onset.To
	}
	first := s.Onset.From
	take := func(t time.Time) {
		if !t.IsZero() && (first.IsZero() || t.Before(first)) {
			first = t
		}
	}
	for _, f := range s.Pain {
		take(f.At)
	}
	for _, d := range s.Done {
		take(d.At)
	}
	if first.IsZero() {
		return p.Now
	}
	return first
}

// end is the last instant that they speak of.
func (p Person) end() time.Time {
	if p.Spasm.Ended.IsZero() || p.Spasm.Ended.After(p.Now) {
		return p.Now
	}
	return p.Spasm.Ended
}

// pain is what was told so far, in order of time.
func (p Person) pain() []Figure {
	known := slices.DeleteFunc(slices.Clone(p.Spasm.Pain), func(f Figure) bool { return f.At.After(p.end()) })
	return ordered(known, func(f Figure) time.Time { return f.At })
}

// done is what was done of a kind, in order of time.
func (p Person) done(k Kind) []Deed {
	var of []Deed
	for _, d := range p.Spasm.Done {
		if d.Kind == k {
			of = append(of, d)
		}
	}
	return ordered(of, func(d Deed) time.Time { return d.At })
}

// ordered is a copy in order of time.
func ordered[T any](list []T, at func(T) time.Time) []T {
	return slices.SortedStableFunc(slices.Values(list), func(a, b T) int { return at(a).Compare(at(b)) })
}

// worst is the figure that is highest, the first of them.
func worst(figures []Figure) Figure {
	return slices.MaxFunc(figures, func(a, b Figure) int { return cmp.Compare(a.Value, b.Value) })
}
