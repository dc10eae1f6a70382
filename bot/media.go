package bot

import (
	"context"
	"fmt"
	"log/slog"
	"sync"
	"time"

	"spasmbot/bot/chat"
	"spasmbot/flows"
	"spasmbot/storage"
)

// gallery knows what the messenger calls the files that messages show, so that
// each is uploaded once.
type gallery struct {
	find  func(name string) (flows.Media, bool)
	store *steadyStore
	log   *slog.Logger
	// bot is the bot's id: a file id is of no use to another bot.
	bot int64

	mu    sync.Mutex
	files map[string]*mediaFile
}

// mediaFile is a file and how it fares. Its fields are guarded by gallery.mu.
type mediaFile struct {
	id string // "" if it has to be uploaded
	// uploading is set while a message is about to bring it to the
	// messenger; others that show it wait for that.
	uploading bool
	// rests says in which messages it is left out.
	rests rests
}

const (
	// uploadPause is how long a message waits before it looks again whether
	// another has uploaded its file.
	uploadPause = 200 * time.Millisecond
	// uploadFails is how many uploads of a file may get lost in a row before
	// messages go out without it for a while: a person in pain must not wait for a
	// picture that the line cannot carry.
	uploadFails = 2
	lostRest    = 5 * time.Minute
	refusedRest = time.Hour
)

func newGallery(find func(string) (flows.Media, bool), bot int64, store *steadyStore, log *slog.Logger) *gallery {
	return &gallery{find: find, bot: bot, store: store, log: log, files: make(map[string]*mediaFile)}
}

// showing is the file of a message that is being sent. The zero showing is none:
// the words go out alone. A paper has neither data, nor a key, nor a file.
type showing struct {
	media *chat.Media
	data  []byte
	chat  int64 // where it is shown
	key   string
	file  *mediaFile
	// uploads says that the file is uploading on behalf of this message.
	uploads bool
	// words, if any, take the place of the message's own, and sorry does once the file
	// was left out.
	words, sorry string
	// without is what was left out of it; the rest is zero then.
	without *leftOut
}

// leftOut is a file that was left out of a message, and why.
type leftOut struct {
	showing
	fault *chat.Error
}

// upload makes the message the one that uploads its file. It is called with the
// gallery's mu held.
func (s *showing) upload() {
	s.file.uploading, s.uploads = true, true
	s.media = &chat.Media{Kind: s.media.Kind, Name: s.media.Name, Data: s.data} // the gateway may still hold the other
}

// show finds the file of a message. It reports busy if another message is just
// uploading it.
func (g *gallery) show(ctx context.Context, to int64, m flows.Message) (s showing, busy bool, err error) {
	name, kind := m.Picture, chat.Photo
	if name == "" {
		name, kind = m.Animation, chat.Animation
	}
	if name == "" || g.find == nil {
		return showing{}, false, nil
	}
	found, ok := g.find(name)
	if !ok {
		g.log.Warn("a message shows a file that the flows no longer have; its words go out alone", "file", name)
		return showing{}, false, nil
	}
	s = showing{
		media: &chat.Media{Kind: kind, Name: found.Name}, data: found.Data, chat: to,
		key: fmt.Sprintf("%d/%s/%x", g.bot, kind, found.Sum),
	}
	if s.file, err = g.file(ctx, s.key); err != nil {
		return showing{}, false, err
	}
	g.mu.Lock()
	defer g.mu.Unlock()
	switch {
	case s.file.rests.on(to, time.Now()):
		return showing{}, false, nil
	case s.file.id != "":
		s.media.FileID = s.file.id
	case s.file.uploading:
		return showing{}, true, nil
	default:
		s.upload()
	}
	return s, false, nil
}

// file returns what is known of a file, from the store at first.
func (g *gallery) file(ctx context.Context, key string) (*mediaFile, error) {
	g.mu.Lock()
	f := g.files[key]
	g.mu.Unlock()
	if f != nil {
		return f, nil
	}
	id, err := storage.Read(ctx, g.store, func(r storage.Reader) (string, error) { return r.FileID(key) })
	if err != nil {
		return nil, err
	}
	g.mu.Lock()
	defer g.mu.Unlock()
	if f = g.files[key]; f == nil {
		f = &mediaFile{id: id}
		g.files[key] = f
	}
	return f, nil
}

// gone notes that the messenger does not know the file, and makes the message
// upload it. It returns false if another is just doing so.
func (g *gallery) gone(s *showing) bool {
	g.mu.Lock()
	defer g.mu.Unlock()
	if s.file.id == s.media.FileID {
		s.file.id = ""
	}
	if s.file.uploading || s.file.id != "" {
		return false
	}
	s.upload()
	return true
}

// drop leaves the file out of the message, and out of everybody's for a while if
// the file itself was refused.
func (g *gallery) drop(s *showing, fault *chat.Error) {
	left := &leftOut{*s, fault}
	if fault.Kind == chat.BadMedia && s.uploads {
		g.mu.Lock()
		s.file.rests.all = time.Now().Add(refusedRest)
		g.mu.Unlock()
	}
	g.end(s, chat.Sent{}, nil)
	*s = showing{without: left, words: left.sorry}
}

// arrived notes that a message has arrived. If its file was left out, that was the
// reason of the refusal, and what would fare alike in this chat goes without.
func (g *gallery) arrived(s *showing) {
	left := s.without
	if left == nil {
		return
	}
	what := "a picture was refused; its words go out alone: check the file"
	if left.file == nil {
		what = "a paper was refused, and its person is told so"
	}
	g.log.Warn(what, "file", left.media.Name,
		"kind", left.fault.Kind.String(), "code", left.fault.Code, "description", left.fault.Description)
	if left.file != nil && (left.fault.Kind == chat.NoMedia || left.uploads) {
		now := time.Now()
		g.mu.Lock()
		defer g.mu.Unlock()
		left.file.rests.in(left.chat, now, now.Add(refusedRest))
	}
}

// end notes what has become of a call that showed a file. It may be called more
// than once.
func (g *gallery) end(s *showing, sent chat.Sent, fault *chat.Error) {
	if !s.uploads {
		return
	}
	g.mu.Lock()
	defer g.mu.Unlock()
	s.uploads, s.file.uploading = false, false
	switch {
	case sent.FileID != "":
		s.file.id, s.file.rests.lost = sent.FileID, nil
	case fault != nil && fault.Kind == chat.Retry && fault.MaybeApplied:
		if s.file.rests.lose(s.chat, time.Now()) {
			g.log.Warn("a picture cannot be uploaded; for some minutes messages go out without it", "file", s.media.Name)
		}
	}
}
