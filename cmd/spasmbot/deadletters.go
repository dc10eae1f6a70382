package main

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
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
	Resend letterResendCommand `cmd:"" help:"Put them back, to be sent by the bot that runs, or when it runs again."`
}

// letterListCommand is "spasmbot deadletters list".
type letterListCommand struct {
	DB string `name:"db" default:"spasmbot.db" type:"path" placeholder:"FILE" env:"SPASMBOT_DB" help:"The database. A bot that runs on it is asked."`
	control
	JSON bool `name:"json" help:"Print JSON lines."`
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
	return lettersDeed.run(w.ctx, c.DB, c.control, lettersParams{c.JSON}, w.stdout)
}

type lettersParams struct{ JSON bool }

var lettersDeed = deed[lettersParams]{"deadletters-list", []boltstore.Option{boltstore.ReadOnly()}, func(ctx context.Context, d *desk, p lettersParams, out io.Writer) error {
	letters, err := storage.Read(ctx, d.store, storage.DeadLetters)
	if err != nil {
		return err
	}
	lines := json.NewEncoder(out)
	for _, m := range letters {
		if p.JSON {
			err = lines.Encode(newLetter(m))
		} else {
			_, err = fmt.Fprintln(out, newLetter(m))
		}
		if err != nil {
			return err
		}
	}
	return nil
}}

// letterResendCommand is "spasmbot deadletters resend".
type letterResendCommand struct {
	DB string `name:"db" default:"spasmbot.db" type:"path" placeholder:"FILE" env:"SPASMBOT_DB" help:"The database. A bot that runs on it is asked."`
	control
	All     bool         `help:"All of them."`
	Letters []letterName `arg:"" optional:"" name:"letter" placeholder:"PERSON/NUMBER" help:"Which, as the list names them: PERSON/NUMBER."`
}

// Run puts dead letters back.
func (c *letterResendCommand) Run(w *world) error {
	if c.All == (len(c.Letters) > 0) {
		return usagef("name the dead letters as PERSON/NUMBER, or give --all: spasmbot deadletters list shows them")
	}
	var p resendParams
	for _, l := range c.Letters {
		p.Letters = append(p.Letters, storage.MessageKey(l))
	}
	return resendDeed.run(w.ctx, c.DB, c.control, p, w.stdout)
}

// resendParams name dead letters; none is all of them.
type resendParams struct{ Letters []storage.MessageKey }

var resendDeed = deed[resendParams]{"deadletters-resend", []boltstore.Option{boltstore.Existing()}, func(ctx context.Context, d *desk, p resendParams, out io.Writer) error {
	keys := p.Letters
	if len(keys) == 0 {
		letters, err := storage.Read(ctx, d.store, storage.DeadLetters)
		if err != nil {
			return err
		}
		for _, m := range letters {
			keys = append(keys, m.Key())
		}
	}
	queued, expired, err := d.resend(ctx, keys)
	if err != nil {
		return err
	}
	for _, m := range expired {
		if _, err := fmt.Fprintf(out, "%s: it would be wrong by now, and stays\n", newLetter(m)); err != nil {
			return err
		}
	}
	_, err = fmt.Fprintf(out, "%d put back, to be sent when the bot runs\n", len(queued))
	return err
}}

// resend goes through the bot if there is one: it sends them at once.
func (d *desk) resend(ctx context.Context, keys []storage.MessageKey) (queued, expired []storage.Message, err error) {
	if d.bot != nil {
		return d.bot.Resend(ctx, keys)
	}
	return storage.Resend(ctx, d.store, keys, time.Now())
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
