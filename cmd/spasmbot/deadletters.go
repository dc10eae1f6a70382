package main

import (
	"encoding/json"
	"fmt"
	"strconv"
	"strings"
	"time"

	"spasmbot/flows"
	"spasmbot/storage"
	"spasmbot/storage/boltstore"
)

// deadlettersCommand is "spasmbot deadletters".
type deadlettersCommand struct {
	List   letterListCommand   `cmd:"" help:"Print them: person and number, when, what kind, why. No words."`
	Resend letterResendCommand `cmd:"" help:"Put them back, to be sent when the bot runs again."`
}

// letterListCommand is "spasmbot deadletters list".
type letterListCommand struct {
	DB   string `name:"db" default:"spasmbot.db" type:"path" placeholder:"FILE" env:"SPASMBOT_DB" help:"The database. No bot may be running on it."`
	JSON bool   `name:"json" help:"Print JSON lines."`
}

// letter is what is told of a dead letter: none of its words.
type letter struct {
	User    int64      `json:"user"`
	Number  uint64     `json:"number"`
	Queued  time.Time  `json:"queued"`
	Kind    string     `json:"kind"`
	Cause   string     `json:"cause"`
	Expires *time.Time `json:"expires"`
}

// kinds are the classes of messages in words.
var kinds = map[flows.Class]string{flows.TakeOff: "take-off", flows.Reply: "reply", flows.Push: "reminder"}

func newLetter(m storage.Message) letter {
	l := letter{User: m.User, Number: m.Number, Queued: m.Queued.UTC(), Kind: kinds[m.Class], Cause: m.Cause}
	if !m.Expires.IsZero() {
		at := m.Expires.UTC()
		l.Expires = &at
	}
	return l
}

func (l letter) String() string {
	s := fmt.Sprintf("%d/%d  %s  %-8s  %s", l.User, l.Number, l.Queued.Format(time.RFC3339), l.Kind, l.Cause)
	if l.Expires != nil {
		s += "; expires " + l.Expires.Format(time.RFC3339)
	}
	return s
}

// Run prints the dead letters. It changes nothing.
func (c *letterListCommand) Run(w *world) error {
	letters, err := readLetters(w, c.DB)
	if err != nil {
		return err
	}
	out := json.NewEncoder(w.stdout)
	for _, m := range letters {
		if c.JSON {
			err = out.Encode(newLetter(m))
		} else {
			_, err = fmt.Fprintln(w.stdout, newLetter(m))
		}
		if err != nil {
			return err
		}
	}
	return nil
}

// readLetters reads the dead letters of a database, which has to be there.
func readLetters(w *world, file string) (letters []storage.Message, err error) {
	err = withStore(file, func(store storage.Store) (err error) {
		letters, err = storage.Read(w.ctx, store, storage.DeadLetters)
		return err
	}, boltstore.ReadOnly())
	return letters, err
}

// letterResendCommand is "spasmbot deadletters resend".
type letterResendCommand struct {
	DB      string       `name:"db" default:"spasmbot.db" type:"path" placeholder:"FILE" env:"SPASMBOT_DB" help:"The database. No bot may be running on it."`
	All     bool         `help:"All of them."`
	Letters []letterName `arg:"" optional:"" name:"letter" placeholder:"PERSON/NUMBER" help:"Which, as the list names them: PERSON/NUMBER."`
}

// Run puts dead letters back.
func (c *letterResendCommand) Run(w *world) error {
	if c.All == (len(c.Letters) > 0) {
		return usagef("name the dead letters as PERSON/NUMBER, or give --all: spasmbot deadletters list shows them")
	}
	letters, err := readLetters(w, c.DB)
	if err != nil {
		return err
	}
	var keys []storage.MessageKey
	for _, l := range c.Letters {
		keys = append(keys, storage.MessageKey(l))
	}
	if c.All {
		for _, m := range letters {
			keys = append(keys, m.Key())
		}
	}
	return withStore(c.DB, func(store storage.Store) error {
		queued, expired, err := storage.Resend(w.ctx, store, keys, time.Now())
		if err != nil {
			return err
		}
		for _, m := range expired {
			if _, err := fmt.Fprintf(w.stdout, "%s: it would be wrong by now, and stays\n", newLetter(m)); err != nil {
				return err
			}
		}
		_, err = fmt.Fprintf(w.stdout, "%d put back, to be sent when the bot runs\n", len(queued))
		return err
	})
}

// letterName names a message: "PERSON/NUMBER".
type letterName storage.MessageKey

// UnmarshalText reads a name.
func (n *letterName) UnmarshalText(text []byte) error {
	user, number, _ := strings.Cut(string(text), "/")
	var err1, err2 error
	n.User, err1 = strconv.ParseInt(user, 10, 64)
	n.Number, err2 = strconv.ParseUint(number, 10, 64)
	if err1 != nil || err2 != nil {
		return fmt.Errorf("%q names no message: write PERSON/NUMBER, as spasmbot deadletters list does", text)
	}
	return nil
}
