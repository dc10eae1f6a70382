package ops

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"net"
	"net/http"
	"net/url"
	"os"
	"strings"
	"syscall"
	"time"
)

// ErrNobody says that no process listens at a socket.
var ErrNobody = errors.New("no bot listens there")

// Ask has the process behind a socket do a deed on a database, and writes to out what
// that prints. It fails with ErrNobody if there is no such process.
func Ask(ctx context.Context, socket, database, name string, params any, out io.Writer) error {
	body, err := json.Marshal(params)
	if err != nil {
		return err
	}
	conn, err := dial(ctx, socket, database)
	if err != nil {
		return err
	}
	defer conn.Close()
	r, err := http.NewRequestWithContext(ctx, http.MethodPost, "http://spasmbot"+deeds+name, bytes.NewReader(body))
	if err != nil {
		return err
	}
	r.Header.Set(headerDatabase, database)
	line := &http.Transport{
		DisableKeepAlives: true,
		DialContext:       func(context.Context, string, string) (net.Conn, error) { return conn, nil },
	}
	answer, err := line.RoundTrip(r)
	if err != nil {
		return fmt.Errorf("%s: %w: the bot has ended, or hangs", socket, err)
	}
	defer answer.Body.Close()
	if answer.StatusCode != http.StatusOK {
		why, _ := io.ReadAll(io.LimitReader(answer.Body, mostParams))
		return fmt.Errorf("%s: %s", socket, strings.TrimSpace(string(why)))
	}
	if _, err := io.Copy(out, answer.Body); err != nil {
		return fmt.Errorf("%s: %w: the command was not done to its end, and what it has printed is not whole", socket, err)
	}
	return verdict(answer.Trailer.Get(headerResult))
}

func verdict(result string) error {
	why, failed := strings.CutPrefix(result, "!")
	switch {
	case result == resultDone:
		return nil
	case !failed:
		return errors.New("the bot has ended before the command was done: what it has printed is not whole")
	}
	text, err := url.QueryUnescape(why)
	if err != nil {
		return err
	}
	return errors.New(text)
}

// dialMost is how long a process may take to say that it listens.
const dialMost = 5 * time.Second

func dial(ctx context.Context, socket, database string) (net.Conn, error) {
	info, err := os.Lstat(socket)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return nil, ErrNobody
	case err != nil:
		return nil, err
	case info.Mode()&fs.ModeSocket == 0 && socketsShow:
		return nil, fmt.Errorf("%s is no socket: name another with --control, or delete it", socket)
	}
	if err := trust(socket, info, database); err != nil {
		return nil, err
	}
	conn, err := (&net.Dialer{Timeout: dialMost}).DialContext(ctx, "unix", socket)
	if errors.Is(err, syscall.ECONNREFUSED) || errors.Is(err, fs.ErrNotExist) {
		return nil, ErrNobody // it was a killed bot's, or has just gone
	}
	return conn, err
}
