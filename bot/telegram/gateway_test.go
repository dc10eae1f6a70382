package telegram

import (
	"net/http"
	"strings"
	"testing"
	"time"

	"spasmbot/bot/chat"
)

func TestConfigFaultsAreAllReported(t *testing.T) {
	_, err := New(Config{BaseURL: "ftp://x", PollTimeout: -1})
	if err == nil {
		t.Fatal("accepted")
	}
	for _, want := range []string{"token", "API address", "poll timeout"} {
		if !strings.Contains(err.Error(), want) {
			t.Errorf("%q does not mention %q", err, want)
		}
	}
}

func TestBaseURL(t *testing.T) {
	for in, want := range map[string]string{
		"":                               DefaultBaseURL,
		"https://api.telegram.org":       DefaultBaseURL,
		"https://api.telegram.org/":      DefaultBaseURL,
		"http://127.0.0.1:8081//":        "http://127.0.0.1:8081",
		"http://[::1]:8081":              "http://[::1]:8081",
		"https://example.org/tg/api/":    "https://example.org/tg/api",
		"api.telegram.org":               "",
		"ftp://api.telegram.org":         "",
		"http://":                        "",
		"http:///path":                   "",
		"http://host:port":               "",
		"https://host/%73":               "",
		"https://host/bot%s/%s":          "",
		"https://host/?x=1":              "",
		"https://host/#x":                "",
		"https://user:pass@host":         "",
		"https://host/a b":               "",
		"https://host\x00":               "",
		"https://host/bot" + testToken:   "",
		"https://" + testToken + "/path": "",
	} {
		got, err := parseBaseURL(in)
		if got != want || (err == nil) != (want != "") {
			t.Errorf("parseBaseURL(%q) = %q, %v; want %q", in, got, err, want)
		}
		if err != nil && strings.Contains(err.Error(), testKey) {
			t.Errorf("the error repeats the address: %v", err)
		}
	}
}

// Nothing goes in plain to another machine, unless that is asked for, or the way
// there is the caller's own.
func TestPlainHTTP(t *testing.T) {
	token, err := ParseToken(testToken)
	if err != nil {
		t.Fatal(err)
	}
	for base, local := range map[string]bool{
		"http://localhost:8081": true, "http://LOCALHOST": true, "http://127.0.0.1:8081": true, "http://127.9.9.9": true,
		"http://[::1]:8081": true, "http://[::ffff:127.0.0.1]": true, "https://example.org": true, "https://10.0.0.1": true,
		"http://example.org": false, "http://10.0.0.1": false, "http://192.168.1.2:8081": false, "http://[fe80::1]": false,
		"http://localhost.example.org": false, "http://127.0.0.1.example.org": false, "http://0.0.0.0": false,
		"http://api": false, "HTTP://example.org": false,
	} {
		_, err := New(Config{Token: token, BaseURL: base})
		if (err == nil) != local {
			t.Errorf("%s: %v, want ok = %t", base, err, local)
		}
		if err != nil && !strings.Contains(err.Error(), "--insecure-api") {
			t.Errorf("the error names no way out: %v", err)
		}
		for _, c := range []Config{{Insecure: true}, {Transport: replies(200, `{}`)}} {
			c.Token, c.BaseURL = token, base
			if _, err := New(c); err != nil {
				t.Errorf("%s, asked for: %v", base, err)
			}
		}
	}
}

func TestPathPrefixOfTheServerIsKept(t *testing.T) {
	var asked []seen
	g := newGatewayWith(t, Config{BaseURL: "http://host/tg/", Transport: recording(`{"ok":true,"result":true}`, &asked)})
	if err := g.DeleteWebhook(t.Context()); err != nil {
		t.Fatal(err)
	}
	if want := "/tg/bot" + testToken + "/deleteWebhook"; asked[0].path != want {
		t.Errorf("asked for %q, want %q", asked[0].path, want)
	}
}

func TestNewMakesNoCall(t *testing.T) {
	newGateway(t, transportFunc(func(*http.Request) (*http.Response, error) {
		t.Error("called while Telegram may be down")
		return nil, http.ErrServerClosed
	}))
}

func TestPollWaitStaysWithinWhatTheServerGrants(t *testing.T) {
	for in, want := range map[time.Duration]time.Duration{
		0: 30 * time.Second, time.Millisecond: time.Second, time.Second: time.Second,
		1500 * time.Millisecond: 2 * time.Second, 50 * time.Second: 50 * time.Second, time.Hour: 50 * time.Second,
	} {
		if got, err := pollWait(in); got != want || err != nil {
			t.Errorf("pollWait(%s) = %s, %v; want %s", in, got, err, want)
		}
	}
}

func TestMe(t *testing.T) {
	g := newGateway(t, replies(200, `{"ok":true,"result":{"id":4503599627370495,"is_bot":true,"username":"Spasm_Bot"}}`))
	me, err := g.Me(t.Context())
	if err != nil || me != (chat.Me{ID: 4503599627370495, Username: "Spasm_Bot"}) {
		t.Errorf("Me = %+v, %v", me, err)
	}
	g = newGateway(t, replies(200, `{"ok":true,"result":true}`))
	if _, err = g.Me(t.Context()); failureOf(t, err).Kind != chat.Retry {
		t.Errorf("a reply without a bot: %v", err)
	}
}

func TestDeleteWebhookKeepsPendingUpdates(t *testing.T) {
	var asked []seen
	g := newGateway(t, recording(`{"ok":true,"result":true}`, &asked))
	if err := g.DeleteWebhook(t.Context()); err != nil {
		t.Fatal(err)
	}
	if len(asked[0].form) != 0 {
		t.Errorf("sent %v, want no parameters", asked[0].form)
	}
}
