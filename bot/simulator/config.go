package simulator

import (
	"cmp"
	"time"
)

// DefaultToken is the token when Config names none: well formed, and plainly not a real one.
const DefaultToken = "1000001:simulated-token-for-no-real-bot-0000"

// Config says what the server is. The zero value is usable.
type Config struct {
	Token       string // DefaultToken when empty
	BotID       int64  // taken from the token's first part when 0
	BotName     string // first name; BotUsername when empty
	BotUsername string // "simulated_bot" when empty

	// Now dates messages and ages updates and queries. time.Now when nil.
	Now func() time.Time

	// Date is what the server's clock shows in the Date header of its replies; a zero time leaves the header out.
	// The true time when nil. SetDate changes it later.
	Date func() time.Time

	Limits Limits

	// Rates are enforced with 429 only where they are set. They are measured in real time.
	Rate      Rate // all sends and edits together
	ChatRate  Rate // sends and edits in one chat
	GroupRate Rate // instead of ChatRate, in groups and channels

	// Fault may spoil a call; nil spoils none. It is called without any lock held, from many goroutines.
	// SetFault changes it later.
	Fault func(Call) *Fault

	// OnCall hears of each finished call, from many goroutines. The calls of one chat that do not overlap are in order.
	OnCall func(Call)

	// KeepCalls is how many calls Log remembers: 0 all of them, a negative number none.
	KeepCalls int

	// FirstUpdateID is the id of the first update. 700000001 when 0.
	FirstUpdateID int64
}

// Limits are the figures of the server that its documentation does not fix, or that a fast clock needs to stretch.
// A zero field takes the default, a negative duration means without end.
type Limits struct {
	UpdateRetention   time.Duration // an update nobody fetched is lost: 24 h
	CallbackRetention time.Duration // the same for a callback query: 150 s
	AnswerWindow      time.Duration // a query can be answered for so long: 5 min
	DeleteWindow      time.Duration // a message can be deleted for so long: 48 h
	KeepMessages      int           // messages remembered in a chat, the newest ones: 0 is all of them
	UploadBytes       int64         // the size of an upload that is no photo: 50 MB
	PhotoBytes        int64         // the size of a photo: 10 MB
}

// Rate is a token bucket: so many a second on average, at most Burst at once. Zero PerSecond means unlimited.
type Rate struct {
	PerSecond float64
	Burst     int // at least 1
}

func (c Config) withDefaults() Config {
	c.Token = cmp.Or(c.Token, DefaultToken)
	c.BotUsername = cmp.Or(c.BotUsername, "simulated_bot")
	c.BotName = cmp.Or(c.BotName, c.BotUsername)
	c.BotID = cmp.Or(c.BotID, botIDOf(c.Token), 1000001)
	c.FirstUpdateID = cmp.Or(c.FirstUpdateID, 700000001)
	if c.Now == nil {
		c.Now = time.Now
	}
	l := &c.Limits
	l.UpdateRetention = cmp.Or(l.UpdateRetention, 24*time.Hour)
	l.CallbackRetention = cmp.Or(l.CallbackRetention, 150*time.Second)
	l.AnswerWindow = cmp.Or(l.AnswerWindow, 5*time.Minute)
	l.DeleteWindow = cmp.Or(l.DeleteWindow, 48*time.Hour)
	l.UploadBytes = cmp.Or(l.UploadBytes, 50<<20)
	l.PhotoBytes = cmp.Or(l.PhotoBytes, 10<<20)
	return c
}

// botIDOf reads the digits before the colon; 0 when there are none.
func botIDOf(token string) int64 {
	var id int64
	for _, c := range token {
		if c < '0' || c > '9' || id > maxUserID/10 {
			break
		}
		id = id*10 + int64(c-'0')
	}
	return id
}
