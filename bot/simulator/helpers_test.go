package simulator

import (
	"bytes"
	"context"
	"encoding/json"
	"io"
	"mime/multipart"
	"net/http"
	"testing"
	"time"
)

// reply is what a bot gets to see of one call.
type reply struct {
	Status     int
	RetryAfter string // the header
	OK         bool   `json:"ok"`
	Result     json.RawMessage
	Code       int `json:"error_code"`
	Description,
	Raw string
	Parameters struct {
		RetryAfter int   `json:"retry_after"`
		MigrateTo  int64 `json:"migrate_to_chat_id"`
	}
}

// id is the message_id of the result.
func (r reply) id(t *testing.T) int64 {
	t.Helper()
	var m struct {
		MessageID int64 `json:"message_id"`
	}
	if !r.OK {
		t.Fatalf("refused: %d %s", r.Code, r.Description)
	}
	if err := json.Unmarshal(r.Result, &m); err != nil || m.MessageID == 0 {
		t.Fatalf("no message in %s", r.Result)
	}
	return m.MessageID
}

type args map[string]any

// bot is the simplest possible client: JSON bodies over the in-memory transport.
type bot struct {
	t      *testing.T
	server *Server
	client *http.Client
	base   string
}

// newBot serves in memory until the test ends. A test with synctest calls it inside its bubble.
func newBot(t *testing.T, cfg Config) *bot {
	t.Helper()
	s := New(cfg)
	memory := s.InMemory()
	t.Cleanup(memory.Close)
	return &bot{t: t, server: s, client: &http.Client{Transport: memory.Transport()}, base: memory.URL()}
}

func (b *bot) call(method string, params args) reply {
	b.t.Helper()
	r, err := b.try(b.t.Context(), method, params)
	if err != nil {
		b.t.Fatalf("%s: %v", method, err)
	}
	return r
}

func (b *bot) try(ctx context.Context, method string, params args) (reply, error) {
	body, err := json.Marshal(params)
	if err != nil {
		return reply{}, err
	}
	return b.do(ctx, http.MethodPost, "/bot"+b.server.Token()+"/"+method, "application/json", body)
}

func (b *bot) do(ctx context.Context, verb, path, contentType string, body []byte) (reply, error) {
	req, err := http.NewRequestWithContext(ctx, verb, b.base+path, bytes.NewReader(body))
	if err != nil {
		return reply{}, err
	}
	req.Header.Set("Content-Type", contentType)
	res, err := b.client.Do(req)
	if err != nil {
		return reply{}, err
	}
	defer res.Body.Close()
	raw, err := io.ReadAll(res.Body)
	if err != nil {
		return reply{}, err
	}
	r := reply{Status: res.StatusCode, RetryAfter: res.Header.Get("Retry-After"), Raw: string(raw)}
	if res.Header.Get("Content-Type") == "application/json" {
		err = json.Unmarshal(raw, &r)
	}
	return r, err
}

// upload sends a multipart body with one file.
func (b *bot) upload(method, part, name string, data []byte, params map[string]string) reply {
	b.t.Helper()
	var body bytes.Buffer
	w := multipart.NewWriter(&body)
	for k, v := range params {
		if err := w.WriteField(k, v); err != nil {
			b.t.Fatal(err)
		}
	}
	f, err := w.CreateFormFile(part, name)
	if err != nil {
		b.t.Fatal(err)
	}
	_, _ = f.Write(data)
	if err := w.Close(); err != nil {
		b.t.Fatal(err)
	}
	r, err := b.do(b.t.Context(), http.MethodPost, "/bot"+b.server.Token()+"/"+method, w.FormDataContentType(), body.Bytes())
	if err != nil {
		b.t.Fatalf("%s: %v", method, err)
	}
	return r
}

// updates polls once and decodes loosely.
func (b *bot) updates(params args) []map[string]any {
	b.t.Helper()
	r := b.call("getUpdates", params)
	if !r.OK {
		b.t.Fatalf("getUpdates refused: %d %s", r.Code, r.Description)
	}
	var list []map[string]any
	if err := json.Unmarshal(r.Result, &list); err != nil {
		b.t.Fatal(err)
	}
	return list
}

// wantRefusal checks code, words and status of a refusal.
func wantRefusal(t *testing.T, r reply, code int, description string) {
	t.Helper()
	if r.OK || r.Code != code || r.Description != description || r.Status != code {
		t.Errorf("got ok=%v status=%d code=%d %q, want a refusal with %d %q", r.OK, r.Status, r.Code, r.Description, code, description)
	}
}

// clock is a server clock that a test moves by hand.
type clock struct{ now time.Time }

func newClock() *clock { return &clock{time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC)} }

func (c *clock) Now() time.Time { return c.now }

func (c *clock) advance(d time.Duration) { c.now = c.now.Add(d) }

func decodeUpdates(t *testing.T, r reply) []map[string]any {
	t.Helper()
	var list []map[string]any
	if err := json.Unmarshal(r.Result, &list); err != nil {
		t.Errorf("decode %s: %v", r.Raw, err)
	}
	return list
}
