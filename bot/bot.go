package bot

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"spasmbot/bot/chat"
	"spasmbot/flows"
	"spasmbot/storage"
)

// Gateway is the way to the messenger. A failed call returns a *[chat.Error].
// All methods may be called at the same time, but Poll never by two at once.
type Gateway interface {
	// Me returns the bot's own account.
	Me(ctx context.Context) (chat.Me, error)
	// Poll waits for updates from offset on, which confirms all below it. It
	// returns them and the offset behind the last, or offset if there are
	// none.
	Poll(ctx context.Context, offset int64) ([]chat.Update, int64, error)
	// Send sends or edits a message and returns what it has become.
	Send(ctx context.Context, m chat.Outgoing) (chat.Sent, error)
	// Answer answers a callback query.
	Answer(ctx context.Context, query, text string) error
	// SetMenu sets the command menu for a language, "" for all others.
	SetMenu(ctx context.Context, lang string, menu []chat.MenuCommand) error
	// DeleteWebhook lets updates be polled. It drops none.
	DeleteWebhook(ctx context.Context) error
}

// StepFunc is the core: what a person's state becomes through an event, and
// what is to be done. It must be pure.
type StepFunc func(s flows.State, ev flows.Event, now time.Time) (flows.State, []flows.Effect)

// Config is what a Bot is made of. Store, Gateway and Step are required.
type Config struct {
	Store   storage.Store
	Gateway Gateway
	Step    StepFunc
	Clock   Clock        // default RealClock
	Logger  *slog.Logger // default: no log

	// Rate and ChatRate bound messages and edits a second, overall and in one
	// chat; 0 means no limit of our own. What the messenger demands with
	// retry-after is always obeyed.
	Rate, ChatRate float64

	// Media finds the files that messages show, by name; their data must not
	// change. A message whose file is not found goes out with its words
	// alone, and so do all if Media is nil.
	Media func(name string) (flows.Media, bool)
	// Menu is set after the start, for each language that it has; the one for
	// "" is for everybody else.
	Menu map[string][]chat.MenuCommand
	// DeleteWebhook removes a webhook at the start.
	DeleteWebhook bool
	// Grace is how long, in real time, Run goes on sending after its context
	// has ended. Default 5s; what remains is sent by the next Run.
	Grace time.Duration
	// Keep is how long, in bot time, records are kept of what is settled:
	// messages sent, timers that have come, episodes that ended with their
	// timelines. 0 keeps them for ever.
	Keep time.Duration
	// GroupReply is what to say in a group to a person who spoke to the bot
	// there; it must be the same for everybody. Nil, or an empty text, says
	// nothing.
	GroupReply func(username string) (text string, keyboard [][]flows.Key)
	// Urgent says which kinds of timers are taken when due even though many
	// messages wait to be sent. Default: the ends of rounds, "…-off".
	Urgent func(kind string) bool
}

// Stats counts since the Bot was made.
type Stats struct {
	Updates     uint64 // updates committed
	Turns       uint64 // events that went through the step function
	Sent        uint64 // messages that arrived
	Failed      uint64 // messages that never will
	Retried     uint64 // calls that will be made again
	Quarantined uint64 // updates set aside
	Answered    uint64 // button presses answered
	Pruned      uint64 // records deleted that were no longer kept
	Waiting     uint64 // messages in memory that wait to be sent
	DeadLetters uint64 // messages refused for what they are, kept with their words
	PassedOver  uint64 // updates of people who sent more than can be answered
}

type counters struct {
	updates, turns, sent, failed, retried, quarantined, answered, pruned, deadLetters, passedOver atomic.Uint64
}

// Bot runs the pipe between a Gateway and a Store.
type Bot struct {
	cfg       Config
	log       *slog.Logger
	count     counters
	store     *steadyStore
	pipe      *pipe
	sender    *sender
	answers   *answerLane
	menus     *menuLane
	scheduler *scheduler
	away      *away
	started   atomic.Bool
}

// New returns a Bot that has not begun to run.
func New(cfg Config) (*Bot, error) {
	var missing []string
	if cfg.Store == nil {
		missing = append(missing, "Store")
	}
	if cfg.Gateway == nil {
		missing = append(missing, "Gateway")
	}
	if cfg.Step == nil {
		missing = append(missing, "Step")
	}
	if len(missing) > 0 {
		return nil, fmt.Errorf("bot: config lacks %s", strings.Join(missing, ", "))
	}
	if !(cfg.Rate >= 0) || !(cfg.ChatRate >= 0) {
		return nil, fmt.Errorf("bot: rates %v and %v: give messages a second, 0 for no limit", cfg.Rate, cfg.ChatRate)
	}
	if cfg.Clock == nil {
		cfg.Clock = RealClock{}
	}
	if cfg.Logger == nil {
		cfg.Logger = slog.New(slog.DiscardHandler)
	}
	if cfg.Grace <= 0 {
		cfg.Grace = 5 * time.Second
	}
	if cfg.Urgent == nil {
		cfg.Urgent = func(kind string) bool { return strings.HasSuffix(kind, "-off") }
	}
	b := &Bot{cfg: cfg, log: cfg.Logger}
	b.store = newSteadyStore(cfg.Store, b.log)
	b.away = newAway(b)
	b.sender = newSender(b)
	b.answers = newAnswerLane(b)
	b.menus = newMenuLane(b)
	b.pipe = newPipe(b)
	b.scheduler = newScheduler(b)
	return b, nil
}

// Stats returns the counters.
func (b *Bot) Stats() Stats {
	return Stats{
		Updates:     b.count.updates.Load(),
		Turns:       b.count.turns.Load(),
		Sent:        b.count.sent.Load(),
		Failed:      b.count.failed.Load(),
		Retried:     b.count.retried.Load(),
		Quarantined: b.count.quarantined.Load(),
		Answered:    b.count.answered.Load(),
		Pruned:      b.count.pruned.Load(),
		Waiting:     uint64(b.sender.queue.waiting()),
		DeadLetters: b.count.deadLetters.Load(),
		PassedOver:  b.count.passedOver.Load(),
	}
}

var errRan = errors.New("bot: Run was called before; make a new Bot on the same store")

// Run works until ctx ends, then finishes the batch in hand, goes on sending
// for at most Config.Grace and returns nil. It returns an error when nothing
// can work any more: the token is refused, or the store is closed, damaged or
// in need of a new start.
func (b *Bot) Run(ctx context.Context) error {
	if b.started.Swap(true) {
		return errRan
	}
	// Intake ends with ctx; the rest outlives it by the grace.
	intake, stop := context.WithCancel(ctx)
	defer stop()
	output, kill := context.WithCancel(context.WithoutCancel(ctx))
	defer kill()
	defer b.store.hurry(output)()

	var fatal atomic.Pointer[error]
	fail := func(err error) {
		if fatal.CompareAndSwap(nil, &err) {
			stop()
			kill()
		}
	}

	var in, out sync.WaitGroup
	running := false
	in.Go(func() {
		offset, err := b.begin(intake)
		if err != nil {
			fail(err)
		}
		if intake.Err() != nil {
			return
		}
		running = true
		b.answers.run(output, &out)
		b.sender.run(output, &out, fail)
		in.Go(func() { b.scheduler.run(intake, output, fail) })
		in.Go(func() {
			if err := b.scheduler.sweep(intake, output); err != nil && output.Err() == nil {
				fail(err)
			}
		})
		in.Go(func() {
			if err := b.away.run(intake); err != nil && intake.Err() == nil {
				fail(err)
			}
		})
		in.Go(func() { b.menus.run(intake) })
		if b.cfg.Keep > 0 {
			in.Go(func() { b.retain(intake, fail) })
		}
		b.poll(intake, output, offset, fail)
	})
	<-intake.Done()
	// The batch in hand may itself be stuck, in a store that fails.
	end := time.Now().Add(b.cfg.Grace)
	last := time.AfterFunc(b.cfg.Grace, kill)
	defer last.Stop()
	in.Wait()
	if running {
		b.drain(output, end)
		b.away.stop(output)
	}
	kill()
	out.Wait()
	if err := fatal.Load(); err != nil {
		return *err
	}
	return nil
}

// retain deletes what is no longer kept, until intake ends.
func (b *Bot) retain(intake context.Context, fail func(error)) {
	r := &retention{clock: b.cfg.Clock, store: b.store, keep: b.cfg.Keep, count: &b.count}
	if err := r.run(intake); err != nil && intake.Err() == nil {
		fail(err)
	}
}

// drain waits until everything that can be sent before end has been, or output
// has ended.
func (b *Bot) drain(output context.Context, end time.Time) {
	for !(b.sender.queue.quiet(end) && b.answers.quiet()) {
		select {
		case <-output.Done():
			return
		case <-b.sender.progress:
		case <-b.answers.progress:
		}
	}
}
