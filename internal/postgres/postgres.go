// Package postgres is the only room with SQL.
//
// It keeps the state, the journal and the history of package ledger in
// PostgreSQL with PostGIS, and reads them for the other rooms. Constraint
// names become faults in one table; messages are never matched.
package postgres

import (
	"context"
	"embed"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"sync"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"
	"github.com/jackc/pgx/v5/pgxpool"

	"github.com/guatu/guatu/internal/auth"
	"github.com/guatu/guatu/internal/fault"
	"github.com/guatu/guatu/internal/ledger"
)

//go:embed sql/*.sql
var statements embed.FS

// statement is the text of a long SQL statement; the name is checked by a test.
func statement(name string) string {
	text, err := statements.ReadFile("sql/" + name + ".sql")
	if err != nil {
		panic("postgres: no statement " + name) // embedded at build time: cannot fail at run time
	}
	return string(text)
}

// Roles of the database.
const (
	RoleOwner   = "guatu_owner"
	RoleApp     = "guatu_app"
	RoleReader  = "guatu_reader"
	RoleAuditor = "guatu_auditor"
	RoleGate    = "guatu_gate"
	RoleArchive = "guatu_archivist" // removes what is past its time from the access log, and nothing else
)

// Server says how to reach the database.
type Server struct {
	// DSN gives the connection string for a role. With the embedded cluster the
	// role signs in itself; on a foreign server the one login of DATABASE_URL
	// takes the role on.
	DSN func(role string) string
	// AssumeRole makes the login of the DSN take the role on.
	AssumeRole bool
	// Warm has some connections opened ahead, and PostGIS started in each new one before anybody
	// waits for it: the first projection of a back end takes up to 0.2 s.
	Warm bool
}

// Foreign is a server reached by one connection string.
func Foreign(dsn string) Server {
	return Server{DSN: func(string) string { return dsn }, AssumeRole: true}
}

// config is the pool's configuration for a role.
func (s Server) config(role string) (*pgxpool.Config, error) {
	cfg, err := pgxpool.ParseConfig(s.DSN(role))
	if err != nil {
		return nil, fmt.Errorf("read the database address: %w", err)
	}
	if s.AssumeRole {
		cfg.ConnConfig.RuntimeParams["role"] = role
	}
	cfg.ConnConfig.RuntimeParams["search_path"] = "guatu, public"
	cfg.ConnConfig.RuntimeParams["application_name"] = "guatu"
	if at := roleContext(role); at != "" {
		cfg.ConnConfig.RuntimeParams["guatu.context"] = at
	}
	cfg.ConnConfig.RuntimeParams["TimeZone"] = "Asia/Shanghai"
	// Room for an import's staging tables; a session takes it when it first uses one.
	cfg.ConnConfig.RuntimeParams["temp_buffers"] = "64MB"
	if role == RoleReader { // what fills the map is sorted in memory: 100,000 parcels on disk take three times as long
		cfg.ConnConfig.RuntimeParams["work_mem"] = "64MB"
	}
	return cfg, nil
}

// Store is the database as the rooms use it.
type Store struct {
	server Server
	app    *pgxpool.Pool // writes, as guatu_app
	reader *pgxpool.Pool // fills the map in memory, as guatu_reader
	gate   *pgxpool.Pool // accounts and sessions, and what is to be logged, as guatu_gate
	audit  *pgxpool.Pool // reads journal and access log, as guatu_auditor
	log    *slog.Logger

	units sync.Map // ids as text by code

	mu        sync.Mutex
	campaigns map[int64]ledger.Campaign // by id, at their newest version
}

// connections in each pool: measured best at 2 to 4 times the cores of a small server.
const poolSize = 8

// Open connects the pools. The schema must be migrated.
func Open(ctx context.Context, server Server, log *slog.Logger) (*Store, error) {
	s := &Store{server: server, log: log, campaigns: map[int64]ledger.Campaign{}}
	for role, pool := range map[string]**pgxpool.Pool{RoleApp: &s.app, RoleReader: &s.reader, RoleGate: &s.gate, RoleAuditor: &s.audit} {
		var err error
		if *pool, err = openPool(ctx, server, role); err != nil {
			s.Close()
			return nil, err
		}
	}
	return s, nil
}

// warmConns is how many connections of a pool are open before anybody asks.
const warmConns = 2

func startPostGIS(ctx context.Context, conn *pgx.Conn) error {
	_, err := conn.Exec(ctx, `SELECT ST_Area(ST_Transform(ST_Expand(ST_SetSRID(ST_MakePoint(120.7, 30.7), 4490), 0.01), 4549))`)
	if err != nil {
		return fmt.Errorf("start PostGIS: %w", err)
	}
	return nil
}

func openPool(ctx context.Context, server Server, role string) (*pgxpool.Pool, error) {
	cfg, err := server.config(role)
	if err != nil {
		return nil, err
	}
	cfg.MaxConns = poolSize
	cfg.HealthCheckPeriod = 5 * time.Second
	if server.Warm && role != RoleGate { // accounts need no PostGIS
		cfg.MinConns = warmConns
		cfg.AfterConnect = startPostGIS
	}
	pool, err := pgxpool.NewWithConfig(ctx, cfg)
	if err != nil {
		return nil, fmt.Errorf("open the database as %s: %w", role, err)
	}
	if err := pool.Ping(ctx); err != nil {
		pool.Close()
		return nil, fmt.Errorf("reach the database as %s: %w", role, err)
	}
	return pool, nil
}

// Close closes the pools.
func (s *Store) Close() {
	for _, pool := range []*pgxpool.Pool{s.app, s.reader, s.gate, s.audit} {
		if pool != nil {
			pool.Close()
		}
	}
}

// Ping says whether the database answers.
func (s *Store) Ping(ctx context.Context) error { return translate(s.app.Ping(ctx)) }

// constraints maps names of constraints to what a person should read.
var constraints = map[string]*fault.Error{ //nolint:gochecknoglobals // the one table of constraint names
	"parcel_code_unique":         fault.New(fault.KindConflict, "parcel_code_taken", "地块编号已被使用", "the parcel code is taken"),
	"case_file_code_unique":      fault.New(fault.KindConflict, "case_code_taken", "事项编号已被使用", "the case code is taken"),
	"case_parcel_parcel_fk":      fault.New(fault.KindConflict, "parcel_has_cases", "地块已有事项，不能删除", "there are cases on the parcel"),
	"campaign_code_unique":       fault.New(fault.KindConflict, "campaign_exists", "专项行动已经建立", "a campaign has been set up already"),
	"case_file_unit_fk":          fault.New(fault.KindConflict, "unit_unknown", "没有这个责任主体", "there is no such responsible unit"),
	"account_pk":                 fault.New(fault.KindConflict, "login_taken", "账号已被使用", "the login is taken"),
	"outside_account_fk":         fault.New(fault.KindNotFound, "account_not_found", "没有这个账号", "there is no such account"),
	"token_account_fk":           fault.New(fault.KindNotFound, "account_not_found", "没有这个账号", "there is no such account"),
	"account_person_fk":          fault.New(fault.KindNotFound, "person_not_found", "没有这个人员", "there is no such person"),
	"person_unit_fk":             fault.New(fault.KindConflict, "unit_unknown", "没有这个责任主体", "there is no such responsible unit"),
	"person_code_unique":         fault.New(fault.KindConflict, "person_code_taken", "人员代码已被使用", "the person's code is taken"),
	"reference_code_unique":      fault.New(fault.KindConflict, "reference_code_taken", "图层中的要素编号已被使用", "the code of the reference feature is taken"),
	"land_overlaps":              fault.New(fault.KindConflict, "land_overlaps", "与其他事项的腾退范围重叠，不能保存", "it overlaps the recovered land of another case; it cannot be saved"),
	"land_earlier":               fault.New(fault.KindConflict, "land_earlier", "与往年已腾退的范围重叠，不能重复计入", "it overlaps land that an earlier campaign has recovered; it cannot be counted again"),
	"land_outside":               fault.New(fault.KindConflict, "land_outside", "图形超出责任主体的范围", "the polygon leaves the unit"),
	"effective_outside":          fault.New(fault.KindConflict, "effective_outside", "有效范围超出腾退范围", "the effective land exceeds the recovered land"),
	"land_valid":                 fault.New(fault.KindConflict, "land_invalid", "图形无效，不能保存", "the polygon is invalid; it cannot be saved"),
	"land_case_fk":               fault.New(fault.KindConflict, "case_has_land", "该事项已登记腾退范围，请先删除", "land is recorded for the case; please remove it first"),
	"photo_case_fk":              fault.New(fault.KindConflict, "case_has_photos", "该事项已有照片，请先删除", "the case has photos; please remove them first"),
	"photo_case_sha256_unique":   fault.New(fault.KindConflict, "photo_there", "本事项已有这张照片", "the case has this photo already"),
	"enterprise_merged_into_fk":  fault.New(fault.KindConflict, "enterprise_has_merged", "已有重复企业并入该企业，请先撤销合并", "duplicates were merged into the enterprise; take that back first"),
	"contact_enterprise_fk":      fault.New(fault.KindConflict, "enterprise_has_contact", "该企业已登记联系方式", "a contact is entered for the enterprise"),
	"contact_enterprise_unique":  fault.New(fault.KindConflict, "contact_changed", "他人刚刚修改了联系方式，请核对后再保存", "somebody has just changed the contact; please compare and save again"),
	"bulletin_day_unique":        fault.New(fault.KindConflict, "bulletin_begun", "这一期通报已经冻结", "this issue has been begun already"),
	"bulletin_number_unique":     fault.New(fault.KindConflict, "bulletin_begun", "这一期通报已经冻结", "this issue has been begun already"),
	"draw_stays":                 fault.New(fault.KindConflict, "draw_stays", "抽取结果不能修改、删除", "a draw is neither changed nor removed"),
	"bulletin_stays":             fault.New(fault.KindConflict, "bulletin_frozen", "已印发，不能修改；更正将写入下一期", "it has been issued and cannot be changed; what is corrected will be in the next issue"),
	"held_operation_pk":          fault.New(fault.KindConflict, "already_settled", "这项操作已有人处理", "somebody settled this already"),
	"land_case_unique":           fault.New(fault.KindConflict, "land_case_taken", "该事项已登记腾退范围", "land is recorded for the case already"),
	"operation_actor_one_line":   fault.New(fault.KindInvalid, "actor_not_plain", "人员代码有误", "the actor's code is wrong"),
	"operation_device_one_line":  fault.New(fault.KindInvalid, "device_not_plain", "设备名称有误", "the device's name is wrong"),
	"person_administrator_stays": fault.New(fault.KindConflict, "administrator_stays", "系统、安全、审计管理员不能兼任或改任其他角色", "an administrator holds no other role, neither before nor after"),
	"administrators_stay_out":    fault.New(fault.KindDenied, "no_right", "您没有此项权限，可联系区整治办", "you have no right to this; please ask the district office"),
	"account_guarded":            fault.New(fault.KindDenied, "account_guarded", "您没有办理该账号的权限", "this account is not yours to change so"),
	"account_four_eyes":          fault.New(fault.KindDenied, "account_four_eyes", "账号须由建立人以外的人批准", "an account is approved by somebody else than who made it"),
}

// translate makes faults of the errors that have a meaning for the caller.
func translate(err error) error {
	var pg *pgconn.PgError
	var connect *pgconn.ConnectError
	switch {
	case err == nil:
		return nil
	case errors.As(err, &pg):
		return translateCode(pg, err)
	case errors.As(err, &connect), pgconn.SafeToRetry(err), errors.Is(err, pgx.ErrTxCommitRollback), errors.Is(err, context.DeadlineExceeded), errors.Is(err, io.ErrUnexpectedEOF):
		return unavailable(err)
	}
	return err
}

func translateCode(pg *pgconn.PgError, err error) error {
	if f, known := constraints[pg.ConstraintName]; known {
		return f.Because(err)
	}
	switch pg.Code[:2] {
	case "57", "08", "53": // operator intervention, connection, resources
		return unavailable(err)
	case "40": // serialization failure, deadlock
		return unavailable(err)
	}
	if pg.Code == "42501" { // a policy: what the rules in Go let through by mistake
		return auth.NoRight().Because(err)
	}
	if pg.Code == "23502" && pg.ColumnName == "unit_id" {
		return constraints["case_file_unit_fk"].Because(err)
	}
	return err
}

func unavailable(err error) error {
	return fault.New(fault.KindUnavailable, "database_away", "暂时连不上数据库，内容未改动，请稍后重试", "the database cannot be reached at the moment; nothing was changed, please try again").Because(err)
}
