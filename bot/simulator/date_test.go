package simulator

import (
	"net/http"
	"testing"
	"time"
)

// Replies carry the true date, the one that is set, or none; refusals too.
func TestDate(t *testing.T) {
	wrong := time.Date(2030, 5, 1, 12, 0, 0, 0, time.UTC)
	b := newBot(t, Config{Date: func() time.Time { return wrong }})
	date := func(method string) string {
		t.Helper()
		resp, err := b.client.Get(b.base + "/bot" + DefaultToken + "/" + method)
		if err != nil {
			t.Fatal(err)
		}
		_ = resp.Body.Close()
		return resp.Header.Get("Date")
	}
	for _, method := range []string{"getMe", "noSuchMethod"} {
		if got := date(method); got != "Wed, 01 May 2030 12:00:00 GMT" {
			t.Errorf("%s: set to %v, the date is %q", method, wrong, got)
		}
	}
	b.server.SetDate(func() time.Time { return time.Time{} })
	if got := date("getMe"); got != "" {
		t.Errorf("without one, the date is %q", got)
	}
	b.server.SetDate(nil)
	got, err := http.ParseTime(date("getMe"))
	if err != nil || time.Since(got).Abs() > time.Minute {
		t.Errorf("the date is %v (%v)", got, err)
	}
}
