package trace

import (
	"bufio"
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"slices"
	"strconv"
	"strings"
	"time"

	"spasmbot/flows"
)

// Export is what a judgement takes from an export.
type Export struct {
	people []*person
	byUser map[int64]*person
	// alive is when the bot was last known to work, and speed how fast its clock
	// ran. That was last put back from one instant to another.
	alive, from, to time.Time
	speed           float64
}

// person is one of those in an export.
type person struct {
	user       int64
	lang, zone string
	facts      map[string]any
	past       []flows.Past
	timelines  []*timeline
}

// timeline is an episode with its entries.
type timeline struct {
	name    string
	number  uint64
	row     *line // what the export says of the episode
	entries []entry
}

// entry is a line of a timeline. Value is as the export spells it.
type entry struct {
	flows.Entry
	value string
}

// line is a record of an export, of any kind.
type line struct {
	Record   string          `json:"record"`
	User     int64           `json:"user"`
	Episode  string          `json:"episode"`
	Flow     string          `json:"flow"`
	Onset    time.Time       `json:"onset"`
	Started  time.Time       `json:"started"`
	Ended    time.Time       `json:"ended"`
	Outcome  string          `json:"outcome"`
	Version  string          `json:"version"`
	Edited   uint64          `json:"edited"`
	Seq      uint64          `json:"seq"`
	At       time.Time       `json:"at"`
	Kind     string          `json:"kind"`
	Step     string          `json:"step"`
	Choice   string          `json:"choice"`
	Value    json.RawMessage `json:"value"`
	UpdateID int64           `json:"update_id"`
	Signs    int             `json:"signs_version"`
	Lang     string          `json:"lang"`
	Zone     string          `json:"zone"`
	Facts    map[string]any  `json:"facts"`
	Past     []struct {
		Flow  string    `json:"flow"`
		Onset time.Time `json:"onset"`
		Mark  string    `json:"mark"`
	} `json:"past"`
	Alive   time.Time `json:"alive"`
	Speed   float64   `json:"speed"`
	SetFrom time.Time `json:"set_back_from"`
	SetTo   time.Time `json:"set_back_to"`
}

// Read reads the lines of an export, in any order. Records that say nothing of a
// timeline are passed over.
func Read(r io.Reader) (*Export, error) {
	e := &Export{byUser: make(map[int64]*person), speed: 1}
	in := bufio.NewReader(r)
	for n := 1; ; n++ {
		text, err := in.ReadBytes('\n')
		if err != nil && !errors.Is(err, io.EOF) {
			return nil, fmt.Errorf("read the export: %w", err)
		}
		if len(bytes.TrimSpace(text)) > 0 {
			if err := e.take(text); err != nil {
				return nil, fmt.Errorf("line %d of the export: %w: give what spasmbot export has printed", n, err)
			}
		}
		if err != nil {
			break
		}
	}
	for _, p := range e.people {
		slices.SortStableFunc(p.timelines, func(a, b *timeline) int { return int(a.number) - int(b.number) })
	}
	return e, nil
}

// take takes one line.
func (e *Export) take(text []byte) error {
	var l line
	if err := json.Unmarshal(text, &l); err != nil {
		return fmt.Errorf("no record: %w", err)
	}
	switch l.Record {
	case "":
		return errors.New(`no record: it lacks the field "record"`)
	case "person":
		e.person(l.User).know(&l)
	case "clock":
		e.alive, e.from, e.to, e.speed = l.Alive, l.SetFrom, l.SetTo, max(e.speed, l.Speed)
	case "episode", "entry":
		number, err := numberOf(l.User, l.Episode)
		if err != nil {
			return err
		}
		e.person(l.User).timeline(l.Episode, number).take(&l)
	}
	return nil
}

// numberOf is the number of an episode in its name, such as 2 in "7-e2".
func numberOf(user int64, name string) (uint64, error) {
	if digits, ok := strings.CutPrefix(name, strconv.FormatInt(user, 10)+"-e"); ok {
		if n, err := strconv.ParseUint(digits, 10, 32); err == nil && n > 0 {
			return n, nil
		}
	}
	return 0, fmt.Errorf("%q is no episode of person %d", name, user)
}

func (e *Export) person(user int64) *person {
	p := e.byUser[user]
	if p == nil {
		p = &person{user: user}
		e.byUser[user], e.people = p, append(e.people, p)
	}
	return p
}

func (p *person) know(l *line) {
	p.lang, p.zone, p.facts = l.Lang, l.Zone, l.Facts
	for _, past := range l.Past {
		p.past = append(p.past, flows.Past{Flow: past.Flow, Onset: past.Onset, Mark: past.Mark})
	}
}

func (p *person) timeline(name string, number uint64) *timeline {
	for _, t := range slices.Backward(p.timelines) {
		if t.number == number {
			return t
		}
	}
	t := &timeline{name: name, number: number}
	p.timelines = append(p.timelines, t)
	return t
}

func (t *timeline) take(l *line) {
	if l.Record == "episode" {
		t.row = l
		return
	}
	t.entries = append(t.entries, entry{
		Entry: flows.Entry{
			Seq: l.Seq, Episode: t.number, At: l.At.UTC(), Kind: l.Kind, Step: l.Step, Choice: l.Choice, UpdateID: l.UpdateID, Signs: l.Signs,
		},
		value: spelling(l.Value),
	})
}

// spelling is a value as JSON spells it in one way only, "" for none.
func spelling(raw json.RawMessage) string {
	var v any
	if err := json.Unmarshal(raw, &v); err != nil || v == nil {
		return ""
	}
	return spelled(v)
}

// spelled is the same of a value of an entry.
func spelled(v any) string {
	if v == nil {
		return ""
	}
	b, err := json.Marshal(v)
	if err != nil {
		return ""
	}
	return string(b)
}
