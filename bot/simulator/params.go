package simulator

import (
	"encoding/json"
	"errors"
	"io"
	"mime"
	"mime/multipart"
	"net/http"
	"net/url"
	"strconv"
	"strings"
)

const (
	maxPlainBody = 1 << 20
	maxPartBytes = 1 << 20 // one multipart field that is no file
)

// params are what a call was given, wherever it stood: query string, form, multipart or JSON. A value of a JSON body
// that is no string keeps its JSON text, so that every kind of body reads the same from here on.
type params struct {
	values map[string]string
	files  map[string]upload
}

type upload struct {
	name     string
	mimeType string
	data     []byte
}

// readParams reads a request whole. Files above maxUpload are refused.
func readParams(w http.ResponseWriter, r *http.Request, maxUpload int64) (params, *apiError) {
	p := params{values: map[string]string{}}
	if r.URL.RawQuery != "" {
		p.addForm(r.URL.Query())
	}
	if r.Method != http.MethodPost || r.ContentLength == 0 {
		return p, nil
	}
	mediaType, mediaParams, _ := mime.ParseMediaType(r.Header.Get("Content-Type"))
	if mediaType == "multipart/form-data" {
		r.Body = http.MaxBytesReader(w, r.Body, maxUpload+8<<20)
		return p, p.addMultipart(multipart.NewReader(r.Body, mediaParams["boundary"]), maxUpload)
	}
	body, err := io.ReadAll(http.MaxBytesReader(w, r.Body, maxPlainBody))
	if err != nil {
		return p, bodyError(err)
	}
	switch mediaType {
	case "application/json":
		return p, p.addJSON(body)
	case "application/x-www-form-urlencoded":
		form, err := url.ParseQuery(string(body))
		if err != nil {
			return p, badRequest("can't parse the form: %s", err)
		}
		p.addForm(form)
		return p, nil
	default:
		if len(body) > 0 {
			return p, badRequest("unsupported content type %q", mediaType)
		}
		return p, nil
	}
}

func (p params) addForm(form url.Values) {
	for name, values := range form {
		p.values[name] = values[0]
	}
}

func (p params) addJSON(body []byte) *apiError {
	var fields map[string]json.RawMessage
	if err := json.Unmarshal(body, &fields); err != nil {
		return badRequest("can't parse the JSON body: %s", err)
	}
	for name, raw := range fields {
		switch {
		case string(raw) == "null": // the same as leaving it out
		case raw[0] == '"':
			var s string
			if err := json.Unmarshal(raw, &s); err != nil {
				return badRequest("can't parse the JSON body: %s", err)
			}
			p.values[name] = s
		default:
			p.values[name] = string(raw)
		}
	}
	return nil
}

func (p *params) addMultipart(reader *multipart.Reader, maxUpload int64) *apiError {
	p.files = map[string]upload{}
	for {
		part, err := reader.NextPart()
		if errors.Is(err, io.EOF) {
			return nil
		}
		if err != nil {
			return bodyError(err)
		}
		limit := int64(maxPartBytes)
		if part.FileName() != "" {
			limit = maxUpload
		}
		data, err := io.ReadAll(io.LimitReader(part, limit+1))
		if err != nil {
			return bodyError(err)
		}
		if int64(len(data)) > limit {
			return tooLarge()
		}
		if part.FileName() == "" {
			p.values[part.FormName()] = string(data)
			continue
		}
		p.files[part.FormName()] = upload{name: part.FileName(), mimeType: part.Header.Get("Content-Type"), data: data}
	}
}

func bodyError(err error) *apiError {
	if _, ok := errors.AsType[*http.MaxBytesError](err); ok {
		return tooLarge()
	}
	return badRequest("can't read the request body: %s", err)
}

func tooLarge() *apiError {
	return &apiError{Code: http.StatusRequestEntityTooLarge, Description: "Request Entity Too Large"}
}

// integer reads a number; 0 when it is missing or is none, as the real server has it.
func (p params) integer(name string) int64 {
	n, err := strconv.ParseInt(strings.TrimSpace(p.values[name]), 10, 64)
	if err != nil {
		return 0
	}
	return n
}

func (p params) boolean(name string) bool {
	switch strings.ToLower(strings.TrimSpace(p.values[name])) {
	case "true", "yes", "1":
		return true
	}
	return false
}

// list reads a JSON array of strings. present is false when the parameter is missing or null.
func (p params) list(name string) (items []string, present bool, err *apiError) {
	raw, ok := p.values[name]
	if !ok || raw == "" || raw == "null" {
		return nil, false, nil
	}
	if json.Unmarshal([]byte(raw), &items) != nil {
		return nil, false, badRequest("can't parse parameter %q: an array of strings is expected", name)
	}
	return items, true, nil
}
