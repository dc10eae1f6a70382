package main

import (
	"encoding/json"
	"fmt"
	"io"
	"maps"
	"slices"
	"time"

	"spasmbot/flows"
	"spasmbot/storage"
	"spasmbot/storage/boltstore"
)

// statusCommand is "spasmbot status".
type statusCommand struct {
	DB   string `name:"db" default:"spasmbot.db" type:"path" placeholder:"FILE" env:"SPASMBOT_DB" help:"The database. No bot may be running on it."`
	JSON bool   `name:"json" help:"Print one JSON object."`
}

// status is how things stand. It holds no word that a person wrote or was sent.
type status struct {
	People      int                          `json:"people"`
	Inactive    int                          `json:"inactive"`
	Live        int                          `json:"live_episodes"`
	Armed       int                          `json:"armed_reminders"`
	Messages    map[storage.MessageState]int `json:"messages"`
	DeadLetters []deadLetter                 `json:"dead_letters"`
	Quarantined int                          `json:"quarantined_updates"`
}

// deadLetter names a message that was refused for what it is.
type deadLetter struct {
	User   int64     `json:"user"`
	Number uint64    `json:"number"`
	Queued time.Time `json:"queued"`
	Cause  string    `json:"cause"`
}

// Run prints how things stand. It changes nothing.
func (c *statusCommand) Run(w *world) error {
	return withStore(c.DB, func(store storage.Store) error {
		var s status
		err := store.View(w.ctx, func(r storage.Reader) (err error) {
			s, err = readStatus(r)
			return err
		})
		if err != nil {
			return err
		}
		if c.JSON {
			return json.NewEncoder(w.stdout).Encode(s)
		}
		return s.print(w.stdout)
	}, boltstore.ReadOnly())
}

func readStatus(r storage.Reader) (status, error) {
	s := status{Messages: make(map[storage.MessageState]int), DeadLetters: []deadLetter{}}
	for p, err := range r.States() {
		if err != nil {
			return s, fmt.Errorf("count people: %w", err)
		}
		s.People++
		if p.Inactive {
			s.Inactive++
		}
		if p.Episode.Live() {
			s.Live++
		}
	}
	for rem, err := range r.Reminders() {
		if err != nil {
			return s, fmt.Errorf("count reminders: %w", err)
		}
		if rem.State == flows.Armed && rem.Phase != flows.PhaseWait {
			s.Armed++
		}
	}
	for m, err := range r.Messages() {
		if err != nil {
			return s, fmt.Errorf("count messages: %w", err)
		}
		s.Messages[m.State]++
		if m.DeadLetter() {
			s.DeadLetters = append(s.DeadLetters, deadLetter{m.User, m.Number, m.Queued.UTC(), m.Cause})
		}
	}
	for _, err := range r.Quarantined() {
		if err != nil {
			return s, fmt.Errorf("count quarantined updates: %w", err)
		}
		s.Quarantined++
	}
	return s, nil
}

func (s status) print(w io.Writer) error {
	out := fmt.Appendf(nil, "people               %d, of whom %d are out of reach\n", s.People, s.Inactive)
	out = fmt.Appendf(out, "live episodes        %d\n", s.Live)
	out = fmt.Appendf(out, "armed reminders      %d\n", s.Armed)
	for _, state := range slices.Sorted(maps.Keys(s.Messages)) {
		out = fmt.Appendf(out, "messages %-11s %d\n", state, s.Messages[state])
	}
	out = fmt.Appendf(out, "quarantined updates  %d\n", s.Quarantined)
	out = fmt.Appendf(out, "dead letters         %d\n", len(s.DeadLetters))
	for _, d := range s.DeadLetters {
		out = fmt.Appendf(out, "  person %d, message %d of %s: %s\n", d.User, d.Number, d.Queued.Format(time.RFC3339), d.Cause)
	}
	_, err := w.Write(out)
	return err
}
