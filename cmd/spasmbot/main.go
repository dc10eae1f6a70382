// Command spasmbot leads people through a back spasm on Telegram.
//
//	spasmbot demo              try it in a browser: no token, no network
//	spasmbot run               the real thing
//	spasmbot flows             check, draw, compare, measure, play and replay flows
//	spasmbot export --db FILE  everything that was kept, as JSON lines
//	spasmbot papers            a person's papers: chart, page for a doctor, calendar, data
//	spasmbot person            what is kept of one person: print it, delete it
//	spasmbot status --db FILE  how things stand, in numbers
//	spasmbot deadletters       what Telegram refused: list it, send it again
//	spasmbot backup FILE       a sealed copy of the database, while the bot runs or not
//	spasmbot restore BACKUP    a database from such a copy
//	spasmbot compact --db FILE make the file as small as what it holds
//	spasmbot log-level LEVEL   how much the bot that runs writes into its log
//	spasmbot version
//
// It exits with 0 when done, 1 when something failed and 2 when it was called
// wrongly.
package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/signal"
	"runtime/debug"
	"strings"
	"syscall"
	_ "time/tzdata" // people's time zones, on hosts that have none

	"github.com/alecthomas/kong"
)

// The exit codes.
const (
	exitDone   = 0
	exitFailed = 1
	exitUsage  = 2
)

func main() {
	noCoreDumps()
	os.Exit(run(os.Args[1:], os.Stdout, os.Stderr))
}

// commands is the command line.
type commands struct {
	Run     runCommand         `cmd:"" help:"Run the bot on Telegram. The token comes from TELEGRAM_BOT_TOKEN, or from the file that TELEGRAM_BOT_TOKEN_FILE names."`
	Demo    demoCommand        `cmd:"" help:"Run the bot with a chat page in the browser: no token, no network."`
	Flows   flowsCommand       `cmd:"" help:"Check, draw, compare, measure, play and replay flows."`
	Export  exportCommand      `cmd:"" help:"Print everything that was kept, as JSON lines. It is health data."`
	Papers  papersCommand      `cmd:"" help:"Write the papers of a person: chart, page for a doctor, calendar, table, data. They are health data."`
	Person  personCommand      `cmd:"" help:"Print or delete what is kept of one person."`
	Status  statusCommand      `cmd:"" help:"Print how things stand: people, reminders, messages, dead letters. No words."`
	Letters deadlettersCommand `cmd:"" name:"deadletters" help:"List the messages that Telegram refused for what they are, or send them again."`
	Backup  backupCommand      `cmd:"" help:"Make a backup of the database, checked and sealed, while the bot runs or not."`
	Restore restoreCommand     `cmd:"" help:"Check a backup and make a database of it."`
	Compact compactCommand     `cmd:"" help:"Make the database file as small as what it holds."`
	Level   levelCommand       `cmd:"" name:"log-level" help:"Print or set how much the bot that runs writes into its log."`
	Version versionCommand     `cmd:"" help:"Print the version."`
}

// world is what a command sees of the outside.
type world struct {
	ctx            context.Context
	stdin          io.Reader
	stdout, stderr io.Writer
	getenv         func(string) string
}

func run(args []string, stdout, stderr io.Writer) int {
	var cli commands
	exited := -1
	parser, err := kong.New(&cli,
		kong.Name("spasmbot"),
		kong.Description("Leads people through a back spasm, one button at a time."),
		kong.UsageOnError(),
		kong.Writers(stdout, stderr),
		kong.Exit(func(code int) { exited = code }),
	)
	if err != nil {
		fmt.Fprintln(stderr, "spasmbot:", err)
		return exitFailed
	}
	command, err := parser.Parse(args)
	switch {
	case exited >= 0: // --help has printed itself
		return exitDone
	case err != nil:
		fmt.Fprintf(stderr, "spasmbot: %v: see spasmbot --help\n", err)
		return exitUsage
	}
	err = command.Run(&world{context.Background(), os.Stdin, stdout, stderr, os.Getenv})
	switch {
	case errors.Is(err, errUsage):
		fmt.Fprintln(stderr, "spasmbot:", err)
		return exitUsage
	case err != nil:
		fmt.Fprintln(stderr, "spasmbot:", err)
		return exitFailed
	}
	return exitDone
}

// untilSignal is for commands that have something to finish when a signal comes. A
// second one ends the process at once, and so does the first for all other commands.
func (w *world) untilSignal() (context.Context, context.CancelFunc) {
	ends := []os.Signal{os.Interrupt, syscall.SIGTERM}
	if !signal.Ignored(syscall.SIGHUP) { // as it is under nohup
		ends = append(ends, syscall.SIGHUP)
	}
	return w.until(ends...)
}

func (w *world) until(ends ...os.Signal) (context.Context, context.CancelFunc) {
	ctx, stop := signal.NotifyContext(w.ctx, ends...)
	context.AfterFunc(ctx, stop)
	return ctx, stop
}

// hangups brings each SIGHUP, which no longer ends the process; none if it was
// ignored to begin with.
func hangups() (asked <-chan os.Signal, stop func()) {
	if signal.Ignored(syscall.SIGHUP) {
		return nil, func() {}
	}
	c := make(chan os.Signal, 1)
	signal.Notify(c, syscall.SIGHUP)
	return c, func() { signal.Stop(c) }
}

// errUsage marks an error in flags or environment.
var errUsage = errors.New("wrong usage")

// usagef makes an error of wrong usage.
func usagef(format string, args ...any) error {
	return fmt.Errorf("%w: %w", errUsage, fmt.Errorf(format, args...))
}

// versionCommand is "spasmbot version".
type versionCommand struct {
	Licences bool `help:"Print the licences of what is in the program: libraries, and the fonts of the papers."`
}

// Run prints the version.
func (c versionCommand) Run(w *world) error {
	if c.Licences {
		_, err := fmt.Fprint(w.stdout, licences)
		return err
	}
	_, err := fmt.Fprintln(w.stdout, "spasmbot "+version())
	return err
}

// version is what is known of the program's origin.
func version() string {
	version, revision := "devel", ""
	if info, ok := debug.ReadBuildInfo(); ok {
		if v := info.Main.Version; v != "" && v != "(devel)" {
			version = v
		}
		for _, s := range info.Settings {
			if s.Key == "vcs.revision" {
				revision = s.Value
			}
		}
	}
	return strings.TrimSpace(version + " " + revision)
}
