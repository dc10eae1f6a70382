package bot

import (
	"context"
	"fmt"
	"log/slog"
	"math"
	"math/rand/v2"

	"spasmbot/flows"
	"spasmbot/flows/button"
	"spasmbot/storage"
)

// ownership holds a store to the bot that it belongs to: to every other one,
// everybody in it is a stranger who cannot be written to.
type ownership struct {
	store *steadyStore
	log   *slog.Logger
	// adopt says that a store of another bot is to become this one's.
	adopt bool
}

// check returns whose the store is, and fails if it is another bot's and may not be
// taken.
func (o *ownership) check(ctx context.Context, bot int64) (owner int64, err error) {
	owner, err = storage.Read(ctx, o.store, storage.Reader.Owner)
	if err != nil || owner == 0 || bot == 0 || owner == bot || o.adopt {
		return owner, err
	}
	return owner, fmt.Errorf("bot: the database belongs to bot %d, and the token to bot %d, which can write to none of the people in it: "+
		"give the token or the file that was meant; --adopt-bot gives the database to the other bot", owner, bot)
}

// claim makes the store the bot's, whom the messenger knows by now: a mistyped
// token claims nothing.
func (o *ownership) claim(ctx context.Context, bot int64) error {
	owner, err := o.check(ctx, bot)
	if err != nil || owner == bot || bot == 0 {
		return err
	}
	if owner != 0 {
		o.log.Warn("the database of another bot is adopted: what only that one has a use for is dropped", "from", owner, "to", bot)
		if err := o.takeOver(ctx); err != nil || ctx.Err() != nil {
			return err
		}
	}
	return o.store.Update(ctx, func(tx storage.Tx) error { return tx.SetOwner(bot) })
}

// adoptStep is how many records of another bot's are looked at in a transaction.
const adoptStep = 500

// takeOver rids the store of buttons and messages of another bot. It can be
// broken off and begun again: the owner changes last.
func (o *ownership) takeOver(ctx context.Context) error {
	for last, more := int64(math.MinInt64), true; more; {
		err := o.store.Update(ctx, func(tx storage.Tx) (err error) {
			last, more, err = reseal(tx, last)
			return err
		})
		if err != nil || ctx.Err() != nil {
			return err
		}
	}
	var last storage.MessageKey
	for more := true; more; {
		err := o.store.Update(ctx, func(tx storage.Tx) error {
			unsent, err := tx.Unsent(last, adoptStep)
			for i := 0; err == nil && i < len(unsent); i++ {
				err = readdress(tx, unsent[i])
			}
			if more = len(unsent) == adoptStep; more && err == nil {
				last = unsent[len(unsent)-1].Key()
			}
			return err
		})
		if err != nil || ctx.Err() != nil {
			return err
		}
	}
	return nil
}

// reseal draws new seals for people behind after, so that no button that they
// were sent so far fits any more.
func reseal(tx storage.Tx, after int64) (last int64, more bool, err error) {
	states, err := tx.StatesAfter(after, adoptStep)
	for _, s := range states {
		if err == nil {
			s.Seal = newSeal()
			last, err = s.User, tx.PutState(s)
		}
	}
	return last, len(states) == adoptStep, err
}

// newSeal is never 0, which stands for a state that has none yet.
func newSeal() uint32 { return max(rand.Uint32(), 1) }

// readdress makes an unsent message one that another bot can send: a new one, with
// buttons that fit. One that was to change only the buttons of a message is of no
// use any more.
func readdress(tx storage.Tx, m storage.Message) error {
	state, err := tx.State(m.User)
	if err != nil {
		return err
	}
	m.Keyboard = resealed(m.Keyboard, state.Seal)
	if m.Edit != 0 && m.Text == "" {
		m.State, m.Cause, m.Keyboard = storage.Failed, "another bot's", nil
	}
	m.Edit = 0
	return tx.PutMessage(m)
}

func resealed(keyboard [][]flows.Key, seal uint32) [][]flows.Key {
	for _, row := range keyboard {
		for i := range row {
			if d, ok := button.Parse(row[i].Data); ok {
				d.Seal = seal
				row[i].Data = d.String()
			}
		}
	}
	return keyboard
}
