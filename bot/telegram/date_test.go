package telegram

import (
	"io"
	"net/http"
	"testing"
	"testing/synctest"
	"time"
)

// dating serves getMe with the status, body and Date that the last call of the
// function which it returns has told.
func dating(t *testing.T) (*Gateway, func(status int, body, date string)) {
	var status int
	var body, date string
	g := newGateway(t, handlerTransport(func(w http.ResponseWriter, _ *http.Request) {
		if date != "" {
			w.Header().Set("Date", date)
		}
		w.WriteHeader(status)
		_, _ = io.WriteString(w, body)
	}))
	return g, func(s int, b, d string) {
		status, body, date = s, b, d
		_, _ = g.Me(t.Context())
	}
}

// The server's time is what its last reply said and has gone on since; refusals,
// and what others have written, say nothing of it.
func TestServerTime(t *testing.T) {
	const (
		me    = `{"ok":true,"result":{"id":1,"is_bot":true,"username":"b"}}`
		noon  = "Thu, 01 Jan 2026 12:00:00 GMT"
		later = "Thu, 01 Jan 2026 13:00:00 GMT"
	)
	at := time.Date(2026, 1, 1, 12, 0, 0, 0, time.UTC)
	synctest.Test(t, func(t *testing.T) {
		g, reply := dating(t)
		want := func(want time.Time) {
			t.Helper()
			got, known := g.ServerTime()
			if known == want.IsZero() || !got.Equal(want) {
				t.Errorf("the server's time is %v (%v), want %v", got, known, want)
			}
		}
		want(time.Time{})
		reply(http.StatusBadGateway, "<html>", noon)
		want(time.Time{})
		reply(http.StatusOK, me, noon)
		want(at)
		time.Sleep(10 * time.Second)
		want(at.Add(10 * time.Second))
		reply(http.StatusTooManyRequests, `{"ok":false,"error_code":429,"description":"Too Many Requests: retry after 5"}`, later)
		want(at.Add(10 * time.Second))
		reply(http.StatusOK, me, later)
		want(at.Add(time.Hour))
		for _, none := range []string{"", "yesterday"} {
			reply(http.StatusOK, me, noon)
			reply(http.StatusOK, me, none)
			want(time.Time{})
		}
	})
}
