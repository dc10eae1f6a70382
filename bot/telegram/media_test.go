package telegram

import (
	"bytes"
	"context"
	"errors"
	"io"
	"mime"
	"net/http"
	"net/url"
	"reflect"
	"slices"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"spasmbot/bot/chat"
	"spasmbot/flows"
)

// uploaded is one multipart request as the server read it.
type uploaded struct {
	path     string
	fields   map[string]string
	field    string
	filename string
	data     []byte
	length   int64
	chunked  bool
}

func readUpload(t *testing.T, r *http.Request) uploaded {
	t.Helper()
	u := uploaded{path: r.URL.Path, fields: map[string]string{}, length: r.ContentLength, chunked: len(r.TransferEncoding) > 0}
	parts, err := r.MultipartReader()
	if err != nil {
		t.Errorf("not a form: %v", err)
		return u
	}
	for {
		part, err := parts.NextRawPart()
		if err != nil {
			if !errors.Is(err, io.EOF) {
				t.Error(err)
			}
			return u
		}
		content, err := io.ReadAll(part)
		if err != nil {
			t.Error(err)
		}
		// FileName would take off the folder by itself.
		_, values, _ := mime.ParseMediaType(part.Header.Get("Content-Disposition"))
		if name, ok := values["filename"]; ok {
			u.field, u.filename, u.data = part.FormName(), name, content
		} else {
			u.fields[part.FormName()] = string(content)
		}
	}
}

const photoReply = `{"ok":true,"result":{"message_id":77,"photo":[` +
	`{"file_id":"small","width":90,"height":60},{"file_id":"large","width":900,"height":600},{"file_id":"middle","width":320,"height":213}]}}`

func TestUpload(t *testing.T) {
	keys := [][]flows.Key{{{Label: "Done", Data: "s1.done"}}}
	for name, c := range map[string]struct {
		media            chat.Media
		reply            string
		method, filename string
		want             chat.Sent
	}{
		"a photo": {
			chat.Media{Kind: chat.Photo, Name: "lie.png", Data: []byte("\x89PNG\r\n--x")},
			photoReply,
			"sendPhoto", "lie.png",
			chat.Sent{ID: 77, FileID: "large"},
		},
		"an animation": {
			chat.Media{Kind: chat.Animation, Name: "breathe.gif", Data: []byte("GIF89a")},
			`{"ok":true,"result":{"message_id":77,"document":{"file_id":"doc"},"animation":{"file_id":"anim"}}}`,
			"sendAnimation", "breathe.gif",
			chat.Sent{ID: 77, FileID: "anim"},
		},
		"an animation that the server takes for a video": {
			chat.Media{Kind: chat.Animation, Name: "breathe.mp4", Data: []byte("mp4")},
			`{"ok":true,"result":{"message_id":77,"video":{"file_id":"vid"}}}`,
			"sendAnimation", "breathe.mp4",
			chat.Sent{ID: 77, FileID: "vid"},
		},
		"a document": {
			chat.Media{Kind: chat.Document, Name: "report.pdf", Data: []byte("%PDF-1.4")},
			`{"ok":true,"result":{"message_id":77,"document":{"file_id":"doc"}}}`,
			"sendDocument", "report.pdf",
			chat.Sent{ID: 77, FileID: "doc"},
		},
		"a name with a folder": {
			chat.Media{Kind: chat.Photo, Name: "/home/anna/secret/lie.png", Data: []byte("x")},
			photoReply,
			"sendPhoto", "lie.png",
			chat.Sent{ID: 77, FileID: "large"},
		},
		"a name from elsewhere": {
			chat.Media{Kind: chat.Photo, Name: "C:\\anna\\li\r\ne\xff.png", Data: []byte("x")},
			photoReply,
			"sendPhoto", "lie\uFFFD.png",
			chat.Sent{ID: 77, FileID: "large"},
		},
		"no name, and a reply that tells nothing": {
			chat.Media{Kind: chat.Photo, Data: []byte("x")},
			`{"ok":true,"result":true}`,
			"sendPhoto", "file",
			chat.Sent{},
		},
	} {
		t.Run(name, func(t *testing.T) {
			var got uploaded
			g := newGateway(t, serve(t, func(w http.ResponseWriter, r *http.Request) {
				got = readUpload(t, r)
				_, _ = io.WriteString(w, c.reply)
			}))
			g.endpoint = "http://pipe/bot%s/%s"
			sent, err := g.Send(t.Context(), chat.Outgoing{Chat: 5, Text: "<b>Lie</b> down", Keyboard: keys, Silent: true, Media: &c.media})
			if err != nil || sent != c.want {
				t.Errorf("Send = %+v, %v, want %+v", sent, err, c.want)
			}
			if !strings.HasSuffix(got.path, "/"+c.method) || got.field != string(c.media.Kind) || got.filename != c.filename || !bytes.Equal(got.data, c.media.Data) {
				t.Errorf("uploaded %+v", got)
			}
			if got.chunked || got.length <= int64(len(c.media.Data)) {
				t.Errorf("chunked %v, length %d", got.chunked, got.length)
			}
			want := map[string]string{
				"chat_id": "5", "caption": "<b>Lie</b> down", "parse_mode": "HTML", "disable_notification": "true",
				"reply_markup": `{"inline_keyboard":[[{"text":"Done","callback_data":"s1.done"}]]}`,
			}
			for k, v := range want {
				if got.fields[k] != v {
					t.Errorf("%s is %q, want %q", k, got.fields[k], v)
				}
			}
			if len(got.fields) != len(want) {
				t.Errorf("fields %v", got.fields)
			}
		})
	}
}

func TestMediaByFileID(t *testing.T) {
	var asked []seen
	g := newGateway(t, recording(photoReply, &asked))
	sent, err := g.Send(t.Context(), chat.Outgoing{
		Chat: 5, Text: "1 < 2", Plain: true, Media: &chat.Media{Kind: chat.Photo, FileID: "AgAC", Name: "a.png", Data: []byte("x")},
	})
	if err != nil || sent != (chat.Sent{ID: 77, FileID: "large"}) {
		t.Errorf("Send = %+v, %v", sent, err)
	}
	_, err = g.Send(t.Context(), chat.Outgoing{Chat: 5, Media: &chat.Media{Kind: chat.Animation, FileID: "CgAC"}})
	if err != nil {
		t.Error(err)
	}
	for i, want := range []string{"caption=1+%3C+2&chat_id=5&photo=AgAC", "animation=CgAC&chat_id=5"} {
		if got := asked[i].form.Encode(); got != want {
			t.Errorf("asked %s, want %s", got, want)
		}
	}
}

// The file of a message is exchanged together with its words and buttons: by its id, and
// by an upload that the call names.
func TestExchangedMedia(t *testing.T) {
	var asked []seen
	g := newGateway(t, recording(photoReply, &asked))
	out := chat.Outgoing{
		Chat: 5, Edit: 77, Text: "<b>Sit</b>", Silent: true, Media: &chat.Media{Kind: chat.Photo, FileID: "AgAC"},
		Keyboard: [][]flows.Key{{{Label: "Next", Data: "s1.next"}}},
	}
	sent, err := g.Send(t.Context(), out)
	if err != nil || sent != (chat.Sent{ID: 77, FileID: "large"}) {
		t.Errorf("Send = %+v, %v", sent, err)
	}
	want := url.Values{
		"chat_id": {"5"}, "message_id": {"77"}, "reply_markup": {`{"inline_keyboard":[[{"text":"Next","callback_data":"s1.next"}]]}`},
		"media": {`{"type":"photo","media":"AgAC","caption":"\u003cb\u003eSit\u003c/b\u003e","parse_mode":"HTML"}`},
	}
	if got := asked[0].form; !reflect.DeepEqual(got, want) {
		t.Errorf("asked %v, want %v", got, want)
	}

	var got uploaded
	g = newGateway(t, serve(t, func(w http.ResponseWriter, r *http.Request) {
		got = readUpload(t, r)
		_, _ = io.WriteString(w, photoReply)
	}))
	g.endpoint = "http://pipe/bot%s/%s"
	out.Plain, out.Media = true, &chat.Media{Kind: chat.Photo, Name: "sit.png", Data: []byte("picture")}
	if _, err := g.Send(t.Context(), out); err != nil {
		t.Fatal(err)
	}
	media := `{"type":"photo","media":"attach://photo","caption":"Sit"}`
	if !strings.HasSuffix(got.path, "/editMessageMedia") || got.field != "photo" || string(got.data) != "picture" || got.fields["media"] != media || got.fields["message_id"] != "77" {
		t.Errorf("uploaded %+v", got)
	}
}

// The error of an upload keeps its code and what the server asks for.
func TestUploadFailures(t *testing.T) {
	for name, c := range map[string]struct {
		transport http.RoundTripper
		want      chat.Error
	}{
		"limited":        {refuse(429, "Too Many Requests: retry after 7", `{"retry_after":7}`), chat.Error{Kind: chat.Limited, Code: 429, RetryAfter: 7 * time.Second}},
		"blocked":        {refuse(403, "Forbidden: bot was blocked by the user", `{}`), chat.Error{Kind: chat.ChatGone, Code: 403}},
		"refused":        {refuse(400, "Bad Request: PHOTO_INVALID_DIMENSIONS", `{}`), chat.Error{Kind: chat.BadMedia, Code: 400}},
		"too large":      {refuse(413, "Request Entity Too Large", `{}`), chat.Error{Kind: chat.BadMedia, Code: 413}},
		"proxy's limit":  {replies(413, "<html>413"), chat.Error{Kind: chat.BadMedia, Code: 413}},
		"server down":    {replies(502, "<html>502"), chat.Error{Kind: chat.Retry, Code: 502, MaybeApplied: true}},
		"moved":          {refuse(400, "Bad Request: group chat was upgraded to a supergroup chat", `{"migrate_to_chat_id":-100}`), chat.Error{Kind: chat.ChatMoved, Code: 400, MovedTo: -100}},
		"markup refused": {refuse(400, "Bad Request: can't parse entities: x", `{}`), chat.Error{Kind: chat.BadMarkup, Code: 400}},
	} {
		t.Run(name, func(t *testing.T) {
			g := newGateway(t, c.transport)
			_, err := g.Send(t.Context(), chat.Outgoing{Chat: 5, Text: "x", Media: &chat.Media{Kind: chat.Photo, Name: "a.png", Data: []byte("x")}})
			e := *failureOf(t, err)
			e.Method, e.Description = "", ""
			if e != c.want {
				t.Errorf("%+v, want %+v", e, c.want)
			}
		})
	}
	g := newGateway(t, replies(500, ""))
	_, err := g.Send(t.Context(), chat.Outgoing{Chat: 5, Text: "x", Media: &chat.Media{Kind: chat.Photo, Name: "a.png"}})
	if e := failureOf(t, err); e.Kind != chat.BadMedia || e.Code != 0 {
		t.Errorf("without data: %+v", e)
	}
}

// A connection that died since the last call costs nothing: the body is written
// again from its start.
func TestUploadOverADeadConnection(t *testing.T) {
	data := bytes.Repeat([]byte("x"), 300<<10)
	var bodies []int
	g := newGateway(t, transportFunc(func(r *http.Request) (*http.Response, error) {
		for range 3 {
			body, err := r.GetBody()
			if err != nil {
				t.Fatal(err)
			}
			again, err := io.ReadAll(body)
			if err != nil || int64(len(again)) != r.ContentLength || !bytes.Contains(again, data) {
				t.Errorf("%d bytes of %d, %v", len(again), r.ContentLength, err)
			}
			bodies = append(bodies, len(again))
		}
		return replies(200, photoReply).RoundTrip(r)
	}))
	if _, err := g.Send(t.Context(), chat.Outgoing{Chat: 5, Text: "x", Media: &chat.Media{Kind: chat.Photo, Data: data}}); err != nil || len(bodies) != 3 {
		t.Errorf("%v, %v", bodies, err)
	}
}

// An upload may take longer than a text.
func TestUploadTimeout(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		hangs := transportFunc(func(r *http.Request) (*http.Response, error) {
			<-r.Context().Done()
			return nil, r.Context().Err()
		})
		g := newGateway(t, hangs)
		for out, want := range map[*chat.Media]time.Duration{
			nil: sendTimeout, {Kind: chat.Photo, FileID: "x"}: sendTimeout, {Kind: chat.Photo, Data: []byte("x")}: uploadTimeout,
		} {
			began := time.Now()
			_, err := g.Send(t.Context(), chat.Outgoing{Chat: 5, Text: "x", Media: out})
			if e := failureOf(t, err); e.Kind != chat.Retry || !e.MaybeApplied || time.Since(began) != want {
				t.Errorf("%+v after %v, want %v", e, time.Since(began), want)
			}
		}
		ctx, stop := context.WithCancel(t.Context())
		time.AfterFunc(time.Second, stop)
		_, err := g.Send(ctx, chat.Outgoing{Chat: 5, Text: "x", Media: &chat.Media{Kind: chat.Photo, Data: []byte("x")}})
		if e := failureOf(t, err); e.Kind != chat.Cancelled || !e.MaybeApplied {
			t.Errorf("%+v", e)
		}
	})
}

// TestToldUpload: as long as a file is on its way that the chat is told of, it is told so
// again and again. Once it has arrived, or where the server has had enough of it, nothing
// more is said, and the file does not wait for it.
func TestToldUpload(t *testing.T) {
	for name, test := range map[string]struct {
		media  chat.Media
		refuse bool
		want   []string
	}{
		"a document":    {chat.Media{Kind: chat.Document, Name: "report.pdf", Data: []byte("%PDF"), Told: true}, false, []string{"upload_document", "upload_document", "upload_document"}},
		"a picture":     {chat.Media{Kind: chat.Photo, Name: "chart.png", Data: []byte("PNG"), Told: true}, false, []string{"upload_photo", "upload_photo", "upload_photo"}},
		"it is refused": {chat.Media{Kind: chat.Photo, Name: "chart.png", Data: []byte("PNG"), Told: true}, true, []string{"upload_photo"}},
		"it is untold":  {chat.Media{Kind: chat.Photo, Name: "lie.png", Data: []byte("PNG")}, false, nil},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				var mu sync.Mutex
				var told []string
				g := newGateway(t, serve(t, func(w http.ResponseWriter, r *http.Request) {
					if !strings.HasSuffix(r.URL.Path, "/sendChatAction") {
						time.Sleep(10 * time.Second)
						_, _ = io.WriteString(w, photoReply)
						return
					}
					mu.Lock()
					defer mu.Unlock()
					told = append(told, r.FormValue("action"))
					if r.FormValue("chat_id") != "5" {
						t.Errorf("chat %s was told", r.FormValue("chat_id"))
					}
					if test.refuse {
						w.WriteHeader(http.StatusTooManyRequests)
						_, _ = io.WriteString(w, `{"ok":false,"error_code":429,"description":"Too Many Requests: retry after 5","parameters":{"retry_after":5}}`)
						return
					}
					_, _ = io.WriteString(w, `{"ok":true,"result":true}`)
				}))
				g.endpoint = "http://pipe/bot%s/%s"
				began := time.Now()
				sent, err := g.Send(t.Context(), chat.Outgoing{Chat: 5, Text: "x", Media: &test.media})
				if err != nil || sent.ID != 77 || time.Since(began) > 11*time.Second {
					t.Errorf("Send = %+v, %v after %v", sent, err, time.Since(began))
				}
				time.Sleep(time.Minute)
				mu.Lock()
				defer mu.Unlock()
				if !slices.Equal(told, test.want) {
					t.Errorf("told %q, want %q", told, test.want)
				}
			})
		})
	}
}
