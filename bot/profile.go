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

// profileSetter is the part of a Gateway that sets profiles.
type profileSetter interface {
	SetProfile(ctx context.Context, part chat.ProfilePart, lang string, p chat.Profile) error
}

// profileLanes bring the profiles to the messenger beside the polling: each part on
// a lane of its own, so that one that has to wait, perhaps for hours, keeps none of
// the others.
type profileLanes []*profileLane

// profileSource is what all of them are to those who judge refusals: that several
// parts are refused at once says nothing of messages.
const profileSource = "profile"

func newProfileLanes(gateway profileSetter, account *account, profiles map[string]chat.Profile, all silencer, log *slog.Logger) profileLanes {
	lanes := make(profileLanes, len(chat.ProfileParts))
	for i, part := range chat.ProfileParts {
		lanes[i] = &profileLane{
			part: part, gateway: gateway, account: account, log: log, lane: newLane(profileSource, all, log),
			changed: make(chan struct{}, 1),
		}
	}
	lanes.want(profiles)
	return lanes
}

// want puts other profiles in the place of all before. It does not wait.
func (l profileLanes) want(profiles map[string]chat.Profile) {
	for _, lane := range l {
		lane.want(profiles)
	}
}

// profileLane brings one part of the profiles to the messenger, one language after
// the other, for as long as it takes.
type profileLane struct {
	part    chat.ProfilePart
	gateway profileSetter
	account *account
	log     *slog.Logger
	lane    *lane
	changed chan struct{}

	mu sync.Mutex
	// todo are the profiles whose part is not yet set; edition counts how often they
	// were wanted anew.
	todo    map[string]chat.Profile
	edition int
}

func (m *profileLane) want(profiles map[string]chat.Profile) {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.todo = maps.Clone(profiles)
	m.edition++
	signal(m.changed)
}

// run sets the part until ctx ends.
func (m *profileLane) run(ctx context.Context) error {
	failures := 0
	for m.lane.wait(ctx) {
		lang, profile, edition, ok := m.next()
		if !ok {
			select {
			case <-m.changed:
			case <-ctx.Done():
			}
			continue
		}
		began := time.Now()
		err := m.gateway.SetProfile(ctx, m.part, lang, profile)
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
			m.log.Warn("a part of what the messenger shows of the bot was not set; the bot works without it",
				"part", string(m.part), "language", lang, "error", err)
		}
		failures = 0
		m.done(lang, edition)
	}
	return nil
}

func (m *profileLane) next() (lang string, profile chat.Profile, edition int, ok bool) {
	m.mu.Lock()
	defer m.mu.Unlock()
	if len(m.todo) == 0 {
		return "", chat.Profile{}, 0, false
	}
	lang = slices.Min(slices.Collect(maps.Keys(m.todo)))
	return lang, m.todo[lang], m.edition, true
}

// done notes that a language needs no more work, unless another profile is wanted
// by now.
func (m *profileLane) done(lang string, edition int) {
	m.mu.Lock()
	defer m.mu.Unlock()
	if edition == m.edition {
		delete(m.todo, lang)
	}
}
