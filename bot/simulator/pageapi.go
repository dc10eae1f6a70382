package simulator

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"strconv"
)

// PageAPI is the people's side of the server, for a chat page: what Person offers, over HTTP under /sim/. It knows no
// passwords, so serve it on loopback only; pages of other origins are kept out. Errors are {"error": what to do}.
//
//	GET  /sim/bot?person=ID              who the bot is, and what it says of itself in the person's language
//	GET  /sim/commands?person=ID         the commands that the person's menu shows
//	GET  /sim/chats/ID/messages          the chat as it now stands
//	GET  /sim/chats/ID/events            changes from now on, as Server-Sent Events: see serveEvents
//	GET  /sim/files/FILE_ID              the bytes of a picture or document
//	POST /sim/chats/ID/text              {"text": "..."}
//	POST /sim/chats/ID/edit              {"message_id": 1, "text": "..."}
//	POST /sim/chats/ID/press             {"message_id": 1, "data": "..."}
//	POST /sim/chats/ID/sticker           {"emoji": "..."}
//	POST /sim/chats/ID/photo?caption=    the bytes of a picture
//	POST /sim/chats/ID/profile           {"language": "en", "first_name": "...", "username": "..."}
//	POST /sim/chats/ID/block, /unblock   no body
func (s *Server) PageAPI() http.Handler {
	mux := http.NewServeMux()
	mux.HandleFunc("GET /sim/bot", s.serveBot)
	mux.HandleFunc("GET /sim/commands", s.serveCommands)
	mux.HandleFunc("GET /sim/files/{file}", s.serveMedia)
	mux.HandleFunc("GET /sim/chats/{id}/messages", s.forPerson(s.serveMessages))
	mux.HandleFunc("GET /sim/chats/{id}/events", s.forPerson(s.serveEvents))
	for name, act := range map[string]func(*Person, pageRequest) (any, error){
		"text": (*Person).pageText, "edit": (*Person).pageEdit, "press": (*Person).pagePress,
		"sticker": (*Person).pageSticker, "profile": (*Person).pageProfile,
		"block":   func(p *Person, _ pageRequest) (any, error) { p.Block(); return struct{}{}, nil },
		"unblock": func(p *Person, _ pageRequest) (any, error) { p.Unblock(); return struct{}{}, nil },
	} {
		mux.HandleFunc("POST /sim/chats/{id}/"+name, s.forPerson(pageAction(act)))
	}
	mux.HandleFunc("POST /sim/chats/{id}/photo", s.forPerson(s.servePhoto))
	mux.HandleFunc("/sim/", func(w http.ResponseWriter, r *http.Request) {
		pageError(w, http.StatusNotFound, fmt.Errorf("there is no %s %s: see the documentation of PageAPI", r.Method, r.URL.Path))
	})
	guard := http.NewCrossOriginProtection()
	guard.SetDenyHandler(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		pageError(w, http.StatusForbidden, errors.New("this request came from another site: open the chat page itself"))
	}))
	return guard.Handler(mux)
}

// pageRequest is the union of what the actions of the page take.
type pageRequest struct {
	Text      string `json:"text"`
	MessageID int64  `json:"message_id"`
	Data      string `json:"data"`
	Emoji     string `json:"emoji"`
	Language  string `json:"language"`
	FirstName string `json:"first_name"`
	Username  string `json:"username"`
}

type personHandler func(w http.ResponseWriter, r *http.Request, p *Person)

func (s *Server) forPerson(serve personHandler) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		id, err := strconv.ParseInt(r.PathValue("id"), 10, 64)
		if err != nil || id < 1 || id > maxUserID {
			pageError(w, http.StatusBadRequest, fmt.Errorf("%q is no person: give a number from 1 to 2^52-1", r.PathValue("id")))
			return
		}
		serve(w, r, s.Person(id))
	}
}

func pageAction(act func(*Person, pageRequest) (any, error)) personHandler {
	return func(w http.ResponseWriter, r *http.Request, p *Person) {
		var request pageRequest
		err := json.NewDecoder(http.MaxBytesReader(w, r.Body, maxPlainBody)).Decode(&request)
		if err != nil && !errors.Is(err, io.EOF) {
			pageError(w, http.StatusBadRequest, fmt.Errorf("send a JSON object: %w", err))
			return
		}
		result, err := act(p, request)
		if err != nil {
			pageError(w, http.StatusBadRequest, err)
			return
		}
		writeJSON(w, http.StatusOK, result)
	}
}

func (p *Person) pageText(r pageRequest) (any, error) {
	if n := utf16Len(r.Text); n > maxText {
		return nil, fmt.Errorf("the text has %d characters: send at most %d at a time", n, maxText)
	}
	id := p.SendText(r.Text)
	if id == 0 {
		return nil, errors.New("the text is empty: write something visible")
	}
	return map[string]int64{"message_id": id}, nil
}

func (p *Person) pageEdit(r pageRequest) (any, error) {
	return struct{}{}, p.EditText(r.MessageID, r.Text)
}

func (p *Person) pagePress(r pageRequest) (any, error) {
	query, err := p.Press(r.MessageID, r.Data)
	return map[string]string{"query_id": query}, err
}

func (p *Person) pageSticker(r pageRequest) (any, error) {
	if !hasVisible(r.Emoji) {
		return nil, errors.New("name the sticker by an emoji")
	}
	return map[string]int64{"message_id": p.SendSticker(r.Emoji)}, nil
}

func (p *Person) pageProfile(r pageRequest) (any, error) {
	p.SetProfile(r.Language, r.FirstName, r.Username)
	return struct{}{}, nil
}

func (s *Server) servePhoto(w http.ResponseWriter, r *http.Request, p *Person) {
	data, err := io.ReadAll(http.MaxBytesReader(w, r.Body, s.cfg.Limits.PhotoBytes))
	if err != nil {
		pageError(w, http.StatusBadRequest, fmt.Errorf("send at most %d bytes: %w", s.cfg.Limits.PhotoBytes, err))
		return
	}
	if err := describePicture(&Media{}, data); err != nil {
		pageError(w, http.StatusBadRequest, fmt.Errorf("send a PNG, JPEG or GIF picture: %w", err))
		return
	}
	writeJSON(w, http.StatusOK, map[string]int64{"message_id": p.SendPhoto(data, r.URL.Query().Get("caption"))})
}

func (s *Server) serveMessages(w http.ResponseWriter, _ *http.Request, p *Person) {
	writeJSON(w, http.StatusOK, struct {
		Blocked  bool      `json:"blocked"`
		Messages []Message `json:"messages"`
	}{p.Blocked(), p.Messages()})
}

func (s *Server) serveCommands(w http.ResponseWriter, r *http.Request) {
	s.mu.Lock()
	list := s.commandsFor(s.reader(r))
	s.mu.Unlock()
	writeJSON(w, http.StatusOK, list)
}

func (s *Server) serveBot(w http.ResponseWriter, r *http.Request) {
	s.mu.Lock()
	_, language := s.reader(r)
	words := s.wordsFor(description, language)
	s.mu.Unlock()
	writeJSON(w, http.StatusOK, map[string]string{"name": s.me.FirstName, "username": s.me.Username, "description": words})
}

// reader is the person whom a request names, and their language. Nobody in particular
// sees what is for all. The lock is held.
func (s *Server) reader(r *http.Request) (id int64, language string) {
	id, _ = strconv.ParseInt(r.URL.Query().Get("person"), 10, 64)
	if u := s.people[id]; u != nil {
		language = u.LanguageCode
	}
	return id, language
}

func (s *Server) serveMedia(w http.ResponseWriter, r *http.Request) {
	s.mu.Lock()
	file := s.files.byID[r.PathValue("file")]
	s.mu.Unlock()
	if file == nil {
		pageError(w, http.StatusNotFound, errors.New("there is no such file: take file_id from a message"))
		return
	}
	w.Header().Set("Cache-Control", "max-age=86400") // a file never changes
	file.write(w, r)
}

func writeJSON(w http.ResponseWriter, status int, value any) {
	body, err := json.Marshal(value)
	if err != nil {
		status, body = http.StatusInternalServerError, []byte(`{"error":"the reply could not be encoded"}`)
	}
	w.Header().Set("Cache-Control", "no-store")
	writeBody(w, status, body)
}

func pageError(w http.ResponseWriter, status int, err error) {
	writeJSON(w, status, map[string]string{"error": err.Error()})
}
