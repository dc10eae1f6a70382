package telegram

import (
	"bytes"
	"context"
	"encoding/json"
	"io"
	"maps"
	"mime/multipart"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"sync"
	"time"
	"unicode"

	tgbotapi "github.com/go-telegram-bot-api/telegram-bot-api/v5"

	"spasmbot/bot/chat"
)

// sendMedia sends a file by its id, or uploads it.
func (g *Gateway) sendMedia(ctx context.Context, method string, params tgbotapi.Params, m *chat.Media) (json.RawMessage, error) {
	if method == editMedia {
		if err := wrapMedia(params, m); err != nil {
			return nil, rejected(method, "the media cannot be encoded")
		}
	} else if m.FileID != "" {
		params[string(m.Kind)] = m.FileID
	}
	if m.FileID != "" {
		return g.call(ctx, g.sends, method, params)
	}
	if len(m.Data) == 0 {
		return nil, &chat.Error{Method: method, Kind: chat.BadMedia, Description: "the file is empty"}
	}
	f, err := newForm(params, string(m.Kind), m.Name, m.Data)
	if err != nil {
		return nil, &chat.Error{Method: method, Kind: chat.BadMedia, Description: "the file cannot be encoded"}
	}
	if m.Told {
		defer g.tell(ctx, params["chat_id"], m.Kind)()
	}
	result, err := g.exchange(method, params, &exchange{parent: ctx, lane: g.uploads, form: f})
	if e, ok := err.(*chat.Error); ok && e.Code == http.StatusRequestEntityTooLarge { //nolint:errorlint // not wrapped, by contract
		e.Kind = chat.BadMedia // the file is what makes a call large
	}
	return result, err
}

// toldFor is a little less than the time for which a chat shows what a bot is doing.
const toldFor = 4 * time.Second

// tell lets a chat show that a file is on its way, until the function that it returns is
// called. Whether that works matters to nobody.
func (g *Gateway) tell(ctx context.Context, chatID string, kind chat.MediaKind) (over func()) {
	const method = "sendChatAction"
	ctx, cancel := context.WithCancel(ctx)
	var telling sync.WaitGroup
	telling.Go(func() {
		for again := time.NewTicker(toldFor); ; {
			_, err := g.call(ctx, g.sends, method, tgbotapi.Params{"chat_id": chatID, "action": "upload_" + string(kind)})
			if err != nil {
				again.Stop()
				return // if it is too much already, it is not to become more
			}
			select {
			case <-again.C:
			case <-ctx.Done():
				again.Stop()
				return
			}
		}
	})
	return func() {
		cancel()
		telling.Wait()
	}
}

// editMedia is the method that exchanges the file of a message. It takes the words as
// a part of the file.
const editMedia = "editMessageMedia"

// wrapMedia makes the caption a part of the file, as editMedia has it. A file that is
// uploaded is named by its field.
func wrapMedia(params tgbotapi.Params, m *chat.Media) error {
	file := m.FileID
	if file == "" {
		file = "attach://" + string(m.Kind)
	}
	wrapped, err := json.Marshal(struct {
		Type    chat.MediaKind `json:"type"`
		Media   string         `json:"media"`
		Caption string         `json:"caption,omitempty"`
		Mode    string         `json:"parse_mode,omitempty"`
	}{m.Kind, file, params["caption"], params["parse_mode"]})
	delete(params, "caption")
	delete(params, "parse_mode")
	params["media"] = string(wrapped)
	return err
}

// form is a multipart body with one file. It can be read any number of times.
// The library would stream such a body once, under chunked encoding, and lose
// the error code of the reply.
type form struct {
	contentType string
	head, tail  []byte
	data        []byte // shared, never changed
}

func newForm(params tgbotapi.Params, field, name string, data []byte) (*form, error) {
	var b bytes.Buffer
	w := multipart.NewWriter(&b)
	for _, key := range slices.Sorted(maps.Keys(params)) {
		if err := w.WriteField(key, params[key]); err != nil {
			return nil, err
		}
	}
	if _, err := w.CreateFormFile(field, baseName(name)); err != nil {
		return nil, err
	}
	head := b.Len()
	if err := w.Close(); err != nil {
		return nil, err
	}
	all := b.Bytes()
	return &form{contentType: w.FormDataContentType(), head: all[:head], tail: all[head:], data: data}, nil
}

// baseName is a file name without its folder and without what a header cannot
// hold.
func baseName(name string) string {
	name = name[strings.LastIndexAny(name, `/\`)+1:]
	name = strings.Map(func(r rune) rune {
		if unicode.IsControl(r) {
			return -1
		}
		return r
	}, clean(name))
	if name == "" {
		return "file"
	}
	return name
}

// into makes f the body of a request.
func (f *form) into(req *http.Request) {
	open := func() (io.ReadCloser, error) {
		return io.NopCloser(io.MultiReader(bytes.NewReader(f.head), bytes.NewReader(f.data), bytes.NewReader(f.tail))), nil
	}
	req.Body, _ = open()
	req.GetBody = open // so that a request that met a dead connection is written again
	req.ContentLength = int64(len(f.head) + len(f.data) + len(f.tail))
	req.Header.Set("Content-Type", f.contentType)
}

// fileID finds the id of the file in a message. A photo comes in several sizes,
// of which the largest is the one that was sent. What was sent as an animation
// may come back as another kind.
func fileID(message json.RawMessage, kind chat.MediaKind) string {
	if kind == chat.Photo {
		var largest json.RawMessage
		most := int64(-1)
		sizes, _ := elements(member(message, "photo"))
		for _, size := range sizes {
			width, _ := strconv.ParseInt(string(member(size, "width")), 10, 32)
			height, _ := strconv.ParseInt(string(member(size, "height")), 10, 32)
			if area := width * height; area >= most {
				largest, most = size, area
			}
		}
		return text(member(largest, "file_id"))
	}
	for _, field := range []string{"animation", "video", "document"} {
		if id := text(member(member(message, field), "file_id")); id != "" {
			return id
		}
	}
	return ""
}

// text is a JSON string's content, "" if it is none.
func text(raw json.RawMessage) string {
	var s string
	if json.Unmarshal(raw, &s) != nil {
		return ""
	}
	return s
}
