package telegram

import (
	"net/http"
	"time"
)

// date is what a reply told of the server's clock.
type date struct {
	// at is the server's time; zero if the reply did not tell it.
	at time.Time
	// came is when the reply began to come, by the process's own count of time,
	// which goes on whatever the host's clock is set to.
	came time.Time
}

func dateOf(header http.Header, came time.Time) *date {
	at, err := http.ParseTime(header.Get("Date"))
	if err != nil {
		at = time.Time{}
	}
	return &date{at: at, came: came}
}

// ServerTime is what the server's clock shows now, by its last reply that says ok.
// It is known to the second, and is late by what that reply was on its way. Known
// is false if that reply told no time, or there was none. Other replies do not
// count: a proxy may have written them.
func (g *Gateway) ServerTime() (at time.Time, known bool) {
	d := g.date.Load()
	if d == nil || d.at.IsZero() {
		return time.Time{}, false
	}
	return d.at.Add(time.Since(d.came)), true
}
