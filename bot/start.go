package bot

import (
	"context"
	"log/slog"

	"spasmbot/bot/chat"
	"spasmbot/storage"
)

// introducer is the part of a Gateway that a start needs.
type introducer interface {
	Me(ctx context.Context) (chat.Me, error)
	DeleteWebhook(ctx context.Context) error
}

// start finds out who the bot is and what it was last told.
type start struct {
	store         *steadyStore
	gateway       introducer
	all           silencer
	log           *slog.Logger
	deleteWebhook bool
}

// begin returns who the bot is and the offset to poll from, once both are known,
// or whatever once ctx has ended. It returns an error only if the bot cannot work
// at all.
func (s *start) begin(ctx context.Context) (me chat.Me, offset int64, err error) {
	if offset, err = storage.Read(ctx, s.store, storage.Reader.Offset); err != nil {
		return me, 0, unlessOver(ctx, err)
	}
	err = s.trouble("getMe", "asking the messenger who the bot is").insist(ctx, func() (err error) {
		me, err = s.gateway.Me(ctx)
		return err
	})
	if err == nil && s.deleteWebhook {
		err = s.trouble("deleteWebhook", "deleting the webhook").insist(ctx, func() error { return s.gateway.DeleteWebhook(ctx) })
	}
	return me, offset, err
}

func (s *start) trouble(method, what string) *trouble {
	return &trouble{lane: newLane(method, s.all, s.log), log: s.log, what: what}
}
