package simulator

import (
	"fmt"
	"maps"
	"net/http"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"time"
)

// Server is the simulated Bot API server with everything behind it: the bot's account, people, chats, files.
// All methods may be called from many goroutines.
type Server struct {
	cfg     Config
	me      *user
	methods map[string]method
	fault   atomic.Pointer[func(Call) *Fault]
	date    atomic.Pointer[func() time.Time]
	epoch   string // tells this server's revisions from those of one before it

	log struct {
		sync.Mutex
		seq  int64
		kept []Call
	}

	// mu guards what follows. It is held for short computations only, never across a wait.
	mu       sync.Mutex
	people   map[int64]*user
	met      map[int64]bool // people seen in a group, who need not have written to the bot
	chats    map[int64]*chat
	updates  updateQueue
	queries  queryBook
	commands map[commandsKey][]command
	words    map[wordsKey]string
	files    fileStore
	webhook  string
	sends    bucket
}

// method is one entry of the API: its name as documented, and what carries it out.
type method struct {
	name string
	run  func(*Server, *request) (any, *apiError)
}

// request is one call on its way through the server.
type request struct {
	http *http.Request
	params
	call *Call
}

// New makes a server. It starts nothing: no goroutine, no listener.
func New(cfg Config) *Server {
	cfg = cfg.withDefaults()
	s := &Server{
		cfg:      cfg,
		me:       &user{ID: cfg.BotID, IsBot: true, FirstName: cfg.BotName, Username: cfg.BotUsername},
		methods:  methodTable(),
		epoch:    fmt.Sprintf("%x", time.Now().UnixNano()),
		people:   map[int64]*user{},
		met:      map[int64]bool{},
		chats:    map[int64]*chat{},
		commands: map[commandsKey][]command{},
		words:    map[wordsKey]string{},
		files:    newFileStore(),
	}
	s.updates.next = cfg.FirstUpdateID
	s.queries.open = map[string]*query{}
	s.SetFault(cfg.Fault)
	s.SetDate(cfg.Date)
	return s
}

// Token is the bot's token.
func (s *Server) Token() string { return s.cfg.Token }

func methodTable() map[string]method {
	table := map[string]method{}
	for _, m := range []method{
		{"getMe", (*Server).getMe},
		{"getUpdates", (*Server).getUpdates},
		{"setWebhook", (*Server).setWebhook},
		{"deleteWebhook", (*Server).deleteWebhook},
		{"getWebhookInfo", (*Server).getWebhookInfo},
		{"sendMessage", (*Server).sendMessage},
		{"sendPhoto", (*Server).sendPhoto},
		{"sendAnimation", (*Server).sendAnimation},
		{"sendDocument", (*Server).sendDocument},
		{"sendChatAction", (*Server).sendChatAction},
		{"editMessageText", (*Server).editMessageText},
		{"editMessageCaption", (*Server).editMessageCaption},
		{"editMessageReplyMarkup", (*Server).editMessageReplyMarkup},
		{"editMessageMedia", (*Server).editMessageMedia},
		{"deleteMessage", (*Server).deleteMessage},
		{"deleteMessages", (*Server).deleteMessages},
		{"pinChatMessage", (*Server).pinChatMessage},
		{"unpinChatMessage", (*Server).unpinChatMessage},
		{"answerCallbackQuery", (*Server).answerCallbackQuery},
		{"setMyCommands", (*Server).setMyCommands},
		{"getMyCommands", (*Server).getMyCommands},
		{"deleteMyCommands", (*Server).deleteMyCommands},
		{"setMyDescription", wordsSetter(description)},
		{"getMyDescription", wordsGetter(description)},
		{"setMyShortDescription", wordsSetter(shortDescription)},
		{"getMyShortDescription", wordsGetter(shortDescription)},
		{"getChat", (*Server).getChat},
		{"getFile", (*Server).getFile},
	} {
		table[strings.ToLower(m.name)] = m
	}
	return table
}

// Handler is the bot's side of the server: /bot<token>/<method> and /file/bot<token>/<path>.
func (s *Server) Handler() http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if path, ok := strings.CutPrefix(r.URL.Path, "/file/bot"); ok {
			s.serveFile(w, r, path)
			return
		}
		token, name, ok := strings.Cut(strings.TrimPrefix(r.URL.Path, "/bot"), "/")
		switch {
		case !ok || !strings.HasPrefix(r.URL.Path, "/bot"):
			(&apiError{Code: http.StatusNotFound, Description: "Not Found"}).write(w)
		case token != s.cfg.Token:
			unauthorized().write(w)
		case r.Method != http.MethodGet && r.Method != http.MethodPost:
			(&apiError{Code: http.StatusMethodNotAllowed, Description: "Method Not Allowed: use GET or POST"}).write(w)
		default:
			s.serveMethod(w, r, name)
		}
	})
}

func unauthorized() *apiError {
	return &apiError{Code: http.StatusUnauthorized, Description: "Unauthorized"}
}

// serveMethod carries one call from request to reply, with whatever fault is set for it.
func (s *Server) serveMethod(w http.ResponseWriter, r *http.Request, name string) {
	call := Call{At: s.cfg.Now(), Real: time.Now(), Method: name}
	m, known := s.methods[strings.ToLower(name)]
	if known {
		call.Method = m.name
	}
	q := &request{http: r, call: &call}
	var failure *apiError
	q.params, failure = readParams(w, r, s.cfg.Limits.UploadBytes)
	w = dated{w, s}
	call.Params, call.ChatID = q.values, q.integer("chat_id")
	call.Files = slices.Sorted(maps.Keys(q.files))

	call.Fault = s.faultFor(call)
	if f := call.Fault; f != nil {
		wait(f.Delay)
		if !f.harmless() && !f.Apply {
			s.spoil(w, &call)
			return
		}
	}
	var result any
	switch {
	case failure != nil:
	case !known:
		failure = methodNotFound()
	default:
		result, failure = m.run(s, q)
	}
	if failure != nil {
		call.ErrorCode, call.Description, call.RetryAfter = failure.Code, failure.Description, failure.RetryAfter
	}
	s.record(call)
	if f := call.Fault; f != nil {
		wait(f.ReplyDelay)
		if !f.harmless() {
			f.reply(w)
			return
		}
	}
	if failure != nil {
		failure.write(w)
	} else if err := writeResult(w, result); err != nil {
		(&apiError{Code: http.StatusInternalServerError, Description: err.Error()}).write(w)
	}
}

// spoil ends a call that was not carried out.
func (s *Server) spoil(w http.ResponseWriter, call *Call) {
	if f := call.Fault; !f.Drop && f.Status == 0 {
		refusal := f.refusal()
		call.ErrorCode, call.Description, call.RetryAfter = refusal.Code, refusal.Description, refusal.RetryAfter
	}
	s.record(*call)
	wait(call.Fault.ReplyDelay)
	call.Fault.reply(w)
}

func wait(d time.Duration) {
	if d > 0 {
		<-time.After(d)
	}
}

func (s *Server) getMe(*request) (any, *apiError) {
	yes, no := true, false
	me := *s.me
	me.CanJoinGroups, me.CanReadAll, me.SupportsInline = &yes, &yes, &no
	return me, nil
}
