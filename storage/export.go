package storage

import (
	"encoding/json"
	"fmt"
	"io"
	"time"

	"spasmbot/flows"
)

// The records of an export, in the order of their fields. A time that is not
// known is null.
type (
	episodeRecord struct {
		Record  string     `json:"record"`
		User    int64      `json:"user"`
		Episode string     `json:"episode"`
		Flow    string     `json:"flow"`
		Onset   *time.Time `json:"onset"`
		Started *time.Time `json:"started"`
		Ended   *time.Time `json:"ended"`
		Outcome string     `json:"outcome"`
		// Version is the fingerprint of the flows in which it began. Edited is
		// the last entry that is theirs, if others have taken their place.
		Version string  `json:"version"`
		Edited  *uint64 `json:"edited"`
	}
	entryRecord struct {
		Record   string     `json:"record"`
		User     int64      `json:"user"`
		Episode  string     `json:"episode"`
		Seq      uint64     `json:"seq"`
		At       *time.Time `json:"at"`
		Kind     string     `json:"kind"`
		Step     string     `json:"step"`
		Choice   string     `json:"choice"`
		Value    any        `json:"value"`
		UpdateID *int64     `json:"update_id"`
		Signs    int        `json:"signs_version,omitempty"`
	}
	reminderRecord struct {
		Record    string              `json:"record"`
		User      int64               `json:"user"`
		Episode   string              `json:"episode"`
		ID        string              `json:"id"`
		Kind      string              `json:"kind"`
		Due       *time.Time          `json:"due"`
		State     flows.ReminderState `json:"state"`
		Sent      *time.Time          `json:"sent"`
		MessageID *int64              `json:"message_id"`
	}
	messageRecord struct {
		Record    string       `json:"record"`
		User      int64        `json:"user"`
		ID        string       `json:"id"`
		State     MessageState `json:"state"`
		Reminder  string       `json:"reminder"`
		Queued    *time.Time   `json:"queued"`
		Sent      *time.Time   `json:"sent"`
		MessageID *int64       `json:"message_id"`
		// Cause is why it failed.
		Cause string `json:"cause,omitempty"`
	}
	personRecord struct {
		Record string         `json:"record"`
		User   int64          `json:"user"`
		Lang   string         `json:"lang"`
		Zone   string         `json:"zone"`
		Sleep  *Sleep         `json:"sleep"`
		Facts  map[string]any `json:"facts"`
		Past   []pastRecord   `json:"past"`
	}
	pastRecord struct {
		Flow  string     `json:"flow"`
		Onset *time.Time `json:"onset"`
		Mark  string     `json:"mark"`
	}
	clockRecord struct {
		Record  string     `json:"record"`
		Alive   *time.Time `json:"alive"`
		Speed   float64    `json:"speed"`
		SetFrom *time.Time `json:"set_back_from"`
		SetTo   *time.Time `json:"set_back_to"`
	}
)

// Sleep is when a person sleeps: local times of the day such as "22:30".
type Sleep struct {
	From string `json:"from"`
	To   string `json:"to"`
}

// SleepOf tells when a person sleeps, nil if that is not known. It is the flows
// that know which variables say so.
type SleepOf func(s *flows.State) *Sleep

// Export writes the episodes, timelines, reminders, sent or waiting messages and
// people as JSON lines, one record each, times in RFC 3339 UTC, and what is known
// of the clock. Left out are the timers that send nothing, and edits, which make no
// new message.
func Export(r Reader, w io.Writer, sleep SleepOf) error {
	enc := json.NewEncoder(w)
	enc.SetEscapeHTML(false)
	for e, err := range r.Episodes() {
		if err == nil {
			err = enc.Encode(exportEpisode(e))
		}
		if err != nil {
			return fmt.Errorf("export episodes: %w", err)
		}
	}
	for e, err := range r.Entries() {
		if err == nil {
			err = enc.Encode(exportEntry(e))
		}
		if err != nil {
			return fmt.Errorf("export timelines: %w", err)
		}
	}
	for rem, err := range r.Reminders() {
		if err == nil && rem.Phase != flows.PhaseWait {
			err = enc.Encode(exportReminder(rem))
		}
		if err != nil {
			return fmt.Errorf("export reminders: %w", err)
		}
	}
	for m, err := range r.Messages() {
		if err == nil && m.Edit == 0 {
			err = enc.Encode(exportMessage(m))
		}
		if err != nil {
			return fmt.Errorf("export messages: %w", err)
		}
	}
	for s, err := range r.States() {
		if err == nil {
			err = enc.Encode(exportPerson(s, sleep))
		}
		if err != nil {
			return fmt.Errorf("export people: %w", err)
		}
	}
	m, err := r.Marks()
	if err == nil {
		err = enc.Encode(clockRecord{
			Record: "clock", Alive: known(m.Alive), Speed: max(m.Speed, 1), SetFrom: known(m.SetFrom), SetTo: known(m.SetTo),
		})
	}
	if err != nil {
		return fmt.Errorf("export the clock: %w", err)
	}
	return nil
}

// exportPerson takes what is known of a person. The facts are the variables of the
// flows, those that outlive an episode and those of the last one.
func exportPerson(s flows.State, sleep SleepOf) personRecord {
	rec := personRecord{
		Record: "person", User: s.User, Lang: s.Lang, Zone: s.Zone,
		Facts: make(map[string]any, len(s.Vars)), Past: make([]pastRecord, 0, len(s.Past)),
	}
	if sleep != nil {
		rec.Sleep = sleep(&s)
	}
	for _, v := range s.Vars {
		rec.Facts[v.Name] = v.Any()
	}
	for _, p := range s.Past {
		rec.Past = append(rec.Past, pastRecord{p.Flow, known(p.Onset), p.Mark})
	}
	return rec
}

func exportEpisode(e Episode) episodeRecord {
	rec := episodeRecord{
		Record: "episode", User: e.User, Episode: episodeID(e.User, e.Number), Flow: e.Flow,
		Onset: known(e.Onset), Started: known(e.Started), Ended: known(e.Ended), Outcome: e.Outcome,
	}
	if e.Flows != 0 {
		rec.Version = flows.Version(e.Flows)
	}
	if e.Edited != 0 {
		rec.Edited = &e.Edited
	}
	return rec
}

func exportEntry(e Entry) entryRecord {
	return entryRecord{
		Record: "entry", User: e.User, Episode: episodeID(e.User, e.Episode), Seq: e.Seq, At: known(e.At),
		Kind: e.Kind, Step: e.Step, Choice: e.Choice, Value: e.Value, UpdateID: id(e.UpdateID), Signs: e.Signs,
	}
}

func exportReminder(r Reminder) reminderRecord {
	state := r.State
	if state == flows.Fired {
		state = flows.Armed // to the outside, it is due until it is sent
	}
	return reminderRecord{
		Record: "reminder", User: r.User, Episode: episodeID(r.User, r.Episode), ID: reminderID(r.User, r.ID),
		Kind: r.Kind, Due: known(r.Due), State: state, Sent: known(r.Sent), MessageID: id(r.MessageID),
	}
}

func exportMessage(m Message) messageRecord {
	rec := messageRecord{
		// The user of a message in a group is the group: message ids count
		// in each chat anew.
		Record: "message", User: m.Chat, ID: fmt.Sprintf("%d-m%d", m.User, m.Number), State: m.State,
		Queued: known(m.Queued), Sent: known(m.Sent), MessageID: id(m.MessageID), Cause: m.Cause,
	}
	if m.Reminder != 0 {
		rec.Reminder = reminderID(m.User, m.Reminder)
	}
	return rec
}

func episodeID(user int64, number uint64) string { return fmt.Sprintf("%d-e%d", user, number) }
func reminderID(user int64, id uint64) string    { return fmt.Sprintf("%d-r%d", user, id) }

func known(t time.Time) *time.Time {
	if t.IsZero() {
		return nil
	}
	t = t.UTC()
	return &t
}

func id(n int64) *int64 {
	if n == 0 {
		return nil
	}
	return &n
}
