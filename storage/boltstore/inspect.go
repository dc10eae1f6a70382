package boltstore

import (
	"bytes"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"syscall"

	bolt "go.etcd.io/bbolt"
	berrors "go.etcd.io/bbolt/errors"

	"spasmbot/storage"
)

const hintForeign = "name another file; this one has not been changed"

// readOnOpen is the size in bytes up to which every page is read before a file
// is used. It takes some milliseconds; a larger file shows its damage when the
// page is read.
const readOnOpen = 16 << 20

// inspect makes sure that a file is ours, whole and not too new. It changes
// nothing.
func (o options) inspect(f *file) error {
	info, err := f.os.Stat()
	if err != nil {
		return err
	}
	tx, err := f.begin(false)
	if err != nil {
		return err
	}
	defer f.rollback(tx)

	version, err := o.schema.versionOf(tx)
	if missing := tx.Size() - info.Size(); missing > 0 && !errors.Is(err, storage.ErrForeign) {
		return fmt.Errorf("%w: the last %d bytes are missing; %s", storage.ErrDamaged, missing, hintDamaged)
	}
	if err != nil {
		return err
	}
	if version == o.schema.version() {
		if err := complete(tx); err != nil {
			return err
		}
	} else if o.readOnly {
		return fmt.Errorf("its layout is of version %d, this program reads %d: start the bot once to bring it up to date",
			version, o.schema.version())
	}
	if info.Size() > readOnOpen {
		return nil
	}
	return readAll(tx)
}

// readAll reads every page that holds records.
func readAll(tx *bolt.Tx) error {
	return caught(func() error {
		return tx.ForEach(func(name []byte, b *bolt.Bucket) error {
			var last []byte
			return b.ForEach(func(key, value []byte) error {
				if err := inOrder(string(name), last, key); err != nil {
					return err
				}
				last = key
				if len(value) > 0 {
					// A page may lie about its lengths; the last byte must
					// be within the file.
					_ = bytes.Clone(value[len(value)-1:])
				}
				return nil
			})
		})
	})
}

// explain turns what bbolt says of a file that it cannot open into what the
// operator has to do.
func explain(path string, err error) error {
	if errors.Is(err, berrors.ErrTimeout) {
		return fmt.Errorf("%w: stop the other one (perhaps the bot itself) or name another file", storage.ErrInUse)
	}
	if errors.Is(err, fs.ErrPermission) {
		return fmt.Errorf("%w: run the program as the owner of the file", err)
	}
	if _, ok := errors.AsType[syscall.Errno](err); ok {
		return err
	}
	ours, lookErr := traces(path)
	switch {
	case lookErr != nil:
		return errors.Join(err, lookErr)
	case !ours:
		return fmt.Errorf("%w: %s", storage.ErrForeign, hintForeign)
	case errors.Is(err, storage.ErrDamaged):
		return err
	}
	return fmt.Errorf("%w: %w; %s", storage.ErrDamaged, err, hintDamaged)
}

// traces reports whether a file that cannot be opened was a database: it
// begins like one, or our magic is somewhere in it.
func traces(path string) (bool, error) {
	f, err := os.Open(path)
	if err != nil {
		return false, err
	}
	defer f.Close()

	const step = 1 << 20
	buf := make([]byte, 0, step+len(magic))
	for first := true; ; first = false {
		n, err := io.ReadFull(f, buf[len(buf):len(buf)+step])
		buf = buf[:len(buf)+n]
		if first && beginsLikeBolt(buf) || bytes.Contains(buf, []byte(magic)) {
			return true, nil
		}
		switch {
		case errors.Is(err, io.EOF), errors.Is(err, io.ErrUnexpectedEOF):
			return false, nil
		case err != nil:
			return false, err
		}
		// The magic may lie across two steps.
		kept := copy(buf, buf[len(buf)-len(magic)+1:])
		buf = buf[:kept]
	}
}

// beginsLikeBolt compares with the head of bbolt's first meta page (page id,
// flags, counts, magic) as far as the file goes.
func beginsLikeBolt(head []byte) bool {
	const flagsEnd, metaPage, boltMagic = 10, 0x04, 0xED0CDAED
	page := make([]byte, 16, 20)
	binary.NativeEndian.PutUint16(page[8:], metaPage)
	page = binary.NativeEndian.AppendUint32(page, boltMagic)
	n := min(len(head), len(page))
	return n >= flagsEnd && bytes.Equal(head[:n], page[:n])
}
