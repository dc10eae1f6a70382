package telegram

import (
	"context"
	"encoding/json"
	"errors"
	"io"
	"log"
	"log/slog"
	"net/http"
	"net/netip"
	"net/url"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	tgbotapi "github.com/go-telegram-bot-api/telegram-bot-api/v5"

	"spasmbot/bot/chat"
)

// DefaultBaseURL is the public Bot API server.
const DefaultBaseURL = "https://api.telegram.org"

// Config is what a Gateway needs to know. Only Token is required.
type Config struct {
	Token Token
	// BaseURL is where the Bot API is served, http or https, with or without
	// a path before "/bot<token>/<method>". Empty means DefaultBaseURL.
	BaseURL string
	// Insecure allows http to a host that is not this machine. The token is in
	// every address: whoever is on the way can read it.
	Insecure bool
	// Transport carries all calls; nil means two of the gateway's own, so
	// that a stuck poll and the sends do not share a connection. Where a
	// transport leads is known to whoever gives it.
	Transport http.RoundTripper
	// PollTimeout is how long a poll waits for the first update. It is
	// rounded up to seconds; 0 means 30 s, and more than the server's 50 s
	// counts as 50 s.
	PollTimeout time.Duration
	// Logger gets one line a call at level Debug; nil means none. No line
	// holds the token or anything that was said.
	Logger *slog.Logger
}

const (
	defaultPollTimeout = 30 * time.Second
	// maxPollTimeout is where the server clamps "timeout" by itself.
	maxPollTimeout = 50 * time.Second
	// pollGrace is what a poll may take beyond its waiting: connecting, and a
	// full batch over a slow line.
	pollGrace   = 15 * time.Second
	sendTimeout = 20 * time.Second
	// uploadTimeout is for 10 MB over a line of 1.5 Mbit/s.
	uploadTimeout = time.Minute

	// A batch is at most 100 updates of 64 KiB each, so no honest one is
	// refused for its size.
	pollBodyLimit = 8 << 20
	sendBodyLimit = 1 << 20
)

// lane is one kind of traffic.
type lane struct {
	transport http.RoundTripper
	timeout   time.Duration
	bodyLimit int64
}

// Gateway talks to the Bot API on behalf of one bot. Its methods may be called
// concurrently, except that two polls at a time make the server refuse one.
type Gateway struct {
	token    Token
	endpoint string
	polls    lane
	sends    lane
	uploads  lane
	wait     time.Duration
	logger   *slog.Logger
	// username is known once Me has succeeded; nil before.
	username atomic.Pointer[string]
	// date is when the server wrote its last reply that says ok; nil before.
	date atomic.Pointer[date]
}

// silenceLibrary is done once a process, because the library keeps its logger
// in an unguarded variable; what it logs holds the token.
var silenceLibrary = sync.OnceFunc(func() {
	_ = tgbotapi.SetLogger(log.New(io.Discard, "", 0)) // fails only on nil
})

// New checks the configuration. It makes no call, so that a bot can start
// while Telegram is down. All faults are reported at once.
func New(c Config) (*Gateway, error) {
	silenceLibrary()
	var faults []error
	if c.Token.secret == nil {
		faults = append(faults, errors.New("no bot token: get one from @BotFather"))
	}
	base, err := parseBaseURL(c.BaseURL)
	if err == nil && c.Transport == nil && !c.Insecure {
		err = checkSecret(base)
	}
	if err != nil {
		faults = append(faults, err)
	}
	wait, err := pollWait(c.PollTimeout)
	if err != nil {
		faults = append(faults, err)
	}
	if len(faults) > 0 {
		return nil, errors.Join(faults...)
	}
	polls, sends := c.Transport, c.Transport
	if c.Transport == nil {
		polls, sends = newTransport(pollConns), newTransport(sendConns)
	}
	logger := c.Logger
	if logger == nil {
		logger = slog.New(slog.DiscardHandler)
	}
	return &Gateway{
		token:    c.Token,
		endpoint: base + "/bot%s/%s",
		polls:    lane{transport: polls, timeout: wait + pollGrace, bodyLimit: pollBodyLimit},
		sends:    lane{transport: sends, timeout: sendTimeout, bodyLimit: sendBodyLimit},
		uploads:  lane{transport: sends, timeout: uploadTimeout, bodyLimit: sendBodyLimit},
		wait:     wait,
		logger:   logger,
	}, nil
}

// parseBaseURL returns s without trailing slashes. Its errors do not repeat s:
// people paste whole method addresses here, token and all.
func parseBaseURL(s string) (string, error) {
	if s == "" {
		return DefaultBaseURL, nil
	}
	// The library takes the address for a format string, hence no '%'.
	if strings.ContainsAny(s, "%?#@ \t\r\n\\") {
		return "", errors.New("the API address must be plain, such as " + DefaultBaseURL +
			": no user, query, fragment, '%' or spaces")
	}
	u, err := url.Parse(s)
	if err != nil || u.Scheme != "http" && u.Scheme != "https" || u.Hostname() == "" {
		return "", errors.New("the API address must start with http:// or https:// and a host, such as " + DefaultBaseURL)
	}
	if strings.Contains(u.Path, "/bot") && strings.Contains(u.Path, ":") {
		return "", errors.New("the API address must not contain the token; give only what stands before /bot")
	}
	return strings.TrimRight(s, "/"), nil
}

// checkSecret refuses an address on whose way others can read the token.
func checkSecret(base string) error {
	u, err := url.Parse(base)
	if err != nil {
		return err
	}
	host := u.Hostname()
	addr, err := netip.ParseAddr(host)
	local := strings.EqualFold(host, "localhost") || err == nil && addr.Unmap().IsLoopback()
	if u.Scheme == "https" || local {
		return nil
	}
	return errors.New("the API address is http:// and not on this machine, so that others can read the token on its way: " +
		"use https://, or --insecure-api where nobody else is on that way")
}

func pollWait(d time.Duration) (time.Duration, error) {
	switch {
	case d < 0:
		return 0, errors.New("the poll timeout must not be negative")
	case d == 0:
		return defaultPollTimeout, nil
	}
	// Rounded up, because 0 s would make every poll return at once.
	seconds := (min(d, maxPollTimeout) + time.Second - 1) / time.Second
	return seconds * time.Second, nil
}

// Me asks who the bot is. From then on commands addressed to another bot are
// told apart.
func (g *Gateway) Me(ctx context.Context) (chat.Me, error) {
	const method = "getMe"
	result, err := g.call(ctx, g.sends, method, nil)
	if err != nil {
		return chat.Me{}, err
	}
	var me struct {
		ID       int64  `json:"id"`
		Username string `json:"username"`
	}
	if err := json.Unmarshal(result, &me); err != nil || me.ID == 0 {
		return chat.Me{}, &chat.Error{Method: method, Kind: chat.Retry, Code: http.StatusOK, Description: "the reply names no bot"}
	}
	g.username.Store(&me.Username)
	return chat.Me{ID: me.ID, Username: me.Username}, nil
}

// DeleteWebhook makes polling possible where a webhook was set. Updates that
// wait for the webhook are kept and come with the next poll.
func (g *Gateway) DeleteWebhook(ctx context.Context) error {
	_, err := g.call(ctx, g.sends, "deleteWebhook", nil)
	return err
}

// rejected is the error of a call that is wrong before it is made.
func rejected(method, why string) error {
	return &chat.Error{Method: method, Kind: chat.Rejected, Description: why}
}
