package child

import (
	"context"
	"log/slog"
	"os"
	"path/filepath"
	"syscall"
	"time"
)

// childID is the user and group of the child when the server runs as root: a
// number that no account has, so that the child owns nothing but its folder.
const childID = 64099

// confinement is how far this machine lets us shut the child in.
type confinement struct {
	network bool // in a network namespace of its own, without any interface up
}

// confinement tries once what the machine allows; inside many containers a
// namespace is refused, and then the driver list and GDAL's settings remain.
func (r *Runner) confinement(ctx context.Context) confinement {
	r.once.Do(func() {
		full := confinement{network: true}
		dir, err := r.Folder()
		if err != nil {
			return
		}
		defer os.RemoveAll(dir) //nolint:errcheck // an empty temporary folder
		cmd := r.command(context.WithoutCancel(ctx), full, r.cfg.Ogrinfo,
			Job{Dir: dir, Args: []string{"--version"}, Time: 10 * time.Second})
		if err := cmd.Run(); err != nil {
			r.cfg.Logger.WarnContext(ctx, "import child: no network namespace here", slog.Any("error", err))
			return
		}
		r.probe = full
	})
	return r.probe
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

// environment is all the child knows: GDAL without network, plug-ins or side files.
func environment(dir string) []string {
	return []string{
		"HOME=" + dir, "TMPDIR=" + dir, "CPL_TMPDIR=" + dir, "LC_ALL=C.UTF-8", "TZ=UTC",
		"PATH=/usr/bin:/bin",
		"PROJ_NETWORK=OFF", "GDAL_DRIVER_PATH=disable",
		"GDAL_HTTP_TIMEOUT=1", "GDAL_HTTP_MAX_RETRY=0", "GDAL_HTTP_CONNECTTIMEOUT=1",
		"CPL_VSIL_CURL_ALLOWED_EXTENSIONS={none}", "CPL_VSIL_USE_TEMP_FILE_FOR_RANDOM_WRITE=NO",
		"CPL_AWS_CREDENTIALS_FILE=none", "GDAL_NUM_THREADS=1",
		"GDAL_SKIP=" + networkDrivers, "OGR_SKIP=" + networkDrivers,
		"OGR_GEOJSON_MAX_OBJ_SIZE=200", "OGR_GEOMETRY_ACCEPT_UNCLOSED_RING=YES",
	}
}

// networkDrivers are the drivers that fetch things or read other files; the
// driver of a run is named besides (-if), so this is the second lock.
const networkDrivers = "OGR_VRT,VRT,HTTP,WFS,OAPIF,OGCAPI,CSW,PLSCENES,NGW,Carto,AmigoCloud,Elasticsearch," +
	"EEDA,EEDAI,PostgreSQL,MySQL,MSSQLSpatial,ODBC,PGeo,WMS,WMTS,WCS,DAAS,PLMOSAIC,GMLAS,GML,GeoRSS,OSM,TileDB,MongoDBv3,STACIT,STACTA,netCDF"
