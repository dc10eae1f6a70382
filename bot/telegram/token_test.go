package telegram

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net"
	"net/http"
	"net/url"
	"os"
	"os/exec"
	"strings"
	"testing"

	tgbotapi "github.com/go-telegram-bot-api/telegram-bot-api/v5"

	"spasmbot/bot/chat"
)

func TestParseToken(t *testing.T) {
	key := strings.Repeat("a", 30)
	for s, want := range map[string]bool{
		testToken:                      true,
		"1:" + key:                     true,
		"1234567890123456:" + key:      true,
		"1:" + strings.Repeat("Z", 64): true,
		"":                             false,
		key:                            false,
		":" + key:                      false,
		"12345678901234567:" + key:     false,
		"1:" + key[1:]:                 false,
		"1:" + strings.Repeat("a", 65): false,
		"x1:" + key:                    false,
		"1:" + key + "\n":              true,
		" \t1:" + key + " \r\n\n":      true,
		"1: " + key:                    false,
		"1:" + key + "\n2:" + key:      false,
		"1:" + key + "/../x":           false,
		"1:" + key + "%s":              false,
		"1:" + key + "é":               false,
		`"` + testToken + `"`:          false,
	} {
		_, err := ParseToken(s)
		if (err == nil) != want {
			t.Errorf("ParseToken(%q) = %v, want ok = %t", s, err, want)
		}
		if err != nil && s != "" && strings.Contains(err.Error(), s) {
			t.Errorf("the error repeats its input: %v", err)
		}
	}
}

func TestTokenNeverPrints(t *testing.T) {
	token, err := ParseToken(testToken)
	if err != nil {
		t.Fatal(err)
	}
	g := newGateway(t, replies(200, `{}`))
	hidden := struct{ inner struct{ token Token } }{}
	hidden.inner.token = token
	config := Config{Token: token}

	var out bytes.Buffer
	for _, v := range []any{token, &token, config, &config, hidden, &hidden, []Token{token}, map[Token]Token{token: token}, g} {
		for _, verb := range []string{"%v", "%+v", "%#v", "%s", "%q", "%x", "%X", "%d", "%T", "%p", "%t"} {
			fmt.Fprintf(&out, verb+"\n", v)
		}
		fmt.Fprintln(&out, v)
		if b, err := json.Marshal(v); err == nil {
			out.Write(b)
		}
		slog.New(slog.NewTextHandler(&out, nil)).Info("x", "v", v)
		slog.New(slog.NewJSONHandler(&out, nil)).Info("x", "v", v)
	}
	text, _ := token.MarshalText()
	out.Write(text)
	mustNotHoldToken(t, out.String())
	if !strings.Contains(out.String(), redacted) {
		t.Error("nothing was printed in its place")
	}
}

func mustNotHoldToken(t *testing.T, output string) {
	t.Helper()
	hexed := fmt.Sprintf("%x", testKey)
	for _, secret := range []string{testToken, testKey, url.QueryEscape(testToken), hexed, strings.ToUpper(hexed)} {
		if strings.Contains(output, secret) {
			t.Errorf("the token shows up in:\n%s", output)
			return
		}
	}
}

// leakyTransports fail or answer in every way that might carry the token back.
func leakyTransports() map[string]http.RoundTripper {
	address := "https://api.telegram.org/bot" + testToken + "/sendMessage"
	escaped := url.QueryEscape(testToken)
	fails := func(err error) http.RoundTripper {
		return transportFunc(func(*http.Request) (*http.Response, error) { return nil, err })
	}
	return map[string]http.RoundTripper{
		"dial error":        fails(&net.OpError{Op: "dial", Net: "tcp", Err: errors.New("refused " + address)}),
		"url error":         fails(&url.Error{Op: "Post", URL: address, Err: io.ErrUnexpectedEOF}),
		"wrapped url error": fails(fmt.Errorf("proxy: %w", &url.Error{Op: "Post", URL: address, Err: &url.Error{Op: "Get", URL: address, Err: errors.New(address)}})),
		"empty url error":   fails(&url.Error{Op: "Post", URL: address}),
		"redirect": handlerTransport(func(w http.ResponseWriter, r *http.Request) {
			http.Redirect(w, r, "https://elsewhere.example"+r.URL.Path, http.StatusTemporaryRedirect)
		}),
		"page":             replies(502, "<html>"+address),
		"garbage":          replies(200, address),
		"description":      replies(400, `{"ok":false,"error_code":400,"description":"Bad Request: `+address+`"}`),
		"escaped":          replies(401, `{"ok":false,"error_code":401,"description":"Unauthorized: `+escaped+`"}`),
		"half a token":     replies(409, `{"ok":false,"error_code":409,"description":"Conflict with `+testKey+`"}`),
		"quoted":           replies(400, `{"ok":false,"error_code":400,"description":"no \"`+testToken+`\" here"}`),
		"long description": replies(400, `{"ok":false,"error_code":400,"description":"`+strings.Repeat("x", 180)+testToken+`"}`),
		"bad update":       replies(200, `{"ok":true,"result":[{"update_id":1,"message":"`+testToken+`"},"`+testToken+`"]}`),
		"mistyped error":   replies(400, `{"ok":false,"error_code":"`+testToken+`"}`),
	}
}

func TestTokenIsInNoErrorAndNoLog(t *testing.T) {
	for name, transport := range leakyTransports() {
		t.Run(name, func(t *testing.T) {
			var out bytes.Buffer
			logger := slog.New(slog.NewJSONHandler(&out, &slog.HandlerOptions{Level: slog.LevelDebug}))
			g := newGatewayWith(t, Config{Transport: transport, Logger: logger})
			ctx := t.Context()
			_, err1 := g.Me(ctx)
			updates, _, err2 := g.Poll(ctx, 0)
			_, err3 := g.Send(ctx, chat.Outgoing{Chat: 1, Text: "x"})
			errs := []error{err1, err2, err3, g.Answer(ctx, "q", "x"), g.SetProfile(ctx, chat.MenuPart, "", chat.Profile{}), g.DeleteWebhook(ctx)}
			for _, u := range updates {
				errs = append(errs, u.Bad)
			}
			for _, err := range errs {
				fmt.Fprintf(&out, "%v %+v %#v\n", err, err, err)
				for err != nil {
					fmt.Fprintf(&out, "%+v\n", err)
					err = errors.Unwrap(err)
				}
				b, _ := json.Marshal(err)
				out.Write(b)
			}
			mustNotHoldToken(t, out.String())
			if !strings.Contains(out.String(), "bot api call") {
				t.Error("nothing was logged, so nothing was tested")
			}
		})
	}
}

// The library logs requests through a package variable. The test runs in a
// process of its own, because the silence lasts for a process.
func TestLibraryIsSilenced(t *testing.T) {
	if os.Getenv("SPASMBOT_TEST_LIBRARY_LOG") != "" {
		newGateway(t, replies(200, `{}`))
		api := tgbotapi.BotAPI{Token: testToken, Debug: true, Client: &exchange{
			parent: t.Context(),
			lane:   lane{transport: replies(200, `{"ok":true,"result":"said"}`), timeout: sendTimeout, bodyLimit: sendBodyLimit},
		}}
		api.SetAPIEndpoint(DefaultBaseURL + "/bot%s/%s")
		if _, err := api.MakeRequest("x"+testToken, tgbotapi.Params{"text": "said"}); !errors.Is(err, errKept) {
			t.Fatal(err)
		}
		return
	}
	cmd := exec.CommandContext(t.Context(), os.Args[0], "-test.run=^TestLibraryIsSilenced$")
	cmd.Env = append(os.Environ(), "SPASMBOT_TEST_LIBRARY_LOG=1")
	out, err := cmd.CombinedOutput()
	if err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	mustNotHoldToken(t, string(out))
	if strings.Contains(string(out), "Endpoint") {
		t.Errorf("the library logs:\n%s", out)
	}
}
