package postgres

import (
	"context"
	"errors"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"github.com/guatu/guatu/internal/auth"
	"github.com/guatu/guatu/internal/fault"
	"github.com/guatu/guatu/internal/ledger"
	"github.com/guatu/guatu/internal/secret"
)

var _ secret.Register = (*Store)(nil)

func scanContacts(rows pgx.Rows, into map[int64]ledger.Contact) error {
	found, err := pgx.CollectRows(rows, pgx.RowToStructByPos[ledger.Contact])
	for _, c := range found {
		into[c.Enterprise] = c
	}
	return err
}

func scanContactState(row pgx.CollectableRow) (ledger.NounState, error) {
	c, err := pgx.RowToStructByPos[ledger.Contact](row)
	return state(c.ID, c.Version, err, func() (ledger.Fields, error) { return ledger.ContactFields(c) })
}

func queueContacts(b *pgx.Batch, w ledger.Writes) {
	for _, s := range w.Secrets {
		if s.Key != nil {
			b.Queue(`INSERT INTO person_secret (subject, key) VALUES ($1, $2)`, s.Subject, s.Key)
		}
		b.Queue(`INSERT INTO person_sealed (sha256, subject, sealed) VALUES (sha256($2), $1, $2)`, s.Subject, s.Sealed)
	}
	if len(w.Contacts) > 1 {
		b.Queue(`SET CONSTRAINTS contact_enterprise_unique DEFERRED`)
	}
	for _, c := range w.Contacts {
		b.Queue(`INSERT INTO contact (id, version, enterprise_id, subject, sealed, erased) VALUES ($1, $2, $3, $4, $5, $6)
			ON CONFLICT ON CONSTRAINT contact_pk DO UPDATE SET version = excluded.version, enterprise_id = excluded.enterprise_id, subject = excluded.subject, sealed = excluded.sealed, erased = excluded.erased`,
			c.ID, c.Version, c.Enterprise, c.Subject, c.Sealed, c.Erased)
	}
	if len(w.DestroyedKeys) > 0 {
		b.Queue(`UPDATE person_secret SET key = NULL WHERE subject = ANY($1)`, w.DestroyedKeys)
	}
}

// Contact reads a contact with what is sealed of it; see secret.Register.
func (s *Store) Contact(ctx context.Context, scope auth.Scope, enterprise int64) (secret.Held, bool, error) {
	var h secret.Held
	var id, version *int64
	var subject *uuid.UUID
	var erased *bool
	err := s.as(scope).QueryRow(ctx, `SELECT c.id, c.version, c.subject, c.erased, k.key, d.sha256, d.sealed
		FROM enterprise e LEFT JOIN contact c ON c.enterprise_id = e.id LEFT JOIN person_secret k ON k.subject = c.subject LEFT JOIN person_sealed d ON d.sha256 = c.sealed
		WHERE e.id = $1`, enterprise).Scan(&id, &version, &subject, &erased, &h.Key, &h.Contact.Sealed, &h.Sealed)
	if errors.Is(err, pgx.ErrNoRows) {
		return h, false, fault.New(fault.KindNotFound, "enterprise_not_found", "没有这家企业", "there is no such enterprise")
	}
	if err != nil || id == nil {
		return h, false, translate(err)
	}
	h.ID, h.Version, h.Enterprise, h.Subject, h.Erased = *id, *version, enterprise, *subject, *erased
	return h, true, nil
}

// HasSecrets says whether personal data were ever sealed here.
func (s *Store) HasSecrets(ctx context.Context) (has bool, err error) {
	err = s.program().QueryRow(ctx, `SELECT EXISTS (SELECT FROM person_secret)`).Scan(&has)
	return has, translate(err)
}
