package bot

import (
	"context"
	"errors"

	"spasmbot/storage"
)

// errNotYet says that a bot does not work yet: it looks who it is, for instance.
var errNotYet = errors.New("the bot has not begun to work yet: try again when its log says that it polls")

// Forget deletes all that is kept of a person, at an operator's word. What waits for
// them is not sent; a call under way counts for nothing. It counts what it has deleted.
func (b *Bot) Forget(ctx context.Context, user int64) (n storage.Forgotten, err error) {
	p := b.pipe.Load()
	if p == nil {
		return n, errNotYet
	}
	err = p.order(ctx, func(b *batch) (err error) {
		if n, err = storage.Kept(storage.OfPerson(b.tx, user)); err != nil {
			return err
		}
		_, err = b.forget(user, nil)
		return err
	})
	return n, err
}

// Resend puts dead letters back and sends them: see [storage.Resend].
func (b *Bot) Resend(ctx context.Context, keys []storage.MessageKey) (queued, expired []storage.Message, err error) {
	p := b.pipe.Load()
	if p == nil {
		return nil, nil, errNotYet
	}
	err = p.order(ctx, func(b *batch) (err error) {
		queued, expired, err = storage.ResendIn(b.tx, keys, b.now)
		b.out = append(b.out, queued...)
		return err
	})
	if err != nil {
		return nil, nil, err
	}
	return queued, expired, nil
}
