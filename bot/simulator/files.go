package simulator

import (
	"net/http"
	"strconv"
	"strings"
)

func (s *Server) getFile(q *request) (any, *apiError) {
	s.mu.Lock()
	defer s.mu.Unlock()
	file := s.files.byID[q.values["file_id"]]
	switch {
	case file == nil:
		return nil, badRequest("invalid file_id")
	case file.media.Size > maxDownload:
		return nil, badRequest("file is too big")
	}
	return struct {
		FileID   string `json:"file_id"`
		UniqueID string `json:"file_unique_id"`
		Size     int64  `json:"file_size"`
		Path     string `json:"file_path"`
	}{file.media.FileID, file.media.UniqueID, file.media.Size, file.path}, nil
}

// serveFile answers /file/bot<token>/<path>; rest is what follows "/file/bot".
func (s *Server) serveFile(w http.ResponseWriter, r *http.Request, rest string) {
	token, name, _ := strings.Cut(rest, "/")
	if token != s.cfg.Token {
		unauthorized().write(w)
		return
	}
	s.mu.Lock()
	file := s.files.byPath[name]
	s.mu.Unlock()
	if file == nil {
		(&apiError{Code: http.StatusNotFound, Description: "Not Found"}).write(w)
		return
	}
	file.write(w, r)
}

// write sends the bytes in a way that no browser can take for a page of ours, whatever was uploaded.
func (f *storedFile) write(w http.ResponseWriter, r *http.Request) {
	header := w.Header()
	header.Set("Content-Type", f.media.MIME)
	header.Set("Content-Length", strconv.Itoa(len(f.data)))
	header.Set("X-Content-Type-Options", "nosniff")
	header.Set("Content-Security-Policy", "default-src 'none'; sandbox")
	if r.Method != http.MethodHead {
		_, _ = w.Write(f.data) // the client may have gone: nobody is left to tell
	}
}
