package bench

import (
	"bufio"
	"bytes"
	"errors"
	"fmt"
	"io"
	"net"
	"os"
	"os/exec"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"
)

// The wire is the other end of the benchmarks: a server that speaks just enough
// of the Bot API to keep people talking, and costs as little as it can. It
// trusts its client and so is of no use for anything but speed; for what is
// right there is package simulator. It runs in a process of its own, so that the
// CPU time of this one is the bot's.
//
// Each person presses the newest button as soon as it arrives; no one has more
// than one update under way. The server has its turns when each press has been
// answered, and each update has brought a message.
type wire struct {
	// left counts the updates still to be made, open those that no message has
	// followed yet. It is warm when turns are open.
	left, open, turns int
	// waiting are the people whose update no message has followed; unanswered
	// are the presses that spin.
	waiting, unanswered map[int]struct{}

	mu      sync.Mutex
	updates [][]byte
	first   int64 // the id of updates[0]
	arrived chan struct{}
	// calls counts what has come, for the one who looks whether anything does.
	calls int
}

// wireSpec is what the server is told.
type wireSpec struct {
	people, turns int
	// patience is how long it waits for a call when something is owed.
	patience time.Duration
}

const (
	wireVariable = "SPASMBOT_WIRE"
	// warmTurns is how many turns each person takes before the clock starts.
	warmTurns = 10
	wireToken = "123456:AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"
	// What the server says when it has had all turns but those to be measured,
	// and when it has had all.
	wireWarm, wireDone = "warm", "done"
)

// wireMain is the server's process: the spec comes in the environment; the
// address goes out as the first line, wireWarm as the second, and as the third
// wireDone, or what is missing.
func wireMain(spec string) {
	w := &wire{first: 1, arrived: make(chan struct{}, 1), waiting: make(map[int]struct{}), unanswered: make(map[int]struct{})}
	var people int
	var patience time.Duration
	if _, err := fmt.Sscan(spec, &people, &w.turns, &patience); err != nil {
		panic(err)
	}
	w.left = w.turns + warmTurns*people
	w.open = w.left
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		panic(err)
	}
	fmt.Println(l.Addr())
	for user := range people {
		w.write(1_000_000 + user)
	}
	go func() {
		_, _ = io.Copy(io.Discard, os.Stdin) // the parent has ended
		os.Exit(0)
	}()
	go w.watch(patience)
	for {
		c, err := l.Accept()
		if err != nil {
			panic(err)
		}
		go w.serve(c)
	}
}

// watch says what is missing when no call has come for so long.
func (w *wire) watch(patience time.Duration) {
	for last := -1; ; time.Sleep(patience) {
		w.mu.Lock()
		if w.calls == last && (w.open > 0 || len(w.unanswered) > 0) {
			fmt.Printf("%d presses were not answered, %d updates brought no message, %d turns were not made\n",
				len(w.unanswered), len(w.waiting), w.left)
			os.Exit(0)
		}
		last = w.calls
		w.mu.Unlock()
	}
}

// write lets a person write; w.mu is held, or nobody else knows w.
func (w *wire) write(user int) {
	w.push(user, `"message":{"message_id":1,"from":{"id":%[2]d,"is_bot":false,"first_name":"Ada","language_code":"en"},`+
		`"chat":{"id":%[2]d,"first_name":"Ada","type":"private"},"date":1764000000,"text":"/loop",`+
		`"entities":[{"offset":0,"length":5,"type":"bot_command"}]}}`, "", "")
}

// press lets a person press a button with data; w.mu is held.
func (w *wire) press(user int, data string) {
	const firstQuery = 4_382_000_000_000_000_000
	query := firstQuery + w.left
	if w.left > 0 {
		w.unanswered[query] = struct{}{}
	}
	w.push(user, `"callback_query":{"id":"%[3]s","from":{"id":%[2]d,"is_bot":false,"first_name":"Ada",`+
		`"last_name":"L","username":"ada","language_code":"en"},"message":{"message_id":1365,"from":{"id":999,"is_bot":true,`+
		`"first_name":"Spasm","username":"spasm_bot"},"chat":{"id":%[2]d,"first_name":"Ada","type":"private"},"date":1764000000,`+
		`"text":"On your left side. Bend your knees over two or three pillows. Let your legs go heavy.","reply_markup":`+
		`{"inline_keyboard":[[{"text":"I am lying well, go on","callback_data":"%[4]s"}],[{"text":"Enough","callback_data":"%[4]s"}]]}},`+
		`"chat_instance":"-3487261","data":"%[4]s"}}`, strconv.Itoa(query), data)
}

func (w *wire) push(user int, form, query, data string) {
	if w.left == 0 {
		return
	}
	w.left--
	w.waiting[user] = struct{}{}
	id := w.first + int64(len(w.updates))
	w.updates = append(w.updates, fmt.Appendf(nil, `{"update_id":%[1]d,`+form+"%.0[3]s%.0[4]s", id, user, query, data))
	select {
	case w.arrived <- struct{}{}:
	default:
	}
}

// shown takes a message that has come to a person, with the data of its first
// button.
func (w *wire) shown(user int, data string) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.calls++
	if _, owed := w.waiting[user]; !owed {
		return // it came twice
	}
	delete(w.waiting, user)
	if data != "" {
		w.press(user, data)
	} else {
		w.write(user)
	}
	if w.open--; w.open == w.turns {
		fmt.Println(wireWarm)
	}
	w.check()
}

// answered takes the answer to a press.
func (w *wire) answered(query int) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.calls++
	if _, owed := w.unanswered[query]; owed {
		delete(w.unanswered, query)
		w.check()
	}
}

// check says so when nothing is owed any more; w.mu is held.
func (w *wire) check() {
	if w.open == 0 && len(w.unanswered) == 0 {
		fmt.Println(wireDone)
	}
}

// poll returns the updates from offset on, and waits for the first.
func (w *wire) poll(offset int64) []byte {
	for {
		w.mu.Lock()
		if behind := min(max(offset-w.first, 0), int64(len(w.updates))); behind > 0 {
			w.updates, w.first = w.updates[behind:], w.first+behind
		}
		if n := min(len(w.updates), 100); n > 0 {
			body := append([]byte(`{"ok":true,"result":[`), bytes.Join(w.updates[:n], []byte(","))...)
			w.mu.Unlock()
			return append(body, "]}"...)
		}
		w.mu.Unlock()
		<-w.arrived
	}
}

const wireSent = `{"ok":true,"result":{"message_id":1365,"from":{"id":999,"is_bot":true,"first_name":"Spasm","username":"spasm_bot"},` +
	`"chat":{"id":1111111,"first_name":"Ada","type":"private"},"date":1764000001,"text":"On your left side. Bend your knees over two or ` +
	`three pillows. Let your legs go heavy.","reply_markup":{"inline_keyboard":[[{"text":"I am lying well, go on","callback_data":"s2.on"}],` +
	`[{"text":"Enough","callback_data":"s2.out"}]]}}}`

func (w *wire) serve(c net.Conn) {
	defer c.Close()
	in := bufio.NewReaderSize(c, 16<<10)
	var body []byte
	for {
		method, err := readRequest(in, &body)
		if err != nil {
			return
		}
		reply := []byte(`{"ok":true,"result":true}`)
		switch method {
		case "getUpdates":
			reply = w.poll(int64(number(body, "offset")))
		case "getMe":
			reply = []byte(`{"ok":true,"result":{"id":999,"is_bot":true,"first_name":"Spasm","username":"spasm_bot"}}`)
		case "sendMessage", "editMessageText":
			reply = []byte(wireSent)
		}
		out := fmt.Appendf(make([]byte, 0, len(reply)+128), "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: %d\r\n\r\n", len(reply))
		if _, err := c.Write(append(out, reply...)); err != nil {
			return
		}
		switch method {
		case "sendMessage", "editMessageText":
			w.shown(number(body, "chat_id"), buttonData(body))
		case "answerCallbackQuery":
			w.answered(number(body, "callback_query_id"))
		}
	}
}

// readRequest reads one request, its body into *body.
func readRequest(in *bufio.Reader, body *[]byte) (method string, err error) {
	line, err := in.ReadString('\n')
	if err != nil {
		return "", err
	}
	path := strings.Fields(line)[1]
	method = path[strings.LastIndexByte(path, '/')+1:]
	length, chunked := 0, false
	for {
		header, err := in.ReadSlice('\n')
		if err != nil {
			return "", err
		}
		if len(header) <= 2 {
			break
		}
		switch name, value, _ := bytes.Cut(header, []byte(":")); {
		case bytes.EqualFold(name, []byte("Content-Length")):
			length, _ = strconv.Atoi(string(bytes.TrimSpace(value)))
		case bytes.EqualFold(name, []byte("Transfer-Encoding")):
			chunked = true
		}
	}
	*body = (*body)[:0]
	if !chunked {
		return method, readPart(in, body, length)
	}
	for {
		size, err := in.ReadString('\n')
		if err != nil {
			return "", err
		}
		n, err := strconv.ParseUint(strings.TrimSpace(size), 16, 20)
		if err != nil {
			return "", err
		}
		if err := readPart(in, body, int(n)); err != nil {
			return "", err
		}
		if _, err := in.Discard(len("\r\n")); err != nil || n == 0 {
			return method, err
		}
	}
}

// readPart appends n bytes to *body.
func readPart(in *bufio.Reader, body *[]byte, n int) error {
	at := len(*body)
	*body = append(*body, make([]byte, n)...)
	_, err := io.ReadFull(in, (*body)[at:])
	return err
}

// number finds a parameter in a body of any kind, 0 if it is not there.
func number(body []byte, name string) int {
	i := bytes.Index(body, []byte(name))
	if i < 0 {
		return 0
	}
	rest := bytes.TrimLeft(body[i+len(name):], "\":= \r\n")
	end := 0
	for end < len(rest) && rest[end] >= '0' && rest[end] <= '9' {
		end++
	}
	n, _ := strconv.Atoi(string(rest[:end]))
	return n
}

// buttonData is the data of the first button.
func buttonData(body []byte) string {
	const name = "callback_data"
	i := bytes.Index(body, []byte(name))
	if i < 0 {
		return ""
	}
	rest := body[i+len(name):]
	if bytes.HasPrefix(rest, []byte("%22%3A%22")) {
		data, _, _ := bytes.Cut(rest[len("%22%3A%22"):], []byte("%22"))
		return string(data)
	}
	rest = bytes.TrimLeft(rest, `\":`)
	end := bytes.IndexAny(rest, `\"`)
	return string(rest[:max(end, 0)])
}

// wireServer is the server's process, as seen from here.
type wireServer struct {
	url   string
	lines *bufio.Scanner
	close func()
}

// startWire starts the server; it ends with the test, or when it is closed.
func startWire(t testing.TB, spec wireSpec) *wireServer {
	t.Helper()
	cmd := exec.CommandContext(t.Context(), os.Args[0])
	cmd.Env = append(os.Environ(), fmt.Sprintf("%s=%d %d %d", wireVariable, spec.people, spec.turns, spec.patience))
	cmd.Stderr = os.Stderr
	in, err := cmd.StdinPipe()
	if err != nil {
		t.Fatal(err)
	}
	out, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	s := &wireServer{lines: bufio.NewScanner(out), close: sync.OnceFunc(func() {
		_ = in.Close()
		_ = cmd.Wait()
	})}
	t.Cleanup(s.close)
	s.lines.Scan()
	s.url = "http://" + s.lines.Text()
	return s
}

// await returns when the server says a word; its error is what the server says
// instead.
func (s *wireServer) await(word string) error {
	if !s.lines.Scan() {
		return errors.New("the server ended")
	}
	if said := s.lines.Text(); said != word {
		return errors.New(said)
	}
	return nil
}
