// Checks an export and the proofs of a case with golang.org/x/mod/sumdb/{note,tlog}, of which nobody here wrote a line:
//
//	go run . EXPORT VERIFIER-KEY PROOFS
package main

import (
	"bufio"
	"encoding/base64"
	"fmt"
	"os"
	"path/filepath"
	"sort"
	"strconv"
	"strings"

	"golang.org/x/mod/sumdb/note"
	"golang.org/x/mod/sumdb/tlog"
)

type hashes []tlog.Hash

func (h hashes) ReadHashes(indexes []int64) ([]tlog.Hash, error) {
	read := make([]tlog.Hash, len(indexes))
	for n, index := range indexes {
		read[n] = h[index]
	}
	return read, nil
}

var passed, failed int

func check(name string, err error) {
	if err == nil {
		passed++
		return
	}
	failed++
	fmt.Println("failed:", name, err)
}

func must(err error) {
	if err != nil {
		fmt.Println(err)
		os.Exit(2)
	}
}

func files(pattern string) []string {
	names, err := filepath.Glob(pattern)
	must(err)
	sort.Strings(names)
	return names
}

func lines(name string) []string {
	file, err := os.Open(name)
	must(err)
	defer file.Close()
	scanner := bufio.NewScanner(file)
	scanner.Buffer(make([]byte, 1<<20), 1<<20)
	var read []string
	for scanner.Scan() {
		read = append(read, scanner.Text())
	}
	must(scanner.Err())
	return read
}

// checkpoint opens a note by its key, and returns the tree that it signs.
func checkpoint(text []byte, keys note.Verifiers, origin string) (tlog.Tree, error) {
	opened, err := note.Open(text, keys)
	if err != nil {
		return tlog.Tree{}, err
	}
	parts := strings.Split(opened.Text, "\n")
	if parts[0] != origin {
		return tlog.Tree{}, fmt.Errorf("origin %q", parts[0])
	}
	size, err := strconv.ParseInt(parts[1], 10, 64)
	if err != nil {
		return tlog.Tree{}, err
	}
	root, err := tlog.ParseHash(parts[2])
	return tlog.Tree{N: size, Hash: root}, err
}

func main() {
	folder, vkey, proofs := os.Args[1], os.Args[2], os.Args[3]
	key, err := note.NewVerifier(vkey)
	must(err)
	keys := note.VerifierList(key)
	var stored hashes
	var size int64
	var before tlog.Tree
	for _, object := range files(filepath.Join(folder, "log", "*.jsonl")) {
		for _, line := range lines(object)[1:] {
			added, err := tlog.StoredHashes(size, []byte(line), stored)
			must(err)
			stored = append(stored, added...)
			size++
		}
		text, err := os.ReadFile(strings.TrimSuffix(object, ".jsonl") + ".checkpoint")
		must(err)
		tree, err := checkpoint(text, keys, key.Name())
		check("note of "+object, err)
		root, err := tlog.TreeHash(size, stored)
		must(err)
		if tree.N != size || tree.Hash != root {
			err = fmt.Errorf("another tree")
		}
		check("root after "+object, err)
		if before.N > 0 {
			proof, err := tlog.ProveTree(tree.N, before.N, stored)
			must(err)
			check("consistency of "+object, tlog.CheckTree(proof, tree.N, tree.Hash, before.N, before.Hash))
		}
		before = tree
	}
	for _, name := range files(filepath.Join(proofs, "*.tlog-proof")) {
		check(name, checkProof(name, keys, key.Name()))
	}
	fmt.Println(passed, "passed,", failed, "failed")
	if failed > 0 || passed == 0 {
		os.Exit(1)
	}
}

// checkProof reads a file by C2SP tlog-proof.
func checkProof(name string, keys note.Verifiers, origin string) error {
	text, err := os.ReadFile(name)
	must(err)
	head, signed, found := strings.Cut(string(text), "\n\n")
	parts := strings.Split(head, "\n")
	if !found || parts[0] != "c2sp.org/tlog-proof@v1" {
		return fmt.Errorf("not a proof")
	}
	entry, err := base64.StdEncoding.DecodeString(strings.TrimPrefix(parts[1], "extra "))
	must(err)
	index, err := strconv.ParseInt(strings.TrimPrefix(parts[2], "index "), 10, 64)
	must(err)
	var path tlog.RecordProof
	for _, line := range parts[3:] {
		hash, err := tlog.ParseHash(line)
		must(err)
		path = append(path, hash)
	}
	tree, err := checkpoint([]byte(signed), keys, origin)
	if err != nil {
		return err
	}
	return tlog.CheckRecord(path, tree.N, tree.Hash, index, tlog.RecordHash(entry))
}
