package measure

import (
	"cmp"
	_ "embed"
	"errors"
	"fmt"
	"regexp"
	"slices"
	"strings"
	"time"

	"github.com/goccy/go-yaml"

	"spasmbot/flows/lang"
)

//go:embed shipped/people.yaml
var shippedPeople []byte

// ShippedPeople are those who come with the program, for its own flows.
func ShippedPeople() People {
	people, err := ReadPeople(shippedPeople)
	if err != nil {
		panic(err) // the file is a part of the program: a test reads it
	}
	return people
}

// People are scripts, and what they share.
type People struct {
	// Apart are the rounds and reminders that have no place in a time in which a
	// pack is on.
	Apart []string `yaml:"apart"`
	// Answers and Otherwise stand behind each person's own.
	Answers   map[string]Presses `yaml:"answers"`
	Otherwise []string           `yaml:"otherwise"`
	// Avoids are choices that nobody here takes: a question that offers nothing else is
	// left standing.
	Avoids []string `yaml:"avoids"`
	People []Person `yaml:"people"`
}

// Person is a script of what somebody does.
type Person struct {
	Name  string `yaml:"person"`
	About string `yaml:"about"`
	// Zone is where the person is, which the bot does not know. Begins is when they
	// write for the first time there, on Monday, 2 March 2026: "08:00".
	Zone   string `yaml:"zone"`
	Begins string `yaml:"begins"`
	// Days is how many days are counted, from the day of the first message, or from
	// the moment that lies CountsAfter behind it.
	Days        int    `yaml:"days"`
	CountsAfter string `yaml:"counts_after"`
	// Sends is what the person writes by themselves.
	Sends []Send `yaml:"sends"`
	// Reads is how long they take for each answer.
	Reads string `yaml:"reads"`
	// Hours are when they look at their phone, "08:00-22:00", or "never"; in the time
	// AtFirst behind each of their own messages, they look at any hour.
	Hours   string `yaml:"hours"`
	AtFirst string `yaml:"at_first"`
	// Answers holds choices by step. Otherwise lists choices that are taken where
	// they are offered, the first of them first. Leaves lists steps that are not
	// answered.
	Answers   map[string]Presses `yaml:"answers"`
	Otherwise []string           `yaml:"otherwise"`
	Leaves    []string           `yaml:"leaves"`
	// Reminders says what is pressed on a reminder, by its kind; Reminded is for all
	// others. Leave is no press.
	Reminders map[string]string `yaml:"reminders"`
	Reminded  string            `yaml:"reminded"`
	// Marks are moments up to which presses and words are counted.
	Marks []Mark `yaml:"marks"`

	plan schedule
}

// Leave is a reminder that is not answered.
const Leave = "leave"

// Presses are the choices that answer one question, one behind the other: several
// for a question of several ticks.
type Presses []string

// UnmarshalYAML reads one choice, or a list of them.
func (p *Presses) UnmarshalYAML(src []byte) error {
	var list []string
	if err := yaml.Unmarshal(src, &list); err == nil {
		*p = list
		return nil
	}
	var one string
	if err := yaml.Unmarshal(src, &one); err != nil {
		return err
	}
	*p = Presses{one}
	return nil
}

// Send is a message that a person writes by themselves.
type Send struct {
	// After is how long behind the first one.
	After string `yaml:"after"`
	Text  string `yaml:"text"`
}

// Mark is a moment: the first at which one of these happens.
type Mark struct {
	Name string `yaml:"mark"`
	// Shows is a step, or a picture or animation, that the person sees.
	Shows string `yaml:"shows"`
	// Reminds is the kind of a reminder that comes.
	Reminds string `yaml:"reminds"`
	// Answers is an answer that the person gives: "step", or "step.choice". What they
	// read then is not counted any more.
	Answers string `yaml:"answers"`
}

// schedule is what the times of a script say.
type schedule struct {
	begin, count  time.Time
	zone          *time.Location
	reads, first  time.Duration
	never         bool
	from, to      time.Duration // since midnight
	sends         []time.Duration
	apart, avoids []string
	sharedAnswers map[string]Presses
}

// Day is that on which every script begins.
const day = "2026-03-02"

// ReadPeople reads scripts. The error names every mistake.
func ReadPeople(src []byte) (People, error) {
	var p People
	if err := yaml.UnmarshalWithOptions(src, &p, yaml.Strict()); err != nil {
		return People{}, fmt.Errorf("the people cannot be read: %s", strings.TrimSpace(err.Error()))
	}
	var faults []error
	if len(p.People) == 0 {
		faults = append(faults, errors.New("there is nobody: write a list behind \"people:\""))
	}
	names := make(map[string]bool)
	for i := range p.People {
		one := &p.People[i]
		if one.Name == "" || names[one.Name] {
			faults = append(faults, fmt.Errorf("person %d has the name %q: give each a name of their own", i+1, one.Name))
		}
		names[one.Name] = true
		one.Otherwise = append(one.Otherwise, p.Otherwise...)
		one.plan.apart, one.plan.avoids, one.plan.sharedAnswers = p.Apart, p.Avoids, p.Answers
		for _, err := range one.prepare() {
			faults = append(faults, fmt.Errorf("person %s: %w", one.Name, err))
		}
	}
	return p, errors.Join(faults...)
}

// prepare reads the times of a script.
func (p *Person) prepare() (faults []error) {
	fault := func(err error) {
		if err != nil {
			faults = append(faults, err)
		}
	}
	duration := func(key, value string) time.Duration {
		if value == "" {
			return 0
		}
		d, err := lang.ParseDuration(value)
		if err != nil || d < 0 {
			fault(fmt.Errorf("%s: %q is no length of time: write such as 20s, 2h or 3d", key, value))
		}
		return d
	}
	s := &p.plan
	s.reads = max(duration("reads", cmp.Or(p.Reads, "20s")), time.Second)
	s.first = duration("at_first", p.AtFirst)
	fault(s.at(cmp.Or(p.Zone, "UTC"), cmp.Or(p.Begins, "12:00")))
	s.count = s.begin.Add(duration("counts_after", p.CountsAfter))
	fault(s.hours(cmp.Or(p.Hours, "00:00-24:00")))
	if p.Days < 1 || p.Days > 400 {
		fault(fmt.Errorf("days: %d: give from 1 to 400", p.Days))
	}
	if len(p.Sends) == 0 {
		fault(errors.New("sends: nothing: write what begins the conversation, such as {text: /spasm}"))
	}
	for _, send := range p.Sends {
		if send.Text == "" {
			fault(errors.New("sends: a message has no text"))
		}
		s.sends = append(s.sends, duration("after", send.After))
	}
	if !slices.IsSorted(s.sends) {
		fault(errors.New("sends: the messages are not in the order of their times"))
	}
	for i, m := range p.Marks {
		named := func(other Mark) bool { return other.Name == m.Name }
		if m.Name == "" || slices.ContainsFunc(p.Marks[:i], named) {
			fault(fmt.Errorf("mark %d has the name %q: give each a name of its own", i+1, m.Name))
		}
		if m.Shows+m.Reminds+m.Answers == "" {
			fault(fmt.Errorf("mark %s: it says nothing: write shows, reminds or answers", m.Name))
		}
	}
	return faults
}

func (s *schedule) at(zone, hour string) error {
	loc, err := time.LoadLocation(zone)
	if err != nil || zone == "Local" { // which is another on every machine
		return fmt.Errorf("zone: %q: use an IANA name such as Europe/Berlin", zone)
	}
	begin, err := time.ParseInLocation("2006-01-02 15:04", day+" "+hour, loc)
	if err != nil {
		return fmt.Errorf("begins: %q is no hour: write such as 08:00", hour)
	}
	s.zone, s.begin = loc, begin
	return nil
}

var hoursForm = regexp.MustCompile(`^([01]\d|2[0-4]):([0-5]\d)-([01]\d|2[0-4]):([0-5]\d)$`)

func (s *schedule) hours(src string) error {
	if src == "never" {
		s.never = true
		return nil
	}
	m := hoursForm.FindStringSubmatch(src)
	if m == nil {
		return fmt.Errorf("hours: %q: write such as 08:00-22:00, or never", src)
	}
	s.from, s.to = clock(m[1], m[2]), clock(m[3], m[4])
	if s.from >= s.to || s.to > 24*time.Hour {
		return fmt.Errorf("hours: %q: the end is to be behind the beginning, on the same day", src)
	}
	return nil
}

func clock(hours, minutes string) time.Duration {
	d, err := time.ParseDuration(hours + "h" + minutes + "m")
	if err != nil {
		panic(err) // the form has been looked at
	}
	return d
}

// looks is the first moment from an instant on at which the person looks at their
// phone; ok is false if that is never.
func (p *Person) looks(at time.Time) (time.Time, bool) {
	s := &p.plan
	for _, send := range s.sends {
		if sent := s.begin.Add(send); s.first > 0 && !at.Before(sent) && at.Before(sent.Add(s.first)) {
			return at, true
		}
	}
	if s.never {
		return time.Time{}, false
	}
	for days := range 2 {
		y, m, d := at.In(s.zone).Date()
		midnight := time.Date(y, m, d+days, 0, 0, 0, 0, s.zone)
		from, to := midnight.Add(s.from), midnight.Add(s.to)
		switch {
		case at.Before(from):
			return from, true
		case at.Before(to):
			return at, true
		}
	}
	return time.Time{}, false // not reached: tomorrow's hours are ahead
}

// reminded is what the person presses on a reminder of a kind.
func (p *Person) reminded(kind string) string {
	return cmp.Or(p.Reminders[kind], p.Reminded, Leave)
}

// answersTo is what the person has in mind for a step.
func (p *Person) answersTo(step string) Presses {
	if own, ok := p.Answers[step]; ok {
		return own
	}
	return p.plan.sharedAnswers[step]
}
