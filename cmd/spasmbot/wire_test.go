package main

import (
	"bufio"
	"bytes"
	"fmt"
	"io"
	"net"
	"os"
	"os/exec"
	"strconv"
	"strings"
	"sync"
	"testing"
)

// The wire is the other end of the benchmarks: a server that speaks just enough
// of the Bot API to keep people talking, and costs as little as it can. It
// trusts its client and so is of no use for anything but speed; for what is
// right there is package simulator. It runs in a process of its own, so that the
// CPU time of this one is the bot's.
//
// Each person presses the newest button as soon as it arrives; no one has more
// than one update under way.
type wire struct {
	// left counts the updates still to be made, open the answers still owed. It
	// is warm when turns are open.
	left, open, turns int

	mu      sync.Mutex
	updates [][]byte
	first   int64 // the id of updates[0]
	arrived chan struct{}
}

const (
	wireVariable = "SPASMBOT_WIRE"
	// wireWarm is how many turns each person takes before the clock starts.
	wireWarm  = 10
	wireToken = "123456:AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"
)

// wireMain is the server's process: people and turns come in the environment; the
// address goes out as the first line, "warm" as the second, "done" as the third.
func wireMain(spec string) {
	w := &wire{first: 1, arrived: make(chan struct{}, 1)}
	var people int
	if _, err := fmt.Sscan(spec, &people, &w.turns); err != nil {
		panic(err)
	}
	w.left = w.turns + wireWarm*people
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
	for {
		c, err := l.Accept()
		if err != nil {
			panic(err)
		}
		go w.serve(c)
	}
}

// write lets a person write; w.mu is held, or nobody else knows w.
func (w *wire) write(user int) {
	w.push(user, `"message":{"message_id":1,"from":{"id":%[2]d,"is_bot":false,"first_name":"Ada","language_code":"en"},`+
		`"chat":{"id":%[2]d,"first_name":"Ada","type":"private"},"date":1764000000,"text":"/loop",`+
		`"entities":[{"offset":0,"length":5,"type":"bot_command"}]}}`, "")
}

func (w *wire) push(user int, form, data string) {
	if w.left == 0 {
		return
	}
	w.left--
	id := w.first + int64(len(w.updates))
	w.updates = append(w.updates, fmt.Appendf(nil, `{"update_id":%[1]d,`+form+"%.0[3]s", id, user, data))
	select {
	case w.arrived <- struct{}{}:
	default:
	}
}

// answered takes a message that has come to a person, with the data of its
// first button.
func (w *wire) answered(user int, data string) {
	w.mu.Lock()
	defer w.mu.Unlock()
	if data != "" {
		w.push(user, `"callback_query":{"id":"4382bfdwdsb323b2d9","from":{"id":%[2]d,"is_bot":false,"first_name":"Ada",`+
			`"last_name":"L","username":"ada","language_code":"en"},"message":{"message_id":1365,"from":{"id":999,"is_bot":true,`+
			`"first_name":"Spasm","username":"spasm_bot"},"chat":{"id":%[2]d,"first_name":"Ada","type":"private"},"date":1764000000,`+
			`"text":"On your left side. Bend your knees over two or three pillows. Let your legs go heavy.","reply_markup":`+
			`{"inline_keyboard":[[{"text":"I am lying well, go on","callback_data":"%[3]s"}],[{"text":"Enough","callback_data":"%[3]s"}]]}},`+
			`"chat_instance":"-3487261","data":"%[3]s"}}`, data)
	} else {
		w.write(user)
	}
	switch w.open--; w.open {
	case w.turns:
		fmt.Println("warm")
	case 0:
		fmt.Println("done")
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
		line, err := in.ReadString('\n')
		if err != nil {
			return
		}
		path := strings.Fields(line)[1]
		method := path[strings.LastIndexByte(path, '/')+1:]
		length := 0
		for {
			header, err := in.ReadSlice('\n')
			if err != nil {
				return
			}
			if len(header) <= 2 {
				break
			}
			if name, value, _ := bytes.Cut(header, []byte(":")); len(name) == 14 && bytes.EqualFold(name, []byte("Content-Length")) {
				length, _ = strconv.Atoi(string(bytes.TrimSpace(value)))
			}
		}
		body = append(body[:0], make([]byte, length)...)
		if _, err := io.ReadFull(in, body); err != nil {
			return
		}
		reply := []byte(`{"ok":true,"result":true}`)
		sent := false
		switch method {
		case "getUpdates":
			reply = w.poll(int64(number(body, "offset")))
		case "getMe":
			reply = []byte(`{"ok":true,"result":{"id":999,"is_bot":true,"first_name":"Spasm","username":"spasm_bot"}}`)
		case "sendMessage", "editMessageText":
			reply, sent = []byte(wireSent), true
		}
		out := fmt.Appendf(make([]byte, 0, len(reply)+128), "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: %d\r\n\r\n", len(reply))
		if _, err := c.Write(append(out, reply...)); err != nil {
			return
		}
		if sent {
			w.answered(number(body, "chat_id"), buttonData(body))
		}
	}
}

// number finds a parameter in a body of either kind, 0 if it is not there.
func number(body []byte, name string) int {
	i := bytes.Index(body, []byte(name))
	if i < 0 {
		return 0
	}
	rest := bytes.TrimLeft(body[i+len(name):], `":= `)
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

// startWire starts the server. Wait returns when it says the next word.
func startWire(t testing.TB, people, turns int) (url string, wait func(word string)) {
	t.Helper()
	cmd := exec.Command(os.Args[0])
	cmd.Env = append(os.Environ(), fmt.Sprintf("%s=%d %d", wireVariable, people, turns))
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
	t.Cleanup(func() {
		in.Close()
		cmd.Wait()
	})
	lines := bufio.NewScanner(out)
	lines.Scan()
	url = "http://" + lines.Text()
	return url, func(word string) {
		t.Helper()
		if !lines.Scan() || lines.Text() != word {
			t.Fatalf("the server ended: %q", lines.Text())
		}
	}
}
