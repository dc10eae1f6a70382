package boltstore

import "syscall"

// handBack unmaps the pages of a mapped file; the next access maps them again.
func handBack(data uintptr, size int64) {
	// It is advice: what is not taken changes nothing.
	_, _, _ = syscall.Syscall(syscall.SYS_MADVISE, data, uintptr(size), syscall.MADV_DONTNEED)
}
