package bot

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"strings"
	"sync/atomic"
	"time"

	"golang.org/x/sync/errgroup"

	"spasmbot/bot/chat"
	"spasmbot/bot/outbox"
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
	// SetProfile brings a part of what the messenger shows of the bot in a language,
	// "" for all others, to what p says, if it is another there.
	SetProfile(ctx context.Context, part chat.ProfilePart, lang string, p chat.Profile) error
	// DeleteWebhook lets updates be polled. It drops none.
	DeleteWebhook(ctx context.Context) error
	// ServerTime is what the messenger's clock shows now, by its last reply;
	// known is false if that told no time, or there was none.
	ServerTime() (at time.Time, known bool)
}

// Config is what a Bot is made of. Store, Gateway and Step are required.
type Config struct {
	Store   storage.Store
	Gateway Gateway
	Step    StepFunc
	Clock   Clock // default RealClock
	// BotDates says that the messenger dates its messages in bot time, as one does
	// that is simulated beside the bot. The real one dates them in real time.
	BotDates bool
	Logger   *slog.Logger // default: no log

	// Rate and ChatRate bound messages and edits a second, overall and in one
	// chat; 0 means no limit of our own. What the messenger demands with
	// retry-after is always obeyed.
	Rate, ChatRate float64

	// Media finds the files that messages show, by name. A message whose file is not found goes out with its words
	// alone, and so do all if Media is nil.
	Media func(name string) (flows.Media, bool)
	// Paper reads what the papers of people are made from. Nil has none: the words of
	// their messages go out alone.
	Paper PaperFunc
	// Profiles are set after the start, by language; the one for "" is for everybody
	// else.
	Profiles map[string]chat.Profile
	// DeleteWebhook removes a webhook at the start.
	DeleteWebhook bool
	// ID is the bot's id, which its token tells; 0 if it is not known before the
	// messenger has told it. A store that belongs to another bot is refused, unless
	// Adopt says that it is to become this one's.
	ID    int64
	Adopt bool
	// Look is how long, in real time, Run looks whether somebody else polls for the
	// same bot, and then gives up; see the constant. 0 does not look. Nor does a bot
	// that goes on with a store with which it polled just now, at the same Place:
	// that is any text, the same as long as the store is where it was, or empty if
	// that is not known.
	Look  time.Duration
	Place string
	// Grace is how long, in real time, Run goes on sending after its context
	// has ended. Default 5s; what remains is sent by the next Run.
	Grace time.Duration
	// Keep is how long, in bot time, records are kept of what is settled:
	// messages sent, timers that have come, episodes that ended with their
	// timelines, people who are idle. 0 keeps them for ever.
	Keep time.Duration
	// PruneCopies deletes the copies of the store that were made before an instant: they
	// are not kept longer than the records in them. Nil where there are none.
	PruneCopies func(before time.Time) error
	// GroupReply is what to say in a group to a person who spoke to the bot
	// there; it must be the same for everybody. Nil, or an empty text, says
	// nothing.
	GroupReply func(username string) (text string, keyboard [][]flows.Key)

	// held is how many pushes are held in memory; 0 is the outbox's own limit.
	held int
	// host is what the host's clock shows; default time.Now.
	host func() time.Time
}

// Bot runs the pipe between a Gateway and a Store.
type Bot struct {
	cfg     Config
	count   counters
	store   *steadyStore
	queue   *queue
	account *account
	profile profileLanes
	started atomic.Bool
	// pipe is there once the bot works.
	pipe atomic.Pointer[pipe]
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
	cfg.Logger = slog.New(newCalm(cfg.Logger.Handler()))
	if cfg.host == nil {
		cfg.host = RealClock{}.Now
	}
	if cfg.Grace <= 0 {
		cfg.Grace = 5 * time.Second
	}
	b := &Bot{cfg: cfg}
	b.store = newSteadyStore(cfg.Store, cfg.Logger)
	b.queue = newQueue(outbox.Limits{Rate: cfg.Rate, ChatRate: cfg.ChatRate, Held: cfg.held})
	b.account = newAccount(cfg.Gateway, b.queue, b.queue.restored, cfg.Logger)
	b.profile = newProfileLanes(cfg.Gateway, b.account, cfg.Profiles, b.queue, cfg.Logger)
	return b, nil
}

// Stats returns the counters.
func (b *Bot) Stats() Stats {
	s := b.count.stats()
	s.Waiting = uint64(b.queue.Waiting())
	s.InDoubt = uint64(b.queue.Parked())
	return s
}

// SetProfiles puts others in the place of [Config.Profiles]. It does not wait.
func (b *Bot) SetProfiles(profiles map[string]chat.Profile) { b.profile.want(profiles) }

var errRan = errors.New("bot: Run was called before; make a new Bot on the same store")

// Run works until ctx ends, then finishes the batch in hand, goes on sending
// for at most Config.Grace and returns nil. It returns an error when nothing
// can work any more: the token is refused, or the store is closed, damaged or
// in need of a new start.
func (b *Bot) Run(ctx context.Context) error {
	if b.started.Swap(true) {
		return errRan
	}
	// The output outlives ctx by the grace; the first fault ends everything.
	output, kill := context.WithCancel(context.WithoutCancel(ctx))
	defer kill()
	all, alive := errgroup.WithContext(output)
	defer b.store.hurry(alive)()

	door := newDoor()
	defer door.close()
	last := make(chan time.Time, 1)
	defer context.AfterFunc(ctx, func() {
		last <- time.Now().Add(b.cfg.Grace)
		door.close()
		// The batch in hand may itself be stuck, in a store that fails.
		nap(output, b.cfg.Grace)
		kill()
	})()

	in, leave := door.while(alive)
	defer leave()
	start := start{
		store: b.store, gateway: b.cfg.Gateway, all: b.queue, log: b.cfg.Logger, deleteWebhook: b.cfg.DeleteWebhook,
		id: b.cfg.ID, adopt: b.cfg.Adopt, look: b.cfg.Look,
		place: b.cfg.Place, host: b.cfg.host,
	}
	me, offset, err := start.begin(in)
	if err != nil || in.Err() != nil {
		return err
	}
	w := b.assemble(me, offset, door)
	if err := w.away.begin(in); err != nil {
		return unlessOver(in, err)
	}
	b.cfg.Logger.Info("polling as @" + me.Username)
	w.send(alive, all)
	all.Go(func() error {
		defer kill() // nothing is left to do
		if err := w.takeIn(alive); err != nil {
			return err
		}
		w.drain(alive, last)
		return nil
	})
	return b.await(alive, kill, all)
}

// await waits until all has ended. What hangs in a store that does not answer any
// more is left behind: the process is to end all the same.
func (b *Bot) await(alive context.Context, kill func(), all *errgroup.Group) error {
	done := make(chan error, 1)
	go func() { done <- all.Wait() }()
	var err error
	select {
	case err = <-done:
	case <-alive.Done():
		err = soon(done)
	case <-b.store.lost:
		kill()
		err = soon(done)
	}
	select {
	case <-b.store.lost:
		return b.store.why // whatever failed after it
	default:
		return err
	}
}

// soon waits for what ends a bot, but not for ever.
func soon(done <-chan error) error {
	late := time.NewTimer(storeLast + endSlack)
	defer late.Stop()
	select {
	case err := <-done:
		return err
	case <-late.C:
		return errStuck
	}
}

// endSlack is how long what is left may take once the store has had its last
// chance.
const endSlack = 3 * time.Second

var errStuck = errors.New("bot: the database does not come to an end; what it was writing may be lost: check the disk")

// assemble makes the parts, each of those that it uses.
func (b *Bot) assemble(me chat.Me, offset int64, door *door) *works {
	var (
		cfg, log, q = &b.cfg, b.cfg.Logger, b.queue
		turns       = newTurnstile()
		armed       = make(chan struct{}, 1)
		marks       = marks{b.store}
		clock       = newHostClock(cfg.Clock, cfg.host, cfg.Gateway.ServerTime, log)
		ledger      = &ledger{store: b.store, clock: clock}
	)
	answers := newAnswerLane(cfg.Gateway, q, &b.count, log)
	loader := &loader{queue: q, ledger: ledger, turns: turns}
	gallery := newGallery(cfg.Media, me.ID, b.store, log)
	away := newAway(clock, marks, cfg.Place, log)
	core := &core{step: cfg.Step, log: log}
	pipe := &pipe{
		gone:  make(departed),
		store: b.store, clock: clock, count: &b.count,
		departures: q, messages: loader, answers: answers, turns: turns, armed: armed,
	}
	b.pipe.Store(pipe)
	timers := &timers{pipe: pipe, core: core, event: away, log: log}
	intake := &intake{
		pipe: pipe, core: core, waiting: q, count: &b.count, log: log,
		groupReply: cfg.GroupReply, username: me.Username, repeats: newRepeatGate(),
		sent: clock.sent,
	}
	if cfg.BotDates {
		intake.sent = inBotTime
	}
	return &works{
		door: door, store: b.store, queue: q, away: away,
		poller: &poller{
			door: door, gateway: cfg.Gateway, intake: intake, line: away, account: b.account, offset: offset,
			trouble: trouble{lane: newLane("getUpdates", q, log), log: log, what: "polling"},
		},
		scheduler: &scheduler{
			door: door, clock: clock, store: b.store, timers: timers, armed: armed,
			queue: q, eased: q.eased, away: away,
		},
		sweep: &sweep{
			door: door, pipe: pipe, timers: timers, core: core, marks: marks,
			away: away, returned: away.returned, queue: q, doubt: clock,
		},
		retention: &retention{clock: clock, doubt: clock, store: b.store, keep: cfg.Keep, count: &b.count, copies: cfg.PruneCopies, log: log},
		profile:   b.profile,
		loader:    loader,
		sender: &sender{
			queue: q, ledger: ledger, doubt: clock, gallery: gallery, desk: &desk{read: cfg.Paper, store: b.store, clock: clock, log: log}, count: &b.count, log: log,
			caller: newCaller(cfg.Gateway, q, gallery, &b.count, log),
			judge:  &judge{queue: q, account: b.account, ledger: ledger, log: log},
			gone:   &farewell{pipe: pipe, core: core},
		},
		answers: answers,
	}
}
