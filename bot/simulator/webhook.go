package simulator

import "strings"

func (s *Server) setWebhook(q *request) (any, *apiError) {
	allowed, present, err := q.list("allowed_updates")
	if err != nil {
		return nil, err
	}
	url := q.values["url"]
	if url != "" && !strings.HasPrefix(url, "https://") {
		return nil, badRequest("bad webhook: An HTTPS URL must be provided for webhook")
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	s.updates.remember(allowed, present)
	return s.changeWebhook(url, q)
}

func (s *Server) deleteWebhook(q *request) (any, *apiError) {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.changeWebhook("", q)
}

// changeWebhook ends a waiting poll when a webhook takes its place. The lock is held.
func (s *Server) changeWebhook(url string, q *request) (any, *apiError) {
	s.webhook = url
	if q.boolean("drop_pending_updates") {
		s.updates.items = nil
	}
	if url != "" && s.updates.poll != nil {
		close(s.updates.poll)
		s.updates.poll = nil
	}
	return true, nil
}

func (s *Server) getWebhookInfo(*request) (any, *apiError) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.expireUpdates()
	return struct {
		URL         string   `json:"url"`
		Certificate bool     `json:"has_custom_certificate"`
		Pending     int      `json:"pending_update_count"`
		Allowed     []string `json:"allowed_updates,omitempty"`
	}{URL: s.webhook, Pending: len(s.updates.items), Allowed: s.updates.allowed}, nil
}
