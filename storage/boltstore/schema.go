package boltstore

import (
	"bytes"
	"fmt"

	bolt "go.etcd.io/bbolt"

	"spasmbot/storage"
)

const (
	bucketMeta       = "meta"
	bucketPeople     = "people"
	bucketHistory    = "history"
	bucketEpisodes   = "episodes"
	bucketDue        = "due"
	bucketUnsent     = "unsent"
	bucketSeen0      = "seen-0"
	bucketSeen1      = "seen-1"
	bucketQuarantine = "quarantine"
	bucketFiles      = "files"
)

func buckets() []string {
	return []string{
		bucketMeta, bucketPeople, bucketHistory, bucketEpisodes, bucketDue, bucketUnsent, bucketSeen0, bucketSeen1, bucketQuarantine, bucketFiles,
	}
}

// magic tells our files from those of other programs that use bbolt, and is
// unlikely in any other file, so that it also tells what a damaged file was.
const magic = "\x89spasmbot\r\n\x1a\x00store"

// A migration leads from one schema version to the next. It runs in one
// transaction with all that follow it, and must read nothing but the file.
type migration func(tx *bolt.Tx) error

// schema is the history of the layout: steps[i] leads from version i+1 to i+2.
type schema struct{ steps []migration }

// currentSchema grows by one step with each change of the layout. A step is
// never changed once it has been released.
func currentSchema() schema { return schema{} }

func (s schema) version() int64 { return int64(len(s.steps)) + 1 }

// create lays out an empty file.
func (s schema) create(tx *bolt.Tx) error {
	for _, name := range buckets() {
		if _, err := tx.CreateBucket([]byte(name)); err != nil {
			return fmt.Errorf("create bucket %s: %w", name, err)
		}
	}
	meta := tx.Bucket([]byte(bucketMeta))
	if err := meta.Put([]byte(metaMagic), []byte(magic)); err != nil {
		return err
	}
	return meta.Put([]byte(metaVersion), intKey(s.version()))
}

// versionOf returns the schema version of a file. It fails with
// storage.ErrForeign if the file is not ours, and with storage.ErrNewer if
// this program is too old for it.
func (s schema) versionOf(tx *bolt.Tx) (version int64, err error) {
	err = caught(func() error {
		meta := tx.Bucket([]byte(bucketMeta))
		if meta == nil || !bytes.Equal(meta.Get([]byte(metaMagic)), []byte(magic)) {
			return fmt.Errorf("%w but another program's: %s", storage.ErrForeign, hintForeign)
		}
		if version, err = intIn(meta, metaVersion); err != nil {
			return err
		}
		switch {
		case version > s.version():
			return fmt.Errorf("%w (schema %d, this program knows %d): install the version that wrote it or a newer one; "+
				"the file has not been changed", storage.ErrNewer, version, s.version())
		case version < 1:
			return damagedRecord(bucketMeta, []byte(metaVersion), fmt.Errorf("schema %d", version))
		}
		return nil
	})
	return version, err
}

// complete reports a bucket that ought to be there.
func complete(tx *bolt.Tx) error {
	return caught(func() error {
		for _, name := range buckets() {
			if tx.Bucket([]byte(name)) == nil {
				return fmt.Errorf("%w: bucket %s is missing; %s", storage.ErrDamaged, name, hintDamaged)
			}
		}
		return nil
	})
}
