package bot

import (
	"context"
	"errors"
	"fmt"

	"spasmbot/bot/chat"
)

// asFault gives every error of a call a kind. An error that is not the gateway's
// own may have come at any point of the call.
func asFault(err error) *chat.Error {
	if fault, ok := errors.AsType[*chat.Error](err); ok {
		return fault
	}
	if errors.Is(err, context.Canceled) || errors.Is(err, context.DeadlineExceeded) {
		return &chat.Error{Kind: chat.Cancelled, MaybeApplied: true}
	}
	return &chat.Error{Kind: chat.Unknown}
}

func refusedToken(cause error) error {
	return fmt.Errorf("bot: the messenger refuses the token; check TELEGRAM_BOT_TOKEN or the file it comes from, or get a new one from @BotFather: %w", cause)
}
