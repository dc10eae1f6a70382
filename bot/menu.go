package bot

import (
	"context"
	"log/slog"
	"maps"
	"math/rand/v2"
	"slices"
	"sync"
	"time"

	"spasmbot/bot/chat"
)

// menuSetter is the part of a Gateway that sets menus.
type menuSetter interface {
	SetMenu(ctx context.Context, lang string, menu []chat.MenuCommand) error
}

// menuLane brings the command menus to the messenger, one language after the
// other and beside the polling, for as long as it takes.
type menuLane struct {
	gateway menuSetter
	account *account
	log     *slog.Logger
	lane    *lane
	changed chan struct{}

	mu sync.Mutex
	// todo are the menus not yet set; edition counts how often they were
	// wanted anew.
	todo    map[string][]chat.MenuCommand
	edition int
}

func newMenuLane(gateway menuSetter, account *account, menu map[string][]chat.MenuCommand, all silencer, log *slog.Logger) *menuLane {
	m := &menuLane{
		gateway: gateway, account: account, log: log, lane: newLane("setMyCommands", all, log), changed: make(chan struct{}, 1),
	}
	m.want(menu)
	return m
}

// want puts other menus in the place of all before. It does not wait.
func (m *menuLane) want(menu map[string][]chat.MenuCommand) {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.todo = maps.Clone(menu)
	m.edition++
	signal(m.changed)
}

// run sets menus until ctx ends.
func (m *menuLane) run(ctx context.Context) error {
	failures := 0
	for m.lane.wait(ctx) {
		lang, menu, edition, ok := m.next()
		if !ok {
			select {
			case <-m.changed:
			case <-ctx.Done():
			}
			continue
		}
		began := time.Now()
		err := m.gateway.SetMenu(ctx, lang, menu)
		switch fault := asFault(err); {
		case err == nil:
		case ctx.Err() != nil:
			return nil //nolint:nilerr // whatever fails then is of no consequence
		case fault.Kind == chat.Limited:
			m.lane.limited(time.Now(), fault.RetryAfter)
			continue
		case fault.Kind == chat.Retry, !m.account.good(ctx, began):
			failures++
			nap(ctx, backoff(failures, rand.Float64()))
			continue
		default:
			m.log.Warn("the command menu was not set; the bot works without it", "language", lang, "error", err)
		}
		failures = 0
		m.done(lang, edition)
	}
	return nil
}

func (m *menuLane) next() (lang string, menu []chat.MenuCommand, edition int, ok bool) {
	m.mu.Lock()
	defer m.mu.Unlock()
	if len(m.todo) == 0 {
		return "", nil, 0, false
	}
	lang = slices.Min(slices.Collect(maps.Keys(m.todo)))
	return lang, m.todo[lang], m.edition, true
}

// done notes that a menu needs no more work, unless another is wanted by now.
func (m *menuLane) done(lang string, edition int) {
	m.mu.Lock()
	defer m.mu.Unlock()
	if edition == m.edition {
		delete(m.todo, lang)
	}
}
