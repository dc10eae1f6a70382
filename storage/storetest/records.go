package storetest

import (
	"errors"
	"fmt"
	"math"
	"time"

	"spasmbot/flows"
	"spasmbot/storage"
)

type difference struct {
	what      string
	got, want any
}

func (d *difference) Error() string {
	return fmt.Sprintf("%s:\n got %+v\nwant %+v", d.what, d.got, d.want)
}

// fullState has every field set.
func fullState(user int64) flows.State {
	return flows.State{
		User: user, Lang: "de", Zone: "Europe/Vienna", Inactive: true,
		Entries: 7, Messages: 1<<64 - 1, Reminders: 9,
		Episode:  fullEpisode(user, 2).Episode,
		At:       flows.Place{Flow: "spasm", Version: 3, Step: "onset", Hash: 1<<64 - 1, Question: 1<<64 - 2},
		Stack:    []flows.Place{{Flow: "spasm", Step: "cold"}, {Flow: "breathe", Step: "in"}},
		Rev:      12,
		Vars:     []flows.Var{{Name: "pain", Value: flows.NumberOf(7.5), Question: 5}, {Name: "cold_ok", Value: flows.BoolOf(true)}},
		Tracks:   []flows.Track{{Name: "cold", Flow: "spasm", Rev: 4, Running: true, On: start, Ends: start.Add(20 * time.Minute), Off: start.Add(-time.Hour), Day: "2026-11-22", Today: 3, OffText: "Off.", OffLast: "Off, and no more.", OffKind: "cold-off"}},
		Measures: []flows.Measure{{Name: "pain", First: 9, Before: 7.5, Last: 3, Days: [4]flows.DayValue{{Day: "2026-11-23", Value: 3}}}},
		Pending:  []flows.Reminder{{ID: 9, Episode: 2, Kind: "cold-off", Due: start.Add(time.Nanosecond), Track: "cold", Rev: 4}},
		Card:     flows.Card{Message: 11, Episode: 2, Flow: "spasm", Shows: 1<<64 - 3, Put: start.Add(time.Nanosecond), Day: "2026-11-23", Below: 7, Timer: flows.Reminder{ID: 4, Episode: 2, Kind: flows.KindCard, Phase: flows.PhaseCard, Due: start}},
		Open:     []flows.Open{{ID: 8, Kind: "cold-on", Track: "cold", At: start}},
	}
}

func fullEpisode(user int64, number uint64) storage.Episode {
	return storage.Episode{User: user, Episode: flows.Episode{
		Number: number, Flow: "spasm", Started: start, Onset: start.Add(-36 * time.Hour), Ended: start.Add(90 * time.Hour), Outcome: "recovered",
		Flows: 1<<63 + 5, Edited: 12,
	}}
}

func fullEntry(user int64, seq uint64) storage.Entry {
	return storage.Entry{User: user, Entry: flows.Entry{
		Seq: seq, Episode: 2, At: start, Kind: flows.EntryAnswer, Step: "pain", Choice: "seven", Value: 7.5, UpdateID: 1 << 40, Signs: 3,
	}}
}

func fullReminder(user int64, id uint64) storage.Reminder {
	return storage.Reminder{
		User:     user,
		Reminder: flows.Reminder{ID: id, Episode: 2, Kind: "cold-on", Due: start, Track: "cold", Rev: 4, First: start.Add(-time.Hour), Moved: flows.MovedBySleep},
		State:    flows.Sent, Sent: start.Add(time.Second), MessageID: 55,
	}
}

func fullMessage(user int64, number uint64) storage.Message {
	return storage.Message{
		User: user, Chat: -1001234567890,
		Message: flows.Message{
			Number: number, Text: "<b>Kälte</b> auflegen & 20 min 🧊",
			Keyboard: [][]flows.Key{{{Label: "Fertig", Data: "9:done"}, {Label: "Mehr", URL: "https://example.org/?a=1&b=2"}}, {{Label: "112", Copy: "112 – „sofort“", Style: flows.Danger}}},
			Picture:  "lie_down", Animation: "breathe", Edit: 54, Reminder: 9, Class: flows.Push, Silent: true, Expires: start.Add(time.Hour),
		},
		State: storage.Uncertain, Queued: start, Attempts: 3, Cause: "429",
	}
}

func roundTrip(f *fixture) {
	in := storage.Quarantined{UpdateID: 77, At: start, Raw: []byte("{\x00\xff"), Cause: "not JSON"}
	blank := storage.Message{User: 3, Message: flows.Message{Number: 1}, State: storage.Failed, Cause: "403"}
	text := fullEntry(5, 2)
	text.Value = "a <word> & \u2028 \x00"
	f.update(func(tx storage.Tx) error {
		return errors.Join(
			tx.PutState(fullState(5)), tx.PutEpisode(fullEpisode(5, 2)), tx.PutEntry(fullEntry(5, 1<<63)), tx.PutEntry(text),
			tx.PutReminder(fullReminder(5, 9)), tx.PutMessage(fullMessage(5, 1<<64-1)), tx.PutMessage(blank), tx.Quarantine(in),
		)
	})
	f.twice(func(r storage.Reader) error {
		state, err1 := r.State(5)
		reminder, err2 := r.Reminder(5, 9)
		message, err3 := r.Message(5, 1<<64-1)
		episodes, err4 := collect(r.Episodes())
		entries, err5 := collect(r.Entries())
		messages, err6 := collect(r.Messages())
		quarantined, err7 := collect(r.Quarantined())
		return errors.Join(
			err1, err2, err3, err4, err5, err6, err7,
			same("state", state, fullState(5)),
			same("reminder", reminder, fullReminder(5, 9)),
			same("message", message, fullMessage(5, 1<<64-1)),
			same("episodes", episodes, []storage.Episode{fullEpisode(5, 2)}),
			same("entries", entries, []storage.Entry{text, fullEntry(5, 1<<63)}),
			same("messages", messages, []storage.Message{blank, fullMessage(5, 1<<64-1)}),
			same("quarantined", quarantined, []storage.Quarantined{in}),
		)
	})
}

// values puts entries with everything that a value may be, and one with what it
// may not.
func values(f *fixture) {
	var want []storage.Entry
	for i, value := range []any{nil, "", "7", "a <word> & \u2028 \x00", 7.0, 0.1, 0.0, true, false, start} {
		e := fullEntry(5, uint64(i))
		e.Value = value
		want = append(want, e)
	}
	f.update(func(tx storage.Tx) error {
		for _, e := range want {
			if err := tx.PutEntry(e); err != nil {
				return err
			}
		}
		return nil
	})
	for _, value := range []any{math.NaN(), math.Inf(-1), []string{"a list"}, func() {}} {
		e := fullEntry(5, 99)
		e.Value = value
		if err := f.Update(f.Context(), func(tx storage.Tx) error { return tx.PutEntry(e) }); !errors.Is(err, storage.ErrUnstorable) {
			f.Errorf("a %T was put: %v", value, err)
		}
	}
	f.twice(func(r storage.Reader) error {
		got, err := collect(r.Entries())
		return errors.Join(err, same("entries", got, want))
	})
}

// instants that are hard on an encoding: before 1970, beyond the range of
// nanoseconds in an int64, a nanosecond apart, and none at all.
func instants() []time.Time {
	return []time.Time{
		{},
		time.Date(1, 1, 1, 0, 0, 0, 1, time.UTC),
		time.Date(1677, 9, 21, 0, 12, 43, 145224191, time.UTC),
		time.Date(1969, 12, 31, 23, 59, 59, 999999999, time.UTC),
		time.Date(1970, 1, 1, 0, 0, 0, 0, time.UTC),
		time.Date(1970, 1, 1, 0, 0, 0, 1, time.UTC),
		start,
		start.Add(time.Nanosecond),
		time.Date(2262, 4, 11, 23, 47, 16, 854775808, time.UTC),
		time.Date(9999, 12, 31, 23, 59, 59, 999999999, time.UTC),
	}
}

func exactTimes(f *fixture) {
	zone := time.FixedZone("odd", -(3*3600 + 1800))
	var want []storage.Reminder
	for i, at := range instants() {
		rem := fullReminder(1, uint64(i))
		rem.State = flows.Armed
		// The zone of year 1 would lie in year 0 and the one of 9999 in
		// 10000, which RFC 3339 does not have; only their UTC can be told.
		rem.Due, rem.Sent = at.In(zone), at
		f.update(func(tx storage.Tx) error { return tx.PutReminder(rem) })
		rem.Due = at
		want = append(want, rem)
	}
	state := fullState(1)
	state.Episode.Started = start.In(zone)
	state.Tracks[0].On = start.In(zone)
	state.Pending[0].Due = start.In(zone)
	state.Open[0].At = start.In(zone)
	wantState := fullState(1)
	wantState.Episode.Started, wantState.Tracks[0].On, wantState.Pending[0].Due, wantState.Open[0].At = start, start, start, start
	f.update(func(tx storage.Tx) error { return tx.PutState(state) })
	if state.Tracks[0].On.Location() != zone {
		f.Error("PutState changed the state that it was given")
	}

	f.twice(func(r storage.Reader) error {
		walked, err1 := collect(r.Reminders())
		due, err2 := r.Due(storage.DueKey{}, want[len(want)-1].Due, len(want))
		next, ok, err3 := r.NextDue()
		got, err4 := r.State(1)
		return errors.Join(
			err1, err2, err3, err4,
			same("reminders", walked, want), same("due", due, want),
			same("next due", next, time.Time{}), same("has next due", ok, true),
			same("state", got, wantState),
		)
	})
}

func replaced(f *fixture) {
	f.update(func(tx storage.Tx) error {
		return errors.Join(tx.PutState(fullState(5)), tx.PutEpisode(fullEpisode(5, 2)), tx.PutEntry(fullEntry(5, 1)))
	})
	state, episode, entry := flows.State{User: 5}, storage.Episode{User: 5}, storage.Entry{User: 5}
	episode.Number, episode.Flow, entry.Seq = 2, "follow-up", 1
	f.update(func(tx storage.Tx) error {
		return errors.Join(tx.PutState(state), tx.PutEpisode(episode), tx.PutEntry(entry))
	})
	f.twice(func(r storage.Reader) error {
		s, err1 := r.State(5)
		episodes, err2 := collect(r.Episodes())
		entries, err3 := collect(r.Entries())
		return errors.Join(
			err1, err2, err3, same("state", s, state),
			same("episodes", episodes, []storage.Episode{episode}), same("entries", entries, []storage.Entry{entry}),
		)
	})
}

func newIsEmpty(f *fixture) {
	f.twice(func(r storage.Reader) error {
		offset, err1 := r.Offset()
		due, err2 := r.Due(storage.DueKey{}, start, 10)
		_, ok, err3 := r.NextDue()
		unsent, err4 := r.Unsent(storage.MessageKey{}, 10)
		episodes, err5 := collect(r.Episodes())
		entries, err6 := collect(r.Entries())
		reminders, err7 := collect(r.Reminders())
		messages, err8 := collect(r.Messages())
		quarantined, err9 := collect(r.Quarantined())
		states, err10 := collect(r.States())
		n := len(states) + len(due) + len(unsent) + len(episodes) + len(entries) + len(reminders) + len(messages) + len(quarantined)
		return errors.Join(
			err1, err2, err3, err4, err5, err6, err7, err8, err9, err10,
			same("offset", offset, int64(0)), same("has next due", ok, false), same("records", n, 0),
		)
	})
}

func absent(f *fixture) {
	f.update(func(tx storage.Tx) error {
		return errors.Join(tx.PutReminder(fullReminder(5, 9)), tx.PutMessage(fullMessage(5, 9)), tx.PutState(fullState(5)))
	})
	check := func(r storage.Reader) error {
		var errs []error
		for _, key := range []storage.MessageKey{{User: 5, Number: 8}, {User: 5, Number: 10}, {User: 4, Number: 9}, {User: 6, Number: 9}} {
			if _, err := r.Reminder(key.User, key.Number); !errors.Is(err, storage.ErrNotFound) {
				errs = append(errs, fmt.Errorf("reminder %v: %v, want ErrNotFound", key, err))
			}
			if _, err := r.Message(key.User, key.Number); !errors.Is(err, storage.ErrNotFound) {
				errs = append(errs, fmt.Errorf("message %v: %v, want ErrNotFound", key, err))
			}
		}
		for _, user := range []int64{4, 6, 0, -5} {
			s, err := r.State(user)
			errs = append(errs, err, same("state of a person never seen", s, flows.State{User: user}))
		}
		return errors.Join(errs...)
	}
	f.view(check)
	// A record that is not there is no reason to fail the transaction.
	f.update(func(tx storage.Tx) error { return check(tx) })
}

func staysValid(f *fixture) {
	quarantined := storage.Quarantined{UpdateID: 1, At: start, Raw: []byte("raw"), Cause: "cause"}
	f.update(func(tx storage.Tx) error {
		return errors.Join(tx.PutState(fullState(5)), tx.PutMessage(fullMessage(5, 1)), tx.Quarantine(quarantined))
	})
	var state flows.State
	var message storage.Message
	var raw []storage.Quarantined
	f.view(func(r storage.Reader) (err error) {
		var err1, err2 error
		state, err = r.State(5)
		message, err1 = r.Message(5, 1)
		raw, err2 = collect(r.Quarantined())
		return errors.Join(err, err1, err2)
	})
	for i := range 20 {
		f.update(func(tx storage.Tx) error {
			other := fullMessage(5, 1)
			other.Text = fmt.Sprintf("%0200d", i)
			return errors.Join(tx.PutState(flows.State{User: 5, Lang: other.Text}), tx.PutMessage(other))
		})
	}
	f.reopen()
	f.same("state", state, fullState(5))
	f.same("message", message, fullMessage(5, 1))
	f.same("quarantined", raw, []storage.Quarantined{quarantined})
}

func noWords(f *fixture) {
	for i, state := range []storage.MessageState{storage.Sent, storage.Failed} {
		m := fullMessage(5, uint64(i))
		f.update(func(tx storage.Tx) error { return tx.PutMessage(m) })
		m.State = state
		f.update(func(tx storage.Tx) error { return tx.PutMessage(m) })
		if state == storage.Sent { // of the others the ledger decides
			m.Text, m.Keyboard = "", nil
		}
		f.twice(func(r storage.Reader) error {
			got, err := r.Message(5, uint64(i))
			return errors.Join(err, same("message "+string(state), got, m))
		})
	}
}
