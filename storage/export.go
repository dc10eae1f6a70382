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
	}
)

// Export writes the episodes, timelines, reminders and sent or waiting messages
// as JSON lines, one record each, times in RFC 3339 UTC. Left out are the timers
// that send nothing, and edits, which make no new message.
func Export(r Reader, w io.Writer) error {
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
	return nil
}

func exportEpisode(e Episode) episodeRecord {
	return episodeRecord{
		Record: "episode", User: e.User, Episode: episodeID(e.User, e.Number), Flow: e.Flow,
		Onset: known(e.Onset), Started: known(e.Started), Ended: known(e.Ended), Outcome: e.Outcome,
	}
}

func exportEntry(e Entry) entryRecord {
	return entryRecord{
		Record: "entry", User: e.User, Episode: episodeID(e.User, e.Episode), Seq: e.Seq, At: known(e.At),
		Kind: e.Kind, Step: e.Step, Choice: e.Choice, Value: e.Value, UpdateID: id(e.UpdateID),
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
		Queued: known(m.Queued), Sent: known(m.Sent), MessageID: id(m.MessageID),
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
