package app

import (
	"fmt"
	"time"

	"spasmbot/flows"
	"spasmbot/storage"
)

// Status is how things stand. It holds no word that a person wrote or was sent.
type Status struct {
	Headcount
	Armed       int                          `json:"armed_reminders"`
	Messages    map[storage.MessageState]int `json:"messages"`
	InDoubt     int                          `json:"messages_in_doubt,omitempty"`
	DeadLetters []DeadLetter                 `json:"dead_letters"`
	Quarantined int                          `json:"quarantined_updates"`
}

// Headcount counts the people in a store.
type Headcount struct {
	People   int `json:"people"`
	Inactive int `json:"inactive"`
	Live     int `json:"live_episodes"`
}

// CountPeople counts the people in a store.
func CountPeople(r storage.Reader) (n Headcount, err error) {
	for p, err := range r.States() {
		if err != nil {
			return n, fmt.Errorf("count people: %w", err)
		}
		n.People++
		if p.Inactive {
			n.Inactive++
		}
		if p.Episode.Live() {
			n.Live++
		}
	}
	return n, nil
}

// DeadLetter names a message that was refused for what it is.
type DeadLetter struct {
	User   int64     `json:"user"`
	Number uint64    `json:"number"`
	Queued time.Time `json:"queued"`
	Cause  string    `json:"cause"`
}

// ReadStatus counts what is in a store.
func ReadStatus(r storage.Reader) (Status, error) {
	s := Status{Messages: make(map[storage.MessageState]int), DeadLetters: []DeadLetter{}}
	var err error
	if s.Headcount, err = CountPeople(r); err != nil {
		return s, err
	}
	for rem, err := range r.Reminders() {
		if err != nil {
			return s, fmt.Errorf("count reminders: %w", err)
		}
		if rem.State == flows.Armed && rem.Phase.Shown() {
			s.Armed++
		}
	}
	for m, err := range r.Messages() {
		if err != nil {
			return s, fmt.Errorf("count messages: %w", err)
		}
		s.Messages[m.State]++
		if m.InDoubt() {
			s.InDoubt++
		}
		if m.DeadLetter() {
			s.DeadLetters = append(s.DeadLetters, DeadLetter{m.User, m.Number, m.Queued.UTC(), m.Cause})
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
