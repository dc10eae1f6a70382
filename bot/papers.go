package bot

import (
	"context"
	"errors"
	"log/slog"
	"sync"
	"time"

	"spasmbot/bot/chat"
	"spasmbot/bot/outbox"
	"spasmbot/storage"
)

// PaperFunc reads what the paper of a message is made from, as it is at an instant.
type PaperFunc func(r storage.Reader, m storage.Message, now time.Time) (Draft, error)

// Draft is a paper that is yet to be made.
type Draft struct {
	// Make makes it. It is called when the reading is over, which it must not hold up.
	Make func() (Paper, error)
	// Sorry is what is said, in Telegram's HTML, in the place of a paper that could not
	// be made, or that the messenger refuses.
	Sorry string
}

// Paper is a paper of a person.
type Paper struct {
	Kind chat.MediaKind
	// Name is the file's name, the same for everybody.
	Name string
	Data []byte
	// Text is what comes with it, in Telegram's HTML: at most 1024 UTF-16 units.
	Text string
}

// desk makes the papers that messages bring, one at a time, in the flight of the message:
// neither the pipe nor any other message waits for it. A message that is tried again
// brings a paper that is made anew, and nothing of it is kept.
type desk struct {
	read  PaperFunc
	store *steadyStore
	clock Clock
	log   *slog.Logger
	// busy is held while a paper is made.
	busy sync.Mutex
}

// paperFailed is what is logged of a paper that could not be made. Why is not: it may
// speak of the person.
const paperFailed = "a paper could not be made, and its person is told so"

var errNoPaper = errors.New("no paper came of it")

// show makes the paper of a message. It reports busy if another is just being made, and
// fails only if the store does.
func (d *desk) show(ctx context.Context, m *outbox.Message) (s showing, busy bool, err error) {
	if d.read == nil {
		return showing{}, false, nil
	}
	if !d.busy.TryLock() {
		return showing{}, true, nil
	}
	defer d.busy.Unlock()
	now := d.clock.Now()
	draft, err := storage.Read(ctx, d.store, func(r storage.Reader) (Draft, error) { return d.draft(r, m.Message, now) })
	if err != nil {
		return showing{}, false, err
	}
	if m.Maybes >= uploadFails {
		return showing{words: draft.Sorry}, false, nil // what stands behind it is not to wait for ever
	}
	var paper Paper
	err = sound(d.log, paperFailed, func() (err error) {
		if paper, err = draft.Make(); err == nil && len(paper.Data) == 0 {
			err = errNoPaper
		}
		return err
	})
	if err != nil {
		d.log.Error(paperFailed, "paper", string(m.Paper))
		return showing{words: draft.Sorry}, false, nil
	}
	return showing{
		media: &chat.Media{Kind: paper.Kind, Name: paper.Name, Data: paper.Data, Told: true},
		chat:  m.Chat, words: paper.Text, sorry: draft.Sorry,
	}, false, nil
}

// draft reads what a paper is made from. If that panics, it cannot be made; the store is
// not to be blamed.
func (d *desk) draft(r storage.Reader, m storage.Message, now time.Time) (draft Draft, err error) {
	err = sound(d.log, paperFailed, func() (err error) {
		draft, err = d.read(r, m, now)
		return err
	})
	if panicked(err) {
		return Draft{Make: func() (Paper, error) { return Paper{}, errNoPaper }}, nil
	}
	return draft, err
}

// show finds or makes the file of a message. It reports busy if it cannot be had just now.
func (s *sender) show(ctx context.Context, m *outbox.Message) (showing, bool, error) {
	if m.Paper != "" {
		return s.desk.show(ctx, m)
	}
	return s.gallery.show(ctx, m.Chat, m.Message.Message)
}
