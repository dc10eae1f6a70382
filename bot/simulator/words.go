package simulator

import "strings"

// kindOfWords is one of the texts about the bot that its owner sets by language.
type kindOfWords struct {
	key  string // of the parameter and of the reply
	most int    // in UTF-16 units
	// refusal is what a text that is too long is answered with.
	refusal string
}

var (
	description      = kindOfWords{"description", 512, "USER_DESCRIPTION_TOO_LONG"}
	shortDescription = kindOfWords{"short_description", 120, "ABOUT_TOO_LONG"}
)

// wordsKey names one text: which, and in which language ("" for all others).
type wordsKey struct{ kind, language string }

func wordsSetter(k kindOfWords) func(*Server, *request) (any, *apiError) {
	return func(s *Server, q *request) (any, *apiError) {
		language, err := q.languageCode()
		if err != nil {
			return nil, err
		}
		text := q.values[k.key]
		if utf16Len(text) > k.most {
			return nil, badRequest("%s", k.refusal)
		}
		s.mu.Lock()
		defer s.mu.Unlock()
		if s.words[wordsKey{k.key, language}] = text; text == "" {
			delete(s.words, wordsKey{k.key, language})
		}
		return true, nil
	}
}

func wordsGetter(k kindOfWords) func(*Server, *request) (any, *apiError) {
	return func(s *Server, q *request) (any, *apiError) {
		language, err := q.languageCode()
		if err != nil {
			return nil, err
		}
		s.mu.Lock()
		defer s.mu.Unlock()
		return map[string]string{k.key: s.words[wordsKey{k.key, language}]}, nil
	}
}

// wordsFor is the text that somebody of a language reads. The lock is held.
func (s *Server) wordsFor(k kindOfWords, language string) string {
	language, _, _ = strings.Cut(strings.ToLower(language), "-")
	if text := s.words[wordsKey{k.key, language}]; text != "" {
		return text
	}
	return s.words[wordsKey{k.key, ""}]
}
