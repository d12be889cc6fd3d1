package app

import (
	"bufio"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"mime/multipart"
	"net/http"
	"os"
	"path/filepath"
	"strconv"
	"strings"

	"github.com/guatu/guatu/internal/fault"
	"github.com/guatu/guatu/internal/httpapi/gen"
	"github.com/guatu/guatu/internal/pgcluster"
)

// sendImport streams the file to the running server. That the tool may is proven
// by the key in the data folder, which only its owner reads.
func sendImport(ctx context.Context, server pgcluster.Info, a importArgs, progress *progressLine) (gen.ImportReport, error) {
	var report gen.ImportReport
	body, contentType := multipartBody(a)
	defer body.Close() //nolint:errcheck // the writing side learns of it
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, server.Address+"/api/v1/imports", body)
	if err != nil {
		return report, err
	}
	req.Header.Set("Content-Type", contentType)
	req.Header.Set("Accept", "text/event-stream")
	req.Header.Set("Authorization", "Guatu-Tool "+server.Key)
	resp, err := http.DefaultClient.Do(req)
	if err != nil {
		return report, fault.New(fault.KindUnavailable, "server_away", "暂时连不上服务器，未导入", "the server cannot be reached; nothing was imported").Because(err)
	}
	defer resp.Body.Close() //nolint:errcheck // read to its end or given up
	if resp.StatusCode == http.StatusOK {
		return followImport(resp.Body, progress)
	}
	text, err := io.ReadAll(resp.Body)
	if err != nil {
		return report, err
	}
	return report, problemOf(text)
}

// followImport reads the events of an import to its report.
func followImport(events io.Reader, progress *progressLine) (gen.ImportReport, error) {
	var report gen.ImportReport
	var event string
	lines := bufio.NewReader(events)
	for {
		line, err := lines.ReadString('\n')
		if err != nil {
			return report, fault.New(fault.KindUnavailable, "server_away", "与服务器的连接中断，未导入", "the connection to the server broke; nothing was imported").Because(err)
		}
		if name, ok := strings.CutPrefix(line, "event: "); ok {
			event = strings.TrimSpace(name)
		}
		data, ok := strings.CutPrefix(line, "data: ")
		switch {
		case !ok:
		case event == "progress":
			var p gen.ImportProgress
			if err := json.Unmarshal([]byte(data), &p); err != nil {
				return report, err
			}
			progress.tell(string(p.Phase), int(p.Done), int(p.Total))
		case event == "report":
			err := json.Unmarshal([]byte(data), &report)
			return report, err
		default:
			return report, problemOf([]byte(data))
		}
	}
}

// problemOf is the failure that the server put into words.
func problemOf(text []byte) error {
	var p gen.Problem
	if err := json.Unmarshal(text, &p); err != nil {
		return fmt.Errorf("the server's answer: %w", err)
	}
	return fault.New(fault.KindConflict, p.Code, p.Detail, p.DetailEn)
}

func multipartBody(a importArgs) (body io.ReadCloser, contentType string) {
	r, w := io.Pipe()
	form := multipart.NewWriter(w)
	go func() { w.CloseWithError(writeForm(form, a)) }()
	return r, form.FormDataContentType()
}

func writeForm(form *multipart.Writer, a importArgs) error {
	fields := map[string]string{
		"crs": a.opts.CRS, "encoding": a.opts.Encoding, "layer": a.opts.Layer, "into": a.opts.Into, "device": cliDevice,
		"repair": strconv.FormatBool(a.opts.Repair), "dry_run": strconv.FormatBool(a.dryRun),
	}
	for name, value := range fields {
		if err := form.WriteField(name, value); err != nil {
			return err
		}
	}
	for field, column := range a.opts.Map {
		if err := form.WriteField("map", field+"="+column); err != nil {
			return err
		}
	}
	part, err := form.CreateFormFile("file", filepath.Base(a.file))
	if err != nil {
		return err
	}
	f, err := os.Open(a.file)
	if err != nil {
		return err
	}
	defer f.Close() //nolint:errcheck // opened for reading
	if _, err := io.Copy(part, f); err != nil {
		return err
	}
	return form.Close()
}
