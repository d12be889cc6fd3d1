package photo

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"

	"github.com/google/uuid"

	"github.com/guatu/guatu/internal/auth"
	"github.com/guatu/guatu/internal/fault"
	"github.com/guatu/guatu/internal/ledger"
)

// Upload is how far somebody is with sending a file.
type Upload struct {
	Hash   Hash
	Length int64 // 0: not known, nothing was sent
	Offset int64 // bytes that are here
	// Complete says that the file is stored and every photo of the sender that waited for it has its receipt.
	Complete bool
	File     *File // if stored
}

// Part is a piece of a file as it comes in.
type Part struct {
	Offset int64 // where it begins
	Length int64 // of the whole file
	Body   io.Reader
	Stop   func() // breaks the reading of Body off
}

// Upload says how far the actor is with sending a file. What others have sent
// makes no difference: nobody learns whether a file is here.
func (s *Store) Upload(ctx context.Context, actor auth.Actor, h Hash) (Upload, error) {
	up := Upload{Hash: h}
	if err := actor.May(ledger.KindPhotoAttach); err != nil {
		return up, err
	}
	f, held, err := s.Register.Held(ctx, h, actor.ID)
	if err != nil {
		return up, err
	}
	if held {
		waiting, err := s.Register.Awaiting(ctx, auth.ScopeOf(actor), h)
		return Upload{Hash: h, Length: f.Size, Offset: f.Size, Complete: len(waiting) == 0, File: &f}, err
	}
	p, err := s.partOf(actor, h)
	if err != nil || p == nil {
		return up, err
	}
	up.Length = p.length
	up.Offset, err = p.size()
	return up, err
}

// Append takes a part of a file in, and with the last one stores the file and
// gives the receipts. After a broken connection what came is kept: the error is
// for nobody. A part that does not begin where the last ended is refused, with the
// offset to go on from.
func (s *Store) Append(ctx context.Context, actor auth.Actor, h Hash, in Part) (Upload, error) {
	if err := s.mayTakeIn(actor, in); err != nil {
		return Upload{Hash: h}, err
	}
	release, err := s.takeTurn(ctx, personKey(actor)+h.String(), in.Stop)
	if err != nil {
		return Upload{Hash: h}, err
	}
	defer release()
	f, held, err := s.Register.Held(ctx, h, actor.ID)
	if err != nil {
		return Upload{Hash: h}, err
	}
	if !held {
		p, up, err := s.take(ctx, actor, h, in)
		if err != nil || up.Offset < up.Length {
			return up, err
		}
		if f, err = s.finish(ctx, actor, h, p); err != nil {
			return Upload{Hash: h}, err
		}
	}
	if err := s.receive(ctx, actor, f); err != nil {
		return Upload{Hash: h}, err
	}
	return Upload{Hash: h, Length: f.Size, Offset: f.Size, Complete: true, File: &f}, nil
}

// Abandon forgets what the actor has sent of a file that is not finished.
func (s *Store) Abandon(ctx context.Context, actor auth.Actor, h Hash) error {
	release, err := s.takeTurn(ctx, personKey(actor)+h.String(), func() {})
	if err != nil {
		return err
	}
	defer release()
	p, err := s.partOf(actor, h)
	if err != nil || p == nil {
		return err
	}
	return os.Remove(p.path)
}

func (s *Store) mayTakeIn(actor auth.Actor, in Part) error {
	if err := actor.May(ledger.KindPhotoAttach); err != nil {
		return err
	}
	if in.Length > s.Limits.Bytes {
		mb := s.Limits.Bytes >> 20
		return fault.New(fault.KindInvalid, "photo_too_large", fmt.Sprintf("照片超过 %d MB，请缩小后再传", mb), fmt.Sprintf("the photo is larger than %d MB; please make it smaller", mb))
	}
	if in.Length <= 0 || in.Offset < 0 || in.Offset > in.Length {
		return fault.New(fault.KindInvalid, "photo_offset", "照片的长度或续传位置有误", "the length of the photo or the offset is wrong")
	}
	return nil
}

// part is the file of an unfinished upload; its name says what it will be.
type part struct {
	path   string
	length int64
}

func (p part) size() (int64, error) {
	info, err := os.Stat(p.path)
	if errors.Is(err, os.ErrNotExist) {
		return 0, nil
	}
	if err != nil {
		return 0, err
	}
	return info.Size(), nil
}

func personKey(actor auth.Actor) string {
	sum := sha256.Sum256([]byte(actor.ID))
	return hex.EncodeToString(sum[:8])
}

func (s *Store) partFolder(actor auth.Actor) string {
	return filepath.Join(s.Folder, "incoming", personKey(actor))
}

// partOf finds the unfinished upload of a file; nil for none.
func (s *Store) partOf(actor auth.Actor, h Hash) (*part, error) {
	found, err := filepath.Glob(filepath.Join(s.partFolder(actor), h.String()+".*"))
	if err != nil || len(found) == 0 {
		return nil, err
	}
	_, digits, _ := strings.Cut(filepath.Base(found[0]), ".")
	length, err := strconv.ParseInt(digits, 10, 64)
	if err != nil {
		return nil, fmt.Errorf("unfinished upload %s: %w", found[0], err)
	}
	return &part{found[0], length}, nil
}

// take writes a part behind what is here.
func (s *Store) take(ctx context.Context, actor auth.Actor, h Hash, in Part) (part, Upload, error) {
	up := Upload{Hash: h, Length: in.Length}
	p, err := s.begun(ctx, actor, h, in)
	if err != nil {
		return p, up, err
	}
	if up.Offset, err = p.size(); err != nil {
		return p, up, err
	}
	if in.Offset != up.Offset {
		return p, up, outOfStep(up.Offset)
	}
	n, err := p.append(in.Body, in.Length-up.Offset)
	first := up.Offset < magicBytes
	up.Offset += n
	if first && up.Offset >= magicBytes {
		if refusal := p.sniff(); refusal != nil {
			return p, Upload{Hash: h}, errors.Join(refusal, os.Remove(p.path))
		}
	}
	return p, up, err
}

func outOfStep(offset int64) error {
	return fault.New(fault.KindConflict, "photo_offset", fmt.Sprintf("请从第 %d 字节接着传", offset), fmt.Sprintf("please go on from byte %d", offset)).With(map[string]int64{"offset": offset})
}

// begun is the unfinished upload, a new one where there is room.
func (s *Store) begun(ctx context.Context, actor auth.Actor, h Hash, in Part) (part, error) {
	p, err := s.partOf(actor, h)
	if err != nil {
		return part{}, err
	}
	if p != nil && p.length == in.Length {
		return *p, nil
	}
	if p != nil { // another length was said before: one of them is wrong
		if err := os.Remove(p.path); err != nil {
			return part{}, err
		}
	}
	fresh := part{filepath.Join(s.partFolder(actor), h.String()+"."+strconv.FormatInt(in.Length, 10)), in.Length}
	return fresh, s.roomFor(ctx, actor, in.Length)
}

// roomFor refuses what would go past the quota, and people who begin much and finish nothing.
func (s *Store) roomFor(ctx context.Context, actor auth.Actor, length int64) error {
	dir := s.partFolder(actor)
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return err
	}
	unfinished, err := os.ReadDir(dir)
	if err != nil {
		return err
	}
	if len(unfinished) >= s.Limits.Unfinished {
		return fault.New(fault.KindConflict, "photos_unfinished", "未传完的照片过多，请先传完", "too many photos are not finished; please finish them first")
	}
	if s.Limits.Quota == 0 {
		return nil
	}
	used, err := s.Register.Used(ctx)
	if err == nil && used+length > s.Limits.Quota {
		return fault.New(fault.KindUnavailable, "photos_full", "照片空间已满，请联系管理员；照片仍在您的设备上", "the space for photos is full; please tell the administrator. The photo is still on your device")
	}
	return err
}

// append writes at most so many bytes behind the file and says how many came.
func (p part) append(body io.Reader, most int64) (n int64, err error) {
	f, err := os.OpenFile(p.path, os.O_APPEND|os.O_CREATE|os.O_WRONLY, 0o600)
	if err != nil {
		return 0, err
	}
	n, err = io.Copy(f, io.LimitReader(body, most))
	if err := errors.Join(err, f.Close()); err != nil {
		return n, fault.New(fault.KindUnavailable, "photo_cut_off", "照片没有传完，请接着传", "the photo was cut off; please go on").Because(err)
	}
	if extra, _ := body.Read(make([]byte, 1)); extra > 0 {
		return n, fault.New(fault.KindInvalid, "photo_longer", "照片比所说的长", "the photo is longer than was said")
	}
	return n, nil
}

// sniff refuses what does not begin like a picture.
func (p part) sniff() error {
	f, err := os.Open(p.path)
	if err != nil {
		return err
	}
	head := make([]byte, magicBytes)
	_, err = io.ReadFull(f, head)
	if err := errors.Join(err, f.Close()); err != nil {
		return err
	}
	_, err = mediaOf(head)
	return err
}

// finish makes a complete upload a stored file. Whatever is wrong with its bytes ends the upload: it begins anew.
func (s *Store) finish(ctx context.Context, actor auth.Actor, h Hash, p part) (File, error) {
	f, err := s.inspect(p, h)
	if err != nil {
		if _, judged := fault.As(err); judged {
			err = errors.Join(err, os.Remove(p.path))
		}
		return f, err
	}
	if err := s.settle(p.path, h); err != nil {
		return f, fmt.Errorf("store a photo: %w", err)
	}
	f.StoredAt, f.State = s.Now(), Stored
	return f, s.Register.Keep(ctx, f, actor.ID)
}

// inspect makes the bytes durable and says what they are.
func (s *Store) inspect(p part, h Hash) (File, error) {
	in, err := os.OpenFile(p.path, os.O_RDWR, 0)
	if err != nil {
		return File{}, err
	}
	defer in.Close() //nolint:errcheck // it is synced
	if err := in.Sync(); err != nil {
		return File{}, err
	}
	digest := sha256.New()
	if _, err := io.Copy(digest, in); err != nil {
		return File{}, err
	}
	if Hash(digest.Sum(nil)) != h {
		return File{}, fault.New(fault.KindConflict, "photo_hash", "收到的照片与校验值不符，请重新传", "what arrived does not match its hash; please send it again")
	}
	f, err := look(in, s.Limits.Pixels)
	f.Hash, f.Size = h, p.length
	return f, err
}

// receive enters the receipts of a file: of the photos that its sender sees, and of their own that they see no more, for they
// were moved to another unit after the act.
func (s *Store) receive(ctx context.Context, actor auth.Actor, f File) error {
	waiting, err := s.Register.Awaiting(ctx, auth.ScopeOf(actor), f.Hash)
	if err != nil {
		return err
	}
	if err := s.enter(ctx, actor, f, waiting); err != nil {
		return err
	}
	rest, err := s.Register.Awaiting(ctx, auth.Everything(), f.Hash)
	if err != nil {
		return err
	}
	rest = slices.DeleteFunc(rest, func(a Awaited) bool { return a.Author != actor.ID })
	return s.enter(ctx, auth.System(), f, rest)
}

// enter gives photos their receipts.
func (s *Store) enter(ctx context.Context, actor auth.Actor, f File, waiting []Awaited) error {
	if len(waiting) == 0 {
		return nil
	}
	op := ledger.Operation{OpID: uuid.New(), Device: "photo store"}
	for _, a := range waiting {
		op.Changes = append(op.Changes, ledger.ReceivePhoto{Case: a.Case, Photo: a.Photo, Size: f.Size})
	}
	_, err := s.Door.Apply(ctx, actor, op)
	return err
}
