package bot

import (
	"context"
	"log/slog"
	"time"

	"spasmbot/bot/chat"
	"spasmbot/storage"
)

// introducer is the part of a Gateway that a start needs.
type introducer interface {
	updater
	self
	DeleteWebhook(ctx context.Context) error
}

// start finds out who the bot is, whether the store is its own and nobody else
// works for it, and what it was last told.
type start struct {
	store         *steadyStore
	gateway       introducer
	all           silencer
	log           *slog.Logger
	deleteWebhook bool
	// id is who the bot is by its token, 0 if that is not known.
	id    int64
	adopt bool
	look  time.Duration
	// place is where the store is, "" if that is not known, and host the host's
	// clock.
	place string
	host  func() time.Time
}

// begin returns who the bot is and the offset to poll from, once both are known,
// or whatever once ctx has ended. It returns an error only if the bot cannot work
// at all, or must not.
func (s *start) begin(ctx context.Context) (me chat.Me, offset int64, err error) {
	own := &ownership{store: s.store, log: s.log, adopt: s.adopt}
	if _, err := own.check(ctx, s.id); err != nil {
		return me, 0, unlessOver(ctx, err)
	}
	err = s.trouble("getMe", "asking the messenger who the bot is").insist(ctx, func() (err error) {
		me, err = s.gateway.Me(ctx)
		return err
	})
	if err == nil && s.deleteWebhook {
		err = s.trouble("deleteWebhook", "deleting the webhook").insist(ctx, func() error { return s.gateway.DeleteWebhook(ctx) })
	}
	if err == nil {
		err = s.alone(ctx, own, me.ID)
	}
	if err == nil && ctx.Err() == nil {
		err = own.claim(ctx, me.ID)
	}
	if err != nil || ctx.Err() != nil {
		return me, 0, unlessOver(ctx, err)
	}
	offset, err = storage.Read(ctx, s.store, storage.Reader.Offset)
	return me, offset, unlessOver(ctx, err)
}

// alone looks for another poller, if the bot is a newcomer.
func (s *start) alone(ctx context.Context, own *ownership, bot int64) error {
	owner, err := own.check(ctx, bot)
	if err != nil {
		return err
	}
	m, err := storage.Read(ctx, s.store, storage.Reader.Marks)
	if err != nil || owner == bot && resumes(m, s.place, s.host()) {
		return err
	}
	if s.look <= 0 {
		return nil
	}
	s.log.Info("looking whether another program polls with the same token; people are answered after that", "seconds", int(s.look.Seconds()))
	other := &newcomer{gateway: s.gateway, look: s.look, trouble: s.trouble("getUpdates", "looking for another poller")}
	return other.alone(ctx)
}

func (s *start) trouble(method, what string) *trouble {
	return &trouble{lane: newLane(method, s.all, s.log), log: s.log, what: what}
}
