package simulator

import (
	"bytes"
	"cmp"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"image"
	_ "image/gif" // the picture formats that a photo may have
	_ "image/jpeg"
	_ "image/png"
	"mime"
	"net/http"
	"path"
	"strconv"
	"strings"
)

const (
	maxSideSum   = 10_000 // pixels, width and height of a photo together
	maxSideRatio = 20
	maxDownload  = 20 << 20
)

// Media is a file that a message shows.
type Media struct {
	Kind     string `json:"kind"` // photo, animation, document or sticker
	FileID   string `json:"file_id"`
	UniqueID string `json:"-"`
	Name     string `json:"name,omitempty"`
	MIME     string `json:"mime,omitempty"`
	Size     int64  `json:"size"`
	Width    int    `json:"width,omitempty"`
	Height   int    `json:"height,omitempty"`
	Duration int    `json:"duration,omitempty"` // seconds
	Emoji    string `json:"emoji,omitempty"`
}

// fileStore keeps what was uploaded. Guarded by Server.mu; the files themselves never change.
type fileStore struct {
	byID      map[string]*storedFile
	byPath    map[string]*storedFile
	byContent map[[sha256.Size]byte]*storedFile // the same file twice is kept once
}

type storedFile struct {
	media Media
	path  string
	data  []byte
}

func newFileStore() fileStore {
	return fileStore{
		byID:      map[string]*storedFile{},
		byPath:    map[string]*storedFile{},
		byContent: map[[sha256.Size]byte]*storedFile{},
	}
}

// keep stores a file and fills in what follows from its content. The lock is held.
func (f *fileStore) keep(m Media, data []byte) *Media {
	sum := sha256.Sum256(fmt.Appendf(nil, "%s\x00%s\x00%d\x00%s", m.Kind, m.Name, m.Duration, data))
	if old := f.byContent[sum]; old != nil {
		return &old.media
	}
	n := len(f.byID) + 1
	m.UniqueID = "AQAD" + hex.EncodeToString(sum[:8])
	m.FileID = fmt.Sprintf("%s-%d-%s", m.Kind, n, hex.EncodeToString(sum[8:20]))
	m.Size = int64(len(data))
	file := &storedFile{media: m, data: data}
	file.path = fmt.Sprintf("%ss/file_%d%s", m.Kind, n, path.Ext(m.Name))
	f.byID[m.FileID], f.byPath[file.path], f.byContent[sum] = file, file, file
	return &file.media
}

// attach puts the media into the field of the message that is named after its kind.
func (m *Media) attach(w *wireMessage) {
	switch m.Kind {
	case "photo":
		w.Photo = []photoSize{{FileID: m.FileID, FileUniqueID: m.UniqueID, Width: m.Width, Height: m.Height, FileSize: m.Size}}
	case "animation":
		w.Animation = &animation{
			FileID: m.FileID, FileUniqueID: m.UniqueID, Width: m.Width, Height: m.Height, Duration: m.Duration,
			FileName: m.Name, MimeType: m.MIME, FileSize: m.Size,
		}
		w.Document = m.document() // as documented, an animation is a document too, for older bots
	case "document":
		w.Document = m.document()
	case "sticker":
		w.Sticker = &sticker{
			FileID: m.FileID, FileUniqueID: m.UniqueID, Type: "regular", Width: m.Width, Height: m.Height, Emoji: m.Emoji,
		}
	}
}

func (m *Media) document() *document {
	return &document{FileID: m.FileID, FileUniqueID: m.UniqueID, FileName: m.Name, MimeType: m.MIME, FileSize: m.Size}
}

func sameMedia(a, b *Media) bool {
	return a == b || a != nil && b != nil && a.FileID == b.FileID
}

func (s *Server) sendPhoto(q *request) (any, *apiError)     { return s.sendMedia(q, "photo") }
func (s *Server) sendAnimation(q *request) (any, *apiError) { return s.sendMedia(q, "animation") }
func (s *Server) sendDocument(q *request) (any, *apiError)  { return s.sendMedia(q, "document") }

func (s *Server) sendMedia(q *request, kind string) (any, *apiError) {
	caption, entities, err := q.caption()
	if err != nil {
		return nil, err
	}
	source := q.values[kind]
	if _, ok := q.files[kind]; ok {
		source = "attach://" + kind
	}
	media, err := s.resolveMedia(q, kind, source)
	if err != nil {
		return nil, err
	}
	return s.send(q, &message{text: caption, entities: entities, media: media})
}

func (p params) caption() (string, []Entity, *apiError) {
	caption, entities, err := p.formatted("caption", "caption_entities")
	if err == nil && utf16Len(caption) > maxCaption {
		err = badRequest("message caption is too long")
	}
	return caption, entities, err
}

// resolveMedia finds the file that a parameter means: an upload of this call, or a file sent before.
func (s *Server) resolveMedia(q *request, kind, source string) (*Media, *apiError) {
	if source == "" {
		return nil, badRequest("there is no %s in the request", kind)
	}
	if part, ok := strings.CutPrefix(source, "attach://"); ok {
		file, ok := q.files[part]
		if !ok {
			return nil, badRequest("file %q was not uploaded", part)
		}
		return s.keepUpload(q, kind, file)
	}
	if strings.Contains(source, "://") {
		return nil, badRequest("failed to get HTTP URL content") // the simulator never goes out to the network
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	file := s.files.byID[source]
	switch {
	case file == nil:
		return nil, badRequest("wrong file identifier/HTTP URL specified")
	case file.media.Kind != kind:
		return nil, badRequest("can't use file of type %s as %s", file.media.Kind, kind)
	}
	return &file.media, nil
}

func (s *Server) keepUpload(q *request, kind string, file upload) (*Media, *apiError) {
	m := Media{Kind: kind, Name: path.Base(file.name), MIME: mimeType(file)}
	if len(file.data) == 0 {
		return nil, badRequest("file must be non-empty")
	}
	err := describePicture(&m, file.data)
	switch kind {
	case "photo":
		if refusal := checkPhoto(m, int64(len(file.data)), s.cfg.Limits.PhotoBytes, err); refusal != nil {
			return nil, refusal
		}
	case "animation":
		m.Duration = int(q.integer("duration"))
		m.Width = cmp.Or(int(q.integer("width")), m.Width)
		m.Height = cmp.Or(int(q.integer("height")), m.Height)
	}
	return s.keepFile(m, file.data), nil
}

func (s *Server) keepFile(m Media, data []byte) *Media {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.files.keep(m, data)
}

// describePicture fills in format and size of a picture; media that is none stays as it is.
func describePicture(m *Media, data []byte) error {
	picture, format, err := image.DecodeConfig(bytes.NewReader(data))
	if err == nil {
		m.Width, m.Height, m.MIME = picture.Width, picture.Height, "image/"+format
	}
	return err
}

func checkPhoto(m Media, size, limit int64, decodeErr error) *apiError {
	switch {
	case size > limit:
		return badRequest("file is too big for a photo: at most %d bytes", limit)
	case decodeErr != nil:
		return badRequest("IMAGE_PROCESS_FAILED")
	case m.Width+m.Height > maxSideSum, m.Width > maxSideRatio*m.Height, m.Height > maxSideRatio*m.Width:
		return badRequest("PHOTO_INVALID_DIMENSIONS")
	}
	return nil
}

func mimeType(file upload) string {
	if t, _, err := mime.ParseMediaType(file.mimeType); err == nil && t != "application/octet-stream" {
		return t
	}
	if t, _, err := mime.ParseMediaType(mime.TypeByExtension(path.Ext(file.name))); err == nil {
		return t
	}
	t, _, _ := strings.Cut(http.DetectContentType(file.data), ";")
	return t
}

// readMediaParameter reads the InputMedia of editMessageMedia.
func (s *Server) readMediaParameter(q *request) (*Media, string, []Entity, *apiError) {
	var input struct {
		Type     string          `json:"type"`
		Media    string          `json:"media"`
		Caption  string          `json:"caption"`
		Mode     string          `json:"parse_mode"`
		Entities json.RawMessage `json:"caption_entities"`
		Duration int             `json:"duration"`
		Width    int             `json:"width"`
		Height   int             `json:"height"`
	}
	if json.Unmarshal([]byte(q.values["media"]), &input) != nil {
		return nil, "", nil, badRequest("can't parse InputMedia: a JSON object is expected")
	}
	switch input.Type {
	case "photo", "animation", "document":
	default:
		return nil, "", nil, badRequest("can't parse InputMedia: type %q is not known to this simulator", input.Type)
	}
	inner := *q
	inner.params = params{files: q.files, values: map[string]string{
		"caption": input.Caption, "parse_mode": input.Mode, "caption_entities": string(input.Entities),
		"duration": strconv.Itoa(input.Duration), "width": strconv.Itoa(input.Width), "height": strconv.Itoa(input.Height),
	}}
	caption, entities, err := inner.caption()
	if err != nil {
		return nil, "", nil, err
	}
	media, err := s.resolveMedia(&inner, input.Type, input.Media)
	return media, caption, entities, err
}
