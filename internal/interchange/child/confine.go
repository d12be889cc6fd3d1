package child

import (
	"context"
	"log/slog"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"syscall"
	"time"

	"github.com/guatu/guatu/internal/fault"
)

// childID is the user and group of the child when the server runs as root: a
// number that no account has, so that the child owns nothing but its folder.
const childID = 64099

// confinement is how far this machine lets us shut the child in.
type confinement struct {
	network bool     // in a network namespace of its own, without any interface up
	drivers []string // all that GDAL has, so that all but those needed can be left out
}

// confinement finds out once what the machine allows and what drivers GDAL
// has. Inside many containers a namespace is refused; then GDAL's settings and
// the short list of drivers remain.
//
// Where GDAL does not even list its drivers nothing is run at all.
func (r *Runner) confinement(ctx context.Context) (confinement, error) {
	r.once.Do(func() {
		r.unfit = fault.New(fault.KindUnavailable, "gdal_unfit",
			"GDAL 在本机无法运行，不能导入文件；请检查 gdal-bin 的安装", "GDAL does not run here, so files cannot be imported; check the installation of gdal-bin.")
		dir, err := r.Folder()
		if err != nil {
			r.unfit = err
			return
		}
		defer os.RemoveAll(dir) //nolint:errcheck // a temporary folder
		for _, try := range []confinement{{network: true}, {}} {
			cmd := r.command(context.WithoutCancel(ctx), try, r.cfg.Ogrinfo,
				Job{Dir: dir, Args: []string{"--formats"}, Time: 10 * time.Second})
			formats, err := cmd.Output()
			if err != nil {
				r.cfg.Logger.WarnContext(ctx, "import child cannot be confined like this here",
					slog.Bool("network_namespace", try.network), slog.Any("error", err))
				continue
			}
			r.probe = try
			for _, m := range formatLine.FindAllSubmatch(formats, -1) {
				r.probe.drivers = append(r.probe.drivers, string(m[1]))
			}
			if len(r.probe.drivers) > 0 {
				r.unfit = nil
				return
			}
		}
	})
	return r.probe, r.unfit
}

// formatLine is a line of ogrinfo --formats: "  ESRI Shapefile -vector- (rw+v): …".
var formatLine = regexp.MustCompile(`(?m)^ {2}(\S.*?) -[a-z,]+- \(`)

// skip lists every driver but those needed, for GDAL_SKIP.
func (c confinement) skip(needed []string) string {
	var out []string
	for _, d := range c.drivers {
		if !slices.Contains(needed, d) && d != "Memory" {
			out = append(out, d)
		}
	}
	return "GDAL_SKIP=" + strings.Join(out, ",")
}

// attributes are what the kernel is asked for when the child starts: a group
// of its own to kill, death with its parent, another user, no network.
func (c confinement) attributes() *syscall.SysProcAttr {
	a := &syscall.SysProcAttr{Setpgid: true, Pdeathsig: syscall.SIGKILL}
	uid, gid := os.Geteuid(), os.Getegid()
	if uid == 0 {
		a.Credential = &syscall.Credential{Uid: childID, Gid: childID}
	}
	if !c.network {
		return a
	}
	a.Cloneflags = syscall.CLONE_NEWNET | syscall.CLONE_NEWIPC
	if uid != 0 {
		a.Cloneflags |= syscall.CLONE_NEWUSER
		a.UidMappings = []syscall.SysProcIDMap{{ContainerID: uid, HostID: uid, Size: 1}}
		a.GidMappings = []syscall.SysProcIDMap{{ContainerID: gid, HostID: gid, Size: 1}}
	}
	return a
}

// killGroup ends the child and whatever it started.
func killGroup(p *os.Process) error {
	if p == nil {
		return nil
	}
	return syscall.Kill(-p.Pid, syscall.SIGKILL)
}

// workBase is the folder for the folders: dir if the child's user can enter
// it, else the system's temporary folder (a project under /root is closed).
func workBase(dir string) string {
	if dir == "" {
		return os.TempDir()
	}
	abs, err := filepath.Abs(dir)
	if err != nil || os.MkdirAll(abs, 0o750) != nil {
		return os.TempDir()
	}
	if os.Geteuid() == 0 && !open(abs) {
		return os.TempDir()
	}
	return abs
}

// open tells whether everybody may pass through every folder down to dir.
func open(dir string) bool {
	for {
		info, err := os.Stat(dir)
		if err != nil || info.Mode().Perm()&0o001 == 0 {
			return false
		}
		parent := filepath.Dir(dir)
		if parent == dir {
			return true
		}
		dir = parent
	}
}

// environment is all the child knows: GDAL without network, plug-ins or other drivers.
func environment(dir string) []string {
	return []string{
		"HOME=" + dir, "TMPDIR=" + dir, "CPL_TMPDIR=" + dir, "LC_ALL=C.UTF-8", "TZ=UTC",
		"PATH=/usr/bin:/bin",
		"PROJ_NETWORK=OFF", "GDAL_DRIVER_PATH=disable",
		"GDAL_HTTP_TIMEOUT=1", "GDAL_HTTP_MAX_RETRY=0", "GDAL_HTTP_CONNECTTIMEOUT=1",
		"CPL_VSIL_CURL_ALLOWED_EXTENSIONS={none}", "CPL_VSIL_USE_TEMP_FILE_FOR_RANDOM_WRITE=NO",
		"CPL_AWS_CREDENTIALS_FILE=none", "GDAL_NUM_THREADS=1",
		"OGR_GEOJSON_MAX_OBJ_SIZE=200", "OGR_GEOMETRY_ACCEPT_UNCLOSED_RING=YES",
	}
}
