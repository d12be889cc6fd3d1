package audit

import (
	"context"
	"fmt"
	"log/slog"
	"path/filepath"
	"time"

	"github.com/guatu/guatu/internal/campaign"
)

// Keeping is the log as its jobs read and trim it.
type Keeping interface {
	Heads(ctx context.Context) (Heads, error)
	// Anchors are the anchors that the log holds, oldest first, of this day and later ones.
	Anchors(ctx context.Context, from campaign.Date) ([]Anchor, error)
	// LastBefore is the newest entry recorded before a time; the zero Head if there is none.
	LastBefore(ctx context.Context, before time.Time) (Head, error)
	// Trim removes the entries that the newest entry Cut names, and gives how many.
	Trim(ctx context.Context) (int64, error)
}

// Enter puts a head of the log into the journal, once for a due time.
type Enter func(ctx context.Context, due time.Time, head Head) error

// Files of the log in the data folder.
const (
	KeyFile     = "anchor.key"
	PublicFile  = KeyFile + ".pub"
	AnchorsFile = "anchors.jsonl"
	SpoolFile   = "access-spool.jsonl"
)

// Keeper does the log's jobs: every hour each chain's head is entered in the
// other, every day both are signed, and what is past its time is removed. Each
// is done once for its due time, also with several servers; the second server
// needs a copy of the key.
type Keeper struct {
	Log   *Log
	Store Keeping
	Enter Enter
	// Verify verifies both chains, and gives how much was found wrong.
	Verify func(ctx context.Context) (findings int, err error)
	Key    Key
	Folder string        // of the file of anchors
	Keep   time.Duration // entries are kept so long; at least six months, which the database holds as well
	Slog   *slog.Logger

	verified time.Time // the due time that this server has verified for
}

const (
	keeperStep = time.Minute
	// night is when both chains are verified: it reads everything.
	night = 3 * time.Hour
)

// Run does what is due, until ctx ends. The first verification is that of the coming night.
func (k *Keeper) Run(ctx context.Context, clock func() time.Time) {
	k.verified = lastNight(clock())
	ticker := time.NewTicker(keeperStep)
	defer ticker.Stop()
	for {
		if err := k.Do(ctx, clock()); err != nil && ctx.Err() == nil {
			k.Slog.WarnContext(ctx, "the log's jobs wait", slog.Any("error", err))
		}
		select {
		case <-ticker.C:
		case <-ctx.Done():
			return
		}
	}
}

// Do does what is due at a time and was not done yet.
func (k *Keeper) Do(ctx context.Context, now time.Time) error {
	today := midnight(now)
	if err := k.tie(ctx, now.Truncate(time.Hour)); err != nil {
		return fmt.Errorf("tie the chains: %w", err)
	}
	if err := k.anchor(ctx, today, now); err != nil {
		return fmt.Errorf("sign the heads: %w", err)
	}
	if err := k.trim(ctx, today, now); err != nil {
		return fmt.Errorf("remove what is past its time: %w", err)
	}
	if err := k.verify(ctx, lastNight(now)); err != nil {
		return fmt.Errorf("verify: %w", err)
	}
	return nil
}

// lastNight is the latest time at which verifying was due.
func lastNight(now time.Time) time.Time { return midnight(now.Add(-night)).Add(night) }

// verify verifies once a night and logs what came of it.
func (k *Keeper) verify(ctx context.Context, due time.Time) error {
	if k.Verify == nil || !due.After(k.verified) {
		return nil
	}
	found, err := k.Verify(ctx)
	if err != nil {
		return err
	}
	k.verified = due
	if found > 0 {
		k.Slog.ErrorContext(ctx, "the chains do not verify; guatu verify says what is wrong", slog.Int("findings", found))
	}
	_, err = k.Log.once(ctx, Job{"verify", due}, Verified(found))
	return err
}

// Verified is the entry of a verification.
func Verified(findings int) Entry {
	e := Entry{Kind: LogVerified, Object: "both", Details: map[string]any{"findings": findings}}
	if findings > 0 {
		e.Outcome = "findings"
	}
	return e
}

// midnight is when the civil day of a time began.
func midnight(now time.Time) time.Time {
	y, m, d := now.In(campaign.Shanghai()).Date()
	return time.Date(y, m, d, 0, 0, 0, 0, campaign.Shanghai())
}

// tie enters each head in the other chain.
func (k *Keeper) tie(ctx context.Context, due time.Time) error {
	heads, err := k.Store.Heads(ctx)
	if err != nil {
		return err
	}
	done, err := k.Log.once(ctx, Job{"tie", due}, Entry{Kind: Tied, Object: "journal", Details: map[string]any{"id": heads.Journal.ID, "hash": heads.Journal.Hash}})
	if err != nil || !done {
		return err
	}
	if heads, err = k.Store.Heads(ctx); err != nil {
		return err
	}
	return k.Enter(ctx, due, heads.Access)
}

// anchor signs both heads once a day: into the log, and from there into the file.
func (k *Keeper) anchor(ctx context.Context, due, now time.Time) error {
	heads, err := k.Store.Heads(ctx)
	if err != nil {
		return err
	}
	today := campaign.DateOf(due)
	if _, err = k.Log.once(ctx, Job{"anchor", due}, Entry{Kind: Anchored, Object: string(today), Details: k.Key.Anchor(today, now, heads).details()}); err != nil {
		return err
	}
	return k.writeAnchors(ctx)
}

// writeAnchors adds to the file what the log has and the file lacks: another
// server may have signed, or this one stopped in between. What this key did not
// sign stays out, whoever put it into the log.
func (k *Keeper) writeAnchors(ctx context.Context) error {
	path := filepath.Join(k.Folder, AnchorsFile)
	there, err := ReadAnchors(path)
	if err != nil {
		return err
	}
	var last campaign.Date
	if len(there) > 0 {
		last = there[len(there)-1].Day
	}
	all, err := k.Store.Anchors(ctx, last)
	if err != nil {
		return err
	}
	for _, a := range all {
		if a.Day <= last {
			continue
		}
		if !a.Signed([]Public{k.Key.Public}) {
			k.Slog.WarnContext(ctx, "an anchor in the log is not signed by this key; a second server needs a copy of the key", slog.String("day", string(a.Day)), slog.String("key", a.Key))
			continue
		}
		if err := appendAnchor(path, a); err != nil {
			return err
		}
	}
	return nil
}

// trim removes entries past their time, once a day.
func (k *Keeper) trim(ctx context.Context, due, now time.Time) error {
	last, err := k.Store.LastBefore(ctx, now.Add(-k.Keep))
	if err != nil || last.ID == 0 {
		return err
	}
	done, err := k.Log.once(ctx, Job{"cut", due}, Entry{Kind: Cut, Object: string(campaign.DateOf(due)), Details: k.Key.cut(last).details()})
	if err != nil || !done {
		return err
	}
	n, err := k.Store.Trim(ctx)
	if err == nil && n > 0 {
		k.Slog.InfoContext(ctx, "entries of the access log past their time are removed", slog.Int64("entries", n))
	}
	return err
}
