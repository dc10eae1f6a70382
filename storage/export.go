package storage

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"iter"
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
		// TakenBack says that the answer counts no longer: see [flows.Counting].
		TakenBack bool `json:"taken_back,omitempty"`
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
		// First is when it was to come, and Moved what has moved it from there.
		First *time.Time `json:"first,omitempty"`
		Moved flows.Move `json:"moved,omitempty"`
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
		// Text and Buttons are of those that wait, and of dead letters: of no others
		// the words are kept.
		Text    string   `json:"text,omitempty"`
		Buttons []string `json:"buttons,omitempty"`
	}
	personRecord struct {
		Record string         `json:"record"`
		User   int64          `json:"user"`
		Lang   string         `json:"lang"`
		Zone   string         `json:"zone"`
		Sleep  *Sleep         `json:"sleep"`
		Facts  map[string]any `json:"facts"`
		Past   []pastRecord   `json:"past"`
		// State is all that is kept of where the person stands, by the program's own
		// names, without what is empty.
		State any `json:"state"`
	}
	quarantinedRecord struct {
		Record   string     `json:"record"`
		UpdateID int64      `json:"update_id"`
		At       *time.Time `json:"at"`
		Cause    string     `json:"cause"`
		Raw      string     `json:"raw"`
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

// Export writes everything that is kept of people as JSON lines, one record each,
// times in RFC 3339 UTC: the episodes, timelines, reminders, sent or waiting messages,
// people, updates in quarantine, and what is known of the clock. Timers that send
// nothing are no reminders but records of their own, and so are edits, which make no
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
	for list, err := range timelines(r.Entries()) {
		if err == nil {
			err = exportTimeline(enc, list)
		}
		if err != nil {
			return fmt.Errorf("export timelines: %w", err)
		}
	}
	for rem, err := range r.Reminders() {
		if err == nil {
			err = enc.Encode(exportReminder(rem))
		}
		if err != nil {
			return fmt.Errorf("export reminders: %w", err)
		}
	}
	for m, err := range r.Messages() {
		if err == nil {
			err = enc.Encode(exportMessage(m))
		}
		if err != nil {
			return fmt.Errorf("export messages: %w", err)
		}
	}
	for s, err := range r.States() {
		var rec personRecord
		if err == nil {
			rec, err = exportPerson(s, sleep)
		}
		if err == nil {
			err = enc.Encode(rec)
		}
		if err != nil {
			return fmt.Errorf("export people: %w", err)
		}
	}
	for q, err := range r.Quarantined() {
		if err == nil {
			err = enc.Encode(quarantinedRecord{"quarantined", q.UpdateID, known(q.At), q.Cause, string(q.Raw)})
		}
		if err != nil {
			return fmt.Errorf("export the quarantine: %w", err)
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
func exportPerson(s flows.State, sleep SleepOf) (personRecord, error) {
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
	var err error
	rec.State, err = plain(s)
	return rec, err
}

// plain takes a value apart, as JSON has it, and leaves out what is empty: no field of
// it can be forgotten.
func plain(v any) (any, error) {
	text, err := json.Marshal(v)
	if err != nil {
		return nil, err
	}
	dec := json.NewDecoder(bytes.NewReader(text))
	dec.UseNumber() // a fingerprint is longer than a float64
	var all any
	err = dec.Decode(&all)
	return withoutEmpty(all), err
}

func withoutEmpty(v any) any {
	switch v := v.(type) {
	case map[string]any:
		for key, one := range v {
			if v[key] = withoutEmpty(one); v[key] == nil {
				delete(v, key)
			}
		}
		if len(v) == 0 {
			return nil
		}
	case []any:
		if len(v) == 0 {
			return nil
		}
		for i := range v {
			v[i] = withoutEmpty(v[i])
		}
	case json.Number:
		if v == "0" {
			return nil
		}
	case string:
		if v == "" || v == "0001-01-01T00:00:00Z" {
			return nil
		}
	case bool:
		if !v {
			return nil
		}
	}
	return v
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

// timelines are the entries of each episode.
func timelines(all iter.Seq2[Entry, error]) iter.Seq2[[]Entry, error] {
	return func(yield func([]Entry, error) bool) {
		var list []Entry
		for e, err := range all {
			if err != nil {
				yield(nil, err)
				return
			}
			if len(list) > 0 && (list[0].User != e.User || list[0].Episode != e.Episode) {
				if !yield(list, nil) {
					return
				}
				list = list[:0]
			}
			list = append(list, e)
		}
		if len(list) > 0 {
			yield(list, nil)
		}
	}
}

// exportTimeline writes the entries of an episode. An answer that was taken back is only
// known by what has come after it.
func exportTimeline(enc *json.Encoder, list []Entry) error {
	entries := make([]flows.Entry, len(list))
	for i, e := range list {
		entries[i] = e.Entry
	}
	counting := flows.Counting(entries)
	for _, e := range list {
		rec := exportEntry(e)
		rec.TakenBack = len(counting) == 0 || counting[0].Seq != e.Seq
		if !rec.TakenBack {
			counting = counting[1:]
		}
		if err := enc.Encode(rec); err != nil {
			return err
		}
	}
	return nil
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
	record := "reminder"
	if !r.Phase.Shown() {
		record = "timer"
	}
	return reminderRecord{
		Record: record, User: r.User, Episode: episodeID(r.User, r.Episode), ID: reminderID(r.User, r.ID),
		Kind: r.Kind, Due: known(r.Due), State: state, Sent: known(r.Sent), MessageID: id(r.MessageID), First: known(r.First), Moved: r.Moved,
	}
}

func exportMessage(m Message) messageRecord {
	rec := messageRecord{
		// The user of a message in a group is the group: message ids count
		// in each chat anew.
		Record: "message", User: m.Chat, ID: fmt.Sprintf("%d-m%d", m.User, m.Number), State: m.State,
		Queued: known(m.Queued), Sent: known(m.Sent), MessageID: id(m.MessageID), Cause: m.Cause,
	}
	if m.Edit != 0 {
		rec.Record = "edit"
	}
	rec.Text = m.Text
	for _, row := range m.Keyboard {
		for _, key := range row {
			rec.Buttons = append(rec.Buttons, key.Label)
		}
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
