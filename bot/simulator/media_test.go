package simulator

import (
	"bytes"
	"encoding/json"
	"image"
	"image/color"
	"image/gif"
	"image/png"
	"net/http"
	"strings"
	"testing"
)

func pngBytes(t *testing.T, w, h int) []byte {
	t.Helper()
	var out bytes.Buffer
	if err := png.Encode(&out, image.NewPaletted(image.Rect(0, 0, w, h), color.Palette{color.Black})); err != nil {
		t.Fatal(err)
	}
	return out.Bytes()
}

func gifBytes(t *testing.T) []byte {
	t.Helper()
	var out bytes.Buffer
	if err := gif.Encode(&out, image.NewGray(image.Rect(0, 0, 6, 4)), nil); err != nil {
		t.Fatal(err)
	}
	return out.Bytes()
}

// fileID digs the file_id out of a sent message.
func fileID(t *testing.T, r reply, kind string) string {
	t.Helper()
	r.id(t)
	var m wireMessage
	if err := json.Unmarshal(r.Result, &m); err != nil {
		t.Fatal(err)
	}
	switch kind {
	case "photo":
		return m.Photo[0].FileID
	case "animation":
		return m.Animation.FileID
	default:
		return m.Document.FileID
	}
}

func TestUploads(t *testing.T) {
	b := newBot(t, Config{Limits: Limits{PhotoBytes: 4 << 10, UploadBytes: 8 << 10}})
	anna := b.server.Person(1)
	anna.SendText("x")
	chat := map[string]string{"chat_id": "1"}
	for _, test := range []struct {
		name, kind, file string
		data             []byte
		code             int
		want             string
	}{
		{"a photo", "photo", "a.png", pngBytes(t, 30, 20), 0, ""},
		{"an animation", "animation", "a.gif", gifBytes(t), 0, ""},
		{"a document", "document", "report.pdf", []byte("%PDF-1.4"), 0, ""},
		{"no picture", "photo", "a.png", []byte("text"), 400, "Bad Request: IMAGE_PROCESS_FAILED"},
		{"nothing", "document", "a.txt", nil, 400, "Bad Request: file must be non-empty"},
		{"too wide", "photo", "a.png", pngBytes(t, 21, 1), 400, "Bad Request: PHOTO_INVALID_DIMENSIONS"},
		{"just not too wide", "photo", "a.png", pngBytes(t, 20, 1), 0, ""},
		{"too large", "photo", "a.png", pngBytes(t, 9500, 501), 400, "Bad Request: PHOTO_INVALID_DIMENSIONS"},
		{"too many bytes for a photo", "photo", "a.png", append(pngBytes(t, 9, 9), make([]byte, 4<<10)...), 400, "Bad Request: file is too big for a photo: at most 4096 bytes"},
		{"too many bytes", "document", "a.bin", make([]byte, 8<<10+1), 413, "Request Entity Too Large"},
	} {
		t.Run(test.name, func(t *testing.T) {
			r := b.upload("send"+test.kind, test.kind, test.file, test.data, chat)
			if test.code != 0 {
				wantRefusal(t, r, test.code, test.want)
				return
			}
			id := fileID(t, r, test.kind)
			info := b.call("getFile", args{"file_id": id})
			var file struct {
				Path string `json:"file_path"`
				Size int    `json:"file_size"`
			}
			if err := json.Unmarshal(info.Result, &file); err != nil || file.Size != len(test.data) {
				t.Fatalf("getFile: %s", info.Raw)
			}
			got, err := b.do(t.Context(), http.MethodGet, "/file/bot"+b.server.Token()+"/"+file.Path, "", nil)
			if err != nil || got.Raw != string(test.data) {
				t.Errorf("downloaded %d bytes: %v", len(got.Raw), err)
			}
			again := b.call("send"+test.kind, args{"chat_id": 1, test.kind: id})
			if fileID(t, again, test.kind) != id {
				t.Error("sent again, the file has another id")
			}
		})
	}
}

func TestMediaRules(t *testing.T) {
	b := newBot(t, Config{})
	anna := b.server.Person(1)
	anna.SendText("x")
	photo := fileID(t, b.upload("sendPhoto", "photo", "a.png", pngBytes(t, 9, 9), map[string]string{"chat_id": "1"}), "photo")
	for _, test := range []struct {
		name   string
		method string
		params args
		want   string
	}{
		{"caption of 1024", "sendPhoto", args{"photo": photo, "caption": strings.Repeat("x", 1024)}, ""},
		{"caption of 1025", "sendPhoto", args{"photo": photo, "caption": strings.Repeat("x", 1025)}, "message caption is too long"},
		{"a broken caption", "sendPhoto", args{"photo": photo, "caption": "<b>", "parse_mode": "HTML"}, `can't parse entities: Can't find end tag corresponding to start tag "b"`},
		{"no photo", "sendPhoto", args{}, "there is no photo in the request"},
		{"an unknown file", "sendPhoto", args{"photo": "AgAC"}, "wrong file identifier/HTTP URL specified"},
		{"another kind of file", "sendDocument", args{"document": photo}, "can't use file of type photo as document"},
		{"a part that is missing", "sendPhoto", args{"photo": "attach://x"}, `file "x" was not uploaded`},
		{"the web", "sendPhoto", args{"photo": "https://a.org/x.png"}, "failed to get HTTP URL content"},
		{"getFile of nothing", "getFile", args{"file_id": "x"}, "invalid file_id"},
	} {
		test.params["chat_id"] = 1
		r := b.call(test.method, test.params)
		if test.want == "" {
			r.id(t)
			continue
		}
		wantRefusal(t, r, 400, "Bad Request: "+test.want)
	}
	r := b.upload("sendPhoto", "picture", "a.png", pngBytes(t, 9, 9), map[string]string{"chat_id": "1", "photo": "attach://picture"})
	if fileID(t, r, "photo") != photo {
		t.Error("the same picture was stored twice")
	}
}

func TestEditMedia(t *testing.T) {
	b := newBot(t, Config{})
	anna := b.server.Person(1)
	anna.SendText("x")
	r := b.upload("sendPhoto", "photo", "a.png", pngBytes(t, 9, 9), map[string]string{"chat_id": "1", "caption": "one"})
	id, photo := r.id(t), fileID(t, r, "photo")
	r = b.upload("editMessageMedia", "moving", "b.gif", gifBytes(t), map[string]string{
		"chat_id": "1", "message_id": "2", "media": `{"type":"animation","media":"attach://moving","caption":"<b>two</b>","parse_mode":"HTML"}`,
	})
	if r.id(t) != id {
		t.Fatal("edited another message")
	}
	m, _ := anna.Message(id)
	if m.Media.Kind != "animation" || m.Media.Width != 6 || m.HTML() != "<b>two</b>" || m.Media.MIME != "image/gif" {
		t.Errorf("the message now is %+v %s", m.Media, m.HTML())
	}
	back := args{"chat_id": 1, "message_id": id, "media": args{"type": "photo", "media": photo}}
	b.call("editMessageMedia", back).id(t)
	wantRefusal(t, b.call("editMessageMedia", back), 400, notModified)
	text := b.call("sendMessage", args{"chat_id": 1, "text": "x"}).id(t)
	back["message_id"] = text
	b.call("editMessageMedia", back).id(t) // media can be added to a text
	wantRefusal(t, b.call("editMessageMedia", args{"chat_id": 1, "message_id": id}), 400, "Bad Request: can't parse InputMedia: a JSON object is expected")
	wantRefusal(t, b.call("editMessageMedia", args{"chat_id": 1, "message_id": id, "media": args{"type": "audio"}}), 400,
		`Bad Request: can't parse InputMedia: type "audio" is not known to this simulator`)
}
