package bot

import (
	"context"
	"time"

	"spasmbot/bot/chat"
)

// updater is the part of a Gateway that a poller needs.
type updater interface {
	Poll(ctx context.Context, offset int64) ([]chat.Update, int64, error)
}

// arrival takes updates, and the offset that confirms them.
type arrival interface {
	updates(ctx context.Context, updates []chat.Update, next int64) error
}

// connection is told how the messenger can be reached.
type connection interface {
	down(kind chat.Kind)
	up(ctx context.Context) error
}

// poller fetches updates and takes them through the pipe. The offset that it
// passes on is always one that was committed.
type poller struct {
	door    *door
	gateway updater
	intake  arrival
	line    connection
	account *account
	trouble trouble
	offset  int64
}

// pollPause is the least distance of two polls that confirm nothing new: a poll
// that does not wait by itself must not become a busy loop.
const pollPause = 500 * time.Millisecond

// run polls until the door closes.
func (p *poller) run(ctx context.Context) error {
	in, leave := p.door.while(ctx)
	defer leave()
	for p.trouble.lane.wait(in) {
		began := time.Now()
		updates, next, err := p.gateway.Poll(in, p.offset)
		if in.Err() == nil || err == nil {
			p.account.polled(err)
		}
		switch {
		case err == nil:
			err = p.take(ctx, updates, next)
		case in.Err() != nil:
			return nil
		default:
			if err := p.recover(in, err); err != nil {
				return unlessOver(in, err)
			}
			continue
		}
		if err != nil {
			return unlessOver(ctx, err)
		}
		// Not one id could be read, or nothing has come: the same will come again.
		if next == p.offset {
			nap(in, pollPause-time.Since(began))
		}
		p.offset = next
	}
	return nil
}

// take takes in what a poll has brought.
func (p *poller) take(ctx context.Context, updates []chat.Update, next int64) error {
	p.trouble.over()
	if err := p.line.up(ctx); err != nil {
		return err
	}
	if len(updates) == 0 && next == p.offset {
		return nil
	}
	return p.intake.updates(ctx, updates, next)
}

// recover waits after a poll that has failed.
func (p *poller) recover(ctx context.Context, err error) error {
	wait, err := p.trouble.judge(err)
	if err != nil {
		return err
	}
	p.line.down(p.trouble.kind)
	nap(ctx, wait)
	if answers(p.trouble.kind) {
		return nil
	}
	// A call that is answered at once when the messenger can be reached again: a
	// poll would only return with the next update.
	if err := p.account.ask(ctx); err != nil {
		return nil //nolint:nilerr // the next poll tells what is wrong
	}
	return p.line.up(ctx)
}
