package main

import (
	"context"
	"crypto/sha256"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"log/slog"
	"os"
	"time"

	"filippo.io/age"

	"spasmbot/bot/ops"
	"spasmbot/storage/boltstore"
)

// recipient is whom a backup is for.
type recipient struct {
	BackupRecipient string `placeholder:"age1..." env:"SPASMBOT_BACKUP_RECIPIENT" help:"Encrypt backups to this recipient of age: only who has the identity can read them."`
}

// lock encrypts what is written, if it is for somebody.
func (r recipient) lock(out io.Writer) (io.WriteCloser, error) {
	if r.BackupRecipient == "" {
		return open{out}, nil
	}
	who, err := age.ParseX25519Recipient(r.BackupRecipient)
	if err != nil {
		return nil, usagef("--backup-recipient %q is none of age: age-keygen prints one that begins with age1", r.BackupRecipient)
	}
	return age.Encrypt(out, who)
}

type open struct{ io.Writer }

func (open) Close() error { return nil }

// backupCommand is "spasmbot backup".
type backupCommand struct {
	File string `arg:"" type:"path" placeholder:"FILE" help:"The backup to make. A file that is there stays."`
	DB   string `name:"db" default:"spasmbot.db" type:"path" placeholder:"FILE" env:"SPASMBOT_DB" help:"The database. A bot that runs on it is asked."`
	control
	recipient
}

// Run makes a backup.
func (c *backupCommand) Run(w *world) error {
	ctx, stop := w.untilSignal()
	defer stop()
	if _, err := os.Lstat(c.File); !errors.Is(err, fs.ErrNotExist) {
		return fmt.Errorf("%s is there already: name a new file", c.File)
	}
	n, err := c.write(c.File, func(out io.Writer) error {
		return backupDeed.run(ctx, c.DB, c.control, struct{}{}, out)
	})
	if err != nil {
		return err
	}
	_, err = fmt.Fprintf(w.stdout, "%s: %d bytes, checked\n", c.File, n)
	return err
}

var backupDeed = deed[struct{}]{"backup", []boltstore.Option{boltstore.ReadOnly()}, func(ctx context.Context, d *desk, _ struct{}, out io.Writer) error {
	return d.store.Backup(ctx, func(f *os.File) error {
		_, err := io.Copy(out, f)
		return err
	})
}}

// write makes a backup of what is written, and reads it again: what is on the disk must
// be what was to be there. It returns how long it is.
func (r recipient) write(path string, write func(io.Writer) error) (n int64, err error) {
	sum := sha256.New()
	err = boltstore.WriteFile(path, func(file io.Writer) error {
		locked, err := r.lock(io.MultiWriter(file, sum))
		if err != nil {
			return err
		}
		return errors.Join(write(locked), locked.Close())
	})
	if err != nil {
		return 0, err
	}
	file, err := os.Open(path)
	if err != nil {
		return 0, err
	}
	defer file.Close()
	again := sha256.New()
	if n, err = io.Copy(again, file); err == nil && string(again.Sum(nil)) != string(sum.Sum(nil)) {
		err = fmt.Errorf("%s: what is on the disk is not what was written: check the disk", path)
	}
	return n, err
}

// restoreCommand is "spasmbot restore".
type restoreCommand struct {
	Backup   string `arg:"" type:"existingfile" placeholder:"BACKUP" help:"What spasmbot backup has made."`
	DB       string `name:"db" required:"" type:"path" placeholder:"FILE" env:"SPASMBOT_DB" help:"The database to make."`
	Force    bool   `help:"Replace a database that is there."`
	Identity string `type:"existingfile" placeholder:"FILE" help:"The identity of age that the backup was encrypted to."`
}

// Run checks a backup and puts it in place.
func (c *restoreCommand) Run(w *world) error {
	ctx, stop := w.untilSignal()
	defer stop()
	backup, done, err := c.unlock()
	if err != nil {
		return err
	}
	defer done()
	if err := boltstore.Restore(ctx, backup, c.DB, c.Force); err != nil {
		return err
	}
	_, err = fmt.Fprintf(w.stdout, "%s is restored from %s: start the bot on it\n", c.DB, c.Backup)
	return err
}

// unlock decrypts a backup into a file beside the database, if it is encrypted.
func (c *restoreCommand) unlock() (file string, done func(), err error) {
	if c.Identity == "" {
		return c.Backup, func() {}, nil
	}
	keys, err := os.Open(c.Identity)
	if err != nil {
		return "", nil, err
	}
	defer keys.Close()
	identities, err := age.ParseIdentities(keys)
	if err != nil {
		return "", nil, fmt.Errorf("%s holds no identity of age", c.Identity) // its words would show the key
	}
	locked, err := os.Open(c.Backup)
	if err != nil {
		return "", nil, err
	}
	defer locked.Close()
	plain, err := age.Decrypt(locked, identities...)
	if err != nil {
		return "", nil, fmt.Errorf("%s: %w: it is for another identity, not encrypted, or no backup", c.Backup, err)
	}
	file = c.DB + ".bak-restore"
	err = boltstore.WriteFile(file, func(out io.Writer) error {
		_, err := io.Copy(out, plain)
		if err != nil {
			return fmt.Errorf("%s is %w: %w", c.Backup, boltstore.ErrTorn, err)
		}
		return nil
	})
	return file, func() { _ = os.Remove(file) }, err
}

// backups are the flags of a bot that makes backups by itself.
type backups struct {
	recipient
	BackupDir   string        `type:"path" placeholder:"DIR" env:"SPASMBOT_BACKUP_DIR" help:"Make backups in this folder, while the bot runs."`
	BackupEvery time.Duration `default:"24h" env:"SPASMBOT_BACKUP_EVERY" help:"How often."`
	BackupKeep  int           `default:"14" env:"SPASMBOT_BACKUP_KEEP" help:"How many stay; 0 keeps all."`
}

func (b backups) check() error {
	if b.BackupEvery < time.Minute || b.BackupKeep < 0 {
		return usagef("--backup-every %v and --backup-keep %d: give a minute at least, and no number below 0", b.BackupEvery, b.BackupKeep)
	}
	if _, err := b.lock(io.Discard); err != nil {
		return err
	}
	if b.BackupDir == "" {
		return nil
	}
	if info, err := os.Stat(b.BackupDir); err != nil || !info.IsDir() {
		return usagef("--backup-dir %s is no folder: make it, or name another", b.BackupDir)
	}
	return nil
}

// make makes backups of a store until ctx ends, if they are asked for.
func (b backups) make(ctx context.Context, store *boltstore.Store, log *slog.Logger) {
	if b.BackupDir == "" {
		return
	}
	all := &ops.Backups{Dir: b.BackupDir, Every: b.BackupEvery, Keep: b.BackupKeep, Log: log}
	all.Make = func(ctx context.Context, path string) error {
		_, err := b.write(path, func(out io.Writer) error {
			return backupDeed.do(ctx, &desk{store: store}, struct{}{}, out)
		})
		return err
	}
	all.Run(ctx)
}
